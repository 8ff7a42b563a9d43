/* One device: what it is, what it does now, what is wrong, what it wrote down, who changed it. */
#include "broadcast/play_log.h"
#include "broadcast/sound_name.h"
#include "console/fleet_json.h"
#include "console/steps.h"
#include "fleet/group.h"
#include "people/audit.h"

enum { CARD_FAULTS = 50, HISTORY_LINES = 50 };

static void write_settings(struct ask *ask, const struct wire_settings *settings)
{
    json_object_at(&ask->json, "settings");
    for (size_t i = 0; i < DEVICE_SETTING_COUNT; i++) {
        json_i64_at(&ask->json, device_setting_at(i)->name, device_setting_get(settings, i));
    }
    json_end(&ask->json);
}

static void write_abilities(struct ask *ask, uint64_t abilities)
{
    static const char *const names[] = {"relay", "capture", "supply", "signal", "stick"};
    json_array_at(&ask->json, "abilities");
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        if ((abilities >> i & 1) != 0) {
            json_text(&ask->json, names[i]);
        }
    }
    json_end(&ask->json);
}

static errc write_groups(struct ask *ask, const struct fleet_job *job, int64_t id, struct why *why)
{
    struct groups groups;
    TRY(group_list_of(ask->db, job, id, &groups, why));
    json_array_at(&ask->json, "groups");
    for (size_t i = 0; i < groups.count; i++) {
        json_object(&ask->json);
        json_i64_at(&ask->json, "id", groups.at[i].id);
        json_str_at(&ask->json, "name", groups.at[i].name);
        json_end(&ask->json);
    }
    json_end(&ask->json);
    return OK;
}

static void write_words(struct ask *ask, const struct device *device)
{
    struct json_out *out = &ask->json;
    json_str_at(out, "fingerprint", device->fingerprint);
    json_str_at(out, "serial", device->serial);
    json_str_at(out, "model", device->model);
    json_str_at(out, "program", device->program);
    json_str_at(out, "address", device->address);
    json_str_at(out, "sim_number", device->sim_number);
    json_str_at(out, "sim_operator", device->sim_operator);
    json_str_at(out, "note", device->note);
    write_abilities(ask, device->abilities);
}

static errc write_device(struct ask *ask, const struct fleet_job *job, const struct device *device,
                         const struct presence_line *line, struct why *why)
{
    struct json_out *out = &ask->json;
    struct presence_line other = {.name = S("")};
    json_object_at(out, "device");
    json_i64_at(out, "id", device->id);
    json_str_at(out, "name", device->name);
    json_text_at(out, "kind", device_kind_name(device->kind));
    json_text_at(out, "state", device_state_name(device->state));
    json_text_at(out, "live", presence_state_name(line->presence));
    write_words(ask, device);
    fleet_json_unit_at(ask, "unit", device->unit);
    fleet_json_ref_at(ask, "station", device->station, device->station_name);
    fleet_json_ref_at(ask, "cluster", device->cluster, device->cluster_name);
    TRY(write_groups(ask, job, device->id, why));
    fleet_json_number_at(ask, "volume_cap", device->volume_cap);
    write_settings(ask, &device->settings);
    if (device->replaced_by != 0) {
        ignore(presence_one(ask->house->ports.presence, device->replaced_by, ask->arena, &other));
    }
    fleet_json_ref_at(ask, "replaced_by", device->replaced_by, other.name);
    fleet_json_usec_at(ask, "heard_at", line->heard_utc);
    json_usec_at(out, "first_seen_at", device->first_seen);
    fleet_json_usec_at(ask, "accepted_at", device->accepted);
    fleet_json_usec_at(ask, "ended_at", device->ended);
    json_end(out);
    return OK;
}

/* --- status ------------------------------------------------------------------------------------
 */

/* What a device cannot measure it does not tell: 0 is null. */
static void write_measure(struct ask *ask, const char *key, int64_t value)
{
    if (value == 0) {
        json_null_at(&ask->json, key);
    } else {
        json_i64_at(&ask->json, key, value);
    }
}

static bool is_id(const wire_id *id)
{
    static const wire_id none = {{0}};
    return memcmp(id, &none, sizeof none) != 0;
}

static void write_id_at(struct ask *ask, const char *key, const wire_id *id)
{
    AUTO(buf_finish) struct buf text;
    buf_init(&text, 64);
    buf_add_hex(&text, id->bytes, sizeof id->bytes);
    json_str_at(&ask->json, key, buf_str(&text));
}

