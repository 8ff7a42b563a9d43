/* Reads a package: first its fields, then model_check what they mean together. */
#include "report/model_inside.h"

static errc take_measure(struct taking *taking, const struct json_value *object, void *item)
{
    struct model_measure *measure = item;
    TRY(take_only(taking, object, (const char *[]){"code", "name", "base", "factor", NULL}));
    TRY(take_code(taking, object, "code", &measure->code));
    TRY(take_name(taking, object, &measure->name));
    TRY(take_text(taking, object, "base", MEASURE_NAME_MOST, &measure->base));
    TRY(take_figure(taking, object, "factor", &measure->factor));
    if (!figure_is_there(measure->factor)) {
        measure->factor = FIGURE_ONE;
    }
    return measure->factor.num > 0 ? OK : model_wrong(taking, "factor", "out_of_range");
}

static errc take_choice(struct taking *taking, const struct json_value *object, void *item)
{
    struct model_choice *choice = item;
    TRY(take_only(taking, object, (const char *[]){"code", "name", NULL}));
    TRY(take_code(taking, object, "code", &choice->code));
    return take_name(taking, object, &choice->name);
}

static errc take_bounds(struct taking *taking, const struct json_value *object,
                        struct model_element *element)
{
    int64_t decimals = 0;
    TRY(take_number(taking, object, "decimals", 0, FIGURE_DECIMALS_MOST, &decimals));
    element->decimals = (int)decimals;
    TRY(take_figure(taking, object, "least", &element->least));
    TRY(take_figure(taking, object, "most", &element->most));
    bool both = figure_is_there(element->least) && figure_is_there(element->most);
    return both && figure_compare(element->least, element->most) > 0
               ? model_wrong(taking, "most", "out_of_range")
               : OK;
}

static errc take_rolls(struct taking *taking, const struct json_value *object,
                       struct model_element *element)
{
    bool is_number = element->type == ELEMENT_NUMBER;
    int over_units = is_number ? ROLL_SUM : ROLL_NONE;
    int over_time = is_number ? ROLL_LAST : ROLL_NONE;
    TRY(take_word(taking, object, "over_units", model_roll_words, &over_units));
    TRY(take_word(taking, object, "over_time", model_roll_words, &over_time));
    if (over_units == ROLL_LAST || (over_units == ROLL_SUM && !is_number)) {
        return model_wrong(taking, "over_units", "not_for_this_type");
    }
    if (over_time == ROLL_SUM && !is_number) {
        return model_wrong(taking, "over_time", "not_for_this_type");
    }
    element->over_units = (enum element_roll)over_units;
    element->over_time = (enum element_roll)over_time;
    return OK;
}

static errc take_element(struct taking *taking, const struct json_value *object, void *item)
{
    static const char *const keys[] = {"code",    "name",  "type",     "measure",    "decimals",
                                       "least",   "most",  "choices",  "over_units", "over_time",
                                       "formula", "kinds", "measured", NULL};
    static const struct taking_list choices = {"choices", MODEL_CHOICES_MOST,
                                               sizeof(struct model_choice), take_choice};
    struct model_element *element = item;
    int type = ELEMENT_NUMBER;
    void *list = NULL;
    TRY(take_only(taking, object, keys));
    TRY(take_code(taking, object, "code", &element->code));
    TRY(take_name(taking, object, &element->name));
    TRY(take_word(taking, object, "type", model_type_words, &type));
    element->type = (enum element_type)type;
    TRY(take_text(taking, object, "measure", MEASURE_NAME_MOST, &element->measure));
    TRY(take_bounds(taking, object, element));
    TRY(take_list(taking, object, &choices, &list, &element->choice_count));
    element->choices = list;
    TRY(take_rolls(taking, object, element));
    TRY(take_text(taking, object, "formula", FORMULA_TEXT_MOST, &element->formula));
    TRY(take_text(taking, object, "measured", MEASURE_NAME_MOST, &element->measured));
    return take_texts(taking, object, "kinds", MODEL_KINDS_MOST, &element->kinds);
}

