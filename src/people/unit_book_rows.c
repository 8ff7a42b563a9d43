/* One forest and the version it stands for, under a mutex that is held only to copy a pointer. */
#include "people/unit_book.h"

#include "people/unit_rows.h"

#include <pthread.h>

struct unit_book {
    pthread_mutex_t mutex;
    struct forest *forest;
    int64_t version;
};

errc unit_book_create(struct unit_book **ret_book)
{
    struct unit_book *book = mem_take(sizeof *book);
    if (pthread_mutex_init(&book->mutex, NULL) != 0) {
        mem_give(book);
        return ERR_NO_MEMORY;
    }
    *ret_book = book;
    return OK;
}

void unit_book_destroy(struct unit_book *book)
{
    if (book == NULL) {
        return;
    }
    forest_drop(book->forest);
    ignore_int(pthread_mutex_destroy(&book->mutex));
    mem_give(book);
}

static void lock(struct unit_book *book)
{
    ignore_int(pthread_mutex_lock(&book->mutex));
}

static void unlock(struct unit_book *book)
{
    ignore_int(pthread_mutex_unlock(&book->mutex));
}

/* The forest of that version, held, or null. */
static struct forest *hold_version(struct unit_book *book, int64_t version)
{
    lock(book);
    struct forest *forest =
        book->forest != NULL && book->version == version ? forest_hold(book->forest) : NULL;
    unlock(book);
    return forest;
}

/* A slower reader with an older snapshot must not put an older forest back. */
static void keep(struct unit_book *book, struct forest *forest, int64_t version)
{
    struct forest *old = NULL;
    lock(book);
    if (book->forest == NULL || book->version < version) {
        old = book->forest;
        book->forest = forest_hold(forest);
        book->version = version;
    }
    unlock(book);
    forest_drop(old);
}

errc unit_book_write(struct unit_book *book, struct db *db, struct forest **ret_forest,
                     struct why *why)
{
    struct unit_state state;
    TRY(unit_rows_state(db, &state, why));
    struct forest *forest = hold_version(book, state.version);
    if (forest == NULL) {
        return unit_rows_load(db, ret_forest, why);
    }
    *ret_forest = forest;
    return OK;
}

errc unit_book_read(struct unit_book *book, struct db *db, struct forest **ret_forest,
                    struct why *why)
{
    struct unit_state state;
    TRY(unit_rows_state(db, &state, why));
    struct forest *forest = hold_version(book, state.version);
    if (forest == NULL) {
        TRY(unit_rows_load(db, &forest, why));
        keep(book, forest, state.version);
    }
    *ret_forest = forest;
    return OK;
}

struct forest *unit_book_last(struct unit_book *book)
{
    lock(book);
    struct forest *forest = forest_hold(book->forest);
    unlock(book);
    return forest;
}
