/* Imports in the store: a file is checked and kept, looked at by a person, then applied or thrown
 * away. Applying checks it again against the units of that moment, in the same transaction. */
#ifndef LOA_PEOPLE_IMPORT_JOB_H
#define LOA_PEOPLE_IMPORT_JOB_H

#include "people/import.h"
#include "people/unit_job.h"

enum import_state { IMPORT_CHECKED, IMPORT_REFUSED, IMPORT_APPLIED, IMPORT_DISCARDED };

const char *import_state_name(enum import_state state);

enum { IMPORT_SHOWN_MOST = 500, IMPORT_FILENAME_MOST = 200 };

struct import_note {
    size_t line;
    str column;
    str key; /* unit_problem_key */
    str about;
};

struct import {
    int64_t id;
    enum import_kind kind;
    str filename;
    day on;
    enum import_state state;
    int64_t lines;
    int64_t adds;
    int64_t keeps;
    int64_t changes;
    int64_t ends;
    int64_t unresolved;               /* parts without a declared share, children that wait */
    const struct import_note *errors; /* the first IMPORT_SHOWN_MOST */
    size_t error_count;
    const struct import_note *notes;
    size_t note_count;
    int64_t created_by;
    str created_name;
    usec created_at;
};

struct import_file {
    enum import_kind kind;
    day on;
    str filename;
    str text;
};

struct imports {
    const struct import *items;
    size_t count;
    int64_t next; /* before_id of the next page, or 0 */
};

/* Reading jobs. */
CHECKED errc import_page(const struct unit_job *job, struct db *db, int64_t before_id, size_t most,
                         struct imports *ret_imports, struct why *why);
CHECKED errc import_get(const struct unit_job *job, struct db *db, int64_t id,
                        struct import *ret_import, struct why *why);

/* Writing jobs; RIGHT_IMPORTS_WRITE over every unit that the file touches. A file with errors is
 * kept as refused, with its report. ERR_CONFLICT: not in a state for that, or the units changed
 * since and the file does not fit any more. */
CHECKED errc import_create(const struct unit_job *job, struct db *db,
                           const struct import_file *file, int64_t *ret_id, struct why *why);
CHECKED errc import_apply(const struct unit_job *job, struct db *db, int64_t id, struct why *why);
CHECKED errc import_discard(const struct unit_job *job, struct db *db, int64_t id, struct why *why);

#endif
