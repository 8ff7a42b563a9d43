/* What is on its way to people: one push to one browser, or one e-mail. Written in the transaction
 * of what it tells of, under a mark that makes it once however many servers write it; claimed by
 * one server for a while; tried again with growing pauses; given up when its time is over. A letter
 * is gone for good only when the other side took it, said that it never will, or time ran out. */
#ifndef LOA_DUTY_LETTER_H
#define LOA_DUTY_LETTER_H

#include "duty/duty_job.h"
#include "duty/subscription.h"

enum {
    LETTER_MARK_MOST = 160,
    LETTER_BATCH = 64,
    LETTER_TRIES_MOST = 40,
};

#define LETTER_CLAIM (90 * USEC_SECOND) /* a sender that is silent for so long is given up */

struct letter {
    int64_t id;
    str mark;
    int64_t account;
    int64_t subscription; /* 0: an e-mail */
    str topic;            /* of a push */
    bool urgent;
    str address; /* of an e-mail */
    str subject;
    str body; /* plain text; of a push its JSON */
    str html;
    int64_t attempts;
    usec added;
    usec expires;
    /* of a push, filled in when it is claimed */
    str endpoint;
    struct push_target target;
};

struct letters {
    const struct letter *at;
    size_t count;
};

/* False in *ret_new: the mark was known. Announces `letters`. */
CHECKED errc letter_add(const struct duty_job *job, struct db *db, const struct letter *letter,
                        bool *ret_new, struct why *why);
/* One letter for each browser of the person; marks end in its number. */
CHECKED errc letter_add_push(const struct duty_job *job, struct db *db, const struct letter *letter,
                             size_t *ret_new, struct why *why);

/* Whether anything is due, without taking it. */
CHECKED errc letters_are_due(struct db *db, bool urgent, usec now, struct arena *arena,
                             bool *ret_due, struct why *why);
/* In a write job: at most LETTER_BATCH that are due, now this server's for LETTER_CLAIM. Those
 * whose time is over are marked failed instead. */
CHECKED errc letters_claim(struct db *db, bool urgent, usec now, struct arena *arena,
                           struct letters *ret_letters, struct why *why);

enum letter_outcome {
    LETTER_SENT,
    LETTER_LATER, /* try again */
    LETTER_NEVER, /* refused for good */
    LETTER_GONE,  /* the browser is: its subscription goes too */
};
struct letter_result {
    int64_t id;
    int64_t subscription;
    int64_t attempts; /* before this one */
    enum letter_outcome outcome;
    usec wait; /* asked for by the other side; 0: none */
    char reason[120];
};
CHECKED errc letters_done(struct db *db, const struct letter_result *results, size_t count,
                          usec now, struct why *why);
/* Pure: how long to wait before the next try. */
usec letter_pause(int64_t attempts, usec asked);

/* Removes what was sent or failed before `before`, and other old rows of this room. */
CHECKED errc letters_tidy(struct db *db, usec now, struct why *why);

#endif
