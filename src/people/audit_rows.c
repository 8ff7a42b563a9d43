/* The trail in the database. Appending takes the head of the chain, adds the line and moves the
 * head, all in the caller's transaction; reading streams. */
#include "people/audit.h"

#include "base/json_out.h"
#include "people/audit_sql.h"

enum { APPEND_ARENA = 64 * 1024, ADDRESS_MOST = 64 };

/* Three statements answer the same columns in three struct types. */
#define LINE_OF(row)                                                                               \
    ((struct audit_line){                                                                          \
        .seq = (row)->seq,                                                                         \
        .at = (row)->at_us,                                                                        \
        .account_id = (row)->has_account_id ? (row)->account_id : 0,                               \
        .account_login = (row)->account_login,                                                     \
        .account_name = (row)->account_name,                                                       \
        .unit_id = (row)->has_unit_id ? (row)->unit_id : 0,                                        \
        .address = (row)->address,                                                                 \
        .agent = (row)->agent,                                                                     \
        .action = (row)->action,                                                                   \
        .subject_kind = (row)->subject_kind,                                                       \
        .subject_id = (row)->has_subject_id ? (row)->subject_id : 0,                               \
        .subject_name = (row)->subject_name,                                                       \
        .subject_unit_id = (row)->has_subject_unit_id ? (row)->subject_unit_id : 0,                \
        .before = (row)->before_json,                                                              \
        .after = (row)->after_json,                                                                \
        .previous = (row)->previous,                                                               \
        .self = (row)->self,                                                                       \
    })

errc audit_hold(struct db *db, struct why *why)
{
    return audit_head_hold(db, NULL, why);
}

static struct audit_line make_line(const struct audit_entry *entry, const struct audit_head *head,
                                   struct arena *arena)
{
    const struct actor *actor = entry->actor;
    struct audit_line line = {
        .seq = head->seq + 1,
        .at = actor->now,
        .account_id = actor->account_id,
        .account_login = audit_clean(arena, actor->login, AUDIT_NAME_MOST),
        .account_name = audit_clean(arena, actor->name, AUDIT_NAME_MOST),
        .unit_id = actor->unit_id,
        .address = audit_clean(arena, actor->address, ADDRESS_MOST),
        .agent = audit_clean(arena, actor->agent, AUDIT_AGENT_MOST),
        .action = str_of(entry->action),
        .subject_kind = str_of(entry->subject_kind),
        .subject_id = entry->subject_id,
        .subject_name = audit_clean(arena, entry->subject_name, AUDIT_NAME_MOST),
        .subject_unit_id = entry->subject_unit_id,
        .before = entry->before,
        .after = entry->after,
        .previous = head->self,
    };
    line.self = audit_line_hash(&line);
    return line;
}

static errc add_line(struct db *db, const struct audit_line *line, struct why *why)
{
    struct audit_line_add_in in = {
        .seq = line->seq,
        .at_us = line->at,
        .has_account_id = line->account_id != 0,
        .account_id = line->account_id,
        .account_login = line->account_login,
        .account_name = line->account_name,
        .has_unit_id = line->unit_id != 0,
        .unit_id = line->unit_id,
        .address = line->address,
        .agent = line->agent,
        .action = line->action,
        .subject_kind = line->subject_kind,
        .has_subject_id = line->subject_id != 0,
        .subject_id = line->subject_id,
        .subject_name = line->subject_name,
        .has_subject_unit_id = line->subject_unit_id != 0,
        .subject_unit_id = line->subject_unit_id,
        .before_json = line->before,
        .after_json = line->after,
        .previous = line->previous,
        .self = line->self,
    };
    struct audit_head_move_in move = {line->seq, line->self};
    TRY(audit_line_add(db, &in, NULL, why));
    return audit_head_move(db, &move, NULL, why);
}

