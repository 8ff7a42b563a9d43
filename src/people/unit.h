/* The words of the model. A unit (đơn vị hành chính) is our own id plus a validity; its names,
 * official codes, kinds and parents are dated facts, because codes are reused, names change and
 * whole tiers are abolished. Links (lineage) say which unit's land and people went where. Each row
 * knows the batch (reform, import, change) that began it and the one that ended it. */
#ifndef LOA_PEOPLE_UNIT_H
#define LOA_PEOPLE_UNIT_H

#include "base/base.h"
#include "people/share.h"
#include "people/tier.h"

typedef int64_t unit_id;  /* 0: none; in a patch, -n: the n-th unit that it begins */
typedef int64_t batch_id; /* 0: none */

enum {
    UNIT_DEPTH = TIERS_MOST, /* tiers above each other */
    UNIT_NAME_MOST = 120,    /* characters */
    UNIT_CODE_MOST = 16,     /* bytes: digits, Latin letters, '-' and '.' */
    UNITS_MOST = 1 << 20,
    UNIT_FACTS_MOST = 1 << 23,
};

enum unit_aspect { UNIT_NAME, UNIT_CODE, UNIT_KIND, UNIT_PARENT };
enum { UNIT_ASPECTS = 4 };

/* Valid on [from, to). An interval that is empty was replaced on the day it began: it is kept so
 * that the replacement can be undone, and is never seen. */
struct unit_fact {
    unit_id unit;
    enum unit_aspect aspect;
    day from;
    day to;
    str text;      /* UNIT_NAME, UNIT_CODE */
    int64_t value; /* UNIT_KIND: index into the tier set; UNIT_PARENT: unit_id */
    batch_id begun_by;
    batch_id ended_by;
};

struct unit_life {
    unit_id id;
    uint8_t tier;
    day from;
    day to;
    batch_id begun_by;
    batch_id ended_by;
    uint32_t last[UNIT_ASPECTS]; /* the ledger's own: its latest fact of each aspect */
};

/* LINK_WHOLE: all of it went there. LINK_PART: a part, of a declared share or not. LINK_REST: what
 * the declared parts left over ("phần còn lại"). */
enum link_relation { LINK_WHOLE, LINK_PART, LINK_REST };

struct unit_link {
    unit_id from;
    unit_id to;
    day on;
    enum link_relation relation;
    share share;    /* of `from`; declared only for LINK_PART, 1 for LINK_WHOLE */
    batch_id event; /* the batch that first made it: links of one event act together */
    batch_id batch; /* that made this row: later than the event when a share was declared later */
    batch_id ended_by; /* that replaced this row, or 0 */
};

enum batch_kind { BATCH_CHANGE, BATCH_REFORM, BATCH_IMPORT };

struct unit_batch {
    batch_id id;
    enum batch_kind kind;
    day on;
    str title; /* of a reform; else empty */
};

const char *unit_aspect_name(enum unit_aspect aspect);       /* "name", "code", … */
const char *link_relation_name(enum link_relation relation); /* "whole", "part", "rest" */
CHECKED bool link_relation_parse(str text, enum link_relation *ret_relation);
const char *batch_kind_name(enum batch_kind kind);
CHECKED bool batch_kind_parse(str text, enum batch_kind *ret_kind);

/* What a name and a code may be; a code is "" or 1 to UNIT_CODE_MOST bytes. */
bool unit_name_is_fit(str name);
bool unit_code_is_fit(str code);

#endif
