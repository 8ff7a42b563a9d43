/* The parts of conductor.c, conductor_alarm.c and conductor_item.c; nobody else's. */
#ifndef LOA_AGENT_CONDUCTOR_INSIDE_H
#define LOA_AGENT_CONDUCTOR_INSIDE_H

#include "agent/conductor.h"

enum { VOICES_MOST = 8, CUES_KNOWN = 16, LOSSES = 6, LIVES_MOST = LIVE_STREAMS };

/* Whose a cue is. */
enum owner { OWNER_NONE, OWNER_ITEM, OWNER_FILLER, OWNER_ALARM, OWNER_TEST, OWNER_LIVE };

struct known_cue {
    uint64_t serial;
    enum owner owner;
    wire_id subject;
    usec base; /* of an item: how far behind its beginning the cue begins */
    bool sounds;
    bool is_live;   /* from a stream */
    bool ends_text; /* the last part of an alarm's text */
    bool has_news;  /* before its item became the running one */
    struct cue_heard news;
};

enum alarm_step { STEP_SIGNAL, STEP_PAUSE, STEP_TEXT };

struct alarm {
    struct conductor_order order;
    struct wire_alarm what; /* voices point into the next */
    struct wire_voice voices[VOICES_MOST];
    char languages[VOICES_MOST][17];
    bool is_done;    /* all of it was said, and it is not said again */
    bool is_running; /* on its way through the steps */
    bool was_heard;  /* its first sample was told of */
    usec begun_at;   /* of this round */
    usec round_at;   /* when the next round may begin */
    enum alarm_step step;
    usec step_at;
    usec step_length;
    unsigned said;   /* texts of this round that were said or tried */
    size_t part;     /* of the text that is being said */
    bool text_whole; /* all parts so far have sounded */
    uint64_t times;  /* whole texts that have sounded so far */
    uint64_t serial;
    bool speaks; /* something was there to be said in this text */
};

struct stop {
    struct conductor_order order;
    bool is_told; /* that it is silent */
};

/* Somebody who speaks. */
struct live {
    struct conductor_order order;
    struct wire_live what; /* texts are not kept */
    bool is_over;          /* only the engine's last word is waited for */
    enum log_reason reason;
    wire_id other;
    usec close_by;
    bool has_sounded;
    bool was_announced; /* that the stream is dead; once, until it flows again */
    usec sounded;
    struct cue cue;  /* serial 0: has not the floor */
    usec flow_start; /* of the cue */
};

/* Why an item did not sound, and for how long. */
struct loss {
    enum log_reason reason;
    wire_id other;
    usec length;
};

/* The item whose time it is. */
struct running_item {
    bool is_there;
    struct wire_plan_item item; /* texts are not kept */
    bool is_begun;
    bool is_finished; /* its voice came to its end */
    bool is_spent;    /* does not sound any more: it gave way for good, or broke */
    bool was_late;    /* begins at its beginning although its time had come before */
    usec sounded;
    usec resume_at; /* position behind from_ms to go on from */
    usec whole;     /* length as it turned out to be; 0: not known yet */
    uint64_t serial;
    uint64_t heard_serial; /* of a voice that has not ended yet */
    usec over_at;          /* end of its place; later when it resumes */
    struct loss losses[LOSSES];
    enum log_reason quiet; /* why it does not sound, since `quiet_since` */
    wire_id quiet_other;
    usec quiet_since;
    uint64_t filler_serial;
    usec filler_until;
    bool has_flowed;    /* of a relay: its stream was there */
    bool was_announced; /* and its medium has played since */
    usec flowed;        /* how much of it came from the stream */
};

struct conductor {
    struct conductor_ports ports;
    struct conductor_past past;
    struct wire_settings settings;
    uint64_t serial; /* of the last cue */
    struct known_cue known[CUES_KNOWN];
    /* --- the plan --- */
    wire_id plan_id;
    usec plan_to;
    struct wire_plan_item *items; /* no texts but the source */
    char *sources;
    size_t item_count;
    size_t item_next; /* the first that was neither begun nor ended */
    hash filler[16];
    size_t filler_count;
    size_t filler_turn;
    usec ended_until;
    usec plan_at; /* when it came */
    struct running_item run;
    struct running_item closing; /* the one before, until the engine's last word on it */
    usec close_by;
    struct cue item_cue;
    struct cue ahead_cue; /* of the item after the running one */
    wire_id ahead;
    struct cue filler_cue;
    /* --- orders --- */
    struct alarm *alarms; /* AUTHORITY_IN_FORCE at most */
    size_t alarm_count;
    size_t alarm_room;
    struct stop *stops;
    size_t stop_count;
    size_t stop_room;
    struct live lives[LIVES_MOST];
    size_t live_count;
    struct cue alarm_cue;
    wire_id test;
    usec test_until;
    usec test_sounded;
    struct cue test_cue;
    struct wire_clip *clips;
    size_t clip_count;
    char (*clip_languages)[17];
    bool is_retired;
    /* --- now --- */
    struct conductor_now now;
    usec sure_from; /* since when the time is known; 0: not yet */
    usec next_turn;
    struct conductor_view view;
};

bool conductor_ids_are(wire_id a, wire_id b);
void conductor_note(struct conductor *conductor, const struct wire_log_entry *entry, bool urgent);
struct known_cue *conductor_new_cue(struct conductor *conductor, enum owner owner, wire_id subject,
                                    struct cue *cue);
struct known_cue *conductor_cue_of(struct conductor *conductor, uint64_t serial);
void conductor_wake(struct conductor *conductor, usec at); /* turn again no later */
/* The stop in force that silences something of this class and tier; null: none. */
struct stop *conductor_silenced(struct conductor *conductor, enum order_class order_class,
                                uint64_t tier);

/* conductor_alarm.c */
struct alarm *alarm_of(struct conductor *conductor, wire_id id);
/* The alarm that sounds now, its cue brought up to date; null: none wants to. */
struct alarm *alarm_turn(struct conductor *conductor);
void alarm_heard(struct conductor *conductor, const struct known_cue *known,
                 const struct cue_heard *heard);

/* conductor_live.c */
struct live *live_turn(struct conductor *conductor, bool floor_is_taken);
bool live_end(struct conductor *conductor, wire_id order, enum log_reason reason, wire_id other);
void live_heard(struct conductor *conductor, const struct known_cue *known,
                const struct cue_heard *heard);
bool live_gives_way_to(const struct live *live, const struct wire_plan_item *item);
/* Of a planned relay. */
struct live_flow relay_flow(const struct conductor *conductor, const struct wire_plan_item *item);

/* conductor_item.c */
/* What is planned for now; `over` is what sounds instead: an alarm's or stop's id and why. */
struct over {
    enum log_reason reason; /* REASON_NONE: nothing is in its way */
    wire_id other;
    const struct live *live; /* which only stands over what is no higher than itself; or null */
};
enum item_sound { ITEM_SILENT, ITEM_SOUNDS, ITEM_FILLED };
enum item_sound item_turn(struct conductor *conductor, const struct over *over);
struct over item_over(struct conductor *conductor, const struct alarm *alarm,
                      const struct live *live);
void item_heard(struct conductor *conductor, struct known_cue *known,
                const struct cue_heard *heard);
void item_replace_plan(struct conductor *conductor, struct wire_plan_item *take_items,
                       size_t count);
void item_end_all(struct conductor *conductor, enum log_reason reason);
void item_next_cue(struct conductor *conductor, const struct over *over, struct cue *ret_cue);

#endif
