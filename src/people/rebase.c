/* Each figure is divided over what became of its unit, the pieces are sorted and added up. Figures
 * of one unit on one day are worked out once. */
#include "people/rebase.h"

#include "people/lineage.h"

struct rebasing {
    struct tree onto;
    struct arena *arena; /* of the caller: the rows */
    struct rebased *rows;
    size_t count;
    size_t room;
    struct arena *scratch; /* of one division */
};

static errc add_row(struct rebasing *run, struct rebased row)
{
    if (run->count == run->room) {
        size_t room = run->room == 0 ? 256 : run->room * 2;
        struct rebased *rows = arena_take_array(run->arena, room, sizeof *rows);
        if (rows == NULL) {
            return ERR_NO_MEMORY;
        }
        if (run->count > 0) {
            memcpy(rows, run->rows, run->count * sizeof *rows);
        }
        run->rows = rows;
        run->room = room;
    }
    run->rows[run->count++] = row;
    return OK;
}

static errc divide(struct rebasing *run, const struct figure *figure,
                   const struct lineage_parts *parts)
{
    share shares[LINEAGE_PARTS_MOST];
    int64_t pieces[LINEAGE_PARTS_MOST];
    for (size_t i = 0; i < parts->count; i++) {
        shares[i] = parts->parts[i].share;
    }
    if (!share_split(figure->value, shares, parts->count, pieces)) {
        return ERR_INVALID;
    }
    for (size_t i = 0; i < parts->count; i++) {
        struct rebased row = {
            .unit = parts->parts[i].unit,
            .on = figure->on,
            .value = pieces[i],
            .assumed = (parts->parts[i].flags & PART_ASSUMED) != 0,
        };
        TRY(add_row(run, row));
    }
    return OK;
}

static errc rebase_one(struct rebasing *run, const struct figure *figure)
{
    if (!tree_has(forest_at(run->onto.forest, figure->on), figure->unit)) {
        return add_row(run, (struct rebased){.on = figure->on, .value = figure->value});
    }
    arena_reset(run->scratch);
    struct lineage_parts parts;
    TRY(lineage_between(run->onto.forest, figure->unit, figure->on, run->onto.on, run->scratch,
                        &parts));
    return divide(run, figure, &parts);
}

static int compare_rows(const void *left, const void *right)
{
    const struct rebased *a = left;
    const struct rebased *b = right;
    if (a->on != b->on) {
        return a->on < b->on ? -1 : 1;
    }
    return a->unit < b->unit ? -1 : a->unit > b->unit;
}

/* Adds up the rows of one unit and day; they are neighbours now. */
static errc add_up(struct rebasing *run)
{
    size_t kept = 0;
    for (size_t i = 0; i < run->count; i++) {
        struct rebased *row = &run->rows[i];
        struct rebased *last = kept == 0 ? NULL : &run->rows[kept - 1];
        if (last == NULL || compare_rows(last, row) != 0) {
            run->rows[kept++] = *row;
            continue;
        }
        if (__builtin_add_overflow(last->value, row->value, &last->value)) {
            return ERR_INVALID;
        }
        last->assumed = last->assumed || row->assumed;
    }
    run->count = kept;
    return OK;
}

errc rebase(struct tree onto, const struct figure *figures, size_t count, struct arena *arena,
            struct rebased_series *ret_series)
{
    if (count > FIGURES_MOST) {
        return ERR_TOO_BIG;
    }
    struct arena *scratch AUTO(arena_close) = NULL;
    TRY(arena_create(256 * 1024, &scratch));
    struct rebasing run = {.onto = onto, .arena = arena, .scratch = scratch};
    for (size_t i = 0; i < count; i++) {
        TRY(rebase_one(&run, &figures[i]));
    }
    if (run.count > 1) {
        qsort(run.rows, run.count, sizeof *run.rows, compare_rows);
    }
    TRY(add_up(&run));
    *ret_series = (struct rebased_series){run.rows, run.count};
    return OK;
}
