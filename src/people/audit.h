/* The audit trail: what was changed, by whom, when, from where, before and after. Append-only and
 * chained: each line carries the hash of the line before it, so that a line that was changed,
 * removed, swapped or slipped in breaks the chain at a number that can be told.
 *
 * audit_append() runs inside the transaction of the change it tells of: both happen or neither.
 * It takes the one row that holds the head of the chain, so writers queue there, on every server
 * that shares the database; a change that appends does it as its last step, or calls audit_hold()
 * as its first. Secrets never go in: no password, token, code or key, hashed or not.
 *
 * What the chain cannot show is a rewriting of everything by somebody who owns the database:
 * therefore the head is printed by `verify` and exported, and belongs into a log elsewhere. */
#ifndef LOA_PEOPLE_AUDIT_H
#define LOA_PEOPLE_AUDIT_H

#include "base/base.h"
#include "base/hash.h"
#include "people/policy.h"
#include "people/right.h"

struct db;

enum {
    AUDIT_ACTION_MOST = 32, /* [a-z_]; also an RFC 5424 MSGID */
    AUDIT_NAME_MOST = 1024,
    AUDIT_AGENT_MOST = 512,
    AUDIT_JSON_MOST = 64 * 1024,
    AUDIT_PAGE_MOST = 200,
    AUDIT_SCAN_MOST = 50000, /* lines that one page looks through */
};

struct audit_entry {
    const struct actor *actor;
    const char *action;       /* "account_created" */
    const char *subject_kind; /* "account" */
    int64_t subject_id;       /* 0: none, then the name says it */
    str subject_name;
    int64_t subject_unit_id; /* whose keepers may read of it too; 0: none */
    str before;              /* JSON objects of our own writing, or STR_NONE */
    str after;
};

struct audit_line {
    int64_t seq; /* from 1, without gaps */
    usec at;
    int64_t account_id; /* 0: the system */
    str account_login;
    str account_name;
    int64_t unit_id; /* of the account; 0: none */
    str address;
    str agent;
    str action;
    str subject_kind;
    int64_t subject_id;
    str subject_name;
    int64_t subject_unit_id;
    str before;
    str after;
    hash previous;
    hash self;
};

struct audit_head {
    int64_t seq;
    hash self;
};

/* Pure: the hash a line must have, and whether it continues the chain (which then moves on). */
hash audit_line_hash(const struct audit_line *line);
CHECKED bool audit_head_step(struct audit_head *head, const struct audit_line *line);

/* Text from a stranger (a browser's name) as a database takes it: cut, what is no text as "?". */
str audit_clean(struct arena *arena, str text, size_t most);
/* One JSON object and a line feed, as in GET /audit. */
CHECKED errc audit_write_json(const struct audit_line *line, struct buf *out);
/* One RFC 5424 message and a line feed; `host` is made printable. */
CHECKED errc audit_write_syslog(const struct audit_line *line, str host, struct buf *out);

/* Takes the head of the chain until the transaction ends. */
CHECKED errc audit_hold(struct db *db, struct why *why);
CHECKED errc audit_append(struct db *db, const struct audit_entry *entry, struct why *why);

struct audit_filter {
    int64_t account_id; /* 0: any */
    int64_t subject_id; /* 0: any */
    str subject_kind;   /* STR_NONE: any */
    str action;         /* STR_NONE: any */
    usec from;          /* inclusive; 0: open */
    usec to;            /* exclusive; 0: open */
    int64_t before_seq; /* page: lines below this number; 0: from the newest */
    /* A line is seen when the unit of who acted, or of what was changed, is seen (null: all are).
     * A line without any unit asks for unit 0. */
    bool (*sees_unit)(const void *ctx, int64_t unit_id);
    const void *sees_ctx;
};

typedef errc (*audit_on_line)(void *ctx, const struct audit_line *line, struct why *why);

/* Newest first, at most `limit` lines; the views live for the call. *ret_next is the before_seq of
 * the next page, or 0. */
CHECKED errc audit_page(struct db *db, const struct audit_filter *filter, size_t limit,
                        audit_on_line on_line, void *ctx, int64_t *ret_next, struct why *why);
/* Oldest first, everything that fits the filter (which page it asks for does not matter); for
 * exports. */
CHECKED errc audit_each(struct db *db, const struct audit_filter *filter, audit_on_line on_line,
                        void *ctx, struct why *why);
/* The actions that ever happened, sorted; for filters. */
CHECKED errc audit_actions(struct db *db, void (*on_action)(void *ctx, str action), void *ctx,
                           struct why *why);

struct audit_report {
    bool ok;
    int64_t entries;
    int64_t anchor;    /* the chain is verified from the line after this number */
    int64_t broken_at; /* 0 when ok */
    hash head;
};

/* Walks the whole table. A broken chain is a report, not an error. */
CHECKED errc audit_verify(struct db *db, struct audit_report *ret_report, struct why *why);

/* Removes lines older than the policy keeps, at most `most` of them, leaving an anchor (number and
 * hash of the last one removed) from which the rest verifies; writes a line about it. Refuses when
 * what would go does not verify: evidence of tampering is not thrown away. */
CHECKED errc audit_prune(struct db *db, const struct policy *policy, const struct actor *actor,
                         int64_t most, int64_t *ret_removed, struct why *why);

#endif
