/* Our own lineage file: a line per link, `date, old_code, new_code, relation, share_numerator,
 * share_denominator, old_name, new_name, note`. It becomes reform steps, one group per day, so that
 * it means exactly what a reform with these steps would mean: sources end, villages follow. Codes
 * are looked up as they were on the eve (old) and on the day (new); the names, when given, must
 * agree, because a code alone may be another unit's by then. */
#include "people/import_table.h"

#include "people/reform.h"

enum { DATE, OLD, NEW, RELATION, NUMERATOR, DENOMINATOR, OLD_NAME, NEW_NAME, NOTE, COLUMNS };

static const struct import_column columns[COLUMNS] = {
    [DATE] = {.headings = {"date", "Ngày"}, .is_optional = true, .may_be_empty = true},
    [OLD] = {.headings = {"old_code", "Mã cũ"}},
    [NEW] = {.headings = {"new_code", "Mã mới"}, .may_be_empty = true},
    [RELATION] = {.headings = {"relation", "Quan hệ"}},
    [NUMERATOR] = {.headings = {"share_numerator", "Tử số"},
                   .is_optional = true,
                   .may_be_empty = true},
    [DENOMINATOR] = {.headings = {"share_denominator", "Mẫu số"},
                     .is_optional = true,
                     .may_be_empty = true},
    [OLD_NAME] = {.headings = {"old_name", "Tên cũ"}, .is_optional = true, .may_be_empty = true},
    [NEW_NAME] = {.headings = {"new_name", "Tên mới"}, .is_optional = true, .may_be_empty = true},
    [NOTE] = {.headings = {"note", "Ghi chú"}, .is_optional = true, .may_be_empty = true},
};

/* What a relation cell may say. LINE_END: abolished, no successor. */
enum line_relation { LINE_WHOLE, LINE_PART, LINE_REST, LINE_END };

static const struct {
    const char *text;
    enum line_relation relation;
} relations[] = {
    {"whole", LINE_WHOLE},       {"part", LINE_PART},     {"rest", LINE_REST},
    {"end", LINE_END},           {"toàn bộ", LINE_WHOLE}, {"một phần", LINE_PART},
    {"phần còn lại", LINE_REST}, {"bãi bỏ", LINE_END},
};

struct lineage_line {
    const struct import_row *row;
    day on;
    enum line_relation relation;
    share share;
};

struct lineage_file {
    const struct import_job *job;
    struct import_plan *plan;
    struct import_table table;
    struct lineage_line *lines;
    size_t count;
    struct forest *forest; /* as it is before the day that is being planned */
};

static void problem(struct lineage_file *file, enum unit_problem_code code,
                    const struct import_row *row, int column)
{
    import_problem(file->plan, &file->table, code, row->line, column, row->cells[column]);
}

/* 2025-07-01 or 1/7/2025. */
static bool parse_date(str text, day *ret_day)
{
    if (!str_has(text, '/')) {
        return day_parse(text, ret_day);
    }
    str rest = STR_NONE;
    uint64_t parts[3] = {0};
    for (size_t i = 0; i < 3; i++) {
        str part = str_split(text, '/', &rest);
        if (part.len > 4 || !str_to_u64(part, &parts[i])) {
            return false;
        }
        text = rest;
    }
    struct civil date = {(int)parts[2], (int)parts[1], (int)parts[0]};
    return rest.at == NULL && day_from_civil(date, ret_day);
}

static bool parse_relation(str text, enum line_relation *ret_relation)
{
    for (size_t i = 0; i < COUNT_OF(relations); i++) {
        if (str_is(text, str_of(relations[i].text))) {
            *ret_relation = relations[i].relation;
            return true;
        }
    }
    return false;
}

static bool parse_share(const struct import_row *row, share *ret_share)
{
    uint64_t num = 0;
    uint64_t den = 0;
    if (row->cells[NUMERATOR].len == 0 && row->cells[DENOMINATOR].len == 0) {
        *ret_share = SHARE_UNDECLARED;
        return true;
    }
    return str_to_u64(row->cells[NUMERATOR], &num) && str_to_u64(row->cells[DENOMINATOR], &den) &&
           num > 0 && num <= den && den <= SHARE_DENOMINATOR_MOST &&
           share_make((int64_t)num, (int64_t)den, ret_share);
}

