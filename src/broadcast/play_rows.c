/* See play.h. Sums are kept per lowest unit, so that those of any unit, of its own day or of today,
 * follow from the forest. */
#include "broadcast/play.h"

#include "broadcast/play_sql.h"

#define LATE_MOST (2 * USEC_DAY) /* an item ends in the log at most so long after its time */

static wire_id id_of(str bytes)
{
    wire_id id = {{0}};
    if (bytes.len == sizeof id.bytes) {
        memcpy(id.bytes, bytes.at, sizeof id.bytes);
    }
    return id;
}

static struct play play_of(uint64_t device, const struct plays_planned_row *row)
{
    return (struct play){
        .device = device,
        .unit = row->unit_id,
        .item = id_of(row->item),
        .at = row->at_us,
        .programme = row->programme_id,
        .title = row->title,
        .outcome = row->has_outcome ? (enum play_outcome)row->outcome : PLAY_NOT_REPORTED,
        .reason = row->has_outcome ? (enum log_reason)row->reason : REASON_NOT_REPORTED,
        .ms = row->has_played_ms ? row->played_ms : 0,
        .planned_ms = row->ms,
        .other = id_of(row->other),
    };
}

/* The last word about an item counts: a device may say more than one (it was interrupted, then
 * resumed). Rows of one item stand together, the latest last. */
static size_t take(struct play *plays, size_t count, const struct play *play)
{
    bool same = count > 0 && plays[count - 1].at == play->at &&
                memcmp(plays[count - 1].item.bytes, play->item.bytes, WIRE_ID_SIZE) == 0;
    if (same) {
        int64_t ms = plays[count - 1].ms > play->ms ? plays[count - 1].ms : play->ms;
        plays[count - 1] = *play;
        plays[count - 1].ms = ms;
        return count;
    }
    plays[count] = *play;
    return count + 1;
}

/* Of a programme, and told of, or it should be by now. */
static bool counts(const struct play *play, usec now)
{
    usec due = play->at + play->planned_ms * 1000 + PLAY_REPORT_WITHIN;
    return play->programme != 0 && (play->outcome != PLAY_NOT_REPORTED || due <= now);
}

errc plays_of_device(const struct desk *desk, struct db *db, uint64_t device, day on,
                     struct plays *ret_plays, struct why *why)
{
    usec from = day_start(on, desk->zone);
    usec to = day_start(on + 1, desk->zone);
    usec now = desk->actor->now;
    struct plays_planned_in in = {(int64_t)device, from, to < now ? to : now, to + LATE_MOST};
    struct plays_planned_row *rows = NULL;
    size_t count = 0;
    size_t kept = 0;
    TRY(plays_planned_all(db, &in, desk->arena, &rows, &count, why));
    struct play *plays = arena_take_array(desk->arena, count + 1, sizeof *plays);
    if (plays == NULL) {
        return ERR_NO_MEMORY;
    }
    for (size_t i = 0; i < count; i++) {
        struct play play = play_of(device, &rows[i]);
        if (counts(&play, now)) {
            kept = take(plays, kept, &play);
        }
    }
    *ret_plays = (struct plays){plays, kept};
    return OK;
}

/* --- sums ------------------------------------------------------------------------------------- */

static void add(struct play_counts *to, const struct play_counts *more)
{
    to->planned += more->planned;
    to->played += more->played;
    to->partly += more->partly;
    to->not_played += more->not_played;
    to->not_reported += more->not_reported;
    to->ms += more->ms;
}

static struct play_counts counts_of(const struct play_sums_of_row *row)
{
    struct play_counts counts = {row->planned,    row->played, row->partly,
                                 row->not_played, 0,           row->ms};
    int64_t told = row->played + row->partly + row->not_played;
    /* Reports come sooner than the plans are counted anew. */
    counts.planned = row->planned > told ? row->planned : told;
    counts.not_reported = counts.planned - told;
    return counts;
}

/* The unit of a line when the answer is by units: the child of the asked one above the place. */
static unit_id child_above(struct tree tree, unit_id above, unit_id place)
{
    unit_id unit = place;
    for (unit_id parent = tree_parent(tree, unit); parent != above && parent != 0;
         parent = tree_parent(tree, unit)) {
        unit = parent;
    }
    return unit;
}

