/* What the routes of programmes, plays and alarms share: the desk that the subject works at, and
 * the small values that all of them write and read. */
#ifndef LOA_CONSOLE_AIR_JSON_H
#define LOA_CONSOLE_AIR_JSON_H

#include "broadcast/desk.h"
#include "broadcast/schedule.h"
#include "console/ask.h"
#include "wire/types.h"

struct desk ask_desk(struct ask *ask);

/* "05:30" or "05:30:15", seconds of the day, under a key; a negative number is null. */
void air_time_at(struct json_out *out, const char *key, int seconds);
CHECKED errc air_take_time(struct ask *ask, const struct json_value *object, const char *key,
                           int *ret_seconds);
void air_usec_at(struct json_out *out, const char *key, usec instant); /* 0 is null */
void air_hash_at(struct json_out *out, const char *key, hash value);   /* zero is null */
void air_id_at(struct json_out *out, const char *key, wire_id id);     /* zero is null */
CHECKED errc air_take_hash(struct ask *ask, const struct json_value *object, const char *key,
                           hash *ret_hash);
CHECKED errc air_take_id(struct ask *ask, const struct json_value *object, const char *key,
                         wire_id *ret_id);
/* {"id","name","kind"} under a key, null for 0; {"id","name"} in a list. */
void air_unit_at(struct ask *ask, const char *key, unit_id unit);
void air_unit(struct ask *ask, unit_id unit);
void air_device_at(struct ask *ask, const char *key, uint64_t device);
void air_name_at(struct json_out *out, const char *key, int64_t id, str name);
/* An array of unit ids; absent is none. In the arena. */
CHECKED errc air_take_units(struct ask *ask, const struct json_value *object, const char *key,
                            size_t most, const unit_id **ret_units, size_t *ret_count);
/* A number that may be left out. */
CHECKED errc air_take_number(struct ask *ask, const struct json_value *object, const char *key,
                             int64_t least, int64_t most, int64_t *number);
/* Bits from an array of small numbers, 1 to `most`; absent leaves *bits. */
CHECKED errc air_take_bits(struct ask *ask, const struct json_value *object, const char *key,
                           int64_t most, unsigned *bits);
void air_bits_at(struct json_out *out, const char *key, unsigned bits, int most);
/* ?unit=, or the unit of who asks. */
CHECKED errc air_query_unit(struct ask *ask, unit_id *ret_unit);
/* Reasons of the wire in words: "reason" and "message", null for none. */
void air_reason(struct ask *ask, enum log_reason reason);
const char *air_reason_name(enum log_reason reason);
str air_text(struct ask *ask, str text); /* copied into the arena, for what outlives a body */

#endif
