/* What an earlier run left: the device's key, how that run ended, and what its log says. */
#include "agent/agent_inside.h"

#include "agent/sealed.h"
#include "base/cbor_in.h"
#include "base/cbor_out.h"

#include <sodium.h>

enum { RUN_FIELDS = 9, RUN_MOST = 256, PAST_MOST = 20000 /* entries of the log that are read */ };

/* --- the key ---------------------------------------------------------------------------------- */

static errc make_key(const struct disk *disk, struct entropy entropy, struct agent_secret *secret,
                     struct why *why)
{
    uint8_t seed[crypto_sign_SEEDBYTES];
    entropy_fill(entropy, seed, sizeof seed);
    ignore_int(crypto_sign_seed_keypair(secret->key.bytes, secret->bytes, seed));
    mem_wipe(seed, sizeof seed);
    str bytes = {(const char *)secret->bytes, sizeof secret->bytes};
    return sealed_write(disk, "key", bytes, why);
}

/* A key that is damaged is not made anew by itself: then the device would be a stranger, and
 * nobody would know why. */
errc agent_secret_open(const struct disk *disk, struct entropy entropy,
                       struct agent_secret *ret_secret, struct why *why)
{
    AUTO(buf_finish) struct buf bytes;
    buf_init(&bytes, COSE_SECRET_SIZE);
    errc rc = sealed_read(disk, "key", COSE_SECRET_SIZE, &bytes, why);
    if (rc == ERR_NOT_FOUND) {
        return make_key(disk, entropy, ret_secret, why);
    }
    if (rc == OK && bytes.len != COSE_SECRET_SIZE) {
        rc = fail(why, ERR_CORRUPT, "key: damaged");
    }
    if (rc == OK) {
        memcpy(ret_secret->bytes, bytes.at, COSE_SECRET_SIZE);
        ret_secret->key = cose_public(ret_secret->bytes);
        mem_wipe(bytes.at, bytes.len);
    }
    return rc;
}

/* --- how the last run ended ------------------------------------------------------------------- */

static bool next_uint(struct cbor_reader *reader, uint64_t *ret_number)
{
    struct cbor_piece piece;
    bool is_there = cbor_expect(reader, CBOR_KIND_UINT, &piece, NULL) == OK;
    *ret_number = is_there ? piece.number : 0;
    return is_there;
}

static bool parse_run(str bytes, struct agent_run *ret_run)
{
    struct cbor_reader reader = {.rest = bytes, .shortest = true};
    struct cbor_piece piece;
    uint64_t fields[RUN_FIELDS - 1];
    if (cbor_expect(&reader, CBOR_KIND_ARRAY, &piece, NULL) != OK || piece.number != RUN_FIELDS ||
        cbor_expect(&reader, CBOR_KIND_BYTES, &piece, NULL) != OK ||
        piece.bytes.len != WIRE_ID_SIZE) {
        return false;
    }
    for (size_t i = 0; i < COUNT_OF(fields); i++) {
        if (!next_uint(&reader, &fields[i])) {
            return false;
        }
    }
    memcpy(ret_run->machine_run.bytes, piece.bytes.at, WIRE_ID_SIZE);
    ret_run->number = fields[0];
    ret_run->was_orderly = fields[1] != 0;
    ret_run->last_trusted = (usec)(fields[2] & INT64_MAX);
    ret_run->rate_is_known = fields[3] != 0;
    ret_run->rate_ppb = (int64_t)(fields[4] & UINT32_MAX) - INT32_MAX;
    ret_run->month = fields[5];
    ret_run->bytes_in = fields[6];
    ret_run->bytes_out = fields[7];
    return true;
}

void agent_read_run(struct agent *agent, struct agent_run *ret_run)
{
    AUTO(buf_finish) struct buf bytes;
    buf_init(&bytes, RUN_MOST);
    *ret_run = (struct agent_run){.was_orderly = true};
    if (sealed_read(&agent->config.disk, "run", RUN_MOST, &bytes, NULL) == OK &&
        !parse_run(buf_str(&bytes), ret_run)) {
        *ret_run = (struct agent_run){.was_orderly = false};
    }
}

void agent_write_run(struct agent *agent, bool orderly)
{
    struct agent_run *run = &agent->run;
    usec trusted = clock_trusted(&agent->clock, agent_steady(agent));
    run->last_trusted = trusted > run->last_trusted ? trusted : run->last_trusted;
    if (agent->clock.state >= CLOCK_HOLDING) {
        run->rate_is_known = true;
        run->rate_ppb = agent->clock.line.rate_ppb;
    }
    AUTO(buf_finish) struct buf out;
    buf_init(&out, RUN_MOST);
    cbor_array(&out, RUN_FIELDS);
    cbor_bytes(&out, (str){(const char *)agent->config.machine_run.bytes, WIRE_ID_SIZE});
    cbor_uint(&out, run->number);
    cbor_uint(&out, orderly);
    cbor_uint(&out, (uint64_t)run->last_trusted);
    cbor_uint(&out, run->rate_is_known);
    cbor_uint(&out, (uint64_t)(run->rate_ppb + INT32_MAX) & UINT32_MAX);
    cbor_uint(&out, run->month);
    cbor_uint(&out, run->bytes_in);
    cbor_uint(&out, run->bytes_out);
    ignore(sealed_write(&agent->config.disk, "run", buf_str(&out), NULL)); /* only a comfort */
}

/* --- what the log says ------------------------------------------------------------------------ */

static bool is_ending(uint64_t kind)
{
    return kind == LOG_ITEM_PLAYED || kind == LOG_ITEM_PARTLY || kind == LOG_ITEM_NOT_PLAYED;
}

static void learn(struct conductor_past *past, struct past_orders *ended,
                  const struct wire_log_entry *entry)
{
    past->heard_until = entry->at > past->heard_until ? entry->at : past->heard_until;
    bool same = memcmp(&past->begun, &entry->subject, sizeof past->begun) == 0;
    if (entry->kind == LOG_ITEM_STARTED) {
        past->begun = entry->subject;
        past->begun_at = entry->at;
    } else if (is_ending(entry->kind)) {
        past->ended_until = entry->value > past->ended_until ? entry->value : past->ended_until;
        past->begun = same ? (wire_id){{0}} : past->begun;
    } else if (entry->kind == LOG_ORDER_ENDED) {
        ended->ended[ended->count++ % COUNT_OF(ended->ended)] = entry->subject;
    }
}

errc agent_read_past(struct agent *agent, struct conductor_past *ret_past,
                     struct past_orders *ret_ended, struct why *why)
{
    struct device_log *log = &agent->log;
    struct log_span span = log->span(log->ctx);
    struct arena *arena = NULL;
    *ret_past = (struct conductor_past){.ended_until = 0};
    *ret_ended = (struct past_orders){.count = 0};
    TRY(arena_create(256 * 1024, &arena));
    errc rc = OK;
    uint64_t from = span.last > PAST_MOST ? span.last - PAST_MOST : 1;
    from = from < span.first ? span.first : from;
    while (rc == OK && from <= span.last) {
        struct log_piece piece;
        arena_reset(arena);
        rc = log->read(log->ctx, from, LOG_PIECE_ENTRIES, arena, &piece, why);
        for (size_t i = 0; rc == OK && i < piece.entries.count; i++) {
            struct wire_log_entry entry;
            if (wire_record_read(&wire_record_log_entry, piece.entries.at[i], arena, &entry,
                                 NULL) == OK) {
                learn(ret_past, ret_ended, &entry);
            }
        }
        from = rc == OK ? piece.end.seq + 1 : from;
    }
    arena_destroy(arena);
    return rc;
}