static errc take_section(struct taking *taking, const struct json_value *object, void *item)
{
    struct model_section *section = item;
    TRY(take_only(taking, object, (const char *[]){"name", "elements", NULL}));
    TRY(take_name(taking, object, &section->name));
    return take_texts(taking, object, "elements", MODEL_ELEMENTS_MOST, &section->elements);
}

static errc take_periods(struct taking *taking, const struct json_value *object, unsigned *periods)
{
    struct model_texts texts;
    TRY(take_texts(taking, object, "periods", PERIOD_KINDS, &texts));
    *periods = 0;
    for (size_t i = 0; i < texts.count; i++) {
        enum period_kind kind;
        if (!period_kind_parse(texts.at[i], &kind)) {
            return model_wrong(taking, "periods", "unknown_word");
        }
        *periods |= 1U << kind;
    }
    return *periods != 0 ? OK : model_wrong(taking, "periods", "missing");
}

static errc take_form(struct taking *taking, const struct json_value *object, void *item)
{
    static const char *const keys[] = {"code",     "name",  "tier", "periods",
                                       "sections", "steps", NULL};
    static const struct taking_list sections = {"sections", MODEL_SECTIONS_MOST,
                                                sizeof(struct model_section), take_section};
    struct model_form *form = item;
    void *list = NULL;
    TRY(take_only(taking, object, keys));
    TRY(take_code(taking, object, "code", &form->code));
    TRY(take_name(taking, object, &form->name));
    TRY(take_code(taking, object, "tier", &form->tier));
    TRY(take_periods(taking, object, &form->periods));
    TRY(take_list(taking, object, &sections, &list, &form->section_count));
    form->sections = list;
    return take_texts(taking, object, "steps", MODEL_STEPS_MOST, &form->steps);
}

static errc take_indicator(struct taking *taking, const struct json_value *object, void *item)
{
    static const char *const keys[] = {"code",        "name",    "kinds",    "numerator",
                                       "denominator", "measure", "decimals", "less_is_better",
                                       "legend",      NULL};
    struct model_indicator *indicator = item;
    int64_t decimals = 1;
    TRY(take_only(taking, object, keys));
    TRY(take_code(taking, object, "code", &indicator->code));
    TRY(take_name(taking, object, &indicator->name));
    TRY(take_texts(taking, object, "kinds", MODEL_KINDS_MOST, &indicator->kinds));
    TRY(take_text(taking, object, "numerator", FORMULA_TEXT_MOST, &indicator->numerator));
    TRY(take_text(taking, object, "denominator", FORMULA_TEXT_MOST, &indicator->denominator));
    TRY(take_text(taking, object, "measure", MEASURE_NAME_MOST, &indicator->measure));
    TRY(take_number(taking, object, "decimals", 0, FIGURE_DECIMALS_MOST, &decimals));
    indicator->decimals = (int)decimals;
    TRY(take_bool(taking, object, "less_is_better", &indicator->less_is_better));
    return take_text(taking, object, "legend", MEASURE_NAME_MOST, &indicator->legend);
}

/* --- criteria -------------------------------------------------------------------------------- */

static errc take_threshold(struct taking *taking, const struct json_value *object, void *item)
{
    static const char *const keys[] = {"name", "region", "measure", "value", "verified", NULL};
    struct model_threshold *threshold = item;
    TRY(take_only(taking, object, keys));
    TRY(take_code(taking, object, "name", &threshold->name));
    TRY(take_text(taking, object, "region", MEASURE_NAME_MOST, &threshold->region));
    TRY(take_text(taking, object, "measure", MEASURE_NAME_MOST, &threshold->measure));
    TRY(take_figure(taking, object, "value", &threshold->value));
    return take_bool(taking, object, "verified", &threshold->is_verified);
}

