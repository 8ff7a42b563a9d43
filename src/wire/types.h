/* The words of the protocol as C has them: a struct for each record and message of the two tables,
 * and the enumerations whose values go over the wire. All values are for ever. */
#ifndef LOA_WIRE_TYPES_H
#define LOA_WIRE_TYPES_H

#include "base/base.h"
#include "base/hash.h"

enum { WIRE_ID_SIZE = 16, WIRE_SIGNATURE_SIZE = 64, WIRE_KID_SIZE = 8 };

/* Random, made by whoever makes the thing; all zero is none. */
typedef struct wire_id {
    uint8_t bytes[WIRE_ID_SIZE];
} wire_id;

typedef struct wire_signature {
    uint8_t bytes[WIRE_SIGNATURE_SIZE];
} wire_signature;

/* Lists borrow from the arena they were read into. */
struct wire_uints {
    const uint64_t *at;
    size_t count;
};
struct wire_ids {
    const wire_id *at;
    size_t count;
};
struct wire_hashes {
    const hash *at;
    size_t count;
};
struct wire_bytes_list {
    const str *at;
    size_t count;
};

#define WIRE_C_UINT uint64_t
#define WIRE_C_INT int64_t
#define WIRE_C_BOOL bool
#define WIRE_C_TIME usec
#define WIRE_C_TEXT str  /* one line, plain */
#define WIRE_C_LINES str /* the same with line feeds */
#define WIRE_C_BYTES str
#define WIRE_C_HASH hash
#define WIRE_C_ID wire_id
#define WIRE_C_SIGNATURE wire_signature
#define WIRE_C_UINTS struct wire_uints
#define WIRE_C_IDS struct wire_ids
#define WIRE_C_HASHES struct wire_hashes
#define WIRE_C_BYTES_LIST struct wire_bytes_list
#define WIRE_C_LIST_OF(record)                                                                     \
    struct {                                                                                       \
        const struct wire_##record *at;                                                            \
        size_t count;                                                                              \
    }

#define RECORD(name) struct wire_##name {
#define MESSAGE(number, NAME, name, from, since, most_bytes)                                       \
    struct wire_##name {                                                                           \
        char wire_none_; /* so that a message without fields is a struct too */
#define FIELD(key, TYPE, name, NEED, most) WIRE_C_##TYPE name;
#define END(name)                                                                                  \
    }                                                                                              \
    ;
#include "wire/records.def"

#include "wire/messages.def"
#undef RECORD
#undef MESSAGE
#undef FIELD
#undef END

enum device_kind { DEVICE_SPEAKER = 1, DEVICE_BOARD = 2, DEVICE_ENCODER = 3 };
enum device_link { LINK_UNKNOWN, LINK_FIBRE, LINK_WIFI, LINK_4G, LINK_3G, LINK_2G };

/* Bits. */
enum device_ability {
    ABILITY_RELAY = 1,
    ABILITY_CAPTURE = 2, /* hears itself: microphone or tap at the amplifier */
    ABILITY_SUPPLY = 4,  /* measures its supply */
    ABILITY_SIGNAL = 8,
    ABILITY_STICK = 16, /* takes bundles from a USB stick */
};

/* Bits; each is also a fault of the console's alarms. */
enum device_fault {
    FAULT_SINK = 1,       /* the sound card refuses */
    FAULT_NO_SOUND = 2,   /* played, but the capture input heard nothing like it */
    FAULT_UNEXPECTED = 4, /* the capture input hears speech that we do not play */
    FAULT_SUPPLY = 8,     /* on its standby supply, or too low */
    FAULT_DISK = 16,      /* full or failing */
    FAULT_CLOCK = 32,     /* does not know the time */
    FAULT_MEDIA = 64,     /* something planned for the next day is missing */
    FAULT_HEAT = 128,
    FAULT_BUDGET = 256, /* the month's traffic is used up: only what is urgent is fetched */
    FAULT_RELAY = 512,
    FAULT_STORE = 1024, /* its log or state was damaged and mended */
};

enum device_sound {
    SOUND_NONE, /* nothing planned now */
    SOUND_ITEM,
    SOUND_FILLER,
    SOUND_ALARM,
    SOUND_DRILL,
    SOUND_STOPPED, /* an all-stop is in force */
    SOUND_TEST,
    SOUND_LIVE,
};

enum clock_state {
    CLOCK_UNSURE,  /* no exchange since the start, nothing believed */
    CLOCK_BOUNDED, /* not before the last trusted time, perhaps later */
    CLOCK_HOLDING, /* was sure, runs on its known drift */
    CLOCK_SURE,
};

enum plan_kind {
    PLAN_MEDIA = 1,
    PLAN_SILENCE = 2, /* on purpose: no filler */
    PLAN_RELAY = 3,   /* a stream of an upper unit; `media` plays when it does not come */
    PLAN_SIGNAL = 4, /* opening, closing and pause signals: media too, never counted as programme */
};

/* Bits. */
enum plan_rule {
    PLAN_RESUMES = 1, /* after an interruption it goes on where it was */
    PLAN_MAY_BE_LATE =
        2,               /* a device that starts late begins at the beginning, else in the middle */
    PLAN_KEEPS_TIME = 4, /* after an interruption it goes on where it would be by now */
};

enum alarm_signal { SIGNAL_NONE = 1, SIGNAL_CHIME = 2, SIGNAL_SIREN = 3, SIGNAL_WAIL = 4 };

enum action_what {
    ACTION_TEST_TONE = 1,
    ACTION_RESTART = 2,
    ACTION_SELF_TEST = 3,
    ACTION_SEND_LOG = 4,
};

enum bye_reason {
    BYE_GOING = 1,     /* the server stops; come back soon */
    BYE_FULL = 2,      /* not now, in again_ms */
    BYE_VERSION = 3,   /* no version in common */
    BYE_PROOF = 4,     /* the proof does not hold */
    BYE_RETIRED = 5,   /* this key is not wanted any more */
    BYE_ELSEWHERE = 6, /* the same key has attached anew */
    BYE_PROTOCOL = 7,  /* what was said is not allowed */
    BYE_STRANGER = 8,  /* unknown, and strangers are not taken now */
};

/* Of a live stream, as the server knows it. */
enum live_state {
    LIVE_NONE = 1,   /* no such stream, or not for this device */
    LIVE_WAITS = 2,  /* nothing has come yet */
    LIVE_FLOWS = 3,  /* sound is on its way */
    LIVE_PAUSED = 4, /* silent on purpose: nobody presses the button */
    LIVE_ENDED = 5,
};

enum later_reason { LATER_BUSY = 1, LATER_MISSING = 2, LATER_QUIET = 3 };

enum log_kind {
#define X(number, NAME, name) NAME = (number),
#include "wire/logs.def"
#undef X
};

enum log_reason {
#define X(number, NAME, name) NAME = (number),
#include "wire/reasons.def"
#undef X
};

#endif
