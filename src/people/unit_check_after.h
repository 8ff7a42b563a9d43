/* The second half of unit_check: the outcome of a patch. */
#ifndef LOA_PEOPLE_UNIT_CHECK_AFTER_H
#define LOA_PEOPLE_UNIT_CHECK_AFTER_H

#include "people/unit_check.h"

struct unit_check_after {
    const struct unit_trial *trial;
    struct unit_problems *problems;
    unit_id first_new; /* what patch id -1 became */
    const struct forest *after;
};

/* Before the ledger is sealed: links that no ledger may hold. */
void unit_check_links(const struct unit_check_after *look, const struct unit_ledger *ledger);
/* When the forest after the patch stands. */
void unit_check_outcome(const struct unit_check_after *look);

#endif