static errc read_head(struct db *db, struct arena *arena, struct audit_head *ret_head,
                      struct why *why)
{
    struct audit_head_row row;
    TRY(audit_head(db, arena, &row, why));
    *ret_head = (struct audit_head){row.seq, row.self};
    return OK;
}

errc audit_append(struct db *db, const struct audit_entry *entry, struct why *why)
{
    AUTO(arena_close) struct arena *arena = NULL;
    struct audit_head head;
    if (strlen(entry->action) > AUDIT_ACTION_MOST || entry->before.len > AUDIT_JSON_MOST ||
        entry->after.len > AUDIT_JSON_MOST) {
        return fail(why, ERR_TOO_BIG, "audit of %s: too much to say", entry->action);
    }
    TRY(arena_create(APPEND_ARENA, &arena));
    TRY(audit_head_hold(db, NULL, why));
    TRY(read_head(db, arena, &head, why));
    struct audit_line line = make_line(entry, &head, arena);
    if (arena_failed(arena)) {
        return fail(why, ERR_NO_MEMORY, "audit of %s: no memory", entry->action);
    }
    TRY(add_line(db, &line, why));
    return db_announce(db, "audit", why);
}

struct paging {
    const struct audit_filter *filter;
    audit_on_line on_line;
    void *ctx;
    struct why *why;
    size_t left;
    int64_t last_shown;
    int64_t last_read;
    size_t read;
    bool more;
};

static bool is_seen(const struct audit_filter *filter, const struct audit_line *line)
{
    if (filter->sees_unit == NULL) {
        return true;
    }
    if (line->unit_id == 0 && line->subject_unit_id == 0) {
        return filter->sees_unit(filter->sees_ctx, 0);
    }
    return (line->unit_id != 0 && filter->sees_unit(filter->sees_ctx, line->unit_id)) ||
           (line->subject_unit_id != 0 &&
            filter->sees_unit(filter->sees_ctx, line->subject_unit_id));
}

/* ERR_CANCELLED ends the reading when the page is full. */
static errc show_line(struct paging *paging, const struct audit_line *line)
{
    paging->read++;
    paging->last_read = line->seq;
    if (!is_seen(paging->filter, line)) {
        return OK;
    }
    if (paging->left == 0) {
        paging->more = true;
        return ERR_CANCELLED;
    }
    paging->left--;
    paging->last_shown = line->seq;
    return paging->on_line(paging->ctx, line, paging->why);
}

static errc on_newest(void *ctx, const struct audit_lines_newest_row *row)
{
    struct audit_line line = LINE_OF(row);
    return show_line(ctx, &line);
}

static errc on_of_subject(void *ctx, const struct audit_lines_of_subject_row *row)
{
    struct audit_line line = LINE_OF(row);
    return show_line(ctx, &line);
}

static errc read_newest(struct db *db, const struct audit_filter *filter, struct paging *paging,
                        struct why *why)
{
    struct audit_lines_newest_in in = {
        .before_seq = filter->before_seq == 0 ? INT64_MAX : filter->before_seq,
        .has_account_id = filter->account_id != 0,
        .account_id = filter->account_id,
        .subject_kind = filter->subject_kind,
        .action = filter->action,
        .from_us = filter->from == 0 ? INT64_MIN : filter->from,
        .to_us = filter->to == 0 ? INT64_MAX : filter->to,
        .most = AUDIT_SCAN_MOST,
    };
    return audit_lines_newest(db, &in, on_newest, paging, why);
}

static errc read_of_subject(struct db *db, const struct audit_filter *filter, struct paging *paging,
                            struct why *why)
{
    struct audit_lines_of_subject_in in = {
        .before_seq = filter->before_seq == 0 ? INT64_MAX : filter->before_seq,
        .has_account_id = filter->account_id != 0,
        .account_id = filter->account_id,
        .subject_kind = filter->subject_kind,
        .subject_id = filter->subject_id,
        .action = filter->action,
        .from_us = filter->from == 0 ? INT64_MIN : filter->from,
        .to_us = filter->to == 0 ? INT64_MAX : filter->to,
        .most = AUDIT_SCAN_MOST,
    };
    return audit_lines_of_subject(db, &in, on_of_subject, paging, why);
}

