/* What an alarm would do, before anybody presses anything, and the checks that stand before it. */
#include "broadcast/alarm_delegation.h"
#include "broadcast/alarm_inside.h"
#include "broadcast/media_item.h"
#include "people/unit_figure.h"

/* --- what it would do ------------------------------------------------------------------------- */

static errc check_areas(const struct raising *run)
{
    struct tree tree = forest_at(run->desk->forest, run->desk->actor->today);
    for (size_t i = 0; i < run->draft.area_count; i++) {
        if (!tree_covers(tree, run->draft.unit, run->draft.areas[i])) {
            return bad_field(run->desk->bad, "areas", "outside");
        }
    }
    return OK;
}

static errc fill_voices(struct raising *run)
{
    struct alarm_voice *voices =
        arena_take_array(run->desk->arena, run->draft.voice_count + 1, sizeof *voices);
    if (voices == NULL) {
        return ERR_NO_MEMORY;
    }
    for (size_t i = 0; i < run->draft.voice_count; i++) {
        struct media_item item;
        voices[i] = run->draft.voices[i];
        errc rc = media_item_find(run->desk, run->db, voices[i].media, &item, run->why);
        if (rc == ERR_NOT_FOUND) {
            return bad_field(run->desk->bad, "voices", "no_such_media");
        }
        TRY(rc);
        if (item.ms > 3600000) {
            return bad_field(run->desk->bad, "voices", "too_long");
        }
        voices[i].bytes = item.bytes;
        voices[i].ms = item.ms;
    }
    run->draft.voices = voices;
    return OK;
}

static errc find_receivers(struct raising *run)
{
    const struct receiver_port *port = run->desk->receivers;
    struct receivers all = {.count = 0};
    TRY(port->list(port->ctx, run->db, run->draft.unit, run->desk->arena, &all, run->why));
    return alarm_receivers(&all, &run->draft, run->desk->arena, &run->receivers);
}

static int64_t count_attached(const struct raising *run)
{
    const struct receiver_port *port = run->desk->receivers;
    int64_t attached = 0;
    if (port->is_attached == NULL) {
        return -1;
    }
    for (size_t i = 0; i < run->receivers.count; i++) {
        attached += port->is_attached(port->ctx, run->receivers.at[i].device);
    }
    return attached;
}

/* The areas, or the whole unit. */
static const unit_id *areas_of(const struct raising *run, size_t *ret_count)
{
    *ret_count = run->draft.area_count > 0 ? run->draft.area_count : 1;
    return run->draft.area_count > 0 ? run->draft.areas : &run->draft.unit;
}

static errc count_boards(struct raising *run)
{
    const struct receiver_port *port = run->desk->receivers;
    size_t count = 0;
    const unit_id *areas = areas_of(run, &count);
    return port->boards == NULL ? OK
                                : port->boards(port->ctx, run->db, areas, count, run->desk->arena,
                                               &run->effect.boards, run->why);
}

static errc count_people(struct raising *run)
{
    struct tree tree = forest_at(run->desk->forest, run->desk->actor->today);
    struct unit_sum sum = {.value = 0};
    struct unit_set areas = {.count = 0};
    areas.at = areas_of(run, &areas.count);
    TRY(unit_figure_sum(run->db, tree, FIGURE_POPULATION, areas, run->desk->arena, &sum, run->why));
    run->effect.people = sum.value;
    run->effect.people_known = sum.is_whole;
    return OK;
}

/* Two people have decided for a source of messages already; a delegation is one person's for a
 * hazard. */
static errc find_second(struct raising *run)
{
    const struct desk *desk = run->desk;
    struct alarm_effect *effect = &run->effect;
    const struct alarm_source *source = &run->draft.source;
    bool decided = source->id != 0 && source->written_by != desk->actor->account_id;
    effect->second = alarm_second(&run->draft, run->kind, effect, desk->policy);
    if (effect->second != SECOND_NONE && run->kind == ALARM_REAL && source->id == 0) {
        TRY(alarm_delegation_of(desk, run->db, run->draft.hazard, run->draft.unit,
                                &effect->delegation, run->why));
    }
    effect->needs_approval = effect->second != SECOND_NONE && effect->delegation == 0 && !decided;
    return OK;
}

errc alarm_foresee(struct raising *run)
{
    const struct desk *desk = run->desk;
    TRY(desk_may(desk, alarm_right(run->kind), run->draft.unit));
    TRY(alarm_check(&run->draft, run->kind, desk->actor->now, desk->bad));
    TRY(check_areas(run));
    TRY(fill_voices(run));
    TRY(find_receivers(run));
    TRY(alarm_communes(&run->receivers, desk->arena, &run->effect.communes));
    run->effect.devices = (int64_t)run->receivers.count;
    run->effect.attached = count_attached(run);
    TRY(count_boards(run));
    TRY(count_people(run));
    run->effect.sounding_ms = run->kind == ALARM_STOP ? 0 : alarm_sounding_ms(&run->draft);
    return find_second(run);
}

errc alarm_preview(const struct desk *desk, struct db *db, enum alarm_kind kind,
                   const struct alarm_draft *draft, struct alarm_effect *ret_effect,
                   struct why *why)
{
    struct raising run = {.desk = desk, .db = db, .kind = kind, .draft = *draft, .why = why};
    TRY(alarm_foresee(&run));
    *ret_effect = run.effect;
    return OK;
}