static struct play_line key_of(const struct play_question *question, struct tree tree,
                               const struct play_sums_of_row *row)
{
    struct play_line line = {.counts = counts_of(row)};
    switch (question->by) {
    case PLAYS_BY_DAY:
        line.on = row->on_day;
        break;
    case PLAYS_BY_UNIT:
        line.unit = child_above(tree, question->unit, row->unit_id);
        break;
    case PLAYS_BY_PROGRAMME:
        line.programme = row->programme_id;
        break;
    }
    return line;
}

static int compare_lines(const void *left, const void *right)
{
    const struct play_line *a = left;
    const struct play_line *b = right;
    const int64_t keys[][2] = {{a->on, b->on}, {a->unit, b->unit}, {a->programme, b->programme}};
    for (size_t i = 0; i < COUNT_OF(keys); i++) {
        if (keys[i][0] != keys[i][1]) {
            return keys[i][0] < keys[i][1] ? -1 : 1;
        }
    }
    return 0;
}

static size_t fold(struct play_line *lines, size_t count)
{
    size_t kept = 0;
    if (count > 1) {
        qsort(lines, count, sizeof *lines, compare_lines);
    }
    for (size_t i = 0; i < count; i++) {
        if (kept > 0 && compare_lines(&lines[kept - 1], &lines[i]) == 0) {
            add(&lines[kept - 1].counts, &lines[i].counts);
        } else {
            lines[kept++] = lines[i];
        }
    }
    return kept;
}

static errc sum_lines(const struct desk *desk, struct db *db, const struct play_question *question,
                      struct play_summary *summary, struct why *why)
{
    struct play_sums_of_in in = {question->from, question->to};
    struct play_sums_of_row *rows = NULL;
    struct tree tree = forest_at(desk->forest, desk->actor->today);
    size_t count = 0;
    size_t taken = 0;
    TRY(play_sums_of_all(db, &in, desk->arena, &rows, &count, why));
    struct play_line *lines = arena_take_array(desk->arena, count + 1, sizeof *lines);
    if (lines == NULL) {
        return ERR_NO_MEMORY;
    }
    for (size_t i = 0; i < count; i++) {
        if (tree_covers(tree, question->unit, rows[i].unit_id)) {
            lines[taken] = key_of(question, tree, &rows[i]);
            add(&summary->total, &lines[taken].counts);
            taken++;
        }
    }
    summary->lines = lines;
    summary->line_count = fold(lines, taken);
    return OK;
}

static int compare_reasons(const void *left, const void *right)
{
    const struct play_reason *a = left;
    const struct play_reason *b = right;
    if (a->plays != b->plays) {
        return a->plays > b->plays ? -1 : 1;
    }
    return a->reason < b->reason ? -1 : a->reason > b->reason;
}

enum { REASONS = 256 };

static errc sum_reasons(const struct desk *desk, struct db *db,
                        const struct play_question *question, struct play_summary *summary,
                        struct why *why)
{
    struct play_reasons_of_in in = {question->from, question->to};
    struct play_reasons_of_row *rows = NULL;
    struct tree tree = forest_at(desk->forest, desk->actor->today);
    size_t count = 0;
    TRY(play_reasons_of_all(db, &in, desk->arena, &rows, &count, why));
    struct play_reason *reasons = arena_take_array(desk->arena, REASONS, sizeof *reasons);
    if (reasons == NULL) {
        return ERR_NO_MEMORY;
    }
    for (size_t i = 0; i < count; i++) {
        bool here = tree_covers(tree, question->unit, rows[i].unit_id);
        if (here && rows[i].reason >= 0 && rows[i].reason < REASONS) {
            reasons[rows[i].reason].plays += rows[i].plays;
        }
    }
    reasons[REASON_NOT_REPORTED].plays = summary->total.not_reported;
    for (size_t i = 0; i < REASONS; i++) {
        reasons[i].reason = (enum log_reason)i;
    }
    qsort(reasons, REASONS, sizeof *reasons, compare_reasons);
    summary->reasons = reasons;
    while (summary->reason_count < REASONS && reasons[summary->reason_count].plays > 0) {
        summary->reason_count++;
    }
    return OK;
}

errc plays_summary(const struct desk *desk, struct db *db, const struct play_question *question,
                   struct play_summary *ret_summary, struct why *why)
{
    struct play_summary summary = {.lines = NULL};
    TRY(desk_may(desk, RIGHT_PLAYS_READ, question->unit));
    TRY(sum_lines(desk, db, question, &summary, why));
    TRY(sum_reasons(desk, db, question, &summary, why));
    *ret_summary = summary;
    return OK;
}