static errc take_mark(struct taking *taking, const struct json_value *object, void *item)
{
    static const char *const keys[] = {"code", "name", "met", "nearly", "thresholds", NULL};
    static const struct taking_list thresholds = {"thresholds", MODEL_THRESHOLDS_MOST,
                                                  sizeof(struct model_threshold), take_threshold};
    struct model_mark *mark = item;
    void *list = NULL;
    TRY(take_only(taking, object, keys));
    TRY(take_code(taking, object, "code", &mark->code));
    TRY(take_name(taking, object, &mark->name));
    TRY(take_text(taking, object, "met", FORMULA_TEXT_MOST, &mark->met));
    TRY(take_text(taking, object, "nearly", FORMULA_TEXT_MOST, &mark->nearly));
    TRY(take_list(taking, object, &thresholds, &list, &mark->threshold_count));
    mark->thresholds = list;
    return OK;
}

static errc take_criterion(struct taking *taking, const struct json_value *object, void *item)
{
    static const struct taking_list marks = {"marks", MODEL_CRITERIA_MOST,
                                             sizeof(struct model_mark), take_mark};
    struct model_criterion *criterion = item;
    void *list = NULL;
    TRY(take_only(taking, object, (const char *[]){"code", "name", "marks", NULL}));
    TRY(take_code(taking, object, "code", &criterion->code));
    TRY(take_name(taking, object, &criterion->name));
    TRY(take_list(taking, object, &marks, &list, &criterion->mark_count));
    criterion->marks = list;
    return OK;
}

static errc take_validity(struct taking *taking, const struct json_value *object, day *from,
                          day *to)
{
    *from = DAY_FIRST;
    *to = DAY_OPEN;
    TRY(take_day(taking, object, "from", from));
    TRY(take_day(taking, object, "to", to));
    return *from < *to ? OK : model_wrong(taking, "to", "out_of_range");
}

static errc take_set(struct taking *taking, const struct json_value *object, void *item)
{
    static const char *const keys[] = {"code", "name", "from", "to", "regions", "criteria", NULL};
    static const struct taking_list criteria = {"criteria", MODEL_CRITERIA_MOST,
                                                sizeof(struct model_criterion), take_criterion};
    struct model_set *set = item;
    void *list = NULL;
    TRY(take_only(taking, object, keys));
    TRY(take_code(taking, object, "code", &set->code));
    TRY(take_name(taking, object, &set->name));
    TRY(take_validity(taking, object, &set->from, &set->to));
    TRY(take_texts(taking, object, "regions", MODEL_REGIONS_MOST, &set->regions));
    TRY(take_list(taking, object, &criteria, &list, &set->criterion_count));
    set->criteria = list;
    return OK;
}

/* --- targets, tasks, legends, deadlines ------------------------------------------------------ */

static errc take_target(struct taking *taking, const struct json_value *object, void *item)
{
    static const char *const keys[] = {"indicator", "year", "value", "unit", "document", NULL};
    struct model_target *target = item;
    int64_t year = 0;
    TRY(take_only(taking, object, keys));
    TRY(take_code(taking, object, "indicator", &target->indicator));
    TRY(take_number(taking, object, "year", PERIOD_YEAR_LEAST, PERIOD_YEAR_MOST, &year));
    target->year = (int)year;
    TRY(take_figure(taking, object, "value", &target->value));
    TRY(take_text(taking, object, "unit", MEASURE_NAME_MOST, &target->unit));
    TRY(take_text(taking, object, "document", MODEL_NAME_MOST, &target->document));
    return year != 0 ? OK : model_wrong(taking, "year", "missing");
}

static errc take_task(struct taking *taking, const struct json_value *object, void *item)
{
    static const char *const keys[] = {"code", "name",    "lead",       "with",
                                       "due",  "product", "indicators", NULL};
    struct model_task *task = item;
    task->due = DAY_OPEN;
    TRY(take_only(taking, object, keys));
    TRY(take_code(taking, object, "code", &task->code));
    TRY(take_name(taking, object, &task->name));
    TRY(take_text(taking, object, "lead", MODEL_NAME_MOST, &task->lead));
    TRY(take_texts(taking, object, "with", 20, &task->with));
    TRY(take_day(taking, object, "due", &task->due));
    TRY(take_text(taking, object, "product", MODEL_NOTE_MOST, &task->product));
    return take_texts(taking, object, "indicators", 50, &task->indicators);
}

