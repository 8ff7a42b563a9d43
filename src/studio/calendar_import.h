/* A calendar becomes programmes of a unit: ordinary places without items, to be filled. An event is
 * known again by its UID, so the same calendar a second time changes what it changed and doubles
 * nothing. What is not in the calendar any more stays: taking out is for people. */
#ifndef LOA_STUDIO_CALENDAR_IMPORT_H
#define LOA_STUDIO_CALENDAR_IMPORT_H

#include "broadcast/desk.h"
#include "studio/calendar_in.h"

enum import_result { IMPORT_ADDED, IMPORT_CHANGED, IMPORT_SAME, IMPORT_SKIPPED };
enum { IMPORT_RESULTS = 4 };

struct import_line {
    const struct calendar_event *event;
    enum import_result result;
    const char *code;  /* why it was skipped, `calendar.<code>`; null */
    int64_t programme; /* 0: none */
};
struct import_lines {
    const struct import_line *at;
    size_t count;
};

const char *import_result_name(enum import_result result);
struct calendar_import {
    unit_id unit;
    struct calendar_events events;
    bool dry; /* only what would happen */
};
/* Needs PROGRAMMES_WRITE over the unit. */
CHECKED errc calendar_import(const struct desk *desk, struct db *db,
                             const struct calendar_import *import, struct import_lines *ret_lines,
                             struct why *why);

#endif
