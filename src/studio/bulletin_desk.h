/* Bulletins in the database: written, changed, approved, returned, withdrawn, found. Everything is
 * checked here, written to the audit trail and announced as `bulletins`. Rights: BULLETINS_WRITE
 * over the issuing unit to write and submit, BULLETINS_APPROVE to approve, return and take back
 * what was approved. What is approved is seen from below too; what is not, from above alone. */
#ifndef LOA_STUDIO_BULLETIN_DESK_H
#define LOA_STUDIO_BULLETIN_DESK_H

#include "studio/bulletin.h"

/* The same mark again answers the bulletin that is there. ERR_EXISTS: the mark is somebody else's.
 */
struct bulletin_draft {
    wire_id mark;
    unit_id unit;
    struct bulletin_body body;
};
CHECKED errc bulletin_create(const struct desk *desk, struct db *db,
                             const struct bulletin_draft *draft, int64_t *ret_id, struct why *why);
/* ERR_VERSION: the revision is not the newest any more, nothing is kept. ERR_CONFLICT: it is past
 * changing. */
CHECKED errc bulletin_change(const struct desk *desk, struct db *db, int64_t id, int64_t revision,
                             const struct bulletin_body *body, struct why *why);

CHECKED errc bulletin_get(const struct desk *desk, struct db *db, int64_t id,
                          struct bulletin *ret_bulletin, struct why *why);
CHECKED errc bulletin_get_line(const struct desk *desk, struct db *db, int64_t id,
                               struct bulletin_line *ret_line, struct why *why);

struct bulletin_filter {
    unit_id unit; /* issued by it or below it; 0: by anybody */
    bool has_state;
    enum bulletin_state state;
    bool has_class;
    enum bulletin_class class;
    str category;      /* empty: any */
    str question;      /* words; empty: none */
    bool mine;         /* written by who asks */
    int64_t before_id; /* 0: from the newest */
    size_t limit;
};
struct bulletin_lines {
    const struct bulletin_line *at; /* the newest first */
    size_t count;
    int64_t next;
};
CHECKED errc bulletin_list(const struct desk *desk, struct db *db,
                           const struct bulletin_filter *filter, struct bulletin_lines *ret_lines,
                           struct why *why);

struct bulletin_like {
    struct bulletin_line line;
    int percent;
};
struct bulletin_likes {
    const struct bulletin_like *at; /* the most alike first */
    size_t count;
};
/* Those among the newest that say the same, but for `except`. */
CHECKED errc bulletin_similar(const struct desk *desk, struct db *db, str title, str text,
                              int64_t except, struct bulletin_likes *ret_likes, struct why *why);

struct bulletin_version {
    int64_t revision;
    str title;
    struct bulletin_person saved;
};
struct bulletin_versions {
    const struct bulletin_version *at; /* the newest first */
    size_t count;
};
CHECKED errc bulletin_versions_load(const struct desk *desk, struct db *db, int64_t id,
                                    struct bulletin_versions *ret_versions, struct why *why);
CHECKED errc bulletin_version_get(const struct desk *desk, struct db *db, int64_t id,
                                  int64_t revision, struct bulletin_version *ret_version,
                                  struct bulletin_body *ret_body, struct why *why);

/* Steps. The revision is the one that was read: ERR_VERSION when it is not the newest. */
CHECKED errc bulletin_submit(const struct desk *desk, struct db *db, int64_t id, int64_t revision,
                             struct why *why);
/* ERR_SECOND_PERSON: who asks wrote a part of it, and the unit wants two. */
CHECKED errc bulletin_approve(const struct desk *desk, struct db *db, int64_t id, int64_t revision,
                              struct why *why);
CHECKED errc bulletin_return(const struct desk *desk, struct db *db, int64_t id, str reason,
                             struct why *why);
/* It sounds nowhere any more, and offers of it are gone. */
CHECKED errc bulletin_withdraw(const struct desk *desk, struct db *db, int64_t id, str reason,
                               struct why *why);
/* A new draft of a unit with what this one says. */
CHECKED errc bulletin_copy(const struct desk *desk, struct db *db, int64_t id, wire_id mark,
                           unit_id unit, int64_t *ret_id, struct why *why);

/* Bits of enum bulletin_step that the actor may take now. */
CHECKED errc bulletin_steps(const struct desk *desk, struct db *db,
                            const struct bulletin_line *line, unsigned *ret_steps, struct why *why);

/* Whether one person may write and approve in a unit, and whose word that is (0: nobody's). */
struct bulletin_rule {
    bool one_person;
    unit_id set_by;
};
CHECKED errc bulletin_rule_get(const struct desk *desk, struct db *db, unit_id unit,
                               struct bulletin_rule *ret_rule, struct why *why);
/* A unit does not allow itself: BULLETINS_APPROVE over the unit above it, or over the root. */
CHECKED errc bulletin_rule_set(const struct desk *desk, struct db *db, unit_id unit,
                               bool one_person, struct why *why);

/* Every medium that any version names: what a sweep must leave alone. */
CHECKED errc bulletin_media_used(struct db *db, void (*on_media)(void *ctx, hash media), void *ctx,
                                 struct why *why);

#endif
