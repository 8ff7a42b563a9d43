/* For import_rows.c: the report of a check as JSON, out and in again. */
#ifndef LOA_PEOPLE_IMPORT_REPORT_H
#define LOA_PEOPLE_IMPORT_REPORT_H

#include "people/import_job.h"

CHECKED errc import_report_write(const struct import_plan *plan, struct arena *arena,
                                 str *ret_json);
/* Fills the figures, errors and notes. ERR_CORRUPT when it is not one of ours. */
CHECKED errc import_report_read(str json, struct arena *arena, struct import *import);

#endif
