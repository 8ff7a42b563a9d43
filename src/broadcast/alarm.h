/* Emergencies, drills and all-stops: raised once by an id that whoever raises them gives, approved
 * by a second person when they reach far, updated (a new version replaces the old one), cancelled,
 * expired. Every step is a row and an audit line before anything is sent. A drill has its own
 * functions, class and keys from the first byte on: nothing turns one into the other. */
#ifndef LOA_BROADCAST_ALARM_H
#define LOA_BROADCAST_ALARM_H

#include "broadcast/coverage.h"
#include "broadcast/desk.h"
#include "broadcast/hazard.h"
#include "wire/order.h"

enum {
    ALARM_TITLE_MOST = 160,
    ALARM_TEXT_MOST = 1200, /* characters: below the order's 4000 bytes */
    ALARM_VOICES_MOST = 8,
    ALARM_AREAS_MOST = 256,
    ALARM_TIMES = 3,
    ALARM_REASON_MOST = 400,
};

enum alarm_kind { ALARM_REAL, ALARM_DRILL, ALARM_STOP };
enum { ALARM_KINDS = 3 };

enum alarm_state {
    ALARM_WAITING, /* for a second person */
    ALARM_IN_FORCE,
    ALARM_REPLACED,
    ALARM_CANCELLED,
    ALARM_EXPIRED,
    ALARM_REFUSED /* by the second person, or never confirmed */
};
enum { ALARM_STATES = 6 };

/* What this version says: the danger, that the version before was wrong, that it is over. */
enum alarm_purpose { PURPOSE_ALARM, PURPOSE_CORRECTION, PURPOSE_CANCEL };
enum { ALARM_PURPOSES = 3 };

/* Why a second person is needed. */
enum alarm_second { SECOND_NONE, SECOND_DEVICES, SECOND_PEOPLE };

struct alarm_words {
    str title;
    str text;
};

struct alarm_voice {
    str language;
    hash media;
    int64_t bytes;
    int64_t ms;
};

/* Who raises without being there: two people have decided beforehand what a source of messages may
 * do. One of them acts, the other stands as who wrote it. */
struct alarm_source {
    int64_t id; /* 0: nobody, somebody is there */
    str name;
    int64_t written_by;
};

/* What is asked for. */
struct alarm_draft {
    wire_id mark; /* given by whoever raises it; of an update too */
    unit_id unit; /* issues it: its key signs */
    const unit_id *areas;
    size_t area_count; /* 0: all of the unit */
    enum hazard hazard;
    enum alarm_purpose purpose;
    str title;
    str text;
    struct alarm_words cancel;     /* prepared before the send; without a text: the template's */
    struct alarm_words correction; /* the same */
    struct alarm_source source;
    int signal; /* enum alarm_signal */
    int clip;   /* 0: none */
    int times;
    int64_t pause_ms;
    int64_t again_s;
    int64_t gain_mb;
    usec start; /* common first sample; 0: at once */
    int64_t valid_ms;
    const struct alarm_voice *voices; /* `bytes` and `ms` are filled in from the media */
    size_t voice_count;
};

struct alarm {
    int64_t id;
    wire_id mark;
    enum alarm_kind kind;
    unit_id unit;
    int64_t root;
    int64_t version;
    int64_t replaces; /* 0: none */
    enum alarm_state state;
    enum hazard hazard;
    enum alarm_purpose purpose;
    str title;
    str text;
    struct alarm_words cancel;
    struct alarm_words correction;
    int signal;
    int clip;
    int times;
    int64_t pause_ms;
    int64_t again_s;
    int64_t gain_mb;
    usec start;
    usec expires;
    int64_t valid_ms;
    int64_t devices;
    int64_t units;
    int64_t people;
    int64_t delegation; /* by which one person could send it; 0: none */
    int64_t source;     /* that raised it; 0: a person */
    str source_name;
    int64_t raised_by;
    str raised_name;
    usec raised_at;
    int64_t approved_by;
    str approved_name;
    usec approved_at;
    usec sent_at;
    int64_t ended_by;
    str ended_name;
    usec ended_at;
    str end_reason;
    const unit_id *areas;
    size_t area_count;
    const struct alarm_voice *voices;
    size_t voice_count;
};

struct alarms {
    const struct alarm *at;
    size_t count;
    int64_t next;
};

