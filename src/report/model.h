/* What is reported, as data: measures, data elements, forms, indicators, criteria sets, targets,
 * deadlines, tasks, legends and approval chains, all from one readable package file, so that a
 * province or the ministry ships its own and no line of C knows any of them. A package is read
 * whole or not at all; every formula in it is read and checked against the elements it names, and a
 * computed element that needs itself is found before anybody fills in a form. */
#ifndef LOA_REPORT_MODEL_H
#define LOA_REPORT_MODEL_H

#include "report/due.h"
#include "report/formula.h"

enum {
    MODEL_FORMAT = 1,
    MODEL_SIZE_MOST = 2 * 1024 * 1024,
    MODEL_ELEMENTS_MOST = 2000,
    MODEL_FORMS_MOST = 100,
    MODEL_SECTIONS_MOST = 60,
    MODEL_INDICATORS_MOST = 1000,
    MODEL_SETS_MOST = 50,
    MODEL_CRITERIA_MOST = 100,
    MODEL_TARGETS_MOST = 20000,
    MODEL_TASKS_MOST = 500,
    MODEL_LEGENDS_MOST = 50,
    MODEL_BANDS_MOST = 12,
    MODEL_CHOICES_MOST = 60,
    MODEL_KINDS_MOST = 16,
    MODEL_REGIONS_MOST = 40,
    MODEL_THRESHOLDS_MOST = 20,
    MODEL_STEPS_MOST = 6,
    MODEL_NAME_MOST = 400,
    MODEL_NOTE_MOST = 2000,
};

struct model_words {
    str vi;
    str en; /* may be empty */
};

struct model_texts {
    const str *at;
    size_t count;
};

struct model_measure {
    str code;
    struct model_words name;
    str base; /* code of the measure that it is a multiple of; its own code: a base itself; empty: a
                 bare number */
    figure factor;
    uint16_t number; /* of its base, from 1; 0: bare */
};

enum element_type { ELEMENT_NUMBER, ELEMENT_TRUTH, ELEMENT_CHOICE, ELEMENT_TEXT, ELEMENT_DAY };
enum { ELEMENT_TYPES = 5 };

/* How values of units below, and of periods within, become one. */
enum element_roll { ROLL_NONE, ROLL_SUM, ROLL_LAST };
enum { ELEMENT_ROLLS = 3 };

struct model_choice {
    str code;
    struct model_words name;
};

struct model_element {
    str code;
    struct model_words name;
    enum element_type type;
    str measure; /* of numbers; empty: a bare number */
    int decimals;
    figure least; /* FIGURE_NONE: no bound */
    figure most;
    const struct model_choice *choices;
    size_t choice_count;
    enum element_roll over_units; /* SUM or NONE */
    enum element_roll over_time;  /* SUM (a flow), LAST (a stock) or NONE */
    str formula;                  /* computed; empty: filled in */
    str measured;                 /* name of a measured source; empty: none */
    struct model_texts kinds;     /* of the units that have it; none: all */
    struct formula read;          /* of `formula` */
};

struct model_section {
    struct model_words name;
    struct model_texts elements;
};

struct model_form {
    str code;
    struct model_words name;
    str tier;         /* who fills it in */
    unsigned periods; /* bit n: enum period_kind n */
    const struct model_section *sections;
    size_t section_count;
    struct model_texts steps; /* tiers that accept it, one after the other */
};

struct model_indicator {
    str code; /* "I.1" */
    struct model_words name;
    struct model_texts kinds; /* of the units that are counted; none: all that have the elements */
    str numerator;
    str denominator; /* empty: the numerator is the result */
    str measure;
    int decimals;
    bool less_is_better;
    str legend;
    struct formula over;  /* of `numerator` */
    struct formula under; /* of `denominator` */
    struct dimension dimension;
};

struct model_threshold {
    str name;     /* as the formulas of its indicator write it */
    str region;   /* empty: where no other holds */
    str measure;  /* empty: a bare number */
    figure value; /* FIGURE_NONE: left to the province */
    bool is_verified;
};

/* One line of a criterion: 8.3. */
struct model_mark {
    str code;
    struct model_words name;
    str met;    /* a condition over elements and thresholds: đạt */
    str nearly; /* cơ bản đạt; may be empty */
    const struct model_threshold *thresholds;
    size_t threshold_count;
    struct formula read_met;
    struct formula read_nearly;
    struct model_texts threshold_names; /* those after the elements in the formulas' scope */
};

struct model_criterion {
    str code;
    struct model_words name;
    const struct model_mark *marks;
    size_t mark_count;
};

struct model_set {
    str code;
    struct model_words name;
    day from;
    day to;
    struct model_texts regions;
    const struct model_criterion *criteria;
    size_t criterion_count;
};

struct model_target {
    str indicator;
    int year;
    figure value; /* FIGURE_NONE: "–", no target, which is not 0 */
    str unit;     /* official code; empty: of the package's own unit */
    str document;
};

struct model_task {
    str code;
    struct model_words name;
    str lead;
    struct model_texts with;
    day due; /* DAY_OPEN: none */
    str product;
    struct model_texts indicators;
};

struct model_band {
    figure from; /* FIGURE_NONE: from the beginning */
    str colour;  /* "#1a7f37" */
    struct model_words name;
};

struct model_legend {
    str code;
    const struct model_band *bands; /* ascending */
    size_t band_count;
};

struct model_due {
    str tier;
    bool is_agency;
    struct due_rule rule; /* `tier` is filled in by who knows the tiers of a province */
};

struct model {
    str code;
    struct model_words name;
    int64_t version;
    str source; /* the document it follows */
    day from;
    day to;
    struct model_measure *measures;
    size_t measure_count;
    struct model_element *elements;
    size_t element_count;
    struct model_form *forms;
    size_t form_count;
    struct model_indicator *indicators;
    size_t indicator_count;
    struct model_set *sets;
    size_t set_count;
    struct model_target *targets;
    size_t target_count;
    struct model_task *tasks;
    size_t task_count;
    struct model_legend *legends;
    size_t legend_count;
    struct model_due *dues;
    size_t due_count;
    const size_t *order; /* computed elements, each after those it needs */
    size_t order_count;
};

/* Where a package is wrong: "indicators[3].numerator", a key of the catalogue (`package.<word>`; of
 * formulas `formula.<word>`), the byte within a formula, and the words in question. */
struct model_problem {
    char where[160];
    char word[40];
    size_t at;
    char what[80];
};

/* ERR_INVALID with the problem; ERR_VERSION: a package from the future; ERR_NO_MEMORY. The text
 * must live as long as the model. */
CHECKED errc model_read(struct arena *arena, str text, struct model *ret_model,
                        struct model_problem *problem);
void model_write(const struct model *model, struct buf *out); /* the same package, in one form */

/* COUNT: the index of none. */
size_t model_element_find(const struct model *model, str code);
size_t model_indicator_find(const struct model *model, str code);
/* What a value of a measure counts of its base; 1 for an empty code. */
figure model_factor(const struct model *model, str measure);

#endif
