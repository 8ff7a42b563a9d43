/* Stations, clusters and devices as the API writes them, and what their routes share. The shapes
 * are those of schemas.json. */
#ifndef LOA_CONSOLE_FLEET_JSON_H
#define LOA_CONSOLE_FLEET_JSON_H

#include "console/ask.h"
#include "fleet/cluster.h"
#include "fleet/device.h"
#include "fleet/fault.h"
#include "fleet/presence.h"

enum { FLEET_ANSWER_ARENA = 64 * 1024 * 1024 }; /* of answers about the whole fleet */

struct fleet_job ask_fleet_job(struct ask *ask);
/* The number in the path; ERR_NOT_FOUND when it is none. */
CHECKED errc ask_fleet_id(const struct ask *ask, int64_t *ret_id);

/* Texts and numbers of a body; absent ones leave the value as it is. Null clears what may be
 * empty. `ret_given` may be null. */
CHECKED errc fleet_take_text(struct ask *ask, const struct json_value *body, const char *key,
                             size_t most, bool *ret_given, str *ret_text);
CHECKED errc fleet_take_lines(struct ask *ask, const struct json_value *body, const char *key,
                              bool *ret_given, str *ret_text);
/* Null gives CLUSTER_NONE. */
CHECKED errc fleet_take_number(struct ask *ask, const struct json_value *body, const char *key,
                               bool *ret_given, int64_t *ret_number);

/* {"id","name"}; null for 0. */
void fleet_json_ref_at(struct ask *ask, const char *key, int64_t id, str name);
void fleet_json_unit_at(struct ask *ask, const char *key, unit_id unit);
void fleet_json_number_at(struct ask *ask, const char *key,
                          int64_t number); /* CLUSTER_NONE: null */
/* Instants that may be none: 0 is null. */
void fleet_json_usec_at(struct ask *ask, const char *key, usec instant);
void fleet_json_faults_at(struct ask *ask, const char *key, uint32_t faults);
const char *fleet_sound_name(uint64_t sound);
const char *fleet_link_name(uint64_t link);
const char *fleet_clock_name(uint64_t clock);
void fleet_json_fault(struct ask *ask, const struct fault *fault);

/* ?unit=&state=&fault=&kind=&group=&cluster=&station=&q=&pending=&after=&limit=, within what the
 * asker may see with the right. */
CHECKED errc ask_fleet_filter(struct ask *ask, enum right right,
                              struct presence_filter *ret_filter);
/* The same from words that came otherwise. */
CHECKED errc fleet_filter_state(struct ask *ask, str state, struct presence_filter *filter);
CHECKED errc fleet_filter_fault(struct ask *ask, str fault, struct presence_filter *filter);
CHECKED errc fleet_filter_query(struct ask *ask, str query, struct presence_filter *filter);
/* Units over which the asker holds the right today; whether that is everything. */
CHECKED errc fleet_filter_seen(struct ask *ask, enum right right, struct presence_filter *filter);

CHECKED errc device_card_answer(struct ask *ask, int64_t id, struct why *why);

#endif
