/* Strangers. What they say is text from the street: cut, cleaned, and believed for nothing but the
 * lists that people have loaded, in which every mark that a line names must fit. How many may wait
 * is bounded, so a flood of keys costs the oldest strangers their place and nobody else anything.
 */
#include "base/text.h"
#include "fleet/device_inside.h"
#include "fleet/device_sql.h"
#include "people/audit.h"
#include "store/db.h"

enum { WORD_MOST = 64 };

static enum device_state state_of(str name)
{
    enum device_state state = DEVICE_IS_PENDING;
    ignore_int(device_state_parse(name, &state));
    return state;
}

errc device_by_key(struct db *db, hash key, struct arena *arena, struct device_met *ret_met,
                   struct why *why)
{
    struct device_key_in in = {key};
    struct device_key_row row;
    TRY(device_key(db, &in, arena, &row, why));
    *ret_met = (struct device_met){.id = row.id, .state = state_of(row.state)};
    return OK;
}

/* Plain text of one line, or nothing. */
static str clean(struct arena *arena, str text)
{
    str cut = text_cut(text, WORD_MOST);
    str kept = STR_NONE;
    if (!text_is_plain(cut) || text_nfc(arena, str_trim(cut), &kept) != OK || kept.at == NULL) {
        return S("");
    }
    return kept;
}

static struct device_words cleaned(const struct fleet_job *job, const struct device_words *words)
{
    struct device_words clean_words = *words;
    bool known = words->kind >= DEVICE_SPEAKER && words->kind <= DEVICE_ENCODER;
    clean_words.kind = known ? words->kind : DEVICE_SPEAKER;
    clean_words.serial = clean(job->arena, words->serial);
    clean_words.model = clean(job->arena, words->model);
    clean_words.program = clean(job->arena, words->program);
    clean_words.address = clean(job->arena, words->address);
    clean_words.abilities = words->abilities & UINT32_MAX;
    return clean_words;
}

/* --- forgetting --------------------------------------------------------------------------------
 */

static errc forget(struct db *db, int64_t id, struct why *why)
{
    TRY(device_drop_faults(db, &(struct device_drop_faults_in){id}, NULL, why));
    TRY(device_drop_link(db, &(struct device_drop_link_in){id}, NULL, why));
    TRY(device_drop_traffic(db, &(struct device_drop_traffic_in){id}, NULL, why));
    return device_drop(db, &(struct device_drop_in){id}, NULL, why);
}

static errc make_room(struct db *db, const struct fleet_job *job, struct why *why)
{
    struct devices_pending_count_row count;
    TRY(devices_pending_count(db, job->arena, &count, why));
    while (count.waiting >= DEVICE_PENDING_MOST) {
        struct device_pending_oldest_row oldest;
        TRY(device_pending_oldest(db, job->arena, &oldest, why));
        TRY(forget(db, oldest.id, why));
        count.waiting--;
    }
    return OK;
}

/* The code itself is kept nowhere. STR_NONE without one. */
static str hash_of_claim(struct arena *arena, str code)
{
    hash digest = hash_of(code);
    return code.len == 0 ? STR_NONE
                         : arena_str(arena, (str){(const char *)digest.bytes, HASH_SIZE});
}

/* --- meeting -----------------------------------------------------------------------------------
 */

static errc add_stranger(struct db *db, const struct fleet_job *job,
                         const struct device_words *words, int64_t *ret_id, struct why *why)
{
    char fingerprint[FINGERPRINT_SIZE];
    struct fleet_keys keys;
    struct device_add_row row;
    int64_t version = 0;
    fingerprint_write(words->key, fingerprint);
    struct device device = {
        .serial = words->serial, .model = words->model, .fingerprint = str_of(fingerprint)};
    TRY(make_room(db, job, why));
    TRY(fleet_keys_make(job->arena, S(""), device_search_words(job, &device), &keys, why));
    TRY(fleet_bump(db, job, &version, why));
    struct device_add_in in = {
        .public_key = words->key,
        .fingerprint = str_of(fingerprint),
        .kind = (int64_t)words->kind,
        .sort_key = keys.sort,
        .search_key = keys.search,
        .serial = words->serial,
        .model = words->model,
        .program = words->program,
        .abilities = (int64_t)words->abilities,
        .address = words->address,
        .claim_hash = hash_of_claim(job->arena, words->claim),
        .version = version,
        .now_us = job->actor->now,
    };
    TRY(device_add(db, &in, job->arena, &row, why));
    *ret_id = row.id;
    return OK;
}

