/* Prepared emergencies, as data: text with blanks in each language, a short text without, what says
 * that it is over and what corrects it. Those of a unit take the place of those from above for
 * their hazard and name; the lowest floor comes with the program. */
#ifndef LOA_BROADCAST_ALARM_TEMPLATE_H
#define LOA_BROADCAST_ALARM_TEMPLATE_H

#include "broadcast/alarm.h"
#include "broadcast/hazard.h"

enum {
    TEMPLATES_MOST = 100, /* that one unit sees */
    TEMPLATE_TEXTS_MOST = 8,
    TEMPLATE_BLANKS_MOST = 12,
    TEMPLATE_WORD_MOST = 60, /* event and the like */
    BLANK_NAME_MOST = 24,
};

struct alarm_template_text {
    str language;
    str title;
    str text;
    str short_text;
    struct alarm_words cancel;
    struct alarm_words correction;
};

struct alarm_template {
    int64_t id;
    unit_id unit; /* 0: comes with the program */
    enum hazard hazard;
    str name;
    int signal; /* enum alarm_signal */
    int clip;
    int times;
    int64_t pause_ms;
    int64_t again_s;
    int64_t valid_s;
    str category; /* words of CAP */
    str event;
    str urgency;
    str severity;
    str certainty;
    str response;
    const struct alarm_template_text *texts;
    size_t text_count;
};

struct alarm_templates {
    const struct alarm_template *at; /* by hazard, then by name */
    size_t count;
};

CHECKED errc alarm_template_list(const struct desk *desk, struct db *db, unit_id unit,
                                 struct alarm_templates *ret_templates, struct why *why);
/* The first one of the hazard that the unit sees; ERR_NOT_FOUND. */
CHECKED errc alarm_template_of(const struct desk *desk, struct db *db, unit_id unit,
                               enum hazard hazard, struct alarm_template *ret_template,
                               struct why *why);
/* Needs ALARMS_WRITE over its unit. id 0, or the id of another unit's: a new one. */
CHECKED errc alarm_template_put(const struct desk *desk, struct db *db,
                                const struct alarm_template *form, int64_t *ret_id,
                                struct why *why);
/* Only a unit's own; what was above comes back. */
CHECKED errc alarm_template_drop(const struct desk *desk, struct db *db, int64_t id,
                                 struct why *why);

/* Pure: the names between braces, each once, in their order; at most TEMPLATE_BLANKS_MOST. A brace
 * that belongs to no name is ERR_INVALID. */
CHECKED errc alarm_text_blanks(str text, str ret_names[TEMPLATE_BLANKS_MOST], size_t *ret_count);

#endif
