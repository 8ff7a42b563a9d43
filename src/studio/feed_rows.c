/* What a unit publishes; see feed.h. */
#include "studio/feed.h"

#include "people/forest.h"
#include "studio/bulletin_inside.h"
#include "studio/category.h"
#include "studio/feed_sql.h"

struct gathering {
    const struct desk *desk;
    struct db *db;
    struct categories categories;
    struct feed_item *items;
    size_t count;
    struct why *why;
};

/* The article, in Vietnamese before any other language; else what is said. Null: nothing to read.
 */
static const struct bulletin_text *text_of(const struct bulletin_body *body)
{
    const struct bulletin_text *best = NULL;
    int best_rank = 0;
    for (size_t i = 0; i < body->text_count; i++) {
        const struct bulletin_text *text = &body->texts[i];
        bool vietnamese = str_is(text->language, S("vi"));
        int rank = text->channel == CHANNEL_BOARD    ? 0
                   : text->channel == CHANNEL_PORTAL ? 3 + vietnamese
                                                     : 1 + vietnamese;
        if (rank > best_rank && text->text.len > 0) {
            best = text;
            best_rank = rank;
        }
    }
    return best;
}

static errc take(struct gathering *run, int64_t id)
{
    struct bulletin_job job = {run->desk, run->db, id, run->why};
    struct bulletin_line line;
    struct bulletin_body body;
    struct bulletin_version version;
    TRY(bulletin_load_line(&job, &line));
    if (!bulletin_is_public(&line, run->desk->actor->now)) {
        return OK;
    }
    TRY(bulletin_load_body(&job, line.approved_revision, &body, &version));
    const struct bulletin_text *text = text_of(&body);
    const struct category *category = category_find(&run->categories, line.category);
    if (text == NULL) {
        return OK;
    }
    run->items[run->count++] = (struct feed_item){
        .mark = line.mark,
        .title = text->title.len > 0 ? text->title : line.title,
        .text = text->text,
        .language = text->language,
        .category = category == NULL ? S("") : category->name_vi,
        .at = line.valid_from > line.approved.at ? line.valid_from : line.approved.at,
    };
    return OK;
}

static int compare(const void *left, const void *right)
{
    const struct feed_item *a = left;
    const struct feed_item *b = right;
    return a->at > b->at ? -1 : a->at < b->at;
}

static errc gather(struct gathering *run, unit_id unit)
{
    struct arena *arena = run->desk->arena;
    struct feed_own_in own_in = {unit, FEED_MOST};
    struct feed_given_in given_in = {unit, FEED_MOST};
    struct feed_own_row *own = NULL;
    struct feed_given_row *given = NULL;
    size_t owns = 0;
    size_t gifts = 0;
    TRY(feed_own_all(run->db, &own_in, arena, &own, &owns, run->why));
    TRY(feed_given_all(run->db, &given_in, arena, &given, &gifts, run->why));
    for (size_t i = 0; i < owns; i++) {
        TRY(take(run, own[i].id));
    }
    for (size_t i = 0; i < gifts; i++) {
        TRY(take(run, given[i].id));
    }
    return OK;
}

errc feed_load(const struct desk *desk, struct db *db, unit_id unit, struct feed *ret_feed,
               struct why *why)
{
    struct tree tree = forest_at(desk->forest, desk->actor->today);
    struct gathering run = {.desk = desk, .db = db, .why = why};
    struct unit_line line = {.name = S("")};
    if (!tree_has(tree, unit) || !tree_line(tree, unit, &line)) {
        return fail(why, ERR_NOT_FOUND, "no unit %lld", (long long)unit);
    }
    run.items = arena_take_array(desk->arena, 2 * FEED_MOST, sizeof *run.items);
    if (run.items == NULL) {
        return ERR_NO_MEMORY;
    }
    TRY(categories_load(desk, db, &run.categories, why));
    TRY(gather(&run, unit));
    qsort(run.items, run.count, sizeof *run.items, compare);
    *ret_feed = (struct feed){
        .title = line.name,
        .changed = run.count > 0 ? run.items[0].at : desk->actor->now,
        .items = run.items,
        .count = run.count < FEED_MOST ? run.count : FEED_MOST,
    };
    return OK;
}
