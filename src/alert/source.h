/* Where warnings of others come from, and what they may become: a draft for somebody to work on, a
 * question to somebody, or an alarm by itself. The last needs two people: who set it and who
 * confirmed it; both stand for every alarm it raises, and it ends with the rights of either. Any
 * change of a source takes the confirmation away. */
#ifndef LOA_ALERT_SOURCE_H
#define LOA_ALERT_SOURCE_H

#include "broadcast/desk.h"
#include "cap/cap_seal.h"

enum {
    SOURCES_MOST = 200,
    SOURCE_NAME_MOST = 120,
    SOURCE_ADDRESS_MOST = 1000,
    SOURCE_SENDERS_MOST = 2000, /* bytes */
    SOURCE_CODES_MOST = 2000,
    SOURCE_EVERY_LEAST = 15, /* s */
    SOURCE_EVERY_MOST = 86400,
};

enum cap_policy { POLICY_DRAFT, POLICY_ASK, POLICY_AUTOMATIC };

const char *cap_policy_name(enum cap_policy policy);
CHECKED bool cap_policy_parse(str name, enum cap_policy *ret_policy);

struct cap_code {
    str name;
    str value;
    unit_id unit;
};

struct cap_source {
    int64_t id;
    unit_id unit;
    str name;
    str address;
    int64_t every_s;
    enum cap_policy policy;
    bool enabled;
    str senders; /* with blanks between; empty: any */
    str certificates;
    bool must_sign;
    enum cap_name severity_least;
    str language;
    str code_names;
    const struct cap_code *codes;
    size_t code_count;
    int64_t set_by;
    str set_name;
    int64_t confirmed_by; /* 0: not confirmed */
    str confirmed_name;
    usec confirmed_at;
    str etag;
    str modified;
    usec polled_at;  /* 0: never */
    str poll_error;  /* empty: the last time was good */
    int64_t waiting; /* messages that ask for an answer */
};

struct cap_sources {
    const struct cap_source *at; /* by name */
    size_t count;
};

/* Those that the actor sees; without their codes. */
CHECKED errc cap_source_list(const struct desk *desk, struct db *db,
                             struct cap_sources *ret_sources, struct why *why);
CHECKED errc cap_source_get(const struct desk *desk, struct db *db, int64_t id,
                            struct cap_source *ret_source, struct why *why);
/* Needs CAP_WRITE over its unit; id 0 is a new one. */
CHECKED errc cap_source_put(const struct desk *desk, struct db *db, const struct cap_source *source,
                            int64_t *ret_id, struct why *why);
/* The second person; ERR_FORBIDDEN for the one who set it. */
CHECKED errc cap_source_confirm(const struct desk *desk, struct db *db, int64_t id,
                                struct why *why);
CHECKED errc cap_source_drop(const struct desk *desk, struct db *db, int64_t id, struct why *why);

/* For the poller: those whose time has come. Without a look at rights. */
CHECKED errc cap_sources_due(struct db *db, usec now, struct arena *arena,
                             struct cap_sources *ret_sources, struct why *why);
/* How the last time went. */
struct cap_polled {
    str etag;
    str modified;
    str error;
    bool is_news; /* it went otherwise than the time before */
};
CHECKED errc cap_source_polled(struct db *db, int64_t id, const struct cap_polled *polled, usec now,
                               struct why *why);
/* Whether an entry of its feed was taken before; if not, it is now. */
CHECKED errc cap_entry_take(struct db *db, int64_t source, hash mark, usec now, bool *ret_fresh,
                            struct why *why);
CHECKED errc cap_entry_known(struct db *db, int64_t source, hash mark, struct arena *arena,
                             bool *ret_known, struct why *why);

/* Pure: whether one of the words between blanks is this one. */
bool cap_words_have(str words, str word);

#endif
