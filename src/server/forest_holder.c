/* A mutex around one pointer and two numbers. The version is read before loading: a change that is
 * committed meanwhile leaves the loaded forest marked stale. */
#include "server/forest_holder.h"

#include "people/unit_store.h"

#include <pthread.h>
#include <stdatomic.h>

struct forest_holder {
    pthread_mutex_t lock;
    struct forest *forest;
    uint64_t loaded; /* the version that `forest` shows */
    _Atomic uint64_t version;
};

struct forest_holder *forest_holder_create(void)
{
    struct forest_holder *holder = mem_take(sizeof *holder);
    ignore_int(pthread_mutex_init(&holder->lock, NULL));
    atomic_store(&holder->version, 1);
    return holder;
}

void forest_holder_destroy(struct forest_holder *holder)
{
    if (holder == NULL) {
        return;
    }
    forest_drop(holder->forest);
    ignore_int(pthread_mutex_destroy(&holder->lock));
    mem_give(holder);
}

void forest_holder_stale(struct forest_holder *holder)
{
    atomic_fetch_add(&holder->version, 1);
}

static struct forest *hold_if_fresh(struct forest_holder *holder, uint64_t version)
{
    ignore_int(pthread_mutex_lock(&holder->lock));
    struct forest *forest = holder->loaded >= version ? forest_hold(holder->forest) : NULL;
    ignore_int(pthread_mutex_unlock(&holder->lock));
    return forest;
}

static void keep(struct forest_holder *holder, struct forest *forest, uint64_t version)
{
    ignore_int(pthread_mutex_lock(&holder->lock));
    if (version > holder->loaded) {
        forest_drop(holder->forest);
        holder->forest = forest_hold(forest);
        holder->loaded = version;
    }
    ignore_int(pthread_mutex_unlock(&holder->lock));
}

errc forest_holder_get(struct forest_holder *holder, struct db *db, struct forest **ret_forest,
                       struct why *why)
{
    uint64_t version = atomic_load(&holder->version);
    struct forest *forest = hold_if_fresh(holder, version);
    if (forest == NULL) {
        TRY(unit_load_forest(db, &forest, why));
        keep(holder, forest, version);
    }
    *ret_forest = forest;
    return OK;
}
