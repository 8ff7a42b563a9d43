/* What bulletins are made with: categories, templates, and whether one person is enough. */
#include "console/bulletin_json.h"
#include "console/steps.h"
#include "console/unit_json.h"
#include "studio/template.h"

/* --- categories ------------------------------------------------------------------------------- */

errc api_categories_show(struct ask *ask, struct why *why)
{
    struct desk desk = ask_desk(ask);
    struct json_out *out = &ask->json;
    struct categories list;
    TRY(categories_load(&desk, ask->db, &list, why));
    ask_list_begin(ask);
    for (size_t i = 0; i < list.count; i++) {
        const struct category *category = &list.at[i];
        bool english = ask->language == WORDS_EN;
        json_object(out);
        json_str_at(out, "code", category->code);
        json_str_at(out, "name", english ? category->name_en : category->name_vi);
        json_str_at(out, "name_vi", category->name_vi);
        json_str_at(out, "name_en", category->name_en);
        json_bool_at(out, "retired", category->retired);
        json_end(out);
    }
    ask_list_end_at(ask, 0);
    return OK;
}

static errc take_category(struct ask *ask, const struct json_value *value, struct category *to)
{
    static const char *const fields[] = {"code", "name", "name_vi", "name_en", "retired", NULL};
    *to = (struct category){.retired = false};
    TRY(json_in_only(value, fields, &ask->bad));
    TRY(json_in_str(value, "code", 1, CATEGORY_CODE_MOST, &to->code, &ask->bad));
    TRY(json_in_str(value, "name_vi", 1, CATEGORY_NAME_MOST, &to->name_vi, &ask->bad));
    TRY(json_in_str(value, "name_en", 1, CATEGORY_NAME_MOST, &to->name_en, &ask->bad));
    return json_in_has(value, "retired") ? json_in_bool(value, "retired", &to->retired, &ask->bad)
                                         : OK;
}

errc api_categories_put(struct ask *ask, struct why *why)
{
    static const char *const fields[] = {"items", NULL};
    AUTO(json_in_finish) struct json_in in = {.root = NULL};
    struct desk desk = ask_desk(ask);
    TRY(ask_over_all(ask));
    TRY(ask_body(ask, fields, &in, why));
    const struct json_value *array = json_in_get(in.root, "items");
    size_t count = json_in_is_array(array) ? json_in_count(array) : 0;
    if (count == 0 || count > CATEGORIES_MOST) {
        return bad_field(&ask->bad, "items", count == 0 ? "missing" : "too_many");
    }
    struct category *list = arena_take_array(ask->arena, count, sizeof *list);
    if (list == NULL) {
        return ERR_NO_MEMORY;
    }
    for (size_t i = 0; i < count; i++) {
        TRY(take_category(ask, json_in_at(array, i), &list[i]));
    }
    TRY(categories_put(&desk, ask->db, &(struct categories){list, count}, why));
    return api_categories_show(ask, why);
}

/* --- templates -------------------------------------------------------------------------------- */

static void write_template(struct ask *ask, const struct bulletin_template *template,
                           const struct categories *categories)
{
    struct json_out *out = &ask->json;
    json_object(out);
    json_i64_at(out, "id", template->id);
    air_unit_at(ask, "unit", template->unit);
    json_str_at(out, "name", template->name);
    json_i64_at(out, "version", template->version);
    json_str_at(out, "title", template->title);
    bulletin_json_category(ask, template->category, categories);
    json_text_at(out, "class", bulletin_class_name(template->class));
    bulletin_json_texts(ask, template->texts, template->text_count);
    json_end(out);
}

static errc show_template(struct ask *ask, int64_t id, struct why *why)
{
    struct desk desk = ask_desk(ask);
    struct bulletin_template template;
    struct categories categories;
    TRY(template_get(&desk, ask->db, id, &template, why));
    TRY(categories_load(&desk, ask->db, &categories, why));
    write_template(ask, &template, &categories);
    return OK;
}

