/* Names and codes of the forest: keys to compare and to search by, and every name's place in the
 * alphabet. Working a key out costs more than all the rest of a forest, and names repeat (there is
 * a "Thôn 1" everywhere), so each distinct name is worked out once. */
#include "people/forest_inside.h"

#include "base/text.h"

struct work {
    str text;
    str same;
    str search;
    str order;
    uint32_t fact;
};

struct work_list {
    struct work *works;
    size_t count;
};

static int compare_text(const void *left, const void *right)
{
    const struct work *a = left;
    const struct work *b = right;
    return str_compare(a->text, b->text);
}

static int compare_order(const void *left, const void *right)
{
    const struct work *a = left;
    const struct work *b = right;
    return str_compare(a->order, b->order);
}

static int compare_same(const void *left, const void *right)
{
    const struct work *a = left;
    const struct work *b = right;
    int order = str_compare(a->same, b->same);
    return order != 0 ? order : (a->fact < b->fact ? -1 : a->fact > b->fact);
}

static int compare_keys(const void *left, const void *right)
{
    const struct forest_key *a = left;
    const struct forest_key *b = right;
    int order = str_compare(a->key, b->key);
    return order != 0 ? order : (a->fact < b->fact ? -1 : a->fact > b->fact);
}

/* Keys of every distinct text. The same-keys are kept; the others are needed only while building.
 */
static errc work_out_keys(struct forest *forest, struct work_list *list, struct arena *scratch)
{
    qsort(list->works, list->count, sizeof *list->works, compare_text);
    struct arena *single AUTO(arena_close) = NULL;
    TRY(arena_create(1024 * 1024, &single));
    for (size_t i = 0; i < list->count; i++) {
        struct work *work = &list->works[i];
        if (i > 0 && str_is(work->text, work[-1].text)) {
            work->same = work[-1].same;
            work->search = work[-1].search;
            work->order = work[-1].order;
            continue;
        }
        arena_reset(single);
        str key = STR_NONE;
        TRY(text_same_key(single, work->text, &key));
        work->same = arena_str(forest->arena, key);
        TRY(text_search_key(single, work->text, &key));
        work->search = arena_str(scratch, key);
        TRY(text_sort_key(single, work->text, &key));
        work->order = arena_str(scratch, key);
    }
    return arena_failed(scratch) || arena_failed(forest->arena) ? ERR_NO_MEMORY : OK;
}

static void rank_names(struct forest *forest, struct work_list *list)
{
    qsort(list->works, list->count, sizeof *list->works, compare_order);
    uint32_t rank = 0;
    for (size_t i = 0; i < list->count; i++) {
        if (i > 0 && !str_is(list->works[i].order, list->works[i - 1].order)) {
            rank++;
        }
        forest->rank[list->works[i].fact] = rank;
    }
}

static errc fill_haystack(struct forest *forest, struct work_list *list)
{
    qsort(list->works, list->count, sizeof *list->works, compare_same);
    size_t size = 1;
    for (size_t i = 0; i < list->count; i++) {
        size += list->works[i].search.len + 1;
    }
    forest->haystack = arena_take(forest->arena, size);
    forest->haystack_at = arena_take_array(forest->arena, list->count + 1, sizeof(uint32_t));
    forest->names = arena_take_array(forest->arena, list->count, sizeof *forest->names);
    if (arena_failed(forest->arena)) {
        return ERR_NO_MEMORY;
    }
    char *at = forest->haystack;
    *at++ = '\n';
    for (size_t i = 0; i < list->count; i++) {
        const struct work *work = &list->works[i];
        forest->names[i] = (struct forest_key){work->same, work->fact};
        forest->haystack_at[i] = (uint32_t)(at - forest->haystack);
        if (work->search.len > 0) {
            memcpy(at, work->search.at, work->search.len);
        }
        at += work->search.len;
        *at++ = '\n';
    }
    forest->haystack_at[list->count] = (uint32_t)size;
    forest->haystack_size = size;
    forest->name_count = list->count;
    return OK;
}

static errc fill_codes(struct forest *forest, size_t count)
{
    const struct unit_ledger *ledger = forest->ledger;
    forest->codes = arena_take_array(forest->arena, count, sizeof *forest->codes);
    if (forest->codes == NULL) {
        return ERR_NO_MEMORY;
    }
    for (uint32_t i = 0; i < ledger->fact_count; i++) {
        if (ledger->facts[i].aspect == UNIT_CODE) {
            forest->codes[forest->code_count++] = (struct forest_key){ledger->facts[i].text, i};
        }
    }
    qsort(forest->codes, forest->code_count, sizeof *forest->codes, compare_keys);
    return OK;
}

errc forest_fill_names(struct forest *forest)
{
    const struct unit_ledger *ledger = forest->ledger;
    size_t names = 0;
    size_t codes = 0;
    size_t bytes = 0;
    for (size_t i = 0; i < ledger->fact_count; i++) {
        bool is_name = ledger->facts[i].aspect == UNIT_NAME;
        names += is_name;
        codes += ledger->facts[i].aspect == UNIT_CODE;
        bytes += is_name ? ledger->facts[i].text.len : 0;
    }
    struct arena *scratch AUTO(arena_close) = NULL;
    size_t most = (names + 1) * (sizeof(struct work) + 256) + 16 * bytes + 1024 * 1024;
    TRY(arena_create(most, &scratch));
    struct work_list list = {.works = arena_take_array(scratch, names, sizeof(struct work))};
    forest->rank = arena_take_array(forest->arena, ledger->fact_count, sizeof(uint32_t));
    if (list.works == NULL || forest->rank == NULL) {
        return ERR_NO_MEMORY;
    }
    for (uint32_t i = 0; i < ledger->fact_count; i++) {
        if (ledger->facts[i].aspect == UNIT_NAME) {
            list.works[list.count++] = (struct work){.text = ledger->facts[i].text, .fact = i};
        }
    }
    TRY(work_out_keys(forest, &list, scratch));
    rank_names(forest, &list);
    TRY(fill_haystack(forest, &list));
    return fill_codes(forest, codes);
}
