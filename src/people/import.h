/* Imports of unit lists. Two phases: import_check reads a file against the units as they are and
 * says, line by line, what it would do and what is wrong with it; nothing is written. Only a plan
 * without errors can be applied (unit_rows.h), in one transaction. Importing the same file again
 * changes nothing. docs/operator/import.md describes the columns for people. */
#ifndef LOA_PEOPLE_IMPORT_H
#define LOA_PEOPLE_IMPORT_H

#include "people/forest.h"
#include "people/unit_check.h"

/* UNITS_BEFORE: the statistics office's list with districts (Tỉnh Thành Phố, Mã TP, Quận Huyện,
 * Mã QH, Phường Xã, Mã PX, Cấp). UNITS_AFTER: its list since 2025-07-01 (Tên, Mã, Cấp,
 * Tỉnh / Thành Phố, Mã tỉnh). LINEAGE: our own layout. UNITS: our own list of any units, villages
 * too (code, name, kind, parent_code). */
enum import_kind { IMPORT_UNITS_BEFORE, IMPORT_UNITS_AFTER, IMPORT_LINEAGE, IMPORT_UNITS };

enum { IMPORT_SIZE_MOST = 16 * 1024 * 1024, IMPORT_LINES_MOST = 200000, IMPORT_DATES_MOST = 64 };

const char *import_kind_name(enum import_kind kind); /* "units_before" */
CHECKED bool import_kind_parse(str text, enum import_kind *ret_kind);

struct import_job {
    const struct forest *before;
    enum import_kind kind;
    day on; /* the day of the list; a lineage file has its own dates, this one is the default */
    str text;
    struct arena *arena;
};

struct import_plan {
    size_t lines;   /* data lines read */
    size_t adds;    /* units (or links) that are new */
    size_t keeps;   /* lines that say what is known */
    size_t changes; /* units that change */
    size_t ends;    /* units that end */
    struct unit_patch patch;
    struct unit_problems problems; /* origin = line; warnings are the notes */
};

/* OK also for a file full of errors (plan.problems.errors). *ret_after may be null; it is the
 * forest as it would be, or null when there are errors. */
CHECKED errc import_check(const struct import_job *job, struct import_plan *ret_plan,
                          struct forest **ret_after, struct why *why);

#endif