static bool fits(const struct device_line_by_marks_row *line, const struct device *device,
                 str claim_hash)
{
    return (line->serial.at == NULL || str_is(line->serial, device->serial)) &&
           (line->fingerprint.at == NULL || str_is(line->fingerprint, device->fingerprint)) &&
           (line->claim_hash.at == NULL ||
            (claim_hash.at != NULL && str_is(line->claim_hash, claim_hash)));
}

errc device_claim(struct db *db, const struct fleet_job *job, int64_t id, str claim_hash,
                  bool *ret_claimed, struct why *why)
{
    struct device found;
    struct device_line_by_marks_row *lines = NULL;
    size_t count = 0;
    *ret_claimed = false;
    TRY(device_load(db, job, id, &found, why));
    struct device_line_by_marks_in in = {
        .serial = found.serial.len > 0 ? found.serial : STR_NONE,
        .claim_hash = claim_hash,
        .fingerprint = found.fingerprint,
    };
    TRY(device_line_by_marks_all(db, &in, job->arena, &lines, &count, why));
    for (size_t i = 0; i < count; i++) {
        if (!fits(&lines[i], &found, claim_hash)) {
            continue;
        }
        struct device_line_use_in use = {lines[i].id, id, job->actor->now};
        struct device_placing placing = {lines[i].cluster_id, lines[i].name};
        TRY(audit_hold(db, why));
        TRY(device_line_use(db, &use, NULL, why));
        *ret_claimed = true;
        return device_take_in(db, job, &found, &placing, "device_claimed", why);
    }
    return OK;
}

static bool says_the_same(const struct device_key_row *row, const struct device_words *words,
                          struct arena *arena)
{
    str claim_hash = hash_of_claim(arena, words->claim);
    bool waits = str_is(row->state, S("pending"));
    return (!waits || str_is(row->claim_hash, claim_hash)) && row->kind == (int64_t)words->kind &&
           str_is(row->serial, words->serial) && str_is(row->model, words->model) &&
           str_is(row->program, words->program) && row->abilities == (int64_t)words->abilities;
}

/* What a known device says now; other abilities need other settings. */
static errc keep_up(struct db *db, const struct fleet_job *job, const struct device_key_row *row,
                    const struct device_words *words, struct why *why)
{
    struct device found;
    struct fleet_keys keys;
    int64_t version = 0;
    TRY(device_load(db, job, row->id, &found, why));
    struct device *device = &found;
    bool other = device->abilities != words->abilities;
    device->serial = words->serial;
    device->model = words->model;
    device->abilities = words->abilities;
    TRY(fleet_keys_make(job->arena, device->name, device_search_words(job, device), &keys, why));
    TRY(fleet_bump(db, job, &version, why));
    struct device_say_in in = {
        .id = row->id,
        .kind = (int64_t)words->kind,
        .serial = words->serial,
        .model = words->model,
        .program = words->program,
        .abilities = (int64_t)words->abilities,
        .search_key = keys.search,
        .claim_hash = hash_of_claim(job->arena, words->claim),
        .version = version,
    };
    TRY(device_say(db, &in, NULL, why));
    bool orders = other && device->state == DEVICE_IS_ACCEPTED;
    return orders ? device_order_settings(db, job, &found, 1, why) : OK;
}

errc device_meet(struct db *db, const struct fleet_job *job, const struct device_words *words,
                 struct device_met *ret_met, struct why *why)
{
    struct device_key_in in = {words->key};
    struct device_key_row row;
    struct device_words said = cleaned(job, words);
    struct device_met met = {.state = DEVICE_IS_PENDING};
    errc rc = device_key(db, &in, job->arena, &row, why);
    met.is_new = rc == ERR_NOT_FOUND;
    if (met.is_new) {
        TRY(add_stranger(db, job, &said, &met.id, why));
    } else {
        TRY(rc);
        met.id = row.id;
        met.state = state_of(row.state);
        TRY(says_the_same(&row, &said, job->arena) ? OK : keep_up(db, job, &row, &said, why));
    }
    if (met.state == DEVICE_IS_PENDING) {
        str claim_hash = hash_of_claim(job->arena, said.claim);
        TRY(device_claim(db, job, met.id, claim_hash, &met.is_claimed, why));
        met.state = met.is_claimed ? DEVICE_IS_ACCEPTED : met.state;
    }
    *ret_met = met;
    return OK;
}
