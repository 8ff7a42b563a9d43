/* What names and notes may be, and who may touch what: asked in the same way everywhere. */
#include "base/text.h"
#include "fleet/fleet_inside.h"
#include "people/audit.h"
#include "people/unit_sight.h"

errc fleet_field(const struct fleet_job *job, const char *name, const char *code, struct why *why)
{
    if (job->bad != NULL) {
        ignore(bad_field(job->bad, name, code));
    }
    return fail(why, ERR_INVALID, "%s: %s", name, code);
}

errc fleet_check_text(const struct fleet_job *job, const char *field, str text, size_t most,
                      struct why *why)
{
    if (!text_is_plain(text)) {
        return fleet_field(job, field, "not_text", why);
    }
    return text_length(text) > most ? fleet_field(job, field, "too_long", why) : OK;
}

errc fleet_check_name(const struct fleet_job *job, const char *field, str name, struct why *why)
{
    if (str_trim(name).len == 0) {
        return fleet_field(job, field, "too_short", why);
    }
    return fleet_check_text(job, field, name, FLEET_NAME_MOST, why);
}

errc fleet_check_note(const struct fleet_job *job, str note, struct why *why)
{
    if (!text_is_plain_lines(note)) {
        return fleet_field(job, "note", "not_text", why);
    }
    return text_length(note) > FLEET_NOTE_MOST ? fleet_field(job, "note", "too_long", why) : OK;
}

errc fleet_keys_make(struct arena *arena, str name, str more, struct fleet_keys *ret_keys,
                     struct why *why)
{
    struct fleet_keys keys;
    TRY(text_nfc(arena, str_trim(name), &keys.name));
    str all = arena_format(arena, "%.*s %.*s", STR_ARG(keys.name), STR_ARG(more));
    if (all.at == NULL) {
        return fail(why, ERR_NO_MEMORY, "no memory for the keys of a name");
    }
    TRY(text_search_key(arena, all, &keys.search));
    TRY(text_sort_key(arena, keys.name, &keys.sort));
    *ret_keys = keys;
    return OK;
}

bool fleet_sees(const struct fleet_job *job, unit_id unit)
{
    struct right_view view = unit_right_view(job->forest);
    return actor_may(job->actor, RIGHT_FLEET_READ, unit, &view);
}

errc fleet_may(const struct fleet_job *job, enum right right, unit_id unit, struct why *why)
{
    struct right_view view = unit_right_view(job->forest);
    if (!actor_may(job->actor, RIGHT_FLEET_READ, unit, &view)) {
        return fail(why, ERR_NOT_FOUND, "unit %lld is outside of the actor's", (long long)unit);
    }
    if (!actor_may(job->actor, right, unit, &view)) {
        return fail(why, ERR_FORBIDDEN, "no %s over unit %lld", right_name(right), (long long)unit);
    }
    return OK;
}

errc fleet_check_unit(const struct fleet_job *job, const char *field, enum right right,
                      unit_id unit, struct why *why)
{
    if (!tree_has(forest_at(job->forest, job->actor->today), unit) || !fleet_sees(job, unit)) {
        return fleet_field(job, field, "not_found", why);
    }
    return fleet_may(job, right, unit, why);
}

bool fleet_is_below(const struct fleet_job *job, unit_id above, unit_id unit)
{
    unit_id now = above;
    day today = job->actor->today;
    if (place_unit_on(job->forest, above, today, job->arena, &now) != OK || now == 0) {
        return false;
    }
    struct right_view view = unit_right_view(job->forest);
    return view.covers(view.ctx, now, unit, today);
}

enum { STORY_MOST = 32 * 1024 };

void fleet_story_begin(struct fleet_story *story)
{
    buf_init(&story->text, STORY_MOST);
    json_out_init(&story->json, &story->text);
    json_object(&story->json);
}

void fleet_story_close(struct fleet_story *story)
{
    buf_finish(&story->text);
}

errc fleet_story_end(struct fleet_story *story, struct arena *arena, str *ret_json)
{
    json_end(&story->json);
    TRY(json_out_check(&story->json));
    *ret_json = arena_str(arena, buf_str(&story->text));
    return ret_json->at == NULL ? ERR_NO_MEMORY : OK;
}