static errc take_band(struct taking *taking, const struct json_value *object, void *item)
{
    struct model_band *band = item;
    TRY(take_only(taking, object, (const char *[]){"from", "colour", "name", NULL}));
    TRY(take_figure(taking, object, "from", &band->from));
    TRY(take_text(taking, object, "colour", 7, &band->colour));
    TRY(take_name(taking, object, &band->name));
    bool is_colour = band->colour.len == 7 && band->colour.at[0] == '#';
    for (size_t i = 1; i < band->colour.len; i++) {
        is_colour = is_colour && strchr("0123456789abcdef", band->colour.at[i]) != NULL;
    }
    return is_colour ? OK : model_wrong(taking, "colour", "not_a_colour");
}

static errc take_legend(struct taking *taking, const struct json_value *object, void *item)
{
    static const struct taking_list bands = {"bands", MODEL_BANDS_MOST, sizeof(struct model_band),
                                             take_band};
    struct model_legend *legend = item;
    void *list = NULL;
    TRY(take_only(taking, object, (const char *[]){"code", "bands", NULL}));
    TRY(take_code(taking, object, "code", &legend->code));
    TRY(take_list(taking, object, &bands, &list, &legend->band_count));
    legend->bands = list;
    return legend->band_count > 0 ? OK : model_wrong(taking, "bands", "missing");
}

static errc take_numbers(struct taking *taking, const struct json_value *object,
                         struct due_rule *rule)
{
    const struct json_value *array = json_in_get(object, "numbers");
    rule->numbers = (1U << period_kind_count(rule->kind)) - 1;
    if (!json_in_has(object, "numbers")) {
        return OK;
    }
    rule->numbers = 0;
    for (size_t i = 0; json_in_is_array(array) && i < json_in_count(array); i++) {
        int64_t number = 0;
        struct bad_field bad;
        if (json_in_as_i64(json_in_at(array, i), "numbers", 1, 12, &number, &bad) != OK) {
            return model_wrong(taking, "numbers", "out_of_range");
        }
        rule->numbers |= 1U << (number - 1);
    }
    return OK;
}

static errc take_due(struct taking *taking, const struct json_value *object, void *item)
{
    static const char *const keys[] = {"tier",   "agency",    "period", "numbers", "month", "mday",
                                       "before", "open_days", "from",   "to",      NULL};
    struct model_due *due = item;
    str kind = STR_NONE;
    int64_t month = 0;
    int64_t mday = 0;
    int64_t open_days = 30;
    TRY(take_only(taking, object, keys));
    TRY(take_code(taking, object, "tier", &due->tier));
    TRY(take_bool(taking, object, "agency", &due->is_agency));
    TRY(take_code(taking, object, "period", &kind));
    if (!period_kind_parse(kind, &due->rule.kind)) {
        return model_wrong(taking, "period", "unknown_word");
    }
    TRY(take_numbers(taking, object, &due->rule));
    TRY(take_number(taking, object, "month", -11, 12, &month));
    TRY(take_number(taking, object, "mday", 1, 31, &mday));
    TRY(take_number(taking, object, "open_days", 0, DUE_OPEN_DAYS_MOST, &open_days));
    TRY(take_bool(taking, object, "before", &due->rule.is_before));
    TRY(take_validity(taking, object, &due->rule.from, &due->rule.to));
    due->rule.month = (int)month;
    due->rule.mday = (int)mday;
    due->rule.open_days = (int)open_days;
    const char *problem = due_rule_problem(&due->rule);
    return problem == NULL ? OK : model_wrong(taking, "", problem);
}

/* --- the whole ------------------------------------------------------------------------------- */

