/* The words of the schedule. A programme is a place in the days of a unit and what fills it; rules
 * are the limits of a unit; both are values, read whole from the store for the compiler. */
#ifndef LOA_BROADCAST_PROGRAMME_H
#define LOA_BROADCAST_PROGRAMME_H

#include "base/hash.h"
#include "broadcast/recurrence.h"
#include "people/unit.h"
#include "wire/order.h"

enum {
    PROGRAMME_NAME_MOST = 120,
    PROGRAMME_ITEMS_MOST = 400,
    PROGRAMME_AREAS_MOST = 256,
    PROGRAMME_REPEATS_MOST = 62,
    PROGRAMME_DAYS_MOST = 366,
    LANGUAGE_MOST = 16,
    DAY_S = 86400,
};

enum programme_kind { PROGRAMME_ITEMS, PROGRAMME_RELAY, PROGRAMME_SIGNAL, PROGRAMME_SILENCE };
enum { PROGRAMME_KINDS = 4 };

/* After an interruption: goes on where it was, where it would be by now, or is over. */
enum after_break { BREAK_RESUME, BREAK_KEEP_TIME, BREAK_END };
enum { AFTER_BREAKS = 3 };

struct programme_item {
    day on; /* DAY_FIRST: every day for which no item of that very day is there */
    int position;
    str language; /* empty: of no language */
    hash media;
    int64_t ms;
    int64_t bytes;
    str title;
    int64_t bulletin; /* 0: of none */
};

struct programme_repeat {
    int days_after;
    int start_s;
};

struct programme {
    int64_t id;
    unit_id unit;
    int tier; /* enum order_tier of its unit */
    str name;
    enum programme_kind kind;
    enum order_class order_class;
    struct recurrence when;
    int start_s;
    int64_t place_ms; /* 0: as long as its items */
    int64_t gain_mb;
    enum after_break after_break;
    str source;
    int64_t bulletin; /* whose alone it is; 0: of none */
    int64_t version;
    usec created;
    usec changed;
    const struct programme_item *items; /* by day, position, language */
    size_t item_count;
    const struct programme_repeat *repeats;
    size_t repeat_count;
    const unit_id *areas; /* none: all of its unit */
    size_t area_count;
};

/* What a unit made of an ordinary programme of an upper unit. */
struct programme_choice {
    int64_t programme;
    unit_id unit;
    bool taken;
    bool has_start;
    int start_s;
};

/* `first` goes before `second` where the unit stands. */
struct clash_order {
    unit_id unit;
    int64_t first;
    int64_t second;
};

struct rule_hours {
    int from_s;
    int to_s;
};

struct broadcast_rule {
    int64_t id;
    unit_id unit;
    str name;
    day from;
    day to;
    unsigned weekdays;
    bool quiet_zone; /* only for devices in one */
    bool no_sound;
    const struct rule_hours *hours; /* ascending; none: all */
    size_t hour_count;
    int64_t session_most_ms; /* 0: no limit */
    int64_t day_most_ms;
    int64_t gain_most_mb;
};

enum sound_role { SOUND_OPENING, SOUND_CLOSING, SOUND_HOLE };

struct broadcast_sound {
    unit_id unit;
    enum sound_role role;
    int position;
    hash media;
    int64_t ms;
    int64_t bytes;
};

/* Everything that the compiler looks at, of one moment. */
struct schedule {
    usec zone;
    const struct programme *programmes; /* ascending by id */
    size_t programme_count;
    const struct programme_choice *choices;
    size_t choice_count;
    const struct clash_order *clash_orders;
    size_t clash_order_count;
    const struct broadcast_rule *rules;
    size_t rule_count;
    const struct broadcast_sound *sounds;
    size_t sound_count;
    const struct holiday *holidays;
    size_t holiday_count;
};

const char *programme_kind_name(enum programme_kind kind);
CHECKED bool programme_kind_parse(str text, enum programme_kind *ret_kind);
const char *after_break_name(enum after_break after);
CHECKED bool after_break_parse(str text, enum after_break *ret_after);
const char *sound_role_name(enum sound_role role);
CHECKED bool sound_role_parse(str text, enum sound_role *ret_role);
bool language_is_fit(str language); /* BCP 47 as far as we use it, or empty */

#endif