/* What sounds now or next, by the name that the programme gives it. */
static errc write_sound(struct ask *ask, const char *key, const wire_id *id, usec at,
                        struct why *why)
{
    struct json_out *out = &ask->json;
    struct sound_name name;
    bool next = str_is(str_of(key), S("next"));
    json_key(out, key);
    if (!is_id(id)) {
        json_null(out);
        return OK;
    }
    TRY(sound_name_find(ask->db, id, ask->arena, &name, why));
    json_object(out);
    write_id_at(ask, "id", id);
    json_str_at(out, "title", name.title.at == NULL ? S("") : name.title);
    fleet_json_usec_at(ask, next ? "at" : "since", at);
    write_measure(ask, "ms", name.ms);
    json_end(out);
    return OK;
}

static errc write_status(struct ask *ask, const struct presence_line *line, struct why *why)
{
    struct json_out *out = &ask->json;
    const struct wire_status *status = &line->status;
    json_key(out, "status");
    if (!line->has_status) {
        json_null(out);
        return OK;
    }
    json_object(out);
    json_usec_at(out, "at", line->status_utc);
    json_text_at(out, "sound", fleet_sound_name(status->sound));
    TRY(write_sound(ask, "playing", &status->playing, status->playing_since, why));
    TRY(write_sound(ask, "next", &status->next, status->next_at, why));
    json_text_at(out, "clock", fleet_clock_name(status->clock));
    write_measure(ask, "clock_error_us", (int64_t)status->clock_error_us);
    json_i64_at(out, "volume", (int64_t)status->volume);
    write_measure(ask, "level_mb", status->level_mb);
    write_measure(ask, "signal_dbm", status->signal_dbm);
    write_measure(ask, "supply_mv", (int64_t)status->supply_mv);
    write_measure(ask, "temperature_mc", status->temperature_mc);
    json_i64_at(out, "bytes_in", (int64_t)status->bytes_in);
    json_i64_at(out, "bytes_out", (int64_t)status->bytes_out);
    write_measure(ask, "disk_free_kb", (int64_t)status->disk_free_kb);
    write_measure(ask, "uptime_s", (int64_t)status->uptime_s);
    write_measure(ask, "plan_until_s", (int64_t)status->plan_until_s);
    json_i64_at(out, "media_missing", (int64_t)status->media_missing);
    json_text_at(out, "link", fleet_link_name(status->link));
    json_i64_at(out, "state_version", (int64_t)status->state_version);
    json_end(out);
    return OK;
}

static errc write_faults(struct ask *ask, const struct fleet_job *job, int64_t id, struct why *why)
{
    struct fault_filter filter = {.device = id, .with_past = true, .limit = CARD_FAULTS};
    struct fault_page page;
    TRY(fault_list(ask->db, job, &filter, &page, why));
    json_array_at(&ask->json, "faults");
    for (size_t i = 0; i < page.count; i++) {
        fleet_json_fault(ask, &page.at[i]);
    }
    json_end(&ask->json);
    return OK;
}

static errc write_traffic(struct ask *ask, const struct fleet_job *job, int64_t id, struct why *why)
{
    struct device_months months;
    struct json_out *out = &ask->json;
    TRY(device_traffic(ask->db, job, id, &months, why));
    json_array_at(out, "traffic");
    for (size_t i = 0; i < months.count; i++) {
        json_object(out);
        json_i64_at(out, "month", months.at[i].month);
        json_i64_at(out, "bytes_in", months.at[i].bytes_in);
        json_i64_at(out, "bytes_out", months.at[i].bytes_out);
        json_end(out);
    }
    json_end(out);
    return OK;
}

errc device_card_answer(struct ask *ask, int64_t id, struct why *why)
{
    struct fleet_job job = ask_fleet_job(ask);
    struct device device;
    struct presence_line line = {.presence = PRESENCE_NEVER};
    TRY(device_read(ask->db, &job, id, &device, why));
    errc rc = presence_one(ask->house->ports.presence, id, ask->arena, &line);
    if (rc != OK && rc != ERR_NOT_FOUND) { /* memory may not have heard of it yet */
        return rc;
    }
    json_object(&ask->json);
    TRY(write_device(ask, &job, &device, &line, why));
    TRY(write_status(ask, &line, why));
    TRY(write_faults(ask, &job, id, why));
    TRY(write_traffic(ask, &job, id, why));
    json_end(&ask->json);
    return OK;
}

