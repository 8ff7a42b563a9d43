/* A newcomer shall see how many people an alarm reaches, and find a warning that asks for an
 * answer. */
#include "server/demo_alerts.h"

#include "alert/message.h"
#include "base/csv.h"
#include "people/unit_figure.h"
#include "server/embedded.h"

enum { CELLS_MOST = 64 * 1024, MESSAGE_MOST = 64 * 1024 };

#define DEMO_EXPIRES (12 * USEC_HOUR)

struct demo_warnings {
    struct desk desk;
    struct db *db;
};

static errc put_people(const struct demo_warnings *demo, const struct csv *csv, struct why *why)
{
    const struct actor *actor = demo->desk.actor;
    unit_id unit = tree_by_code(forest_at(demo->desk.forest, actor->today), -1, csv->cells[0]);
    struct unit_figure figure = {.from = actor->today};
    if (csv->cell_count != 3 || unit == 0 || !str_to_i64(csv->cells[1], &figure.value)) {
        return fail(why, ERR_BAD_CSV, "demo population, line %zu", csv->line);
    }
    figure.source = csv->cells[2];
    return unit_figure_put(demo->db, actor, unit, &figure, why);
}

/* Every row of a table but its headings. */
static errc take_rows(const struct demo_warnings *demo, str table,
                      errc (*take)(const struct demo_warnings *demo, const struct csv *csv,
                                   struct why *why),
                      struct why *why)
{
    AUTO(arena_close) struct arena *cells = NULL;
    struct csv csv;
    bool more = true;
    TRY(arena_create(CELLS_MOST, &cells));
    TRY(csv_open(table, cells, &csv, why));
    TRY(csv_next(&csv, &more, why));
    for (;;) {
        TRY(csv_next(&csv, &more, why));
        if (!more) {
            return OK;
        }
        TRY(take(demo, &csv, why));
    }
}

/* A blank of a message: {sent}, {expires}. */
static void fill_time(str name, usec now, usec zone, struct buf *out)
{
    bool sent = str_is(name, S("sent"));
    cap_time_write(sent ? now : now + DEMO_EXPIRES, zone, out);
}

static str fill(str form, const struct desk *desk)
{
    AUTO(buf_finish) struct buf text;
    str rest = form;
    buf_init(&text, MESSAGE_MOST);
    while (rest.at != NULL) {
        str after = STR_NONE;
        buf_add(&text, str_split(rest, '{', &after));
        rest = after;
        if (after.at != NULL) {
            fill_time(str_split(after, '}', &rest), desk->actor->now, desk->zone, &text);
        }
    }
    return arena_str(desk->arena, buf_str(&text));
}

static errc put_source(const struct demo_warnings *demo, const struct csv *csv, struct why *why)
{
    const struct desk *desk = &demo->desk;
    str forms[] = {embedded_storm_xml(), embedded_drill_xml()};
    struct cap_job job = {.desk = desk};
    if (csv->cell_count != 3) {
        return fail(why, ERR_BAD_CSV, "demo sources, line %zu", csv->line);
    }
    struct cap_source source = {
        .unit = tree_by_code(forest_at(desk->forest, desk->actor->today), -1, csv->cells[0]),
        .name = csv->cells[1],
        .address = S(""),
        .every_s = 60,
        .policy = POLICY_ASK,
        .enabled = true,
        .senders = csv->cells[2],
        .certificates = S(""),
        .severity_least = CAP_SEVERITY_SEVERE,
        .language = S("vi"),
        .code_names = S("VN-DVHC"),
    };
    int64_t id = 0;
    int64_t message = 0;
    TRY(cap_source_put(desk, demo->db, &source, &id, why));
    for (size_t i = 0; i < COUNT_OF(forms); i++) {
        TRY(cap_message_take(&job, demo->db, id, fill(forms[i], desk), &message, why));
    }
    return OK;
}

errc demo_alerts(struct founding *founding, struct db *db, struct why *why)
{
    struct bad_field bad = {.name = ""};
    struct broadcast_policy policy = broadcast_policy_default();
    struct demo_warnings demo = {.db = db,
                                 .desk = {.actor = &founding->actor,
                                          .forest = founding->forest,
                                          .policy = &policy,
                                          .entropy = founding->app->entropy,
                                          .zone = app_zone(founding->app),
                                          .arena = founding->arena,
                                          .bad = &bad}};
    TRY(take_rows(&demo, embedded_population_csv(), put_people, why));
    errc rc = take_rows(&demo, embedded_sources_csv(), put_source, why);
    return fail_in(why, rc, "demo warnings (%s %s)", bad.name, bad.code);
}
