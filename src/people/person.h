/* People as those who are told something: name, language, ways to reach them, what they hold. Asked
 * by the server's own jobs, which nobody's rights stand before; what of it goes into an answer is
 * for the caller to weigh. Accounts that are disabled are nobody. */
#ifndef LOA_PEOPLE_PERSON_H
#define LOA_PEOPLE_PERSON_H

#include "people/forest.h"
#include "people/right.h"

struct db;

enum { PEOPLE_MOST = 200 };

struct person {
    int64_t id;
    str name;
    unit_id unit;
    str language; /* "vi" */
    str email;    /* at == NULL: none */
    str phone;
    struct grants grants; /* not over yet */
};

struct people {
    const struct person *at; /* in the arena */
    size_t count;
};

CHECKED errc person_find(struct db *db, int64_t id, day today, struct arena *arena,
                         struct person *ret_person, struct why *why);
/* Whoever may do this at the unit today. Those who stand nearest come first, then by name; of more
 * than PEOPLE_MOST the nearest. */
struct people_query {
    const struct forest *forest;
    enum right right;
    unit_id unit;
    day today;
};
CHECKED errc people_who_may(struct db *db, const struct people_query *query, struct arena *arena,
                            struct people *ret_people, struct why *why);
/* Acting by himself, without a session: for what he would see. Borrows the person. */
struct actor person_actor(const struct person *person, usec now, day today);

#endif