static errc take_head(struct taking *taking, const struct json_value *root, struct model *model)
{
    static const char *const keys[] = {"loa_report_package",
                                       "code",
                                       "name",
                                       "version",
                                       "source",
                                       "from",
                                       "to",
                                       "measures",
                                       "elements",
                                       "forms",
                                       "indicators",
                                       "sets",
                                       "targets",
                                       "tasks",
                                       "legends",
                                       "dues",
                                       NULL};
    int64_t format = 0;
    model->version = 1;
    TRY(take_number(taking, root, "loa_report_package", 1, INT32_MAX, &format));
    if (format == 0) {
        return model_wrong(taking, "loa_report_package", "missing");
    }
    if (format > MODEL_FORMAT) {
        ignore(model_wrong(taking, "loa_report_package", "from_the_future"));
        return ERR_VERSION;
    }
    TRY(take_only(taking, root, keys));
    TRY(take_code(taking, root, "code", &model->code));
    TRY(take_name(taking, root, &model->name));
    TRY(take_number(taking, root, "version", 1, INT32_MAX, &model->version));
    TRY(take_text(taking, root, "source", MODEL_NAME_MOST, &model->source));
    return take_validity(taking, root, &model->from, &model->to);
}

static errc take_parts(struct taking *taking, const struct json_value *root, struct model *model)
{
    const struct {
        struct taking_list list;
        void **items;
        size_t *count;
    } parts[] = {
        {{"measures", MEASURES_MOST, sizeof(struct model_measure), take_measure},
         (void **)&model->measures,
         &model->measure_count},
        {{"elements", MODEL_ELEMENTS_MOST, sizeof(struct model_element), take_element},
         (void **)&model->elements,
         &model->element_count},
        {{"forms", MODEL_FORMS_MOST, sizeof(struct model_form), take_form},
         (void **)&model->forms,
         &model->form_count},
        {{"indicators", MODEL_INDICATORS_MOST, sizeof(struct model_indicator), take_indicator},
         (void **)&model->indicators,
         &model->indicator_count},
        {{"sets", MODEL_SETS_MOST, sizeof(struct model_set), take_set},
         (void **)&model->sets,
         &model->set_count},
        {{"targets", MODEL_TARGETS_MOST, sizeof(struct model_target), take_target},
         (void **)&model->targets,
         &model->target_count},
        {{"tasks", MODEL_TASKS_MOST, sizeof(struct model_task), take_task},
         (void **)&model->tasks,
         &model->task_count},
        {{"legends", MODEL_LEGENDS_MOST, sizeof(struct model_legend), take_legend},
         (void **)&model->legends,
         &model->legend_count},
        {{"dues", DUE_RULES_MOST, sizeof(struct model_due), take_due},
         (void **)&model->dues,
         &model->due_count},
    };
    for (size_t i = 0; i < COUNT_OF(parts); i++) {
        void *items = NULL;
        TRY(take_list(taking, root, &parts[i].list, &items, parts[i].count));
        *parts[i].items = items;
    }
    return OK;
}

errc model_read(struct arena *arena, str text, struct model *ret_model,
                struct model_problem *problem)
{
    AUTO(json_in_finish) struct json_in in = {NULL};
    struct taking taking = {.arena = arena, .problem = problem};
    struct model model = {.version = 0};
    struct why why = {""};
    if (text.len > MODEL_SIZE_MOST) {
        return model_wrong(&taking, "", "too_long");
    }
    errc rc = json_in_parse(text, &in, &why);
    if (rc != OK) {
        return rc == ERR_NO_MEMORY ? rc : model_wrong_at(problem, "", "not_json", str_of(why.text));
    }
    if (!json_in_is_object(in.root)) {
        return model_wrong(&taking, "", "wrong_type");
    }
    TRY(take_head(&taking, in.root, &model));
    TRY(take_parts(&taking, in.root, &model));
    TRY(model_check(arena, &model, problem));
    if (arena_failed(arena)) {
        return ERR_NO_MEMORY;
    }
    *ret_model = model;
    return OK;
}