errc audit_page(struct db *db, const struct audit_filter *filter, size_t limit,
                audit_on_line on_line, void *ctx, int64_t *ret_next, struct why *why)
{
    struct paging paging = {
        .filter = filter,
        .on_line = on_line,
        .ctx = ctx,
        .why = why,
        .left = limit < AUDIT_PAGE_MOST ? limit : AUDIT_PAGE_MOST,
    };
    errc rc = filter->subject_id != 0 ? read_of_subject(db, filter, &paging, why)
                                      : read_newest(db, filter, &paging, why);
    if (rc != OK && !(rc == ERR_CANCELLED && paging.more)) {
        return rc;
    }
    bool unfinished = paging.read == AUDIT_SCAN_MOST && !paging.more;
    *ret_next = paging.more ? paging.last_shown : unfinished ? paging.last_read : 0;
    return OK;
}

struct walking {
    const struct audit_filter *filter;
    audit_on_line on_line;
    void *ctx;
    struct why *why;
};

static bool is_wanted(const struct audit_filter *filter, const struct audit_line *line)
{
    return (filter->account_id == 0 || filter->account_id == line->account_id) &&
           (filter->subject_id == 0 || filter->subject_id == line->subject_id) &&
           (filter->subject_kind.at == NULL || str_is(filter->subject_kind, line->subject_kind)) &&
           (filter->action.at == NULL || str_is(filter->action, line->action));
}

static errc on_oldest(void *ctx, const struct audit_lines_oldest_row *row)
{
    struct walking *walking = ctx;
    struct audit_line line = LINE_OF(row);
    const struct audit_filter *filter = walking->filter;
    if (filter != NULL && (!is_wanted(filter, &line) || !is_seen(filter, &line))) {
        return OK;
    }
    return walking->on_line(walking->ctx, &line, walking->why);
}

static const struct audit_lines_oldest_in everything = {0, INT64_MIN, INT64_MAX, INT64_MAX};

errc audit_each(struct db *db, const struct audit_filter *filter, audit_on_line on_line, void *ctx,
                struct why *why)
{
    struct audit_lines_oldest_in in = everything;
    struct walking walking = {filter, on_line, ctx, why};
    in.from_us = filter->from == 0 ? INT64_MIN : filter->from;
    in.to_us = filter->to == 0 ? INT64_MAX : filter->to;
    return audit_lines_oldest(db, &in, on_oldest, &walking, why);
}

struct naming {
    void (*on_action)(void *ctx, str action);
    void *ctx;
};

static errc on_action_row(void *ctx, const struct audit_actions_all_row *row)
{
    struct naming *naming = ctx;
    naming->on_action(naming->ctx, row->action);
    return OK;
}

errc audit_actions(struct db *db, void (*on_action)(void *ctx, str action), void *ctx,
                   struct why *why)
{
    struct naming naming = {on_action, ctx};
    return audit_actions_all(db, on_action_row, &naming, why);
}

/* Where the chain begins: the last anchor, or nothing before line 1. */
static errc read_anchor(struct db *db, struct arena *arena, struct audit_head *ret_anchor,
                        struct why *why)
{
    struct audit_anchor_last_row row;
    errc rc = audit_anchor_last(db, arena, &row, why);
    if (rc == ERR_NOT_FOUND) {
        *ret_anchor = (struct audit_head){0};
        return OK;
    }
    if (rc == OK) {
        *ret_anchor = (struct audit_head){row.seq, row.self};
    }
    return rc;
}

struct chain {
    struct audit_head head;
    int64_t entries;
    int64_t broken_at;
    usec before; /* stops at a line not older than this */
    bool stopped;
};

