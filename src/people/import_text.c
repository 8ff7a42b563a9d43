/* Names to units: a mention is looked up among the communes of the eve in the provinces whose codes
 * the new province has taken over, narrowed by the district in brackets where there is one. */
#include "people/import_text.h"

#include "base/csv.h"
#include "base/text.h"
#include "people/import_table.h"
#include "people/import_text_parse.h"

enum { PROVINCE, CODE, NAME, TEXT, COLUMNS };
enum { CANDIDATES_MOST = 32, HOMES_MOST = 256 };

static const struct import_column columns[COLUMNS] = {
    [PROVINCE] = {.headings = {"Tỉnh mới"}},
    [CODE] = {.headings = {"Mã mới"}},
    [NAME] = {.headings = {"Đơn vị mới"}},
    [TEXT] = {.headings = {"Hình thành từ (nguyên văn công bố)", "Hình thành từ"}},
};

/* An old province whose communes' codes appear under a new one. */
struct home {
    str new_province;
    unit_id old_province;
};

/* What has been said of an old unit so far, by its index in the forest. */
enum { SAID_WHOLE = 1, SAID_PART = 2, SAID_REST = 4, SAID_ITSELF = 8 };

struct resolved {
    const struct import_row *row;
    enum link_relation relation;
    unit_id from;
    unit_id to;
};

struct texting {
    const struct text_job *job;
    struct import_plan plan; /* for reading the table: its problems are the report's */
    struct import_table table;
    struct text_report *report;
    struct tree eve;
    struct tree now;
    int commune;
    struct home homes[HOMES_MOST];
    size_t home_count;
    uint8_t *said; /* by place in the ledger's lives */
    struct resolved *lines;
    size_t count;
};

static void note(struct texting *run, enum unit_problem_code code, size_t line, str about)
{
    import_problem(&run->plan, &run->table, code, line, -1, about);
}

static uint8_t *said_of(struct texting *run, unit_id unit)
{
    const struct unit_ledger *ledger = forest_ledger(run->job->forest);
    return &run->said[unit_ledger_life(ledger, unit) - ledger->lives];
}

static unit_id top_of(struct tree tree, unit_id unit)
{
    unit_id up[UNIT_DEPTH];
    return tree_ancestors(tree, unit, up) == 0 ? 0 : up[0];
}

/* The province of a commune: what stands directly below a country, or on top. */
static unit_id province_of(struct tree tree, unit_id unit)
{
    unit_id up[UNIT_DEPTH];
    size_t count = tree_ancestors(tree, unit, up);
    int province = tier_find(forest_tiers(tree.forest), S("province"));
    for (size_t i = 0; i < count; i++) {
        if (forest_life(tree.forest, up[i])->tier == province) {
            return up[i];
        }
    }
    return top_of(tree, unit);
}

static bool is_home(const struct texting *run, str new_province, unit_id old_province)
{
    for (size_t i = 0; i < run->home_count; i++) {
        if (run->homes[i].old_province == old_province &&
            str_is(run->homes[i].new_province, new_province)) {
            return true;
        }
    }
    return false;
}

static void collect_homes(struct texting *run)
{
    for (size_t i = 0; i < run->table.count; i++) {
        const struct import_row *row = &run->table.rows[i];
        unit_id old = tree_by_code(run->eve, run->commune, row->cells[CODE]);
        unit_id province = old == 0 ? 0 : province_of(run->eve, old);
        if (province != 0 && run->home_count < HOMES_MOST &&
            !is_home(run, row->cells[PROVINCE], province)) {
            run->homes[run->home_count++] = (struct home){row->cells[PROVINCE], province};
        }
    }
}

static bool may_be_meant(const struct texting *run, const struct import_row *row, unit_id unit)
{
    return forest_life(run->job->forest, unit)->tier == run->commune &&
           is_home(run, row->cells[PROVINCE], province_of(run->eve, unit));
}

/* The old district that is named in brackets is the parent. */
static errc is_in_district(const struct texting *run, unit_id unit, str district, bool *ret_is)
{
    struct unit_line parent;
    *ret_is = district.len == 0;
    if (!*ret_is && tree_line(run->eve, tree_parent(run->eve, unit), &parent)) {
        return import_same_name(parent.name, district, ret_is);
    }
    return OK;
}

struct candidates {
    unit_id units[CANDIDATES_MOST];
    size_t count;
};

static errc find_candidates(const struct texting *run, const struct import_row *row,
                            const struct mention *mention, struct candidates *ret_found)
{
    unit_id units[CANDIDATES_MOST];
    size_t count = 0;
    TRY(tree_by_name(run->eve, mention->name, units, CANDIDATES_MOST, &count));
    ret_found->count = 0;
    for (size_t i = 0; i < count && i < CANDIDATES_MOST; i++) {
        bool is_there = false;
        TRY(is_in_district(run, units[i], mention->district, &is_there));
        if (is_there && may_be_meant(run, row, units[i])) {
            ret_found->units[ret_found->count++] = units[i];
        }
    }
    return OK;
}

