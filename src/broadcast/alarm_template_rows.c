/* Prepared emergencies in the store; see alarm_template.h. A change is a new row in the place of
 * the old one: what an alarm was raised from can be looked up later. */
#include "broadcast/alarm_template.h"

#include "broadcast/alarm_template_sql.h"
#include "broadcast/programme.h"
#include "people/audit.h"
#include "wire/order.h"

static errc take_row(const struct alarm_templates_all_row *row, struct alarm_template *to)
{
    *to = (struct alarm_template){
        .id = row->id,
        .unit = row->unit_id,
        .name = row->name,
        .signal = (int)row->signal,
        .clip = (int)row->clip,
        .times = (int)row->times,
        .pause_ms = row->pause_ms,
        .again_s = row->again_s,
        .valid_s = row->valid_s,
        .category = row->category,
        .event = row->event,
        .urgency = row->urgency,
        .severity = row->severity,
        .certainty = row->certainty,
        .response = row->response,
    };
    return hazard_parse(row->hazard, &to->hazard) ? OK : ERR_CORRUPT;
}

static errc load_texts(struct db *db, struct alarm_template *form, struct arena *arena,
                       struct why *why)
{
    struct alarm_template_texts_of_in in = {form->id};
    struct alarm_template_texts_of_row *rows = NULL;
    TRY(alarm_template_texts_of_all(db, &in, arena, &rows, &form->text_count, why));
    struct alarm_template_text *texts =
        arena_take_array(arena, form->text_count + 1, sizeof *texts);
    if (texts == NULL) {
        return ERR_NO_MEMORY;
    }
    for (size_t i = 0; i < form->text_count; i++) {
        texts[i] = (struct alarm_template_text){
            .language = rows[i].language,
            .title = rows[i].title,
            .text = rows[i].text,
            .short_text = rows[i].short_text,
            .cancel = {rows[i].cancel_title, rows[i].cancel_text},
            .correction = {rows[i].correction_title, rows[i].correction_text},
        };
    }
    form->texts = texts;
    return OK;
}

/* Whether it stands at the unit or above it; 0 stands above everything. */
static bool is_above(struct tree tree, unit_id owner, unit_id unit)
{
    return owner == 0 || tree_covers(tree, owner, unit);
}

/* Of two with the same hazard and name the lower one counts. */
static void merge(struct tree tree, const struct alarm_template *form, struct alarm_template *list,
                  size_t *count)
{
    for (size_t i = 0; i < *count; i++) {
        if (list[i].hazard == form->hazard && str_is(list[i].name, form->name)) {
            list[i] = is_above(tree, list[i].unit, form->unit) ? *form : list[i];
            return;
        }
    }
    if (*count < TEMPLATES_MOST) {
        list[(*count)++] = *form;
    }
}

static int compare(const void *left, const void *right)
{
    const struct alarm_template *a = left;
    const struct alarm_template *b = right;
    if (a->hazard != b->hazard) {
        return a->hazard < b->hazard ? -1 : 1;
    }
    return str_compare(a->name, b->name);
}

static errc list_all(const struct desk *desk, struct db *db, unit_id unit,
                     struct alarm_template **ret_list, size_t *ret_count, struct why *why)
{
    struct tree tree = forest_at(desk->forest, desk->actor->today);
    struct alarm_templates_all_row *rows = NULL;
    struct alarm_template *list = arena_take_array(desk->arena, TEMPLATES_MOST, sizeof *list);
    size_t row_count = 0;
    size_t count = 0;
    if (list == NULL) {
        return ERR_NO_MEMORY;
    }
    TRY(alarm_templates_all_all(db, desk->arena, &rows, &row_count, why));
    for (size_t i = 0; i < row_count; i++) {
        struct alarm_template form;
        TRY(take_row(&rows[i], &form));
        if (is_above(tree, form.unit, unit)) {
            merge(tree, &form, list, &count);
        }
    }
    qsort(list, count, sizeof *list, compare);
    *ret_list = list;
    *ret_count = count;
    return OK;
}

errc alarm_template_list(const struct desk *desk, struct db *db, unit_id unit,
                         struct alarm_templates *ret_templates, struct why *why)
{
    struct alarm_template *list = NULL;
    size_t count = 0;
    if (!desk_sees(desk, RIGHT_ALARMS_READ, unit)) {
        return ERR_NOT_FOUND;
    }
    TRY(list_all(desk, db, unit, &list, &count, why));
    for (size_t i = 0; i < count; i++) {
        TRY(load_texts(db, &list[i], desk->arena, why));
    }
    *ret_templates = (struct alarm_templates){list, count};
    return OK;
}

errc alarm_template_of(const struct desk *desk, struct db *db, unit_id unit, enum hazard hazard,
                       struct alarm_template *ret_template, struct why *why)
{
    struct alarm_template *list = NULL;
    size_t count = 0;
    TRY(list_all(desk, db, unit, &list, &count, why));
    for (size_t i = 0; i < count; i++) {
        if (list[i].hazard == hazard) {
            TRY(load_texts(db, &list[i], desk->arena, why));
            *ret_template = list[i];
            return OK;
        }
    }
    return ERR_NOT_FOUND;
}

/* --- writing ---------------------------------------------------------------------------------- */

static errc check_text(const struct alarm_template_text *text, struct bad_field *bad)
{
    str blanks[TEMPLATE_BLANKS_MOST];
    size_t count = 0;
    const str plain[] = {text->short_text, text->cancel.text, text->correction.text, text->title};
    if (text->language.len == 0 || !language_is_fit(text->language)) {
        return bad_field(bad, "texts", "not_a_language");
    }
    if (alarm_text_blanks(text->text, blanks, &count) != OK) {
        return bad_field(bad, "texts", "bad_blank");
    }
    for (size_t i = 0; i < COUNT_OF(plain); i++) {
        if (plain[i].len == 0) {
            return bad_field(bad, "texts", "missing");
        }
        if (str_has(plain[i], '{') || str_has(plain[i], '}')) {
            return bad_field(bad, "texts", "bad_blank");
        }
    }
    return OK;
}

