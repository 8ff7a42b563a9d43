/* What every job on units takes besides the database, and the changes of single units. A store may
 * run a write job more than once: each function starts from nothing and leaves no trace outside the
 * database but in what it returns. Changes write an audit line and announce the topic "units".
 * Reading is unit_sight.h on the forest of unit_book_read(). */
#ifndef LOA_PEOPLE_UNIT_JOB_H
#define LOA_PEOPLE_UNIT_JOB_H

#include "base/json_in.h"
#include "people/right.h"
#include "people/unit_book.h"
#include "people/unit_check.h"

struct db;

/* Other subjects that hang on units (accounts, stations, reports) say so here, so that a reform is
 * not undone under their feet. The server fills the list in. */
struct unit_dependants {
    const char *what; /* "accounts": a catalogue key, `unit.dependant.<what>` */
    /* Does anything refer to one of these units? */
    errc (*find)(void *ctx, struct db *db, const unit_id *units, size_t count, bool *ret_any,
                 struct why *why);
    void *ctx;
};

struct unit_job {
    struct unit_book *book;
    const struct actor *actor;
    struct arena *arena;
    struct bad_field *bad; /* filled with ERR_INVALID; may be null */
    const struct unit_dependants *dependants;
    size_t dependant_count;
};

struct unit_draft {
    str tier; /* may be empty: the kind's */
    str kind;
    str name;
    str code; /* may be empty */
    unit_id parent;
    day from;
};

struct unit_changes {
    unit_id unit;
    day on;
    bool has_name;
    str name;
    bool has_code;
    str code;
    bool has_kind;
    str kind;
    bool has_parent;
    unit_id parent;
    bool ends;
};

/* Needs RIGHT_UNITS_WRITE over the unit, and over the parent it is to have. ERR_INVALID with the
 * field in `bad`, ERR_NOT_FOUND, ERR_FORBIDDEN. */
CHECKED errc unit_create(const struct unit_job *job, struct db *db, const struct unit_draft *draft,
                         unit_id *ret_unit, struct why *why);
CHECKED errc unit_change(const struct unit_job *job, struct db *db,
                         const struct unit_changes *changes, struct why *why);

#endif
