/* What people are told, in words: the push and the letter of a call, of new things in the inbox, of
 * the day. Pure: words come from the catalogue in the person's language, and out come texts. */
#ifndef LOA_DUTY_NOTICE_H
#define LOA_DUTY_NOTICE_H

#include "duty/call.h"
#include "duty/inbox.h"
#include "duty/letter.h"

struct notice_reader {
    const struct duty_job *job;
    enum words_language language;
};

/* Subject, body (JSON) and topic of a push; subject, body and html of an e-mail. In the arena. */
CHECKED errc notice_call_push(const struct notice_reader *reader, const struct call_alarm *alarm,
                              struct letter *letter);
CHECKED errc notice_call_mail(const struct notice_reader *reader, const struct call_alarm *alarm,
                              struct letter *letter);
/* Things that are new in an inbox: one tells of itself, several are counted. */
CHECKED errc notice_items_push(const struct notice_reader *reader, const struct inbox_item *items,
                               size_t count, struct letter *letter);
CHECKED errc notice_test_push(const struct notice_reader *reader, struct letter *letter);
/* Everything that waits, of a day. */
CHECKED errc notice_digest_mail(const struct notice_reader *reader, const struct inbox *inbox,
                                struct letter *letter);
str notice_alarm_link(const struct call_alarm *alarm, struct arena *arena);
void notice_alarm_topic(int64_t alarm, char ret_topic[40]);

#endif
