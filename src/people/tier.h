/* Tiers and kinds of units are configuration with dates, not code: the district tier ends on a day,
 * a kind of unit begins on another, and a province may keep more. Here they are a small table read
 * from the store; a tier or kind is then an index into it. Rank 0 is the top; a parent's rank is
 * always smaller than its child's, which is why a tree of units cannot have a cycle. */
#ifndef LOA_PEOPLE_TIER_H
#define LOA_PEOPLE_TIER_H

#include "base/base.h"

enum { TIERS_MOST = 16, KINDS_MOST = 64, TIER_NAME_SIZE = 32, KIND_TITLE_SIZE = 64 };

struct tier {
    char name[TIER_NAME_SIZE]; /* "commune": the key of API and catalogue */
    int rank;
    day from;
    day to;
};

struct kind {
    char name[TIER_NAME_SIZE];   /* "xa" */
    char title[KIND_TITLE_SIZE]; /* as official lists and names write it: "Xã" */
    uint8_t tier;
    day from;
    day to;
};

struct tier_set {
    struct tier tiers[TIERS_MOST];
    struct kind kinds[KINDS_MOST];
    size_t tier_count;
    size_t kind_count;
};

/* ERR_INVALID for a name that is too long or there already, a rank that is taken, a kind of an
 * unknown tier, an empty interval; ERR_TOO_BIG when the table is full. */
CHECKED errc tier_add(struct tier_set *set, str name, int64_t rank, day from, day to);
CHECKED errc kind_add(struct tier_set *set, str name, str tier, str title, day from, day to);

int tier_find(const struct tier_set *set, str name); /* -1: none */
int kind_find(const struct tier_set *set, str name);
bool tier_is_valid(const struct tier_set *set, int tier, day on);
bool kind_is_valid(const struct tier_set *set, int kind, day on); /* and its tier is */
/* The kind whose title this is (any case), among those of the tier, or of any when tier is -1.
 * A kind in force on that day is preferred to one that is not. -1: none. */
CHECKED errc kind_of_title(const struct tier_set *set, int tier, str title, day on, int *ret_kind);
/* The kind whose title begins the name ("Thị trấn Tam Sơn"), likewise. */
CHECKED errc kind_of_name(const struct tier_set *set, int tier, str name, day on, int *ret_kind);

#endif
