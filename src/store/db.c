/* What is the same on both databases: a failed statement dooms its job, an attempt is a savepoint,
 * topics wait for the commit, and rows are read into structs by their table. What must never
 * happen: that a job half fails and is kept. */
#include "store/db.h"

#include "base/fuse.h"
#include "store/control_sql.h"
#include "store/db_impl.h"
#include "store/store.h"

#include <stdalign.h>

#define END_LIMIT (10 * USEC_SECOND)

/* The one piece of state that is not an argument: a test's counter, as in base's torture. */
static struct fuse statement_fuse;

void store_torture(unsigned long nth)
{
    fuse_light(&statement_fuse, nth);
}

bool store_torture_hit(void)
{
    return fuse_blown(&statement_fuse);
}

bool db_torture_hits(void)
{
    return fuse_burn(&statement_fuse);
}

errc db_rooms_init(struct db_rooms *rooms, const struct store_room *const *list, size_t count,
                   struct why *why)
{
    *rooms = (struct db_rooms){.count = 0};
    for (size_t i = 0; i < count; i++) {
        if (rooms->count == DB_ROOMS || rooms->slots + list[i]->statement_count > DB_SLOTS) {
            return fail(why, ERR_TOO_BIG, "too many rooms or statements");
        }
        rooms->list[rooms->count] = list[i];
        rooms->starts[rooms->count] = rooms->slots;
        rooms->count++;
        rooms->slots += list[i]->statement_count;
    }
    return OK;
}

errc db_prepare_all(struct db *db, struct why *why)
{
    for (size_t i = 0; i < db->rooms->count; i++) {
        const struct store_room *room = db->rooms->list[i];
        for (size_t j = 0; j < room->statement_count; j++) {
            const struct db_statement *statement = room->statements[j];
            errc rc = db->driver->prepare(db, db->rooms->starts[i] + j, statement, why);
            if (rc != OK) {
                return fail_in(why, rc, "%s/%s", room->name, statement->name);
            }
        }
    }
    return OK;
}

errc db_words(struct db *db, const struct db_words *words, struct why *why)
{
    return db->driver->words(db, words, why);
}

errc db_end_words(struct db *db, const struct db_words *words, struct why *why)
{
    usec deadline = db->deadline;
    db->deadline = now_steady() + END_LIMIT;
    errc rc = db_words(db, words, why);
    db->deadline = deadline;
    return rc;
}

void db_job_begin(struct db *db, usec deadline)
{
    db->deadline = deadline;
    db->in_rows = false;
    db->transient = false;
    db->depth = 0;
    db->doomed = OK;
    db->topics.count = 0;
}

void db_close(struct db *db)
{
    if (db != NULL) {
        db->driver->close(db);
    }
}

static errc find_slot(const struct db *db, const struct db_statement *statement, size_t *ret_slot,
                      struct why *why)
{
    for (size_t i = 0; i < db->rooms->count; i++) {
        if (db->rooms->list[i] == statement->room) {
            *ret_slot = db->rooms->starts[i] + statement->number;
            return OK;
        }
    }
    return fail(why, ERR_INTERNAL, "its room is not among those the store was opened with");
}

static errc doom(struct db *db, const struct db_statement *statement, errc rc, struct why *why)
{
    ignore(fail_in(why, rc, "%s", statement->name));
    db->doomed = rc;
    db->doomed_why = *why;
    return rc;
}

/* Before every statement. */
static errc start(struct db *db, const struct db_statement *statement, size_t *ret_slot,
                  struct why *why)
{
    if (db->doomed != OK) {
        *why = db->doomed_why;
        return db->doomed;
    }
    errc rc = OK;
    if (db->in_rows) {
        rc = fail(why, ERR_INTERNAL, "run while the rows of another statement are read");
    } else if (db->deadline != 0 && now_steady() >= db->deadline) {
        rc = fail(why, ERR_TIMEOUT, "the job is past its deadline");
    } else if (db_torture_hits()) {
        rc = fail(why, ERR_STORE, "torture");
    } else {
        rc = find_slot(db, statement, ret_slot, why);
    }
    return rc == OK ? OK : doom(db, statement, rc, why);
}

