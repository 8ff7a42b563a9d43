/* Messages that become alarms by themselves; see message.h. */
#include "alert/message_inside.h"

#include "alert/message_sql.h"
#include "people/account_actor.h"

errc cap_messages_ready(struct db *db, struct arena *arena, struct cap_ready *ret_ready,
                        struct why *why)
{
    struct cap_ready_messages_row *rows = NULL;
    size_t count = 0;
    TRY(cap_ready_messages_all(db, arena, &rows, &count, why));
    int64_t *ids = arena_take_array(arena, count + 1, sizeof *ids);
    if (ids == NULL) {
        return ERR_NO_MEMORY;
    }
    for (size_t i = 0; i < count; i++) {
        ids[i] = rows[i].id;
    }
    *ret_ready = (struct cap_ready){ids, count};
    return OK;
}

/* Equal messages give equal marks, whoever runs them. */
static wire_id mark_of(const struct cap_kept *kept)
{
    AUTO(buf_finish) struct buf text;
    wire_id mark;
    buf_init(&text, 64);
    buf_add_format(&text, "cap message %lld", (long long)kept->id);
    hash digest = hash_of(buf_str(&text));
    memcpy(mark.bytes, digest.bytes, sizeof mark.bytes);
    return mark;
}

/* Both who decided about the source still may what it does. */
static errc find_actors(const struct desk *desk, struct db *db, const struct cap_source *source,
                        struct actor *ret_confirmer, struct why *why)
{
    struct desk other = *desk;
    struct actor setter;
    usec now = desk->actor->now;
    day today = desk->actor->today;
    if (source->policy != POLICY_AUTOMATIC || source->confirmed_by == 0 || !source->enabled) {
        return fail(why, ERR_FORBIDDEN, "the source is automatic no longer");
    }
    TRY(account_actor(db, source->set_by, now, today, desk->arena, &setter, why));
    TRY(account_actor(db, source->confirmed_by, now, today, desk->arena, ret_confirmer, why));
    other.actor = &setter;
    return desk_may(&other, RIGHT_ALARMS_WRITE, source->unit);
}

static errc act(const struct desk *desk, struct db *db, const struct cap_kept *kept,
                const struct cap_source *source, int64_t *ret_alarm, struct why *why)
{
    struct cap_wish wish = {.mark = mark_of(kept), .clip = -1, .title = S(""), .text = S("")};
    struct alarm_draft draft = {.mark = wish.mark, .unit = source->unit};
    enum alarm_kind kind = ALARM_REAL;
    if (kept->message.type != CAP_TYPE_CANCEL) {
        TRY(cap_message_draft(desk, db, kept, &wish, &draft, &kind, why));
    }
    draft.source = (struct alarm_source){source->id, source->name, source->set_by};
    return cap_message_apply(desk, db, kept, &draft, kind, ret_alarm, why);
}

errc cap_message_run(const struct desk *desk, struct db *db, int64_t id, struct why *why)
{
    struct cap_kept kept;
    struct cap_source source;
    struct actor confirmer;
    struct desk other = *desk;
    struct cap_decision decision = {
        .id = id, .state = STATE_USED, .note = NOTE_AUTOMATIC, .reason = S("")};
    TRY(cap_message_get(desk, db, id, &kept, why));
    TRY(cap_source_get(desk, db, kept.source, &source, why));
    TRY(find_actors(desk, db, &source, &confirmer, why));
    other.actor = &confirmer;
    TRY(act(&other, db, &kept, &source, &decision.alarm, why));
    TRY(cap_message_decide(desk, db, &decision, why));
    kept.state = STATE_USED;
    return cap_message_tell(desk, db, "cap_message_used", &kept, why);
}

errc cap_message_give_up(struct db *db, int64_t id, struct why *why)
{
    struct cap_message_sorted_in in = {id, S("waiting"), S("failed")};
    TRY(cap_message_sorted(db, &in, NULL, why));
    return db_announce(db, "cap", why);
}
