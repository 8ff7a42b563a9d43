/* Accounts hang on units: a reform is not undone while somebody belongs to a unit that it began. */
#ifndef LOA_PEOPLE_ACCOUNT_UNIT_H
#define LOA_PEOPLE_ACCOUNT_UNIT_H

#include "people/unit_job.h"

/* For unit_dependants.find; ctx is a `const day *`, today. */
CHECKED errc account_unit_find(void *ctx, struct db *db, const unit_id *units, size_t count,
                               bool *ret_any, struct why *why);

#endif
