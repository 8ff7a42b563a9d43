/* What waits on the side of the studio: bulletins to approve, bulletins that came back, and what
 * was sent down to a commune to choose from. */
#include "server/inbox_sources.h"

#include "studio/bulletin_desk.h"
#include "studio/offer.h"

enum { BULLETINS_LOOKED_AT = 200 };

static void add_bulletin(const struct inbox_job *job, const struct bulletin_line *line,
                         enum inbox_kind kind, struct inbox *inbox)
{
    bool back = kind == INBOX_RETURNED;
    struct inbox_item item = {
        .kind = kind,
        .id = arena_format(job->arena, "%lld", (long long)line->id),
        .unit = line->unit,
        .title = line->title,
        .since = back ? line->changed_at : line->submitted.at,
        .due = line->valid_from > job->actor->now ? line->valid_from : 0,
        .link = arena_format(job->arena, "/bulletins/%lld", (long long)line->id),
    };
    inbox_add(inbox, &item);
}

static errc list(const struct desk *desk, struct db *db, enum bulletin_state state, bool mine,
                 struct bulletin_lines *ret_lines, struct why *why)
{
    struct bulletin_filter filter = {
        .has_state = true, .state = state, .mine = mine, .limit = BULLETINS_LOOKED_AT};
    return bulletin_list(desk, db, &filter, ret_lines, why);
}

errc inbox_bulletins(void *ctx, const struct inbox_job *job, struct db *db, struct inbox *inbox,
                     struct why *why)
{
    struct desk desk = inbox_desk(ctx, job->actor, job->forest, job->arena);
    struct bulletin_lines lines = {.count = 0};
    TRY(list(&desk, db, BULLETIN_SUBMITTED, false, &lines, why));
    for (size_t i = 0; i < lines.count; i++) {
        unsigned steps = 0;
        TRY(bulletin_steps(&desk, db, &lines.at[i], &steps, why));
        if ((steps & 1U << STEP_APPROVE) != 0) {
            add_bulletin(job, &lines.at[i], INBOX_BULLETIN, inbox);
        }
    }
    TRY(list(&desk, db, BULLETIN_RETURNED, true, &lines, why));
    for (size_t i = 0; i < lines.count; i++) {
        add_bulletin(job, &lines.at[i], INBOX_RETURNED, inbox);
    }
    return OK;
}

errc inbox_sent_down(void *ctx, const struct inbox_job *job, struct db *db, struct inbox *inbox,
                     struct why *why)
{
    struct desk desk = inbox_desk(ctx, job->actor, job->forest, job->arena);
    struct offer_filter filter = {.unit = job->actor->unit_id,
                                  .has_state = true,
                                  .state = OFFER_WAITING,
                                  .limit = BULLETINS_LOOKED_AT};
    struct offers offers = {.count = 0};
    if (desk_may(&desk, RIGHT_PROGRAMMES_WRITE, filter.unit) != OK) {
        return OK;
    }
    TRY(offer_list(&desk, db, &filter, &offers, why));
    for (size_t i = 0; i < offers.count; i++) {
        const struct offer *offer = &offers.at[i];
        if (offer->unit != filter.unit) { /* of a commune below: theirs to choose */
            continue;
        }
        struct inbox_item item = {
            .kind = INBOX_OFFER,
            .id = arena_format(job->arena, "%lld", (long long)offer->id),
            .unit = offer->bulletin.unit,
            .title = offer->bulletin.title,
            .since = offer->sent.at,
            .due = offer->bulletin.valid_to,
            .link = S("/offers"),
        };
        inbox_add(inbox, &item);
    }
    return OK;
}
