/* Bulletins: lists, drafts, versions, and what says the same. */
#include "console/bulletin_json.h"
#include "console/steps.h"
#include "console/unit_json.h"

static errc take_filter(struct ask *ask, struct bulletin_filter *ret_filter)
{
    struct bulletin_filter filter = {.unit = 0};
    str state = STR_NONE;
    str class = STR_NONE;
    int64_t mine = 0;
    TRY(ask_query_i64(ask, "unit", 0, &filter.unit));
    TRY(ask_query(ask, "state", &state));
    TRY(ask_query(ask, "class", &class));
    TRY(ask_query(ask, "category", &filter.category));
    TRY(ask_query(ask, "q", &filter.question));
    TRY(ask_query_i64(ask, "mine", 0, &mine));
    TRY(ask_query_i64(ask, "before", 0, &filter.before_id));
    TRY(ask_query_limit(ask, &filter.limit));
    filter.mine = mine != 0;
    filter.has_state = state.at != NULL;
    filter.has_class = class.at != NULL;
    filter.question = filter.question.at == NULL ? S("") : filter.question;
    if (filter.has_state && !bulletin_state_parse(state, &filter.state)) {
        return bad_field(&ask->bad, "state", "unknown");
    }
    if (filter.has_class && !bulletin_class_parse(class, &filter.class)) {
        return bad_field(&ask->bad, "class", "unknown");
    }
    *ret_filter = filter;
    return OK;
}

errc api_bulletins_list(struct ask *ask, struct why *why)
{
    struct desk desk = ask_desk(ask);
    struct bulletin_filter filter;
    struct bulletin_lines lines;
    struct categories categories;
    TRY(take_filter(ask, &filter));
    TRY(filter.unit == 0 ? OK : unit_may(ask, RIGHT_BULLETINS_READ, filter.unit));
    TRY(bulletin_list(&desk, ask->db, &filter, &lines, why));
    TRY(categories_load(&desk, ask->db, &categories, why));
    ask_list_begin(ask);
    for (size_t i = 0; i < lines.count; i++) {
        bulletin_json_line(ask, &lines.at[i], &categories);
    }
    ask_list_end_at(ask, lines.next);
    return OK;
}

errc api_bulletins_show(struct ask *ask, struct why *why)
{
    return bulletin_json(ask, ask_place_id(ask, 0), why);
}

errc api_bulletins_create(struct ask *ask, struct why *why)
{
    static const char *const fields[] = {"mark",     "unit_id", "title",       "category",
                                         "class",    "areas",   "sources",     "valid_from",
                                         "valid_to", "texts",   "attachments", NULL};
    AUTO(json_in_finish) struct json_in in = {.root = NULL};
    struct desk desk = ask_desk(ask);
    struct bulletin_draft draft = {.unit = 0};
    int64_t id = 0;
    TRY(ask_body(ask, fields, &in, why));
    TRY(air_take_id(ask, in.root, "mark", &draft.mark));
    TRY(json_in_i64(in.root, "unit_id", 1, INT64_MAX, &draft.unit, &ask->bad));
    TRY(bulletin_take(ask, in.root, &draft.body));
    TRY(bulletin_create(&desk, ask->db, &draft, &id, why));
    return bulletin_json(ask, id, why);
}

/* Whoever saved a little later gets to see what the other one wrote, so that nothing is lost. */
static errc show_theirs(struct ask *ask, int64_t id, struct why *why)
{
    TRY(bulletin_json(ask, id, why));
    ask->theirs = arena_str(ask->arena, buf_str(&ask->out));
    return ERR_VERSION;
}

errc api_bulletins_change(struct ask *ask, struct why *why)
{
    static const char *const fields[] = {"revision", "title",       "category",   "class",
                                         "areas",    "sources",     "valid_from", "valid_to",
                                         "texts",    "attachments", NULL};
    AUTO(json_in_finish) struct json_in in = {.root = NULL};
    struct desk desk = ask_desk(ask);
    struct bulletin_body body;
    int64_t id = ask_place_id(ask, 0);
    int64_t revision = 0;
    TRY(ask_body(ask, fields, &in, why));
    TRY(json_in_i64(in.root, "revision", 1, INT64_MAX, &revision, &ask->bad));
    TRY(bulletin_take(ask, in.root, &body));
    errc rc = bulletin_change(&desk, ask->db, id, revision, &body, why);
    if (rc == ERR_VERSION) {
        return show_theirs(ask, id, why);
    }
    TRY(rc);
    return bulletin_json(ask, id, why);
}

errc api_bulletins_versions(struct ask *ask, struct why *why)
{
    struct desk desk = ask_desk(ask);
    struct bulletin_versions versions;
    TRY(bulletin_versions_load(&desk, ask->db, ask_place_id(ask, 0), &versions, why));
    ask_list_begin(ask);
    for (size_t i = 0; i < versions.count; i++) {
        bulletin_json_version(ask, &versions.at[i], NULL, NULL);
    }
    ask_list_end_at(ask, 0);
    return OK;
}

errc api_bulletins_version(struct ask *ask, struct why *why)
{
    struct desk desk = ask_desk(ask);
    struct bulletin_version version;
    struct bulletin_body body;
    struct categories categories;
    TRY(bulletin_version_get(&desk, ask->db, ask_place_id(ask, 0), ask_place_id(ask, 1), &version,
                             &body, why));
    TRY(categories_load(&desk, ask->db, &categories, why));
    bulletin_json_version(ask, &version, &body, &categories);
    return OK;
}

errc api_bulletins_similar(struct ask *ask, struct why *why)
{
    static const char *const fields[] = {"title", "text", "except", NULL};
    AUTO(json_in_finish) struct json_in in = {.root = NULL};
    struct desk desk = ask_desk(ask);
    struct bulletin_likes likes;
    struct categories categories;
    str title = S("");
    str text = S("");
    int64_t except = 0;
    TRY(ask_body(ask, fields, &in, why));
    TRY(json_in_str(in.root, "title", 1, BULLETIN_TITLE_MOST, &title, &ask->bad));
    TRY(air_take_number(ask, in.root, "except", 1, INT64_MAX, &except));
    if (json_in_has(in.root, "text")) {
        TRY(json_in_lines(in.root, "text", 0, BULLETIN_TEXT_MOST, &text, &ask->bad));
    }
    TRY(bulletin_similar(&desk, ask->db, title, text, except, &likes, why));
    TRY(categories_load(&desk, ask->db, &categories, why));
    ask_list_begin(ask);
    for (size_t i = 0; i < likes.count; i++) {
        json_object(&ask->json);
        json_key(&ask->json, "bulletin");
        bulletin_json_line(ask, &likes.at[i].line, &categories);
        json_i64_at(&ask->json, "likeness", likes.at[i].percent);
        json_end(&ask->json);
    }
    ask_list_end_at(ask, 0);
    return OK;
}
