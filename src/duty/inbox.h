/* What waits for one person: approve, choose, answer, repair. The room knows no bulletin, alarm or
 * device: each subject's things come through a source, which `server` fills in, so a room that
 * opens later adds its own by one row there. A source lists only what this person can do something
 * about.
 *
 * Urgent things come first, then the oldest. */
#ifndef LOA_DUTY_INBOX_H
#define LOA_DUTY_INBOX_H

#include "base/words.h"
#include "people/forest.h"
#include "people/right.h"

struct db;

enum inbox_kind {
#define X(NAME, name, how) NAME,
#include "duty/inbox_kinds.def"
#undef X
};

enum {
    INBOX_KINDS = 0
#define X(NAME, name, how) +1
#include "duty/inbox_kinds.def"
#undef X
};

enum { INBOX_LIMIT_MOST = 200, INBOX_COUNT_MOST = 1000, INBOX_TITLE_MOST = 200 };

const char *inbox_kind_name(enum inbox_kind kind); /* "bulletin" */
CHECKED bool inbox_kind_parse(str name, enum inbox_kind *ret_kind);
bool inbox_kind_calls(enum inbox_kind kind);     /* never muted */
bool inbox_kind_is_urgent(enum inbox_kind kind); /* calls are */

/* Who asks, and where answers go. Loans for the length of the call. */
struct inbox_job {
    const struct actor *actor;
    const struct forest *forest;
    struct arena *arena;
    usec zone;
    const struct words *words;
    enum words_language language;
};

struct inbox_item {
    enum inbox_kind kind;
    str id;       /* within its kind */
    unit_id unit; /* 0: none */
    str title;
    usec since;
    usec due; /* 0: none */
    str link; /* a path of the console */
};

struct inbox {
    struct arena *arena;
    struct inbox_item *items;
    size_t count;
    size_t limit; /* of one kind */
    size_t counts[INBOX_KINDS];
};

struct inbox_source {
    errc (*list)(void *ctx, const struct inbox_job *job, struct db *db, struct inbox *inbox,
                 struct why *why);
    void *ctx;
};

struct inbox_sources {
    const struct inbox_source *at;
    size_t count;
};

/* For sources: counts the thing, and keeps it while its kind has fewer than the limit. Texts are
 * copied. */
void inbox_add(struct inbox *inbox, const struct inbox_item *item);
/* Things that are only counted, as many more as a source did not list. */
void inbox_count(struct inbox *inbox, enum inbox_kind kind, size_t more);
size_t inbox_total(const struct inbox *inbox);

/* Calls of the person's own, then every source. */
CHECKED errc inbox_gather(const struct inbox_sources *sources, const struct inbox_job *job,
                          struct db *db, size_t limit, struct inbox *ret_inbox, struct why *why);

#endif
