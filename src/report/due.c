#include "report/due.h"

#include "base/crash.h"

#include <stdlib.h>

const char *due_rule_problem(const struct due_rule *rule)
{
    unsigned all = (1U << period_kind_count(rule->kind)) - 1;
    if (rule->from >= rule->to) {
        return "never_in_force";
    }
    if (rule->tier < 0 || rule->tier >= DUE_TIERS) {
        return "no_such_tier";
    }
    if ((rule->numbers & all) == 0 || (rule->numbers & ~all) != 0) {
        return "no_such_period";
    }
    if (rule->mday < 1 || rule->mday > 31 || rule->month < -11 || rule->month > 12) {
        return "no_such_day";
    }
    if (rule->open_days < 0 || rule->open_days > DUE_OPEN_DAYS_MOST) {
        return "opens_too_early";
    }
    return NULL;
}

/* The day of a month, or its last one. */
static day month_day(int year, int month, int mday)
{
    day date = 0;
    while (!day_from_civil((struct civil){year, month, mday}, &date)) {
        mday--;
    }
    return date;
}

static struct due make(const struct due_rule *rule, period value)
{
    struct civil last = day_civil(period_to(value) - 1);
    int months = last.year * 12 + last.month - 1 + rule->month;
    struct due due = {.period = value, .is_before = rule->is_before};
    due.deadline = month_day(months / 12, months % 12 + 1, rule->mday);
    due.last = rule->is_before ? due.deadline - 1 : due.deadline;
    due.opens = due.last - rule->open_days;
    return due;
}

static bool concerns(const struct due_rule *rule, int tier, period value)
{
    return rule->tier == tier && rule->kind == value.kind &&
           (rule->numbers >> (value.number - 1) & 1U) != 0 &&
           day_within(period_from(value), rule->from, rule->to);
}

/* Of several rules in force the one that began last. */
static const struct due_rule *find(const struct due_rule *rules, size_t count, int tier,
                                   period value)
{
    const struct due_rule *best = NULL;
    for (size_t i = 0; i < count; i++) {
        if (concerns(&rules[i], tier, value) && (best == NULL || rules[i].from > best->from)) {
            best = &rules[i];
        }
    }
    return best;
}

static int compare(const void *left, const void *right)
{
    const struct due *a = left;
    const struct due *b = right;
    if (a->last != b->last) {
        return a->last < b->last ? -1 : 1;
    }
    return (int)b->period.kind - (int)a->period.kind;
}

errc due_list(struct arena *arena, const struct due_rule *rules, size_t count, int tier, int year,
              struct dues *ret_dues)
{
    struct dues dues = {.at = arena_take_array(arena, 12 + 4 + 2 + 1 + 1, sizeof *dues.at)};
    if (dues.at == NULL) {
        return ERR_NO_MEMORY;
    }
    for (enum period_kind kind = PERIOD_MONTH; kind <= PERIOD_YEAR; kind++) {
        for (int number = 1; number <= period_kind_count(kind); number++) {
            period value = {kind, year, number};
            const struct due_rule *rule = find(rules, count, tier, value);
            if (rule != NULL) {
                dues.at[dues.count++] = make(rule, value);
            }
        }
    }
    qsort(dues.at, dues.count, sizeof *dues.at, compare);
    *ret_dues = dues;
    return OK;
}

enum due_state due_state(const struct due *due, day today, day sent, day extended)
{
    day last = extended > due->last ? extended : due->last;
    if (sent != DAY_OPEN) {
        return sent <= last ? DUE_IN_TIME : DUE_CAME_LATE;
    }
    if (today > last) {
        return DUE_LATE;
    }
    return today < due->opens ? DUE_LATER : DUE_OPEN;
}

const char *due_state_name(enum due_state state)
{
    switch (state) {
    case DUE_LATER:
        return "later";
    case DUE_OPEN:
        return "open";
    case DUE_LATE:
        return "late";
    case DUE_IN_TIME:
        return "in_time";
    case DUE_CAME_LATE:
        return "came_late";
    }
    return "";
}