static errc check(const struct alarm_template *form, struct bad_field *bad)
{
    const struct {
        const char *name;
        int64_t value;
        int64_t least;
        int64_t most;
    } numbers[] = {
        {"clip", form->clip, 0, 255},           {"times", form->times, 0, 20},
        {"pause_ms", form->pause_ms, 0, 60000}, {"again_s", form->again_s, 0, 86400},
        {"valid_s", form->valid_s, 10, 86400},  {"signal", form->signal, SIGNAL_NONE, SIGNAL_WAIL},
    };
    for (size_t i = 0; i < COUNT_OF(numbers); i++) {
        if (numbers[i].value < numbers[i].least || numbers[i].value > numbers[i].most) {
            return bad_field(bad, numbers[i].name, "out_of_range");
        }
    }
    if (form->text_count == 0 || form->text_count > TEMPLATE_TEXTS_MOST) {
        return bad_field(bad, "texts", form->text_count == 0 ? "missing" : "too_many");
    }
    for (size_t i = 0; i < form->text_count; i++) {
        TRY(check_text(&form->texts[i], bad));
    }
    return form->name.len > 0 ? OK : bad_field(bad, "name", "missing");
}

static errc tell(const struct desk *desk, struct db *db, const char *action,
                 const struct alarm_template *form, struct why *why)
{
    struct audit_entry entry = {
        .actor = desk->actor,
        .action = action,
        .subject_kind = "alarm_template",
        .subject_id = form->id,
        .subject_name = form->name,
        .subject_unit_id = form->unit,
    };
    TRY(db_announce(db, "alarms", why));
    return audit_append(db, &entry, why);
}

static str text_or_none(str text)
{
    return text.len == 0 ? S("") : text;
}

static errc add(const struct desk *desk, struct db *db, const struct alarm_template *form,
                int64_t *ret_id, struct why *why)
{
    struct alarm_template_add_row row;
    struct alarm_template_add_in in = {
        .unit_id = form->unit,
        .hazard = str_of(hazard_name(form->hazard)),
        .name = form->name,
        .signal = form->signal,
        .clip = form->clip,
        .times = form->times,
        .pause_ms = form->pause_ms,
        .again_s = form->again_s,
        .valid_s = form->valid_s,
        .category = text_or_none(form->category),
        .event = text_or_none(form->event),
        .urgency = text_or_none(form->urgency),
        .severity = text_or_none(form->severity),
        .certainty = text_or_none(form->certainty),
        .response = text_or_none(form->response),
        .has_changed_by = desk->actor->account_id != 0,
        .changed_by = desk->actor->account_id,
        .now_us = desk->actor->now,
    };
    TRY(alarm_template_add(db, &in, desk->arena, &row, why));
    for (size_t i = 0; i < form->text_count; i++) {
        const struct alarm_template_text *text = &form->texts[i];
        struct alarm_template_text_add_in said = {
            .template_id = row.id,
            .place = (int64_t)i,
            .language = text->language,
            .title = text->title,
            .text = text_or_none(text->text),
            .short_text = text->short_text,
            .cancel_title = text_or_none(text->cancel.title),
            .cancel_text = text->cancel.text,
            .correction_title = text_or_none(text->correction.title),
            .correction_text = text->correction.text,
        };
        TRY(alarm_template_text_add(db, &said, NULL, why));
    }
    *ret_id = row.id;
    return OK;
}

static errc find(const struct desk *desk, struct db *db, int64_t id,
                 struct alarm_template *ret_form, struct why *why)
{
    struct alarm_templates_all_row *rows = NULL;
    size_t count = 0;
    TRY(alarm_templates_all_all(db, desk->arena, &rows, &count, why));
    for (size_t i = 0; i < count; i++) {
        if (rows[i].id == id) {
            return take_row(&rows[i], ret_form);
        }
    }
    return fail(why, ERR_NOT_FOUND, "no template %lld", (long long)id);
}

errc alarm_template_put(const struct desk *desk, struct db *db, const struct alarm_template *form,
                        int64_t *ret_id, struct why *why)
{
    struct alarm_template old;
    struct alarm_template fresh = *form;
    TRY(desk_may(desk, RIGHT_ALARMS_WRITE, form->unit));
    TRY(check(form, desk->bad));
    if (form->id != 0) {
        TRY(find(desk, db, form->id, &old, why));
        if (old.unit == form->unit) {
            struct alarm_template_remove_in in = {old.id, desk->actor->now};
            TRY(alarm_template_remove(db, &in, NULL, why));
        }
    }
    TRY(add(desk, db, form, &fresh.id, why));
    *ret_id = fresh.id;
    return tell(desk, db, "alarm_template_changed", &fresh, why);
}

errc alarm_template_drop(const struct desk *desk, struct db *db, int64_t id, struct why *why)
{
    struct alarm_template old;
    TRY(find(desk, db, id, &old, why));
    if (old.unit == 0) {
        return fail(why, ERR_FORBIDDEN, "it comes with the program");
    }
    TRY(desk_may(desk, RIGHT_ALARMS_WRITE, old.unit));
    struct alarm_template_remove_in in = {id, desk->actor->now};
    TRY(alarm_template_remove(db, &in, NULL, why));
    return tell(desk, db, "alarm_template_removed", &old, why);
}
