/* Lineage: what became of a unit, and what it came from. Between two days the links are followed
 * batch by batch in the order of time, so a cycle (two communes that exchange hamlets) is walked
 * once and ends. Shares multiply as exact fractions.
 *
 * What a batch of links does to a unit, by rule and without guessing silently:
 *   - a LINK_WHOLE takes all of it;
 *   - declared parts take what they declare;
 *   - what is left stays with the unit itself if it lives on; else it goes to the LINK_REST; else
 * to the only undeclared part; else (several undeclared) to the heir: the successor that took over
 *     its code, or the oldest. Never is it divided by a made-up share.
 *   - Whoever may have got more or less than is written because a part is undeclared carries
 *     PART_ASSUMED, also with a share of 0. What no link takes is PART_LOST, unit 0.
 * Backwards nothing is declared: with one origin all goes back to it, exactly; with several it is
 * kept whole on the unit itself, else the origin with the same code, else the oldest, all of them
 * PART_ASSUMED. */
#ifndef LOA_PEOPLE_LINEAGE_H
#define LOA_PEOPLE_LINEAGE_H

#include "people/forest.h"

enum { PART_ASSUMED = 1, PART_LOST = 2 };

struct lineage_part {
    unit_id unit; /* 0: lost */
    share share;  /* of the unit that was asked about; all parts together are exactly 1 */
    unsigned flags;
};

enum { LINEAGE_PARTS_MOST = 256 };

struct lineage_parts {
    struct lineage_part *parts; /* by unit, a lost part first; in the arena */
    size_t count;
};

/* The unit as of `from` on the units of `to`; either may be the later. ERR_NOT_FOUND: no such unit;
 * ERR_TOO_BIG: more than LINEAGE_PARTS_MOST parts, or fractions beyond 64 bits; ERR_CORRUPT: the
 * declared shares are more than 1. */
CHECKED errc lineage_between(const struct forest *forest, unit_id unit, day from, day to,
                             struct arena *arena, struct lineage_parts *ret_parts);

/* Does `above`, on the tree's day, cover the unit? One that has ended is answered through what
 * became of it (any successor will do), or without successors through its last day; one that is
 * yet to come, through its first day. For rights: who looks after an abolished unit's people. */
bool lineage_covers(struct tree tree, unit_id above, unit_id unit);

#endif
