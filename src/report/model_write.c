/* A package in its one written form: fields in the order of the header, what is empty left out, so
 * that two packages compare as texts. */
#include "report/model_inside.h"

#include "base/json_out.h"

static void put_text(struct json_out *out, const char *key, str text)
{
    if (text.len > 0) {
        json_str_at(out, key, text);
    }
}

static void put_name(struct json_out *out, const struct model_words *name)
{
    json_object_at(out, "name");
    json_str_at(out, "vi", name->vi);
    put_text(out, "en", name->en);
    json_end(out);
}

static void put_texts(struct json_out *out, const char *key, const struct model_texts *texts)
{
    if (texts->count == 0) {
        return;
    }
    json_array_at(out, key);
    for (size_t i = 0; i < texts->count; i++) {
        json_str(out, texts->at[i]);
    }
    json_end(out);
}

static void put_figure(struct json_out *out, const char *key, figure value)
{
    AUTO(buf_finish) struct buf text;
    buf_init(&text, 64);
    figure_write(value, &text);
    put_text(out, key, buf_str(&text));
}

static void put_day(struct json_out *out, const char *key, day date)
{
    if (date != DAY_FIRST && date != DAY_OPEN) {
        json_day_at(out, key, date);
    }
}

static void put_true(struct json_out *out, const char *key, bool value)
{
    if (value) {
        json_bool_at(out, key, true);
    }
}

static void put_measure(struct json_out *out, const void *item)
{
    const struct model_measure *measure = item;
    json_str_at(out, "code", measure->code);
    put_name(out, &measure->name);
    put_text(out, "base", measure->base);
    put_figure(out, "factor", measure->factor);
}

static void put_choices(struct json_out *out, const struct model_element *element)
{
    if (element->choice_count == 0) {
        return;
    }
    json_array_at(out, "choices");
    for (size_t i = 0; i < element->choice_count; i++) {
        json_object(out);
        json_str_at(out, "code", element->choices[i].code);
        put_name(out, &element->choices[i].name);
        json_end(out);
    }
    json_end(out);
}

static void put_element(struct json_out *out, const void *item)
{
    const struct model_element *element = item;
    json_str_at(out, "code", element->code);
    put_name(out, &element->name);
    json_text_at(out, "type", model_type_words[element->type]);
    put_text(out, "measure", element->measure);
    json_i64_at(out, "decimals", element->decimals);
    put_figure(out, "least", element->least);
    put_figure(out, "most", element->most);
    put_choices(out, element);
    json_text_at(out, "over_units", model_roll_words[element->over_units]);
    json_text_at(out, "over_time", model_roll_words[element->over_time]);
    put_text(out, "formula", element->formula);
    put_text(out, "measured", element->measured);
    put_texts(out, "kinds", &element->kinds);
}

static void put_form(struct json_out *out, const void *item)
{
    const struct model_form *form = item;
    json_str_at(out, "code", form->code);
    put_name(out, &form->name);
    json_str_at(out, "tier", form->tier);
    json_array_at(out, "periods");
    for (enum period_kind kind = PERIOD_MONTH; kind <= PERIOD_YEAR; kind++) {
        if ((form->periods >> kind & 1U) != 0) {
            json_text(out, period_kind_name(kind));
        }
    }
    json_end(out);
    json_array_at(out, "sections");
    for (size_t i = 0; i < form->section_count; i++) {
        json_object(out);
        put_name(out, &form->sections[i].name);
        put_texts(out, "elements", &form->sections[i].elements);
        json_end(out);
    }
    json_end(out);
    put_texts(out, "steps", &form->steps);
}

static void put_indicator(struct json_out *out, const void *item)
{
    const struct model_indicator *indicator = item;
    json_str_at(out, "code", indicator->code);
    put_name(out, &indicator->name);
    put_texts(out, "kinds", &indicator->kinds);
    json_str_at(out, "numerator", indicator->numerator);
    put_text(out, "denominator", indicator->denominator);
    put_text(out, "measure", indicator->measure);
    json_i64_at(out, "decimals", indicator->decimals);
    put_true(out, "less_is_better", indicator->less_is_better);
    put_text(out, "legend", indicator->legend);
}

static void put_mark(struct json_out *out, const struct model_mark *mark)
{
    json_object(out);
    json_str_at(out, "code", mark->code);
    put_name(out, &mark->name);
    json_str_at(out, "met", mark->met);
    put_text(out, "nearly", mark->nearly);
    json_array_at(out, "thresholds");
    for (size_t i = 0; i < mark->threshold_count; i++) {
        const struct model_threshold *threshold = &mark->thresholds[i];
        json_object(out);
        json_str_at(out, "name", threshold->name);
        put_text(out, "region", threshold->region);
        put_text(out, "measure", threshold->measure);
        put_figure(out, "value", threshold->value);
        put_true(out, "verified", threshold->is_verified);
        json_end(out);
    }
    json_end(out);
    json_end(out);
}