errc api_devices_show(struct ask *ask, struct why *why)
{
    int64_t id = 0;
    TRY(ask_fleet_id(ask, &id));
    return device_card_answer(ask, id, why);
}

/* The right is asked for here; the sound itself comes from the gate (flow.c). */
errc api_devices_listen(struct ask *ask, struct why *why)
{
    struct fleet_job job = ask_fleet_job(ask);
    struct device device;
    int64_t id = 0;
    TRY(ask_fleet_id(ask, &id));
    TRY(device_read(ask->db, &job, id, &device, why));
    return ask->house->ports.listen == NULL ? ERR_CLOSED : OK;
}

/* --- log and history ---------------------------------------------------------------------------
 */

static const char *log_kind_name(uint64_t kind)
{
    switch (kind) {
#define X(number, NAME, name)                                                                      \
    case NAME:                                                                                     \
        return name;
#include "wire/logs.def"
#undef X
    default:
        return "unknown"; /* a newer device knows more than we do */
    }
}

static const char *log_reason_name(uint64_t reason)
{
    switch (reason) {
#define X(number, NAME, name)                                                                      \
    case NAME:                                                                                     \
        return name;
#include "wire/reasons.def"
#undef X
    default:
        return "unknown";
    }
}

static errc write_entry(struct ask *ask, const struct wire_log_entry *entry, struct why *why)
{
    struct json_out *out = &ask->json;
    struct sound_name name = {.title = STR_NONE};
    bool told = entry->reason != REASON_NONE;
    const char *reason = log_reason_name(entry->reason);
    if (is_id(&entry->subject)) {
        TRY(sound_name_find(ask->db, &entry->subject, ask->arena, &name, why));
    }
    json_object(out);
    json_i64_at(out, "seq", (int64_t)entry->seq);
    json_usec_at(out, "at", entry->at);
    json_text_at(out, "kind", log_kind_name(entry->kind));
    json_text_at(out, "reason", told ? reason : NULL);
    json_str_at(out, "message", told ? ask_word(ask, "reason.", str_of(reason)) : STR_NONE);
    ask_write_text(ask, "title", name.title.at == NULL ? entry->note : name.title);
    write_measure(ask, "ms", (int64_t)entry->ms);
    write_measure(ask, "value", entry->value);
    json_end(out);
    return OK;
}

errc api_devices_log(struct ask *ask, struct why *why)
{
    struct fleet_job job = ask_fleet_job(ask);
    struct device device;
    struct play_log_page page = {.arena = ask->arena};
    struct play_log_entries entries;
    int64_t id = 0;
    int64_t after = 0;
    TRY(ask_fleet_id(ask, &id));
    TRY(ask_query_i64(ask, "after", 0, &after));
    TRY(ask_query_limit(ask, &page.limit));
    if (after < 0) {
        return bad_field(&ask->bad, "after", "out_of_range");
    }
    TRY(device_read(ask->db, &job, id, &device, why));
    page.device = (uint64_t)id;
    page.before_seq = (uint64_t)after;
    TRY(play_log_read(ask->db, &page, &entries, why));
    ask_list_begin(ask);
    for (size_t i = 0; i < entries.count; i++) {
        TRY(write_entry(ask, &entries.at[i], why));
    }
    ask_list_end_at(ask, (int64_t)entries.next);
    return OK;
}

static errc write_change(void *ctx, const struct audit_line *line, struct why *why)
{
    struct ask *ask = ctx;
    struct json_out *out = &ask->json;
    (void)why;
    json_object(out);
    json_usec_at(out, "at", line->at);
    ask_write_text(ask, "by", line->account_name);
    json_str_at(out, "action", line->action);
    ask_write_json(ask, "before", line->before);
    ask_write_json(ask, "after", line->after);
    json_end(out);
    return buf_check(&ask->out);
}

/* Who may see a device may see what was done to it; where from is for the audit alone. */
errc api_devices_history(struct ask *ask, struct why *why)
{
    struct fleet_job job = ask_fleet_job(ask);
    struct device device;
    struct audit_filter filter = {.subject_kind = S("device")};
    int64_t next = 0;
    TRY(ask_fleet_id(ask, &filter.subject_id));
    TRY(ask_query_i64(ask, "after", 0, &filter.before_seq));
    TRY(device_read(ask->db, &job, filter.subject_id, &device, why));
    ask_list_begin(ask);
    TRY(audit_page(ask->db, &filter, HISTORY_LINES, write_change, ask, &next, why));
    ask_list_end_at(ask, next);
    return OK;
}