static errc on_chain(void *ctx, const struct audit_line *line, struct why *why)
{
    struct chain *chain = ctx;
    (void)why;
    if (line->at >= chain->before) {
        chain->stopped = true;
        return ERR_CANCELLED;
    }
    if (!audit_head_step(&chain->head, line)) {
        chain->broken_at = chain->head.seq + 1;
        chain->stopped = true;
        return ERR_CANCELLED;
    }
    chain->entries++;
    return OK;
}

static errc walk_chain(struct db *db, struct chain *chain, int64_t most, struct why *why)
{
    struct audit_lines_oldest_in in = everything;
    struct walking walking = {NULL, on_chain, chain, why};
    in.most = most;
    /* From the very first line: one that stands before the anchor was slipped in. */
    errc rc = audit_lines_oldest(db, &in, on_oldest, &walking, why);
    return rc == ERR_CANCELLED && chain->stopped ? OK : rc;
}

errc audit_verify(struct db *db, struct audit_report *ret_report, struct why *why)
{
    AUTO(arena_close) struct arena *arena = NULL;
    struct audit_head anchor;
    struct audit_head head;
    TRY(arena_create(APPEND_ARENA, &arena));
    TRY(read_anchor(db, arena, &anchor, why));
    TRY(read_head(db, arena, &head, why));
    struct chain chain = {.head = anchor, .before = INT64_MAX};
    TRY(walk_chain(db, &chain, INT64_MAX, why));
    if (chain.broken_at == 0 &&
        (chain.head.seq != head.seq || !hash_is(chain.head.self, head.self))) {
        chain.broken_at = chain.head.seq + 1; /* the end is missing */
    }
    *ret_report = (struct audit_report){
        .ok = chain.broken_at == 0,
        .entries = chain.entries,
        .anchor = anchor.seq,
        .broken_at = chain.broken_at,
        .head = chain.head.self,
    };
    return OK;
}

static errc tell_pruning(struct db *db, const struct actor *actor, const struct chain *chain,
                         struct why *why)
{
    AUTO(buf_finish) struct buf after;
    struct json_out json;
    char hash_hex[HASH_TEXT_SIZE];
    buf_init(&after, 512);
    json_out_init(&json, &after);
    hash_text(chain->head.self, hash_hex);
    json_object(&json);
    json_i64_at(&json, "removed", chain->entries);
    json_i64_at(&json, "up_to", chain->head.seq);
    json_text_at(&json, "hash", hash_hex);
    json_end(&json);
    TRY(json_out_check(&json));
    struct audit_entry entry = {.actor = actor,
                                .action = "audit_pruned",
                                .subject_kind = "audit",
                                .after = buf_str(&after)};
    return audit_append(db, &entry, why);
}

errc audit_prune(struct db *db, const struct policy *policy, const struct actor *actor,
                 int64_t most, int64_t *ret_removed, struct why *why)
{
    AUTO(arena_close) struct arena *arena = NULL;
    struct audit_head anchor;
    TRY(arena_create(APPEND_ARENA, &arena));
    TRY(audit_head_hold(db, NULL, why));
    TRY(read_anchor(db, arena, &anchor, why));
    struct chain chain = {.head = anchor, .before = actor->now - policy->audit_keep};
    TRY(walk_chain(db, &chain, most, why));
    if (chain.broken_at != 0) {
        return fail(why, ERR_CORRUPT, "the audit is broken at line %lld: nothing is removed",
                    (long long)chain.broken_at);
    }
    if (chain.entries > 0) {
        struct audit_anchor_add_in add = {chain.head.seq, chain.head.self, actor->now};
        struct audit_lines_remove_in gone = {chain.head.seq};
        TRY(audit_anchor_add(db, &add, NULL, why));
        TRY(audit_lines_remove(db, &gone, NULL, why));
        TRY(tell_pruning(db, actor, &chain, why));
    }
    *ret_removed = chain.entries;
    return OK;
}
