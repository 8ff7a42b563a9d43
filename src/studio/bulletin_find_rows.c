/* Finding bulletins: lists, words, and what says the same; see bulletin_desk.h. */
#include "people/forest.h"
#include "studio/bulletin_inside.h"
#include "studio/bulletin_sql.h"
#include "studio/likeness.h"
#include "studio/search_words.h"

enum {
    SCAN = 400,
    SCANS_MOST = 25, /* of one page; the next page goes on from there */
    LIKE_MOST = 20000,
    LIKE_SHOWN = 10,
    LIKE_LEAST = 35, /* percent */
};

struct finding {
    const struct desk *desk;
    struct db *db;
    const struct bulletin_filter *filter;
    struct tree tree;
    bool one_unit; /* nobody below it writes */
    struct search_words words;
    struct why *why;
};

struct ids {
    int64_t at[SCAN];
    size_t count;
};

/* A word's own bytes and the first that no longer begin with it; 0xff is in no UTF-8. */
static str word_end(const struct finding *run, str word)
{
    AUTO(buf_finish) struct buf text;
    buf_init(&text, 2 * SEARCH_WORD_MOST);
    buf_add(&text, word);
    buf_add_byte(&text, '\xff');
    return arena_str(run->desk->arena, buf_str(&text));
}

static errc find_by_words(const struct finding *run, int64_t before, struct ids *ids)
{
    str from[SEARCH_ASKED_MOST];
    str to[SEARCH_ASKED_MOST];
    for (size_t i = 0; i < SEARCH_ASKED_MOST; i++) {
        bool asked = i < run->words.count;
        from[i] = asked ? run->words.at[i] : S("");
        to[i] = asked ? word_end(run, from[i]) : S("");
    }
    struct bulletins_with_words_in in = {
        .before_id = before,
        .page = SCAN,
        .words = (int64_t)run->words.count,
        .w1 = from[0],
        .e1 = to[0],
        .w2 = from[1],
        .e2 = to[1],
        .w3 = from[2],
        .e3 = to[2],
        .w4 = from[3],
        .e4 = to[3],
        .w5 = from[4],
        .e5 = to[4],
        .w6 = from[5],
        .e6 = to[5],
    };
    struct bulletins_with_words_row *rows = NULL;
    TRY(bulletins_with_words_all(run->db, &in, run->desk->arena, &rows, &ids->count, run->why));
    for (size_t i = 0; i < ids->count; i++) {
        ids->at[i] = rows[i].id;
    }
    return OK;
}

static errc find_of_unit(const struct finding *run, int64_t before, struct ids *ids)
{
    struct bulletins_of_unit_in in = {run->filter->unit, before, SCAN};
    struct bulletins_of_unit_row *rows = NULL;
    TRY(bulletins_of_unit_all(run->db, &in, run->desk->arena, &rows, &ids->count, run->why));
    for (size_t i = 0; i < ids->count; i++) {
        ids->at[i] = rows[i].id;
    }
    return OK;
}

static errc find_all(const struct finding *run, int64_t before, struct ids *ids)
{
    struct bulletins_all_in in = {before, SCAN};
    struct bulletins_all_row *rows = NULL;
    TRY(bulletins_all_all(run->db, &in, run->desk->arena, &rows, &ids->count, run->why));
    for (size_t i = 0; i < ids->count; i++) {
        ids->at[i] = rows[i].id;
    }
    return OK;
}

static errc find_in_state(const struct finding *run, int64_t before, struct ids *ids)
{
    str state = str_of(bulletin_state_name(run->filter->state));
    struct bulletins_in_state_in in = {state, before, SCAN};
    struct bulletins_in_state_row *rows = NULL;
    TRY(bulletins_in_state_all(run->db, &in, run->desk->arena, &rows, &ids->count, run->why));
    for (size_t i = 0; i < ids->count; i++) {
        ids->at[i] = rows[i].id;
    }
    return OK;
}

static errc find(const struct finding *run, int64_t before, struct ids *ids)
{
    if (run->words.count > 0) {
        return find_by_words(run, before, ids);
    }
    if (run->one_unit) {
        return find_of_unit(run, before, ids);
    }
    /* the last two states are made by time and stand in no column */
    bool kept = run->filter->has_state && run->filter->state <= BULLETIN_RETURNED;
    return kept ? find_in_state(run, before, ids) : find_all(run, before, ids);
}

static bool is_wanted(const struct finding *run, const struct bulletin_line *line)
{
    const struct bulletin_filter *filter = run->filter;
    bool here = filter->unit == 0 || filter->unit == line->unit ||
                tree_covers(run->tree, filter->unit, line->unit);
    bool fits = (!filter->has_state || filter->state == line->state) &&
                (!filter->has_class || filter->class == line->class) &&
                (filter->category.len == 0 || str_is(filter->category, line->category));
    bool ours = !filter->mine || line->written.account == run->desk->actor->account_id;
    return here && fits && ours && bulletin_is_seen(run->desk, line);
}