/* For a name that nobody bears: the one old commune that is spelt so but for its diacritics. */
static errc find_alike(const struct texting *run, const struct import_row *row, str name,
                       str *ret_about)
{
    const struct forest *forest = run->job->forest;
    struct arena *arena AUTO(arena_close) = NULL;
    str wanted = STR_NONE;
    unit_id found = 0;
    TRY(arena_create(16 * 1024 * 1024, &arena));
    TRY(text_search_key(arena, name, &wanted));
    for (size_t i = 0; i < forest_count(forest); i++) {
        struct unit_line line;
        str key = STR_NONE;
        unit_id unit = forest_unit(forest, i);
        if (!tree_has(run->eve, unit) || !may_be_meant(run, row, unit) ||
            !tree_line(run->eve, unit, &line)) {
            continue;
        }
        TRY(text_search_key(arena, line.name, &key));
        if (str_is(key, wanted)) {
            found = found == 0 ? unit : -1;
        }
    }
    struct unit_line line;
    *ret_about = name;
    if (found > 0 && tree_line(run->eve, found, &line)) {
        *ret_about = arena_format(run->job->arena, "%.*s (%.*s %.*s?)", STR_ARG(name),
                                  STR_ARG(line.code), STR_ARG(line.name));
    }
    return ret_about->at == NULL ? ERR_NO_MEMORY : OK;
}

static errc note_unknown(struct texting *run, const struct import_row *row, str name)
{
    int kind = -1;
    str about = name;
    TRY(kind_of_name(forest_tiers(run->job->forest), run->commune, name, run->eve.on, &kind));
    if (kind < 0) {
        note(run, NOTE_TEXT_VILLAGE, row->line, name);
        return OK;
    }
    TRY(find_alike(run, row, name, &about));
    note(run, NOTE_TEXT_UNKNOWN, row->line, about);
    return OK;
}

static void resolve(struct texting *run, const struct import_row *row,
                    const struct mention *mention, struct resolved line)
{
    uint8_t *said = said_of(run, line.from);
    bool is_twice = mention->relation == LINK_WHOLE ? *said != 0 : (*said & SAID_WHOLE) != 0;
    if (is_twice) {
        note(run, NOTE_TEXT_CLAIMED_TWICE, row->line, mention->name);
        return;
    }
    static const uint8_t marks[] = {
        [LINK_WHOLE] = SAID_WHOLE, [LINK_PART] = SAID_PART, [LINK_REST] = SAID_REST};
    *said |= marks[mention->relation];
    if (line.from == line.to) {
        *said |= SAID_ITSELF;
    }
    if (mention->relation != LINK_WHOLE) {
        note(run, NOTE_TEXT_PART, row->line, mention->name);
        run->report->parts++;
    }
    run->lines[run->count++] = line;
    run->report->resolved++;
}

static errc resolve_mention(struct texting *run, const struct import_row *row,
                            const struct mention *mention, unit_id to)
{
    struct candidates found;
    run->report->mentions++;
    TRY(find_candidates(run, row, mention, &found));
    if (found.count == 0) {
        return note_unknown(run, row, mention->name);
    }
    if (found.count > 1) {
        note(run, NOTE_TEXT_AMBIGUOUS, row->line, mention->name);
        return OK;
    }
    resolve(run, row, mention, (struct resolved){row, mention->relation, found.units[0], to});
    return OK;
}

/* "giữ nguyên": the unit itself, which must have borne code and name already. */
static errc resolve_unchanged(struct texting *run, const struct import_row *row, unit_id unit)
{
    struct unit_line line;
    bool same = false;
    unit_id old = tree_by_code(run->eve, run->commune, row->cells[CODE]);
    if (old != 0 && tree_line(run->eve, old, &line)) {
        TRY(import_same_name(line.name, row->cells[NAME], &same));
    }
    if (!same) {
        note(run, NOTE_TEXT_UNREADABLE, row->line, row->cells[NAME]);
        return OK;
    }
    run->report->unchanged++;
    struct mention mention = {.relation = LINK_WHOLE, .name = row->cells[NAME]};
    run->report->mentions++;
    resolve(run, row, &mention, (struct resolved){row, LINK_WHOLE, old, unit});
    return OK;
}