static void read_line(struct lineage_file *file, const struct import_row *row)
{
    struct lineage_line line = {.row = row, .on = file->job->on};
    size_t errors = file->plan->problems.errors;
    if (row->cells[DATE].len > 0 && !parse_date(row->cells[DATE], &line.on)) {
        problem(file, PROBLEM_DATE_UNFIT, row, DATE);
    }
    if (!parse_relation(row->cells[RELATION], &line.relation)) {
        problem(file, PROBLEM_RELATION_UNKNOWN, row, RELATION);
    }
    if (!parse_share(row, &line.share)) {
        problem(file, PROBLEM_SHARE_UNFIT, row, NUMERATOR);
    }
    bool is_end = line.relation == LINE_END;
    if (is_end != (row->cells[NEW].len == 0)) {
        problem(file, is_end ? PROBLEM_CODE_UNFIT : PROBLEM_CELL_MISSING, row, NEW);
    }
    if (share_is_declared(line.share) && line.relation != LINE_PART) {
        problem(file, PROBLEM_SHARE_UNFIT, row, NUMERATOR);
    }
    if (file->plan->problems.errors == errors) {
        file->lines[file->count++] = line;
    }
}

static int compare_lines(const void *left, const void *right)
{
    const struct lineage_line *a = left;
    const struct lineage_line *b = right;
    if (a->on != b->on) {
        return a->on < b->on ? -1 : 1;
    }
    return a->row->line < b->row->line ? -1 : a->row->line > b->row->line;
}

/* One day of the file. */
struct lineage_day {
    struct lineage_file *file;
    day on;
    struct unit_patch *patch;
    struct reform_step *steps;
    size_t count;
};

static errc check_name(struct lineage_file *file, const struct import_row *row, int column,
                       const struct unit_line *unit)
{
    bool same = true;
    if (row->cells[column].len > 0) {
        TRY(import_same_name(row->cells[column], unit->name, &same));
    }
    if (!same) {
        problem(file, PROBLEM_NAME_DIFFERS, row, column);
    }
    return OK;
}

/* The unit that bore the code on that day; 0 with a problem. */
static errc find_unit(struct lineage_file *file, struct tree tree, const struct import_row *row,
                      int column, unit_id *ret_unit)
{
    struct unit_line line;
    unit_id unit = tree_by_code(tree, -1, row->cells[column]);
    if (unit == 0 || !tree_line(tree, unit, &line)) {
        problem(file, PROBLEM_CODE_UNKNOWN, row, column);
        *ret_unit = 0;
        return OK;
    }
    *ret_unit = unit;
    return check_name(file, row, column == OLD ? OLD_NAME : NEW_NAME, &line);
}

/* The link that is there already, or null. */
static const struct unit_link *known_link(const struct lineage_day *run, unit_id from, unit_id to)
{
    size_t count = 0;
    const struct unit_link *links = forest_links_out(run->file->forest, from, &count);
    for (size_t i = 0; i < count; i++) {
        if (links[i].to == to && links[i].on == run->on) {
            return &links[i];
        }
    }
    return NULL;
}

/* Said before: the same is kept; a share for a part that had none is declared now; else a problem.
 */
static errc plan_known(struct lineage_day *run, const struct lineage_line *line,
                       const struct unit_link *link)
{
    bool same = (int)link->relation == (int)line->relation &&
                (line->relation != LINE_PART ||
                 (link->share.num == line->share.num && link->share.den == line->share.den));
    bool says_less = line->relation == LINE_PART && !share_is_declared(line->share) &&
                     link->relation == LINK_PART;
    if (same || says_less) {
        run->file->plan->keeps++;
        return OK;
    }
    if (line->relation != LINE_PART || share_is_declared(link->share)) {
        problem(run->file, PROBLEM_LINK_DIFFERS, line->row, OLD);
        return OK;
    }
    struct unit_edit edit = {
        .kind = EDIT_SHARE,
        .on = run->on,
        .unit = link->from,
        .other = link->to,
        .share = line->share,
        .origin = line->row->line,
    };
    run->file->plan->changes++;
    return unit_patch_add(run->patch, &edit);
}

static errc add_merge(struct lineage_day *run, const struct lineage_line *line, unit_id from,
                      unit_id to)
{
    struct reform_source *source = arena_take(run->file->job->arena, sizeof *source);
    if (source == NULL) {
        return ERR_NO_MEMORY;
    }
    *source = (struct reform_source){
        .unit = from, .relation = (enum link_relation)line->relation, .share = line->share};
    run->steps[run->count++] = (struct reform_step){
        .op = REFORM_MERGE,
        .sources = source,
        .source_count = 1,
        .unit = to,
        .kind = -1,
        .origin = line->row->line,
    };
    run->file->plan->adds++;
    return OK;
}

static void add_end(struct lineage_day *run, const struct lineage_line *line, unit_id unit)
{
    const struct unit_life *life = forest_life(run->file->forest, unit);
    if (life->to == run->on) {
        run->file->plan->keeps++;
        return;
    }
    run->steps[run->count++] =
        (struct reform_step){.op = REFORM_END, .unit = unit, .kind = -1, .origin = line->row->line};
}