/* Takes what fits; *last is the number that was looked at last. */
static errc take(const struct finding *run, const struct ids *ids, struct bulletin_line *lines,
                 size_t *count, int64_t *last)
{
    for (size_t i = 0; i < ids->count && *count < run->filter->limit; i++) {
        struct bulletin_job job = {run->desk, run->db, ids->at[i], run->why};
        TRY(bulletin_load_line(&job, &lines[*count]));
        *count += is_wanted(run, &lines[*count]);
        *last = ids->at[i];
    }
    return OK;
}

errc bulletin_list(const struct desk *desk, struct db *db, const struct bulletin_filter *filter,
                   struct bulletin_lines *ret_lines, struct why *why)
{
    struct finding run = {
        .desk = desk,
        .db = db,
        .filter = filter,
        .tree = forest_at(desk->forest, desk->actor->today),
        .one_unit = filter->unit != 0 && unit_key_tier(desk->forest, filter->unit) >= TIER_COMMUNE,
        .why = why,
    };
    int64_t last = filter->before_id == 0 ? INT64_MAX : filter->before_id;
    struct bulletin_line *lines = arena_take_array(desk->arena, filter->limit + 1, sizeof *lines);
    size_t count = 0;
    bool more = true;
    if (lines == NULL) {
        return ERR_NO_MEMORY;
    }
    TRY(search_words_asked(filter->question, desk->arena, &run.words));
    for (int scans = 0; more && scans < SCANS_MOST && count < filter->limit; scans++) {
        struct ids ids;
        TRY(find(&run, last, &ids));
        TRY(take(&run, &ids, lines, &count, &last));
        more = ids.count > 0 && (ids.count == SCAN || last > ids.at[ids.count - 1]);
    }
    *ret_lines = (struct bulletin_lines){lines, count, more ? last : 0};
    return OK;
}

/* --- what says the same ----------------------------------------------------------------------- */

struct candidate {
    int64_t id;
    int percent;
};

static int compare(const void *left, const void *right)
{
    const struct candidate *a = left;
    const struct candidate *b = right;
    if (a->percent != b->percent) {
        return a->percent > b->percent ? -1 : 1;
    }
    return a->id > b->id ? -1 : a->id < b->id;
}

static errc find_candidates(const struct finding *run, const struct likeness *wanted,
                            int64_t except, struct candidate **ret_found, size_t *ret_count)
{
    struct bulletins_like_in in = {LIKE_MOST};
    struct bulletins_like_row *rows = NULL;
    size_t count = 0;
    TRY(bulletins_like_all(run->db, &in, run->desk->arena, &rows, &count, run->why));
    struct candidate *found = arena_take_array(run->desk->arena, count + 1, sizeof *found);
    *ret_count = 0;
    if (found == NULL) {
        return ERR_NO_MEMORY;
    }
    for (size_t i = 0; i < count; i++) {
        struct likeness likeness;
        int percent =
            likeness_read(rows[i].likeness, &likeness) ? likeness_percent(wanted, &likeness) : 0;
        if (percent >= LIKE_LEAST && rows[i].id != except) {
            found[(*ret_count)++] = (struct candidate){rows[i].id, percent};
        }
    }
    qsort(found, *ret_count, sizeof *found, compare);
    *ret_found = found;
    return OK;
}

errc bulletin_similar(const struct desk *desk, struct db *db, str title, str text, int64_t except,
                      struct bulletin_likes *ret_likes, struct why *why)
{
    struct finding run = {.desk = desk, .db = db, .why = why};
    struct likeness wanted;
    struct candidate *found = NULL;
    struct bulletin_likes likes = {.count = 0};
    size_t count = 0;
    struct bulletin_like *at = arena_take_array(desk->arena, LIKE_SHOWN, sizeof *at);
    if (at == NULL) {
        return ERR_NO_MEMORY;
    }
    TRY(likeness_of(title, text, desk->arena, &wanted));
    TRY(find_candidates(&run, &wanted, except, &found, &count));
    for (size_t i = 0; i < count && likes.count < LIKE_SHOWN; i++) {
        struct bulletin_job job = {desk, db, found[i].id, why};
        TRY(bulletin_load_line(&job, &at[likes.count].line));
        at[likes.count].percent = found[i].percent;
        likes.count += bulletin_is_seen(desk, &at[likes.count].line);
    }
    likes.at = at;
    *ret_likes = likes;
    return OK;
}
