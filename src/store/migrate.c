/* Brings the schema up to this program. Two servers that start together take turns by an advisory
 * lock (PostgreSQL) or by the write lock (SQLite), and look again once they have it. What must
 * never happen: half a migration, or one applied twice. */
#include "store/migrate.h"

#include "base/hash.h"
#include "store/control_sql.h"
#include "store/db_impl.h"
#include "store/store_store.h"

enum { APPLIED_ARENA = 4 * 1024 * 1024 };

struct applied {
    struct schema_migrations_all_row *rows;
    size_t count;
    bool only_check;
};

static errc read_applied(struct db *db, struct arena *arena, struct applied *ret_applied,
                         struct why *why)
{
    return schema_migrations_all_all(db, arena, &ret_applied->rows, &ret_applied->count, why);
}

static const struct schema_migrations_all_row *find_applied(const struct applied *applied,
                                                            const char *room, int number)
{
    for (size_t i = 0; i < applied->count; i++) {
        if (applied->rows[i].number == number && str_is(applied->rows[i].room, str_of(room))) {
            return &applied->rows[i];
        }
    }
    return NULL;
}

static bool has_migration(const struct store_room *room, int64_t number)
{
    for (size_t i = 0; i < room->migration_count; i++) {
        if (room->migrations[i].number == number) {
            return true;
        }
    }
    return false;
}

static bool is_known(const struct db_rooms *rooms, const struct schema_migrations_all_row *row)
{
    for (size_t i = 0; i < rooms->count; i++) {
        if (str_is(row->room, str_of(rooms->list[i]->name))) {
            return has_migration(rooms->list[i], row->number);
        }
    }
    return false;
}

static errc check_future(const struct db_rooms *rooms, const struct applied *applied,
                         struct why *why)
{
    for (size_t i = 0; i < applied->count; i++) {
        const struct schema_migrations_all_row *row = &applied->rows[i];
        if (!is_known(rooms, row)) {
            return fail(why, ERR_VERSION,
                        "the database has migration %.*s/%lld (%.*s), which this program does not "
                        "know: it is newer",
                        STR_ARG(row->room), (long long)row->number, STR_ARG(row->name));
        }
    }
    return OK;
}

static errc write_migration(struct db *db, const struct store_room *room,
                            const struct store_migration *migration, struct why *why)
{
    AUTO(buf_finish) struct buf text;
    buf_init(&text, MIGRATION_SIZE_MOST);
    TRY(migration_text(str_of(migration->text), db->driver->postgresql, &text, why));
    TRY(db->driver->text(db, text.at == NULL ? "" : text.at, why));
    struct schema_migrations_add_in row = {
        .room = str_of(room->name),
        .number = migration->number,
        .name = str_of(migration->name),
        .hash = hash_of(str_of(migration->text)),
        .applied_at_us = now_utc(),
    };
    return schema_migrations_add(db, &row, NULL, why);
}

/* Inside the transaction it is looked up again: another server may have been faster. */
static errc apply_locked(struct db *db, const struct store_room *room,
                         const struct store_migration *migration, struct why *why)
{
    AUTO(arena_close) struct arena *arena = NULL;
    struct applied applied = {.count = 0};
    TRY(arena_create(APPLIED_ARENA, &arena));
    TRY(read_applied(db, arena, &applied, why));
    if (find_applied(&applied, room->name, migration->number) != NULL) {
        return OK;
    }
    return write_migration(db, room, migration, why);
}

static errc apply(struct db *db, const struct store_room *room,
                  const struct store_migration *migration, struct why *why)
{
    db_job_begin(db, 0);
    TRY(db_words(db, &control_begin_migration, why));
    errc rc = apply_locked(db, room, migration, why);
    if (rc == OK) {
        rc = db_words(db, &control_commit, why);
    }
    if (rc != OK && db->driver->in_transaction(db)) {
        ignore(db_words(db, &control_rollback, NULL));
    }
    return rc;
}

static errc migrate_one(struct db *db, const struct applied *applied, const struct store_room *room,
                        const struct store_migration *migration, struct why *why)
{
    const struct schema_migrations_all_row *row =
        find_applied(applied, room->name, migration->number);
    if (row != NULL) {
        if (!hash_is(row->hash, hash_of(str_of(migration->text)))) {
            return fail(why, ERR_VERSION, "it was changed after it had been applied");
        }
        return OK;
    }
    if (applied->only_check) {
        return fail(why, ERR_VERSION, "it has not been applied");
    }
    return apply(db, room, migration, why);
}

static errc migrate_rooms(struct db *db, const struct db_rooms *rooms, bool only_check,
                          struct why *why)
{
    AUTO(arena_close) struct arena *arena = NULL;
    struct applied applied = {.only_check = only_check};
    TRY(arena_create(APPLIED_ARENA, &arena));
    TRY(read_applied(db, arena, &applied, why));
    TRY(check_future(rooms, &applied, why));
    for (size_t i = 0; i < rooms->count; i++) {
        const struct store_room *room = rooms->list[i];
        for (size_t j = 0; j < room->migration_count; j++) {
            const struct store_migration *migration = &room->migrations[j];
            errc rc = migrate_one(db, &applied, room, migration, why);
            if (rc != OK) {
                return fail_in(why, rc, "migration %s/%04d_%s", room->name, migration->number,
                               migration->name);
            }
        }
    }
    return OK;
}

/* The store's own statements come first: they read and write the record. */
static errc prepare_own(struct db *db, struct why *why)
{
    for (size_t i = 0; i < store_room.statement_count; i++) {
        const struct db_statement *statement = store_room.statements[i];
        errc rc = db->driver->prepare(db, i, statement, why);
        if (rc != OK) {
            return fail_in(why, rc, "store/%s", statement->name);
        }
    }
    return OK;
}

errc migrate(struct db *db, const struct db_rooms *rooms, bool only_check, struct why *why)
{
    db_job_begin(db, 0);
    TRY(db_words(db, &control_lock, why));
    errc rc = only_check ? OK : db_words(db, &control_migrations_table, why);
    rc = rc == OK ? prepare_own(db, why) : rc;
    rc = rc == OK ? migrate_rooms(db, rooms, only_check, why) : rc;
    errc unlocked = db_words(db, &control_unlock, rc == OK ? why : NULL);
    return rc == OK ? unlocked : rc;
}