static void put_criterion(struct json_out *out, const struct model_criterion *criterion)
{
    json_object(out);
    json_str_at(out, "code", criterion->code);
    put_name(out, &criterion->name);
    json_array_at(out, "marks");
    for (size_t i = 0; i < criterion->mark_count; i++) {
        put_mark(out, &criterion->marks[i]);
    }
    json_end(out);
    json_end(out);
}

static void put_set(struct json_out *out, const void *item)
{
    const struct model_set *set = item;
    json_str_at(out, "code", set->code);
    put_name(out, &set->name);
    put_day(out, "from", set->from);
    put_day(out, "to", set->to);
    put_texts(out, "regions", &set->regions);
    json_array_at(out, "criteria");
    for (size_t i = 0; i < set->criterion_count; i++) {
        put_criterion(out, &set->criteria[i]);
    }
    json_end(out);
}

static void put_target(struct json_out *out, const void *item)
{
    const struct model_target *target = item;
    json_str_at(out, "indicator", target->indicator);
    json_i64_at(out, "year", target->year);
    put_figure(out, "value", target->value);
    put_text(out, "unit", target->unit);
    put_text(out, "document", target->document);
}

static void put_task(struct json_out *out, const void *item)
{
    const struct model_task *task = item;
    json_str_at(out, "code", task->code);
    put_name(out, &task->name);
    put_text(out, "lead", task->lead);
    put_texts(out, "with", &task->with);
    put_day(out, "due", task->due);
    put_text(out, "product", task->product);
    put_texts(out, "indicators", &task->indicators);
}

static void put_legend(struct json_out *out, const void *item)
{
    const struct model_legend *legend = item;
    json_str_at(out, "code", legend->code);
    json_array_at(out, "bands");
    for (size_t i = 0; i < legend->band_count; i++) {
        json_object(out);
        put_figure(out, "from", legend->bands[i].from);
        json_str_at(out, "colour", legend->bands[i].colour);
        put_name(out, &legend->bands[i].name);
        json_end(out);
    }
    json_end(out);
}

static void put_due(struct json_out *out, const void *item)
{
    const struct model_due *due = item;
    const struct due_rule *rule = &due->rule;
    json_str_at(out, "tier", due->tier);
    put_true(out, "agency", due->is_agency);
    json_text_at(out, "period", period_kind_name(rule->kind));
    json_array_at(out, "numbers");
    for (int number = 1; number <= period_kind_count(rule->kind); number++) {
        if ((rule->numbers >> (number - 1) & 1U) != 0) {
            json_i64(out, number);
        }
    }
    json_end(out);
    json_i64_at(out, "month", rule->month);
    json_i64_at(out, "mday", rule->mday);
    put_true(out, "before", rule->is_before);
    json_i64_at(out, "open_days", rule->open_days);
    put_day(out, "from", rule->from);
    put_day(out, "to", rule->to);
}

static void put_list(struct json_out *out, const struct taking_list *list, const void *items,
                     size_t count, void (*put)(struct json_out *out, const void *item))
{
    json_array_at(out, list->key);
    for (size_t i = 0; i < count; i++) {
        json_object(out);
        put(out, (const char *)items + i * list->size);
        json_end(out);
    }
    json_end(out);
}

#define PUT_ALL(noun, plural)                                                                      \
    put_list(&out, &(struct taking_list){.key = #plural, .size = sizeof *model->plural},           \
             model->plural, model->noun##_count, put_##noun)

void model_write(const struct model *model, struct buf *to)
{
    struct json_out out;
    json_out_init(&out, to);
    json_object(&out);
    json_i64_at(&out, "loa_report_package", MODEL_FORMAT);
    json_str_at(&out, "code", model->code);
    put_name(&out, &model->name);
    json_i64_at(&out, "version", model->version);
    put_text(&out, "source", model->source);
    put_day(&out, "from", model->from);
    put_day(&out, "to", model->to);
    PUT_ALL(measure, measures);
    PUT_ALL(element, elements);
    PUT_ALL(form, forms);
    PUT_ALL(indicator, indicators);
    PUT_ALL(set, sets);
    PUT_ALL(target, targets);
    PUT_ALL(task, tasks);
    PUT_ALL(legend, legends);
    PUT_ALL(due, dues);
    json_end(&out);
}
