/* What waits on the side of warnings: messages that ask somebody, reports of alarms that one person
 * sent alone. */
#include "server/inbox_sources.h"

#include "alert/message.h"

enum { LOOKED_AT = 100 };

errc inbox_cap(void *ctx, const struct inbox_job *job, struct db *db, struct inbox *inbox,
               struct why *why)
{
    struct desk desk = inbox_desk(ctx, job->actor, job->forest, job->arena);
    struct cap_filter filter = {.has_state = true, .state = STATE_WAITING, .limit = LOOKED_AT};
    struct cap_kept_list list;
    TRY(cap_message_list(&desk, db, &filter, &list, why));
    for (size_t i = 0; i < list.count; i++) {
        const struct cap_kept *kept = &list.at[i];
        const struct cap_info *info = cap_info_in(&kept->message, S("vi"));
        if (desk_may(&desk, RIGHT_ALARMS_WRITE, kept->unit) != OK) {
            continue;
        }
        struct inbox_item item = {
            .kind = INBOX_CAP,
            .id = arena_format(job->arena, "%lld", (long long)kept->id),
            .unit = kept->unit,
            .title = info == NULL             ? kept->source_name
                     : info->headline.len > 0 ? info->headline
                                              : info->event,
            .since = kept->received_at,
            .due = cap_message_expires(&kept->message),
            .link = arena_format(job->arena, "/warnings/%lld", (long long)kept->id),
        };
        inbox_add(inbox, &item);
    }
    return OK;
}

errc inbox_reports(void *ctx, const struct inbox_job *job, struct db *db, struct inbox *inbox,
                   struct why *why)
{
    struct desk desk = inbox_desk(ctx, job->actor, job->forest, job->arena);
    struct alarm_filter filter = {.unread = true, .limit = LOOKED_AT};
    struct alarms alarms;
    TRY(alarm_list(&desk, db, &filter, &alarms, why));
    for (size_t i = 0; i < alarms.count; i++) {
        const struct alarm *alarm = &alarms.at[i];
        struct inbox_item item = {
            .kind = INBOX_ALARM_REPORT,
            .id = arena_format(job->arena, "%lld", (long long)alarm->id),
            .unit = alarm->unit,
            .title = alarm->title,
            .since = alarm->sent_at,
            .link = arena_format(job->arena, "/alarms/%lld", (long long)alarm->id),
        };
        inbox_add(inbox, &item);
    }
    return OK;
}
