/* What a reform would do, in figures and in lines that need no words. */
#include "people/reform.h"

enum { LINE_MOST = 2000, LINES_MOST = 2 * REFORM_STEPS_MOST };

struct describing {
    const struct reform_trial *trial;
    struct buf *text;
    struct reform_line *lines;
    size_t count;
};

static str name_of(const struct describing *run, unit_id unit)
{
    const struct reform_steps *steps = run->trial->steps;
    if (unit < 0) {
        size_t step = (size_t)(-(unit + 1));
        return step < steps->count ? steps->steps[step].name : S("?");
    }
    struct unit_line line;
    bool found = tree_line(forest_at(run->trial->before, run->trial->on - 1), unit, &line);
    return found ? line.name : S("?");
}

static errc add_line(struct describing *run, const char *kind)
{
    TRY(buf_check(run->text));
    str text = arena_str(run->trial->arena, buf_str(run->text));
    buf_clear(run->text);
    if (text.at == NULL) {
        return ERR_NO_MEMORY;
    }
    if (run->count < LINES_MOST) {
        run->lines[run->count++] = (struct reform_line){kind, text};
    }
    return OK;
}

static void write_source(struct describing *run, const struct reform_source *source)
{
    if (source->relation == LINK_PART && share_is_declared(source->share)) {
        share_write(source->share, run->text);
        buf_add_text(run->text, " ");
    } else if (source->relation == LINK_PART) {
        buf_add_text(run->text, "? ");
    } else if (source->relation == LINK_REST) {
        buf_add_text(run->text, "… ");
    }
    buf_add(run->text, name_of(run, source->unit));
}

static void write_arrow(struct describing *run, str to)
{
    buf_add_text(run->text, " → ");
    buf_add(run->text, to);
}

static void write_code(struct describing *run, str code)
{
    if (code.len > 0) {
        buf_add_text(run->text, " (");
        buf_add(run->text, code);
        buf_add_text(run->text, ")");
    }
}

static void write_merge(struct describing *run, const struct reform_step *step)
{
    for (size_t i = 0; i < step->source_count && run->text->len < LINE_MOST / 2; i++) {
        buf_add_text(run->text, i == 0 ? "" : " + ");
        write_source(run, &step->sources[i]);
    }
    if (step->unit != 0) {
        write_arrow(run, name_of(run, step->unit));
        return;
    }
    write_arrow(run, step->name);
    write_code(run, step->code);
}

static errc describe_step(struct describing *run, const struct reform_step *step)
{
    const struct tier_set *tiers = forest_tiers(run->trial->before);
    bool has_kind = step->kind >= 0 && (size_t)step->kind < tiers->kind_count;
    switch (step->op) {
    case REFORM_MERGE:
        write_merge(run, step);
        break;
    case REFORM_RENAME:
        buf_add(run->text, name_of(run, step->unit));
        write_arrow(run, step->name);
        break;
    case REFORM_RECODE:
        buf_add(run->text, name_of(run, step->unit));
        write_arrow(run, step->code);
        break;
    case REFORM_REKIND:
        buf_add(run->text, name_of(run, step->unit));
        write_arrow(run, has_kind ? str_of(tiers->kinds[step->kind].title) : S("?"));
        break;
    case REFORM_MOVE:
        buf_add(run->text, name_of(run, step->unit));
        write_arrow(run, name_of(run, step->parent));
        break;
    case REFORM_END:
        buf_add(run->text, name_of(run, step->unit));
        write_arrow(run, S("∅"));
        break;
    case REFORM_BEGIN:
        buf_add_text(run->text, "∅");
        write_arrow(run, step->name);
        write_code(run, step->code);
        break;
    }
    return add_line(run, reform_op_name(step->op));
}

static void count_edit(struct reform_preview *preview, const struct unit_edit *edit)
{
    switch (edit->kind) {
    case EDIT_BEGIN:
        preview->begins++;
        return;
    case EDIT_END:
        preview->ends++;
        return;
    case EDIT_NAME:
        preview->renames++;
        return;
    case EDIT_PARENT:
        preview->moves++;
        return;
    case EDIT_LINK:
        preview->parts += edit->relation != LINK_WHOLE;
        return;
    case EDIT_CODE:
    case EDIT_KIND:
    case EDIT_SHARE:
        return;
    }
}

static errc describe(const struct reform_trial *trial, struct reform_preview *preview)
{
    struct buf text AUTO(buf_finish) = {.at = NULL};
    buf_init(&text, LINE_MOST * 4);
    struct describing run = {.trial = trial, .text = &text};
    size_t most = trial->steps->count;
    run.lines = arena_take_array(trial->arena, most, sizeof *run.lines);
    if (run.lines == NULL) {
        return ERR_NO_MEMORY;
    }
    errc rc = OK;
    for (size_t i = 0; rc == OK && i < trial->steps->count; i++) {
        rc = describe_step(&run, &trial->steps->steps[i]);
    }
    preview->lines = run.lines;
    preview->line_count = run.count;
    return rc;
}

errc reform_preview(const struct reform_trial *trial, struct unit_patch *ret_patch,
                    struct reform_preview *ret_preview, struct forest **ret_after, struct why *why)
{
    struct reform_preview preview = {0};
    struct unit_patch patch;
    unit_patch_init(&patch, trial->arena);
    TRY(unit_problems_init(&preview.problems, trial->arena));
    struct tree tree = forest_at(trial->before, trial->on);
    TRY(reform_plan(tree, trial->steps, &patch, &preview.problems));
    for (size_t i = 0; i < patch.count; i++) {
        count_edit(&preview, &patch.edits[i]);
    }
    TRY(describe(trial, &preview));
    struct forest *after AUTO(forest_close) = NULL;
    if (preview.problems.errors == 0) {
        struct unit_batch batch = {.kind = BATCH_REFORM, .on = trial->on, .title = trial->title};
        struct unit_trial checked = {trial->before, &patch, &batch};
        TRY(unit_check(&checked, &preview.problems, &after, why));
    }
    *ret_patch = patch;
    *ret_preview = preview;
    if (ret_after != NULL) {
        *ret_after = after;
        after = NULL;
    }
    return OK;
}
