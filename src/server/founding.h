/* Making the first people of a province: what `setup` and `demo` have in common. Done by the system
 * itself, in one transaction, and written into the audit log like everything else. */
#ifndef LOA_SERVER_FOUNDING_H
#define LOA_SERVER_FOUNDING_H

#include "people/account.h"
#include "people/unit_job.h"
#include "server/app.h"

enum { FOUNDERS_MOST = 16 };

struct founder {
    const char *login;
    str name;
    enum role role;
    unit_id unit;    /* filled in by the job before founding_accounts */
    int64_t account; /* filled in by founding_accounts */
    struct account_secret secret;
};

struct founding {
    struct app *app;
    struct arena *arena;
    struct actor actor;
    struct account_setup setup;
    struct forest *forest; /* of the running job */
    struct founder founders[FOUNDERS_MOST];
    size_t founder_count;
};

/* Makes the founders' passwords too, which takes a while; they are printed once, at the end. */
CHECKED errc founding_start(struct app *app, struct founding *founding, struct why *why);
void founding_finish(struct founding *founding);
CHECKED errc founding_add(struct founding *founding, const char *login, str name, enum role role,
                          struct why *why);
struct unit_job founding_unit_job(struct founding *founding);
/* In the job: creates the founders' accounts, each over its unit. */
CHECKED errc founding_accounts(struct founding *founding, struct db *db, struct why *why);
/* In the job: the root that devices will pin, and the three keys of this unit. */
CHECKED errc founding_keys(struct founding *founding, struct db *db, unit_id unit, struct why *why);
void founding_print(const struct founding *founding);

#endif