/* What it would do: before anybody presses anything. */
struct alarm_effect {
    int64_t devices;
    int64_t attached; /* -1: nobody knows */
    int64_t boards;
    int64_t communes;
    int64_t people;
    bool people_known;   /* false: of some part nobody has told how many live there */
    int64_t sounding_ms; /* once through: signal, voices, pauses */
    bool needs_approval;
    enum alarm_second second; /* why it would need one, delegated or not */
    int64_t delegation;       /* lets this person send it alone; 0: none */
};

const char *alarm_kind_name(enum alarm_kind kind);
CHECKED bool alarm_kind_parse(str text, enum alarm_kind *ret_kind);
const char *alarm_signal_name(int signal);
CHECKED bool alarm_signal_parse(str text, int *ret_signal);
const char *alarm_state_name(enum alarm_state state);
CHECKED bool alarm_state_parse(str text, enum alarm_state *ret_state);
const char *alarm_purpose_name(enum alarm_purpose purpose);
CHECKED bool alarm_purpose_parse(str text, enum alarm_purpose *ret_purpose);
enum right alarm_right(enum alarm_kind kind);
enum order_class alarm_class(enum alarm_kind kind);

CHECKED errc alarm_preview(const struct desk *desk, struct db *db, enum alarm_kind kind,
                           const struct alarm_draft *draft, struct alarm_effect *ret_effect,
                           struct why *why);
/* Idempotent by draft->mark: the second time answers what the first made. */
CHECKED errc alarm_raise(const struct desk *desk, struct db *db, const struct alarm_draft *draft,
                         int64_t *ret_id, struct why *why);
CHECKED errc drill_raise(const struct desk *desk, struct db *db, const struct alarm_draft *draft,
                         int64_t *ret_id, struct why *why);
CHECKED errc all_stop_raise(const struct desk *desk, struct db *db, const struct alarm_draft *draft,
                            int64_t *ret_id, struct why *why);
/* A second person says yes: it is signed and sent. ERR_FORBIDDEN: the one who raised it. */
CHECKED errc alarm_confirm(const struct desk *desk, struct db *db, int64_t id, struct why *why);
/* Replaces a version in force; of a drill stays a drill. */
CHECKED errc alarm_update(const struct desk *desk, struct db *db, int64_t id,
                          const struct alarm_draft *draft, int64_t *ret_id, struct why *why);
/* The correction that was prepared and approved with it goes out as the next version; no second
 * person. Idempotent by the mark. */
CHECKED errc alarm_correct(const struct desk *desk, struct db *db, int64_t id, wire_id mark,
                           int64_t *ret_id, struct why *why);
struct alarm_ending {
    str reason;
    bool say;     /* also say what was prepared for its end, to those who heard it */
    wire_id mark; /* of that version */
};
/* Also releases an all-stop, and withdraws what waits. Idempotent. */
CHECKED errc alarm_cancel(const struct desk *desk, struct db *db, int64_t id,
                          const struct alarm_ending *ending, struct why *why);
/* Those in force whose time is over become expired; for a job of every second. */
CHECKED errc alarms_expire(const struct desk *desk, struct db *db, struct coverage *coverage,
                           struct why *why);

CHECKED errc alarm_get(const struct desk *desk, struct db *db, int64_t id, struct alarm *ret_alarm,
                       struct why *why);
struct alarm_filter {
    bool has_kind; /* without: alarms and stops, but no drills */
    enum alarm_kind kind;
    unit_id unit;   /* 0: all that is seen */
    bool only_open; /* waiting or in force */
    bool unread;    /* sent by one person alone, and who asks has not read the report */
    int64_t before; /* page; 0: from the newest */
    size_t limit;
};
CHECKED errc alarm_list(const struct desk *desk, struct db *db, const struct alarm_filter *filter,
                        struct alarms *ret_alarms, struct why *why);
/* All its devices, ascending, in the arena: from the memory, or else from the rows. */
CHECKED errc alarm_lines(struct db *db, struct coverage *coverage, const struct alarm *alarm,
                         struct arena *arena, struct coverage_device **ret_lines, size_t *ret_count,
                         struct why *why);
/* Those in force or just ended, with all lines of their devices, into the memory; for the start of
 * a server and when another server has changed something. */
CHECKED errc alarms_recall(struct db *db, struct coverage *coverage, usec now, struct arena *arena,
                           struct why *why);

#endif