static errc plan_line(struct lineage_day *run, const struct lineage_line *line)
{
    struct lineage_file *file = run->file;
    unit_id from = 0;
    unit_id to = 0;
    TRY(find_unit(file, forest_at(file->forest, run->on - 1), line->row, OLD, &from));
    if (line->relation == LINE_END) {
        if (from != 0) {
            add_end(run, line, from);
        }
        return OK;
    }
    TRY(find_unit(file, forest_at(file->forest, run->on), line->row, NEW, &to));
    if (from == 0 || to == 0) {
        return OK;
    }
    if (from == to) { /* it lives on: nothing to link */
        file->plan->keeps++;
        return OK;
    }
    const struct unit_link *known = known_link(run, from, to);
    return known != NULL ? plan_known(run, line, known) : add_merge(run, line, from, to);
}

static size_t count_ends(const struct unit_patch *patch)
{
    size_t ends = 0;
    for (size_t i = 0; i < patch->count; i++) {
        ends += patch->edits[i].kind == EDIT_END;
    }
    return ends;
}

/* Adds the edits of the day to those of the whole file. */
static errc keep_edits(struct lineage_file *file, const struct unit_patch *patch)
{
    for (size_t i = 0; i < patch->count; i++) {
        TRY(unit_patch_add(&file->plan->patch, &patch->edits[i]));
    }
    file->plan->ends += count_ends(patch);
    return OK;
}

static errc plan_day(struct lineage_file *file, const struct lineage_line *lines, size_t count,
                     struct why *why)
{
    struct unit_patch patch;
    unit_patch_init(&patch, file->job->arena);
    struct lineage_day run = {.file = file, .on = lines[0].on, .patch = &patch};
    if (count > REFORM_STEPS_MOST) {
        problem(file, PROBLEM_TOO_MUCH, lines[0].row, DATE);
        return OK;
    }
    run.steps = arena_take_array(file->job->arena, count, sizeof *run.steps);
    if (run.steps == NULL) {
        return ERR_NO_MEMORY;
    }
    for (size_t i = 0; i < count; i++) {
        TRY(plan_line(&run, &lines[i]));
    }
    if (file->plan->problems.errors > 0) {
        return OK;
    }
    struct tree tree = forest_at(file->forest, run.on);
    struct reform_steps steps = {run.steps, run.count};
    TRY(reform_plan(tree, &steps, &patch, &file->plan->problems));
    struct unit_batch batch = {.kind = BATCH_IMPORT, .on = run.on};
    struct unit_trial trial = {file->forest, &patch, &batch};
    struct forest *after = NULL;
    TRY(unit_check(&trial, &file->plan->problems, &after, why));
    if (after == NULL) {
        return OK;
    }
    forest_drop(file->forest);
    file->forest = after;
    return keep_edits(file, &patch);
}

static errc plan_days(struct lineage_file *file, struct why *why)
{
    size_t days = 0;
    for (size_t i = 0; i < file->count && file->plan->problems.errors == 0;) {
        size_t end = i + 1;
        while (end < file->count && file->lines[end].on == file->lines[i].on) {
            end++;
        }
        if (++days > IMPORT_DATES_MOST) {
            problem(file, PROBLEM_TOO_MUCH, file->lines[i].row, DATE);
            return OK;
        }
        TRY(plan_day(file, &file->lines[i], end - i, why));
        i = end;
    }
    return OK;
}

errc import_lineage(const struct import_job *job, struct import_plan *plan,
                    struct forest **ret_after, struct why *why)
{
    struct lineage_file file = {
        .job = job, .plan = plan, .table = {.columns = columns, .column_count = COLUMNS}};
    TRY(import_table_read(job, plan, &file.table));
    file.lines = arena_take_array(job->arena, file.table.count, sizeof *file.lines);
    if (file.lines == NULL) {
        return ERR_NO_MEMORY;
    }
    for (size_t i = 0; i < file.table.count; i++) {
        read_line(&file, &file.table.rows[i]);
    }
    if (file.count > 1) {
        qsort(file.lines, file.count, sizeof *file.lines, compare_lines);
    }
    if (plan->problems.errors > 0) {
        return OK;
    }
    /* A copy of its own to move on from day to day: the given forest is only a loan. */
    struct unit_ledger *ledger = NULL;
    TRY(unit_ledger_copy(forest_ledger(job->before), &ledger));
    TRY(forest_create(ledger, &file.forest, why));
    errc rc = plan_days(&file, why);
    if (rc == OK && plan->problems.errors == 0) {
        *ret_after = file.forest;
    } else {
        forest_drop(file.forest);
    }
    return rc;
}
