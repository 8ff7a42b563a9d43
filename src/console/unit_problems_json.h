/* What is wrong with a change of units, in the words of who asks. */
#ifndef LOA_CONSOLE_UNIT_PROBLEMS_JSON_H
#define LOA_CONSOLE_UNIT_PROBLEMS_JSON_H

#include "console/ask.h"
#include "people/unit_check.h"
#include "people/unit_job.h"

/* The sentence of a problem by its key, in the arena. */
str unit_problem_words(struct ask *ask, str key, str about);

/* units_write.c: the job of who asks; the forest as his transaction has it now. */
struct unit_job ask_unit_job(struct ask *ask);
CHECKED errc ask_forest_again(struct ask *ask, struct why *why);

#endif