struct collect {
    struct db *db;
    const struct db_statement *statement;
    struct arena *arena;
    unsigned char *rows;
    size_t count;
    size_t room;
    errc said; /* by the receiver: not the fault of the statement */
    const struct db_each *each;
    struct why *why;
};

/* Texts of a row move from the driver's memory to the arena. */
static errc keep_texts(const struct db_statement *statement, void *row, struct arena *arena)
{
    for (size_t i = 0; i < statement->out_count; i++) {
        const struct db_field *field = &statement->out[i];
        if (field->type != DB_STR && field->type != DB_BYTES) {
            continue;
        }
        str text;
        memcpy(&text, (unsigned char *)row + field->at, sizeof text);
        if (text.at == NULL) {
            continue;
        }
        text = arena_str(arena, text);
        if (text.at == NULL) {
            return ERR_NO_MEMORY;
        }
        memcpy((unsigned char *)row + field->at, &text, sizeof text);
    }
    return OK;
}

static errc make_room(struct collect *collect, size_t most)
{
    if (collect->count < collect->room) {
        return OK;
    }
    if (collect->count >= most) {
        return fail(collect->why, ERR_TOO_BIG, "%s: more than %zu rows", collect->statement->name,
                    most);
    }
    size_t room = collect->room == 0 ? 8 : collect->room * 2;
    room = room > most ? most : room;
    size_t size = collect->statement->out_size;
    unsigned char *rows = arena_take_array(collect->arena, room, size);
    if (rows == NULL) {
        return fail(collect->why, ERR_NO_MEMORY, "%s: the arena is full", collect->statement->name);
    }
    if (collect->count > 0) {
        memcpy(rows, collect->rows, collect->count * size);
    }
    collect->rows = rows;
    collect->room = room;
    return OK;
}

static errc add_row(struct collect *collect, const void *row, size_t most)
{
    TRY(make_room(collect, most));
    unsigned char *to = collect->rows + collect->count * collect->statement->out_size;
    memcpy(to, row, collect->statement->out_size);
    errc rc = keep_texts(collect->statement, to, collect->arena);
    if (rc != OK) {
        return fail(collect->why, rc, "%s: the arena is full", collect->statement->name);
    }
    collect->count++;
    return OK;
}

static errc take_all(void *ctx, const void *row)
{
    struct collect *collect = ctx;
    collect->said = add_row(collect, row, collect->statement->most);
    return collect->said;
}

static errc take_one(void *ctx, const void *row)
{
    struct collect *collect = ctx;
    if (collect->count > 0) {
        return fail(collect->why, ERR_INTERNAL, "more than one row");
    }
    collect->said = add_row(collect, row, 1);
    return collect->said;
}

static errc take_each(void *ctx, const void *row)
{
    struct collect *collect = ctx;
    collect->db->in_rows = true;
    collect->said = collect->each->on_row(collect->each->ctx, row);
    collect->db->in_rows = false;
    return collect->said;
}

static errc read_rows(struct collect *collect, const void *in,
                      errc (*on_row)(void *ctx, const void *row), struct why *why)
{
    struct db *db = collect->db;
    const struct db_statement *statement = collect->statement;
    alignas(max_align_t) unsigned char row[DB_ROW_SIZE];
    size_t slot = 0;
    TRY(start(db, statement, &slot, why));
    struct db_rows rows = {in, row, on_row, collect, statement->kind == DB_MANY};
    collect->why = why;
    errc rc = db->driver->rows(db, slot, statement, &rows, why);
    if (rc != OK && rc != collect->said) {
        return doom(db, statement, rc, why);
    }
    return rc;
}

errc db_one(struct db *db, const struct db_statement *statement, const void *in,
            const struct db_one *one, struct why *why)
{
    struct why own;
    struct collect collect = {.db = db, .statement = statement, .arena = one->arena};
    why = why == NULL ? &own : why;
    TRY(read_rows(&collect, in, take_one, why));
    if (collect.count == 0) {
        return fail(why, ERR_NOT_FOUND, "%s: no row", statement->name);
    }
    memcpy(one->row, collect.rows, statement->out_size);
    return OK;
}

