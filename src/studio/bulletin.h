/* Bulletins: one object, one approval, every channel. What a bulletin says is a body, kept in
 * versions that never change; where it stands is a state. This header is the pure half: words,
 * limits, what may follow what, and what is wrong with a body.
 *
 * What must never happen: that somebody's change is lost because another one saved later; that
 * anything sounds which a second person has not read in exactly this version (or the unit's own
 * rule allows one person, and the audit says so); that a spoken bulletin has no transcript. */
#ifndef LOA_STUDIO_BULLETIN_H
#define LOA_STUDIO_BULLETIN_H

#include "base/hash.h"
#include "broadcast/desk.h"
#include "wire/order.h"
#include "wire/types.h"

enum {
    BULLETIN_TITLE_MOST = 200,
    BULLETIN_TEXT_MOST = 20000,
    BULLETIN_SOURCES_MOST = 2000,
    BULLETIN_REASON_MOST = 1000,
    BULLETIN_TEXTS_MOST = 24,
    BULLETIN_ATTACHMENTS_MOST = 16,
    BULLETIN_AREAS_MOST = 256,
    BULLETIN_REVISIONS_MOST = 1000000,
    CATEGORY_CODE_MOST = 32,
    ATTACHMENT_NAME_MOST = 200,
};

enum bulletin_class { BULLETIN_ORDINARY, BULLETIN_PRIORITY, BULLETIN_EMERGENCY };
enum { BULLETIN_CLASSES = 3 };

enum bulletin_channel { CHANNEL_SOUND, CHANNEL_BOARD, CHANNEL_PORTAL };
enum { BULLETIN_CHANNELS = 3 };

/* The last two are never stored: time makes them of what is planned and how long it is valid. */
enum bulletin_state {
    BULLETIN_DRAFT,
    BULLETIN_SUBMITTED,
    BULLETIN_RETURNED,
    BULLETIN_APPROVED,
    BULLETIN_OFFERED,
    BULLETIN_SCHEDULED,
    BULLETIN_WITHDRAWN,
    BULLETIN_ON_AIR,
    BULLETIN_DONE
};
enum { BULLETIN_STATES = 9 };

struct bulletin_text {
    str language;
    enum bulletin_channel channel;
    str title;
    str text;
    hash media; /* zero: none */
    int64_t ms; /* filled in from the media */
    int64_t bytes;
};

struct bulletin_attachment {
    hash media;
    str name;
};

struct bulletin_body {
    str title;
    str category; /* empty: not chosen yet */
    enum bulletin_class class;
    usec valid_from; /* 0: from its approval */
    usec valid_to;   /* 0: until it is withdrawn */
    str sources;
    const unit_id *areas; /* none: all of its unit */
    size_t area_count;
    const struct bulletin_text *texts;
    size_t text_count;
    const struct bulletin_attachment *attachments;
    size_t attachment_count;
};

struct bulletin_person {
    int64_t account; /* 0: nobody yet, or the system */
    str name;
    usec at; /* 0: never */
};

/* Where a bulletin stands, and what lists show of it. */
struct bulletin_line {
    int64_t id;
    wire_id mark;
    unit_id unit;
    enum bulletin_state state; /* as of now */
    enum bulletin_state kept;  /* as it is stored */
    int64_t revision;
    int64_t submitted_revision; /* 0: never */
    int64_t approved_revision;  /* 0: never */
    bool approved_alone;
    str title;
    str category;
    enum bulletin_class class;
    str languages; /* "vi tyz" */
    str channels;
    int64_t ms;
    usec valid_from;
    usec valid_to;
    str reason;
    struct bulletin_person written;
    struct bulletin_person submitted;
    struct bulletin_person approved;
    usec first_at; /* 0: nothing is planned */
    usec last_at;
    usec changed_at;
};

struct bulletin {
    struct bulletin_line line;
    struct bulletin_body body; /* of the newest version */
};

enum bulletin_step {
    STEP_CHANGE,
    STEP_SUBMIT,
    STEP_APPROVE,
    STEP_RETURN,
    STEP_WITHDRAW,
    STEP_SCHEDULE,
    STEP_SEND
};
enum { BULLETIN_STEPS = 7 };

const char *bulletin_class_name(enum bulletin_class class);
CHECKED bool bulletin_class_parse(str text, enum bulletin_class *ret_class);
const char *bulletin_channel_name(enum bulletin_channel channel);
CHECKED bool bulletin_channel_parse(str text, enum bulletin_channel *ret_channel);
const char *bulletin_state_name(enum bulletin_state state);
CHECKED bool bulletin_state_parse(str text, enum bulletin_state *ret_state);
const char *bulletin_step_name(enum bulletin_step step);

/* What its stored state has become by now. */
enum bulletin_state bulletin_state_at(const struct bulletin_line *line, usec now);
/* Whether a bulletin in this state may take the step at all; who may is another question. */
bool bulletin_step_fits(enum bulletin_state state, enum bulletin_class class,
                        enum bulletin_step step);
bool bulletin_is_public(const struct bulletin_line *line, usec now);

/* What is wrong with a body at all, as a draft; ERR_INVALID with the field in `bad`. */
CHECKED errc bulletin_check(const struct bulletin_body *body, struct bad_field *bad);
/* Whether two bodies say the same, to the last sign. */
bool bulletin_says_same(const struct bulletin_body *a, const struct bulletin_body *b);
/* What is missing before anybody is asked to approve it. */
CHECKED errc bulletin_check_complete(const struct bulletin_body *body, struct bad_field *bad);

#endif
