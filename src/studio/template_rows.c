/* See template.h. */
#include "studio/template.h"

#include "people/audit.h"
#include "people/forest.h"
#include "studio/template_sql.h"

static str or_empty(str text)
{
    return text.len == 0 ? S("") : text;
}

/* --- reading ---------------------------------------------------------------------------------- */

static errc load_texts(const struct desk *desk, struct db *db, struct bulletin_template *template,
                       struct why *why)
{
    struct template_texts_of_in in = {template->id};
    struct template_texts_of_row *rows = NULL;
    TRY(template_texts_of_all(db, &in, desk->arena, &rows, &template->text_count, why));
    struct bulletin_text *texts =
        arena_take_array(desk->arena, template->text_count + 1, sizeof *texts);
    if (texts == NULL) {
        return ERR_NO_MEMORY;
    }
    for (size_t i = 0; i < template->text_count; i++) {
        texts[i] = (struct bulletin_text){
            .language = rows[i].language, .title = rows[i].title, .text = rows[i].text};
        if (!bulletin_channel_parse(rows[i].channel, &texts[i].channel)) {
            return ERR_CORRUPT;
        }
    }
    template->texts = texts;
    return OK;
}

static errc fill(const struct desk *desk, struct db *db, const struct templates_all_row *row,
                 struct bulletin_template *to, struct why *why)
{
    *to = (struct bulletin_template){
        .id = row->id,
        .unit = row->unit_id,
        .name = row->name,
        .title = row->title,
        .category = row->category,
        .version = row->version,
    };
    return bulletin_class_parse(row->class, &to->class) ? load_texts(desk, db, to, why)
                                                        : ERR_CORRUPT;
}

errc templates_load(const struct desk *desk, struct db *db, unit_id unit,
                    struct bulletin_templates *ret_list, struct why *why)
{
    struct tree tree = forest_at(desk->forest, desk->actor->today);
    struct templates_all_in in = {0};
    struct templates_all_row *rows = NULL;
    size_t count = 0;
    size_t found = 0;
    TRY(desk_may(desk, RIGHT_BULLETINS_READ, unit));
    TRY(templates_all_all(db, &in, desk->arena, &rows, &count, why));
    struct bulletin_template *list = arena_take_array(desk->arena, TEMPLATES_MOST, sizeof *list);
    if (list == NULL) {
        return ERR_NO_MEMORY;
    }
    for (size_t i = 0; i < count && found < TEMPLATES_MOST; i++) {
        if (tree_covers(tree, rows[i].unit_id, unit)) {
            TRY(fill(desk, db, &rows[i], &list[found++], why));
        }
    }
    *ret_list = (struct bulletin_templates){list, found};
    return OK;
}

errc template_get(const struct desk *desk, struct db *db, int64_t id,
                  struct bulletin_template *ret_template, struct why *why)
{
    struct templates_all_in in = {id};
    struct templates_all_row *rows = NULL;
    size_t count = 0;
    if (id > 0) {
        TRY(templates_all_all(db, &in, desk->arena, &rows, &count, why));
    }
    if (count == 0 || !desk_sees(desk, RIGHT_BULLETINS_READ, rows[0].unit_id)) {
        return fail(why, ERR_NOT_FOUND, "no template %lld", (long long)id);
    }
    return fill(desk, db, &rows[0], ret_template, why);
}

/* --- writing ---------------------------------------------------------------------------------- */

static errc check(const struct desk *desk, const struct bulletin_template *template)
{
    struct bulletin_body body = {
        .title = template->title, .texts = template->texts, .text_count = template->text_count};
    TRY(desk_may(desk, RIGHT_BULLETINS_WRITE, template->unit));
    return bulletin_check(&body, desk->bad);
}

static errc write_texts(struct db *db, const struct bulletin_template *template, struct why *why)
{
    struct template_texts_clear_in clear = {template->id};
    TRY(template_texts_clear(db, &clear, NULL, why));
    for (size_t i = 0; i < template->text_count; i++) {
        const struct bulletin_text *text = &template->texts[i];
        struct template_text_add_in in = {
            .template_id = template->id,
            .position = (int64_t)i,
            .language = text->language,
            .channel = str_of(bulletin_channel_name(text->channel)),
            .title = or_empty(text->title),
            .text = or_empty(text->text),
        };
        TRY(template_text_add(db, &in, NULL, why));
    }
    return OK;
}

static errc tell(const struct desk *desk, struct db *db, const char *action,
                 const struct bulletin_template *template, struct why *why)
{
    struct audit_entry entry = {
        .actor = desk->actor,
        .action = action,
        .subject_kind = "template",
        .subject_id = template->id,
        .subject_name = template->name,
        .subject_unit_id = template->unit,
    };
    TRY(db_announce(db, "bulletins", why));
    return audit_append(db, &entry, why);
}

errc template_add(const struct desk *desk, struct db *db, const struct bulletin_template *template,
                  int64_t *ret_id, struct why *why)
{
    struct bulletin_template made = *template;
    struct template_add_row_row row;
    struct template_add_row_in in = {
        .unit_id = template->unit,
        .name = template->name,
        .title = template->title,
        .category = or_empty(template->category),
        .class = str_of(bulletin_class_name(template->class)),
        .has_changed_by = desk->actor->account_id != 0,
        .changed_by = desk->actor->account_id,
        .now_us = desk->actor->now,
    };
    TRY(check(desk, template));
    TRY(template_add_row(db, &in, desk->arena, &row, why));
    made.id = row.id;
    *ret_id = row.id;
    TRY(write_texts(db, &made, why));
    return tell(desk, db, "template_added", &made, why);
}

errc template_change(const struct desk *desk, struct db *db,
                     const struct bulletin_template *template, struct why *why)
{
    struct bulletin_template before;
    struct bulletin_template made = *template;
    int64_t changed = 0;
    struct template_change_row_in in = {
        .id = template->id,
        .version = template->version,
        .name = template->name,
        .title = template->title,
        .category = or_empty(template->category),
        .class = str_of(bulletin_class_name(template->class)),
        .has_changed_by = desk->actor->account_id != 0,
        .changed_by = desk->actor->account_id,
        .now_us = desk->actor->now,
    };
    TRY(template_get(desk, db, template->id, &before, why));
    made.unit = before.unit;
    TRY(check(desk, &made));
    TRY(template_change_row(db, &in, &changed, why));
    if (changed != 1) {
        return fail(why, ERR_VERSION, "somebody else was quicker");
    }
    TRY(write_texts(db, &made, why));
    return tell(desk, db, "template_changed", &made, why);
}

errc template_remove(const struct desk *desk, struct db *db, int64_t id, struct why *why)
{
    struct template_remove_row_in in = {id, desk->actor->now};
    struct bulletin_template template;
    TRY(template_get(desk, db, id, &template, why));
    TRY(desk_may(desk, RIGHT_BULLETINS_WRITE, template.unit));
    TRY(template_remove_row(db, &in, NULL, why));
    return tell(desk, db, "template_removed", &template, why);
}