errc db_each(struct db *db, const struct db_statement *statement, const void *in,
             const struct db_each *each, struct why *why)
{
    struct why own;
    struct collect collect = {.db = db, .statement = statement, .each = each};
    return read_rows(&collect, in, take_each, why == NULL ? &own : why);
}

errc db_all(struct db *db, const struct db_statement *statement, const void *in, struct db_all *all,
            struct why *why)
{
    struct why own;
    struct collect collect = {.db = db, .statement = statement, .arena = all->arena};
    TRY(read_rows(&collect, in, take_all, why == NULL ? &own : why));
    all->rows = collect.rows;
    all->count = collect.count;
    return OK;
}

errc db_change(struct db *db, const struct db_statement *statement, const void *in,
               int64_t *ret_changed, struct why *why)
{
    struct why own;
    why = why == NULL ? &own : why;
    size_t slot = 0;
    int64_t changed = 0;
    TRY(start(db, statement, &slot, why));
    errc rc = db->driver->change(db, slot, statement, in, &changed, why);
    if (rc != OK) {
        return doom(db, statement, rc, why);
    }
    if (ret_changed != NULL) {
        *ret_changed = changed;
    }
    return OK;
}

errc db_batch(struct db *db, const struct db_statement *statement, const void *in, size_t count,
              struct why *why)
{
    struct why own;
    why = why == NULL ? &own : why;
    size_t slot = 0;
    TRY(start(db, statement, &slot, why));
    if (count > DB_BATCH_MOST) {
        errc rc = fail(why, ERR_TOO_BIG, "a batch of more than %d rows", DB_BATCH_MOST);
        return doom(db, statement, rc, why);
    }
    if (count == 0) {
        return OK;
    }
    struct db_batch_rows rows = {in, count};
    errc rc = db->driver->batch(db, slot, statement, &rows, why);
    return rc == OK ? OK : doom(db, statement, rc, why);
}

/* Doom that can be undone: the savepoint still stands and the connection works. */
static errc undo_attempt(struct db *db, errc rc, struct why *why)
{
    struct why second;
    if (!db->driver->in_transaction(db) || db->transient) {
        db->doomed = rc;
        db->doomed_why = *why;
        return rc;
    }
    errc back = db_end_words(db, &control_back, &second);
    back = back == OK ? db_end_words(db, &control_release, &second) : back;
    if (back != OK) {
        db->doomed = back;
        db->doomed_why = second;
        return rc;
    }
    db->doomed = OK;
    return rc;
}

errc db_attempt(struct db *db, errc (*run)(void *ctx, struct db *db, struct why *why), void *ctx,
                struct why *why)
{
    struct why own = {.text = ""};
    why = why == NULL ? &own : why;
    if (db->doomed != OK) {
        *why = db->doomed_why;
        return db->doomed;
    }
    if (db->depth == DB_ATTEMPT_DEPTH || db->in_rows) {
        return fail(why, ERR_INTERNAL, "attempts nested too deep, or inside the reading of rows");
    }
    size_t topics = db->topics.count;
    TRY(db_words(db, &control_savepoint, why));
    db->depth++;
    errc rc = run(ctx, db, why);
    db->depth--;
    if (rc == OK && db->doomed == OK) {
        return db_words(db, &control_release, why);
    }
    db->topics.count = topics;
    return undo_attempt(db, rc == OK ? db->doomed : rc, why);
}

errc db_announce(struct db *db, const char *topic, struct why *why)
{
    struct db_topics *topics = &db->topics;
    str text = str_of(topic);
    if (text.len == 0 || text.len >= DB_TOPIC_SIZE) {
        return fail(why, ERR_TOO_BIG, "a topic of %zu bytes", text.len);
    }
    for (size_t i = 0; i < topics->count; i++) {
        if (strcmp(topics->list[i], topic) == 0 || strcmp(topics->list[i], "*") == 0) {
            return OK;
        }
    }
    if (topics->count == DB_TOPICS) {
        topics->count = 0;
        text = S("*");
    }
    if (!str_to_array(text, topics->list[topics->count], DB_TOPIC_SIZE)) {
        return fail(why, ERR_TOO_BIG, "a topic of %zu bytes", text.len);
    }
    topics->count++;
    return OK;
}