errc api_templates_list(struct ask *ask, struct why *why)
{
    struct desk desk = ask_desk(ask);
    struct bulletin_templates list;
    struct categories categories;
    unit_id unit = 0;
    TRY(air_query_unit(ask, &unit));
    TRY(templates_load(&desk, ask->db, unit, &list, why));
    TRY(categories_load(&desk, ask->db, &categories, why));
    ask_list_begin(ask);
    for (size_t i = 0; i < list.count; i++) {
        write_template(ask, &list.at[i], &categories);
    }
    ask_list_end_at(ask, 0);
    return OK;
}

static errc take_template(struct ask *ask, const struct json_value *body,
                          struct bulletin_template *ret_template)
{
    struct bulletin_template template = {.id = 0};
    struct bulletin_text *texts = NULL;
    TRY(air_take_number(ask, body, "unit_id", 1, INT64_MAX, &template.unit));
    TRY(air_take_number(ask, body, "version", 1, INT64_MAX, &template.version));
    TRY(json_in_str(body, "name", 1, TEMPLATE_NAME_MOST, &template.name, &ask->bad));
    TRY(json_in_str(body, "title", 1, BULLETIN_TITLE_MOST, &template.title, &ask->bad));
    TRY(bulletin_take_text(ask, body, "category", CATEGORY_CODE_MOST, &template.category));
    TRY(bulletin_take_class(ask, body, &template.class));
    TRY(bulletin_take_texts(ask, body, &texts, &template.text_count));
    template.name = air_text(ask, template.name);
    template.title = air_text(ask, template.title);
    template.texts = texts;
    *ret_template = template;
    return OK;
}

static const char *const template_fields[] = {"unit_id",  "version", "name",  "title",
                                              "category", "class",   "texts", NULL};

errc api_templates_create(struct ask *ask, struct why *why)
{
    AUTO(json_in_finish) struct json_in in = {.root = NULL};
    struct desk desk = ask_desk(ask);
    struct bulletin_template template;
    int64_t id = 0;
    TRY(ask_body(ask, template_fields, &in, why));
    TRY(take_template(ask, in.root, &template));
    if (template.unit == 0) {
        return bad_field(&ask->bad, "unit_id", "missing");
    }
    TRY(template_add(&desk, ask->db, &template, &id, why));
    return show_template(ask, id, why);
}

errc api_templates_change(struct ask *ask, struct why *why)
{
    AUTO(json_in_finish) struct json_in in = {.root = NULL};
    struct desk desk = ask_desk(ask);
    struct bulletin_template template;
    TRY(ask_body(ask, template_fields, &in, why));
    TRY(take_template(ask, in.root, &template));
    template.id = ask_place_id(ask, 0);
    TRY(template_change(&desk, ask->db, &template, why));
    return show_template(ask, template.id, why);
}

errc api_templates_drop(struct ask *ask, struct why *why)
{
    struct desk desk = ask_desk(ask);
    return template_remove(&desk, ask->db, ask_place_id(ask, 0), why);
}

/* --- one person or two ------------------------------------------------------------------------ */

static errc show_rule(struct ask *ask, unit_id unit, struct why *why)
{
    struct desk desk = ask_desk(ask);
    struct bulletin_rule rule;
    TRY(bulletin_rule_get(&desk, ask->db, unit, &rule, why));
    json_object(&ask->json);
    air_unit_at(ask, "unit", unit);
    json_bool_at(&ask->json, "one_person", rule.one_person);
    air_unit_at(ask, "set_by_unit", rule.set_by);
    json_end(&ask->json);
    return OK;
}

errc api_bulletin_rules_show(struct ask *ask, struct why *why)
{
    unit_id unit = 0;
    TRY(air_query_unit(ask, &unit));
    return show_rule(ask, unit, why);
}

errc api_bulletin_rules_put(struct ask *ask, struct why *why)
{
    static const char *const fields[] = {"unit_id", "one_person", NULL};
    AUTO(json_in_finish) struct json_in in = {.root = NULL};
    struct desk desk = ask_desk(ask);
    unit_id unit = 0;
    bool one_person = false;
    TRY(ask_body(ask, fields, &in, why));
    TRY(json_in_i64(in.root, "unit_id", 1, INT64_MAX, &unit, &ask->bad));
    TRY(json_in_bool(in.root, "one_person", &one_person, &ask->bad));
    TRY(bulletin_rule_set(&desk, ask->db, unit, one_person, why));
    return show_rule(ask, unit, why);
}
