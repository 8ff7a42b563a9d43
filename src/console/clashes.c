/* Priority programmes that want the same minutes, and the commune's word about them. */
#include "broadcast/plan.h"
#include "console/programme_json.h"
#include "console/steps.h"
#include "console/unit_json.h"

enum { CLASHES_ROOM = 256 * 1024 * 1024 };

static void write_clash(struct ask *ask, const struct plan_clash *clash,
                        const struct programme_name_list *names)
{
    struct json_out *out = &ask->json;
    json_object(out);
    json_str_at(out, "id",
                arena_format(ask->arena, "%lld-%lld-%lld", (long long)clash->unit,
                             (long long)clash->first, (long long)clash->second));
    air_unit_at(ask, "unit", clash->unit);
    air_name_at(out, "first", clash->first, programme_name_of(names, clash->first));
    air_name_at(out, "second", clash->second, programme_name_of(names, clash->second));
    json_usec_at(out, "at", clash->at);
    json_bool_at(out, "decided", clash->is_decided);
    json_end(out);
}

static errc find(struct ask *ask, unit_id unit, struct arena *arena,
                 struct plan_clashes *ret_clashes, struct why *why)
{
    struct desk desk = ask_desk(ask);
    struct schedule schedule;
    struct receivers receivers = {.count = 0};
    TRY(schedule_load(&desk, ask->db, ask->today, &schedule, why));
    if (desk.receivers != NULL) {
        TRY(desk.receivers->list(desk.receivers->ctx, ask->db, unit, ask->arena, &receivers, why));
    }
    struct plan_request request = {.schedule = &schedule,
                                   .from = day_start(ask->today, ask->house->zone),
                                   .to = day_start(ask->today + 28, ask->house->zone)};
    return plan_clashes_find(&request, &receivers, arena, ret_clashes, why);
}

errc api_clashes_list(struct ask *ask, struct why *why)
{
    AUTO(arena_close) struct arena *arena = NULL;
    struct desk desk = ask_desk(ask);
    struct plan_clashes clashes = {.count = 0};
    struct programme_name_list names;
    unit_id unit = 0;
    TRY(air_query_unit(ask, &unit));
    TRY(unit_may(ask, RIGHT_PROGRAMMES_READ, unit));
    TRY(arena_create(CLASHES_ROOM, &arena));
    TRY(find(ask, unit, arena, &clashes, why));
    TRY(programme_names_load(&desk, ask->db, &names, why));
    ask_list_begin(ask);
    for (size_t i = 0; i < clashes.count; i++) {
        write_clash(ask, &clashes.at[i], &names);
    }
    ask_list_end_at(ask, 0);
    return OK;
}

/* Only priorities collide: an ordinary programme gives way without a question. */
static errc find_own(struct ask *ask, const struct programme *programme, struct arena *arena,
                     struct plan_clashes *ret_clashes, struct why *why)
{
    struct plan_clashes all;
    size_t count = 0;
    TRY(find(ask, programme->unit, arena, &all, why));
    struct plan_clash *own = arena_take_array(arena, all.count + 1, sizeof *own);
    if (own == NULL) {
        return ERR_NO_MEMORY;
    }
    for (size_t i = 0; i < all.count; i++) {
        if (all.at[i].first == programme->id || all.at[i].second == programme->id) {
            own[count++] = all.at[i];
        }
    }
    *ret_clashes = (struct plan_clashes){own, count};
    return OK;
}

errc programme_json_clashes(struct ask *ask, const struct programme *programme, struct why *why)
{
    AUTO(arena_close) struct arena *arena = NULL;
    struct desk desk = ask_desk(ask);
    struct plan_clashes clashes = {.count = 0};
    struct programme_name_list names;
    TRY(arena_create(CLASHES_ROOM, &arena));
    if (programme->order_class == CLASS_PRIORITY) {
        TRY(find_own(ask, programme, arena, &clashes, why));
    }
    TRY(programme_names_load(&desk, ask->db, &names, why));
    json_array_at(&ask->json, "clashes");
    for (size_t i = 0; i < clashes.count; i++) {
        write_clash(ask, &clashes.at[i], &names);
    }
    json_end(&ask->json);
    return OK;
}

/* "unit-first-second", as the list gave it. */
static bool parse_id(str text, struct plan_clash *ret_clash)
{
    str rest = text;
    str unit = str_split(rest, '-', &rest);
    str first = str_split(rest, '-', &rest);
    return str_to_i64(unit, &ret_clash->unit) && str_to_i64(first, &ret_clash->first) &&
           str_to_i64(rest, &ret_clash->second);
}

errc api_clashes_order(struct ask *ask, struct why *why)
{
    static const char *const fields[] = {"first", NULL};
    AUTO(json_in_finish) struct json_in in = {.root = NULL};
    struct desk desk = ask_desk(ask);
    struct plan_clash clash = {.unit = 0};
    struct programme_name_list names;
    int64_t first = 0;
    if (!parse_id(ask_place(ask, 0), &clash)) {
        return ERR_NOT_FOUND;
    }
    TRY(ask_body(ask, fields, &in, why));
    TRY(json_in_i64(in.root, "first", 1, INT64_MAX, &first, &ask->bad));
    if (first != clash.first && first != clash.second) {
        return bad_field(&ask->bad, "first", "unknown");
    }
    if (first != clash.first) {
        clash.second = clash.first;
        clash.first = first;
    }
    struct clash_order order = {clash.unit, clash.first, clash.second};
    TRY(clash_decide(&desk, ask->db, &order, why));
    TRY(programme_names_load(&desk, ask->db, &names, why));
    clash.at = ask->now;
    clash.is_decided = true;
    write_clash(ask, &clash, &names);
    return OK;
}
