/* See choice.h. */
#include "duty/choice.h"

struct notice_choice notice_choice_default(void)
{
    return (struct notice_choice){
        .push = true, .mail = true, .digest = true, .digest_at = DIGEST_AT_DEFAULT};
}

bool notice_is_quiet(const struct notice_choice *choice, usec now, usec zone)
{
    struct clock_time clock = usec_clock(now, zone);
    int minute = clock.hour * 60 + clock.minute;
    if (!choice->has_quiet) {
        return false;
    }
    bool after = minute >= choice->quiet_from;
    bool before = minute < choice->quiet_to;
    return choice->quiet_from <= choice->quiet_to ? after && before : after || before;
}

bool notice_is_muted(const struct notice_choice *choice, enum inbox_kind kind)
{
    return !inbox_kind_calls(kind) && (choice->muted & (1U << kind)) != 0;
}