static errc read_row(struct texting *run, const struct import_row *row)
{
    struct unit_line line;
    bool same = false;
    run->report->lines++;
    unit_id unit = tree_by_code(run->now, run->commune, row->cells[CODE]);
    if (unit != 0 && tree_line(run->now, unit, &line)) {
        TRY(import_same_name(line.name, row->cells[NAME], &same));
    }
    if (!same) {
        enum unit_problem_code code = unit == 0 ? PROBLEM_CODE_UNKNOWN : PROBLEM_NAME_DIFFERS;
        import_problem(&run->plan, &run->table, code, row->line, CODE, row->cells[CODE]);
        return OK;
    }
    struct mentions *mentions = arena_take(run->job->arena, sizeof *mentions);
    if (mentions == NULL) {
        return ERR_NO_MEMORY;
    }
    errc rc = mentions_parse(row->cells[TEXT], run->job->arena, mentions);
    if (rc == ERR_INVALID) {
        note(run, NOTE_TEXT_UNREADABLE, row->line, row->cells[NAME]);
        return OK;
    }
    TRY(rc);
    if (mentions->unchanged) {
        return resolve_unchanged(run, row, unit);
    }
    for (size_t i = 0; i < mentions->count; i++) {
        TRY(resolve_mention(run, row, &mentions->items[i], unit));
    }
    return OK;
}

/* Old communes of the provinces concerned of which no line speaks. */
static void note_never_mentioned(struct texting *run)
{
    const struct forest *forest = run->job->forest;
    for (size_t i = 0; i < forest_count(forest); i++) {
        struct unit_line line;
        unit_id unit = forest_unit(forest, i);
        bool is_old = tree_has(run->eve, unit) && forest_life(forest, unit)->tier == run->commune;
        if (!is_old || *said_of(run, unit) != 0 || !tree_line(run->eve, unit, &line)) {
            continue;
        }
        unit_id province = province_of(run->eve, unit);
        for (size_t h = 0; h < run->home_count; h++) {
            if (run->homes[h].old_province == province) {
                str about = arena_format(run->job->arena, "%.*s %.*s", STR_ARG(line.code),
                                         STR_ARG(line.name));
                note(run, NOTE_NEVER_MENTIONED, 0, about);
                break;
            }
        }
    }
}

/* A unit that lives on keeps the rest by itself: what the wording calls the rest of it is a part.
 */
static const char *relation_text(struct texting *run, const struct resolved *line)
{
    bool keeps_itself = (*said_of(run, line->from) & SAID_ITSELF) != 0;
    if (line->relation == LINK_REST && line->from != line->to && keeps_itself) {
        return link_relation_name(LINK_PART);
    }
    return link_relation_name(line->relation);
}

static void write_line(struct texting *run, const struct resolved *line, struct buf *csv)
{
    struct unit_line from;
    struct unit_line to;
    if (!tree_line(run->eve, line->from, &from) || !tree_line(run->now, line->to, &to)) {
        return;
    }
    day_write(run->now.on, csv);
    csv_write_cell(csv, from.code, false);
    csv_write_cell(csv, to.code, false);
    csv_write_cell(csv, str_of(relation_text(run, line)), false);
    csv_write_cell(csv, S(""), false);
    csv_write_cell(csv, S(""), false);
    csv_write_cell(csv, from.name, false);
    csv_write_cell(csv, to.name, false);
    buf_add_byte(csv, '\n');
}

static errc prepare(struct texting *run)
{
    const struct text_job *job = run->job;
    struct import_job table_job = {
        .before = job->forest, .on = job->on, .text = job->text, .arena = job->arena};
    TRY(unit_problems_init(&run->plan.problems, job->arena));
    TRY(import_table_read(&table_job, &run->plan, &run->table));
    size_t most = run->table.count * MENTIONS_MOST;
    run->lines = arena_take_array(job->arena, most, sizeof *run->lines);
    run->said = arena_take(job->arena, forest_count(job->forest));
    return run->lines == NULL || run->said == NULL ? ERR_NO_MEMORY : OK;
}

errc import_text(const struct text_job *job, struct buf *csv, struct text_report *ret_report)
{
    struct text_report report = {0};
    struct texting *run = arena_take(job->arena, sizeof *run);
    if (run == NULL) {
        return ERR_NO_MEMORY;
    }
    *run = (struct texting){
        .job = job,
        .table = {.columns = columns, .column_count = COLUMNS},
        .report = &report,
        .eve = forest_at(job->forest, job->on - 1),
        .now = forest_at(job->forest, job->on),
        .commune = tier_find(forest_tiers(job->forest), S("commune")),
    };
    TRY(prepare(run));
    collect_homes(run);
    for (size_t i = 0; i < run->table.count; i++) {
        TRY(read_row(run, &run->table.rows[i]));
    }
    note_never_mentioned(run);
    buf_add_text(csv, "date,old_code,new_code,relation,share_numerator,share_denominator,"
                      "old_name,new_name\n");
    for (size_t i = 0; i < run->count; i++) {
        write_line(run, &run->lines[i], csv);
    }
    TRY(buf_check(csv));
    report.problems = run->plan.problems;
    *ret_report = report;
    return OK;
}
