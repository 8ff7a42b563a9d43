#include "agent/state_file.h"

#include "agent/authority_pack.h"
#include "agent/sealed.h"
#include "base/cbor_in.h"
#include "base/cbor_out.h"

enum { STATE_VERSION = 1, HELD_SIZE = WIRE_ID_SIZE + WIRE_KID_SIZE + 9, NAME_ROOM = 48 };

void kept_state_finish(struct kept_state *state)
{
    buf_finish(&state->authority);
}

static void order_name(wire_id id, char name[NAME_ROOM])
{
    AUTO(buf_finish) struct buf text;
    buf_init(&text, NAME_ROOM);
    buf_add_text(&text, "orders/");
    buf_add_hex(&text, id.bytes, sizeof id.bytes);
    ignore_int(snprintf(name, NAME_ROOM, "%.*s", STR_ARG(buf_str(&text))));
}

/* --- writing ---------------------------------------------------------------------------------- */

static void put_held(struct buf *out, const struct session_held *held)
{
    buf_add(out, (str){(const char *)held->id.bytes, WIRE_ID_SIZE});
    buf_add(out, (str){(const char *)held->kid.bytes, WIRE_KID_SIZE});
    for (int shift = 56; shift >= 0; shift -= 8) {
        buf_add_byte(out, (char)((uint64_t)held->expires >> shift & 0xff));
    }
    buf_add_byte(out, (char)held->kind);
}

static errc write_state(const struct disk *disk, const struct session_keep *keep, struct why *why)
{
    AUTO(buf_finish) struct buf held;
    AUTO(buf_finish) struct buf out;
    buf_init(&held, STATE_FILE_MOST);
    buf_init(&out, STATE_FILE_MOST);
    for (size_t i = 0; i < keep->held_count; i++) {
        put_held(&held, &keep->held[i]);
    }
    cbor_array(&out, 4);
    cbor_uint(&out, STATE_VERSION);
    cbor_uint(&out, keep->state_version);
    cbor_bytes(&out, keep->authority);
    cbor_bytes(&out, buf_str(&held));
    TRY(buf_check(&held));
    TRY(buf_check(&out));
    return sealed_write(disk, "state", buf_str(&out), why);
}

/* Only what was pinned; written again only when it changes. */
static errc write_root(const struct disk *disk, str packed, struct why *why)
{
    struct authority *known = mem_take(sizeof *known);
    struct authority *root = mem_take(sizeof *root);
    AUTO(buf_finish) struct buf fresh;
    AUTO(buf_finish) struct buf before;
    buf_init(&fresh, STATE_FILE_MOST);
    buf_init(&before, STATE_FILE_MOST);
    errc rc = authority_unpack(packed, known, why);
    if (rc == OK && known->enrolled) {
        root->enrolled = true;
        root->device = known->device;
        root->device_key = known->device_key;
        root->root = known->root;
        rc = authority_pack(root, &fresh);
        bool same = sealed_read(disk, "root", STATE_FILE_MOST, &before, NULL) == OK &&
                    str_is(buf_str(&before), buf_str(&fresh));
        if (rc == OK && !same) {
            rc = sealed_write(disk, "root", buf_str(&fresh), why);
        }
    }
    mem_give(known);
    mem_give(root);
    return rc;
}

errc state_file_write(const struct disk *disk, const struct session_keep *keep, struct why *why)
{
    if (keep->order != NULL) {
        char name[NAME_ROOM];
        order_name(keep->order->head.id, name);
        TRY(disk->put(disk->ctx, name, keep->cose, why));
    } else {
        TRY(write_root(disk, keep->authority, why));
    }
    return write_state(disk, keep, why);
}

/* --- reading ---------------------------------------------------------------------------------- */

static void get_held(const uint8_t *from, struct session_held *ret_held)
{
    *ret_held = (struct session_held){.expires = 0};
    memcpy(ret_held->id.bytes, from, WIRE_ID_SIZE);
    memcpy(ret_held->kid.bytes, from + WIRE_ID_SIZE, WIRE_KID_SIZE);
    uint64_t expires = 0;
    for (int i = 0; i < 8; i++) {
        expires = expires << 8 | from[WIRE_ID_SIZE + WIRE_KID_SIZE + i];
    }
    ret_held->expires = (usec)(expires & INT64_MAX);
    ret_held->kind = from[HELD_SIZE - 1];
}

static errc parse(str bytes, struct kept_state *state, struct why *why)
{
    struct cbor_reader reader = {.rest = bytes, .shortest = true};
    struct cbor_piece piece;
    TRY(cbor_expect(&reader, CBOR_KIND_ARRAY, &piece, why));
    uint64_t fields = piece.number;
    TRY(cbor_expect(&reader, CBOR_KIND_UINT, &piece, why));
    if (fields != 4 || piece.number != STATE_VERSION) {
        return fail(why, ERR_CORRUPT, "state of another version");
    }
    TRY(cbor_expect(&reader, CBOR_KIND_UINT, &piece, why));
    state->state_version = piece.number;
    TRY(cbor_expect(&reader, CBOR_KIND_BYTES, &piece, why));
    buf_add(&state->authority, piece.bytes);
    TRY(cbor_expect(&reader, CBOR_KIND_BYTES, &piece, why));
    size_t count = piece.bytes.len / HELD_SIZE;
    if (piece.bytes.len % HELD_SIZE != 0 || count > STATE_HELD_MOST || reader.rest.len != 0) {
        return fail(why, ERR_CORRUPT, "state with impossible orders");
    }
    for (size_t i = 0; i < count; i++) {
        get_held((const uint8_t *)piece.bytes.at + i * HELD_SIZE, &state->held[i]);
        if (state->held[i].kind == 0 || state->held[i].kind > ORDER_LIVE) {
            return fail(why, ERR_CORRUPT, "state with impossible orders");
        }
    }
    state->held_count = count;
    return buf_check(&state->authority);
}

static errc check_authority(const struct kept_state *state, struct why *why)
{
    struct authority *authority = mem_take(sizeof *authority);
    errc rc = authority_unpack(buf_str(&state->authority), authority, why);
    mem_give(authority);
    return rc;
}

errc state_parse(str bytes, struct kept_state *state, struct why *why)
{
    *state = (struct kept_state){.state_version = 0};
    buf_init(&state->authority, AUTHORITY_PACK_MOST);
    errc rc = parse(bytes, state, why);
    if (rc == OK) {
        rc = check_authority(state, why);
    }
    if (rc != OK) {
        buf_finish(&state->authority);
        *state = (struct kept_state){.state_version = 0};
        buf_init(&state->authority, AUTHORITY_PACK_MOST);
    }
    return rc == OK || rc == ERR_NO_MEMORY ? rc : fail_in(why, ERR_CORRUPT, "state");
}

errc state_file_read(const struct disk *disk, struct kept_state *ret_state, struct why *why)
{
    AUTO(buf_finish) struct buf bytes;
    buf_init(&bytes, STATE_FILE_MOST);
    errc rc = sealed_read(disk, "state", STATE_FILE_MOST, &bytes, why);
    bool is_new = rc == ERR_NOT_FOUND;
    if (rc == OK || is_new) {
        rc = state_parse(is_new ? STR_NONE : buf_str(&bytes), ret_state, why);
    } else {
        ignore(state_parse(STR_NONE, ret_state, NULL));
    }
    if (rc == OK || rc == ERR_NO_MEMORY || rc == ERR_IO) {
        return rc;
    }
    ret_state->was_damaged = !is_new;
    errc root = sealed_read(disk, "root", AUTHORITY_PACK_MOST, &ret_state->authority, why);
    if (root == OK && check_authority(ret_state, why) != OK) {
        buf_clear(&ret_state->authority);
    }
    ret_state->was_damaged = ret_state->was_damaged || root != ERR_NOT_FOUND;
    return OK;
}

errc state_order_read(const struct disk *disk, wire_id id, struct buf *out, struct why *why)
{
    char name[NAME_ROOM];
    order_name(id, name);
    return disk->read(disk->ctx, name, 0, ORDER_FILE_MOST, out, why);
}

/* --- sweeping --------------------------------------------------------------------------------- */

enum { SWEEP_MOST = 64 };

struct sweep {
    const struct session_held *held;
    size_t count;
    char gone[SWEEP_MOST][NAME_ROOM];
    size_t gone_count;
};

static errc sweep_name(void *ctx, const char *name, uint64_t size)
{
    struct sweep *sweep = ctx;
    (void)size;
    char full[DISK_NAME_MOST];
    ignore_int(snprintf(full, sizeof full, "orders/%s", name));
    for (size_t i = 0; i < sweep->count; i++) {
        char held[NAME_ROOM];
        order_name(sweep->held[i].id, held);
        if (str_is(str_of(held), str_of(full))) {
            return OK;
        }
    }
    bool fits = sweep->gone_count < SWEEP_MOST &&
                str_to_array(str_of(full), sweep->gone[sweep->gone_count], NAME_ROOM);
    sweep->gone_count += fits;
    return OK;
}

void state_file_sweep(const struct disk *disk, const struct session_held *held, size_t count)
{
    struct sweep *sweep = mem_take(sizeof *sweep);
    sweep->held = held;
    sweep->count = count;
    struct disk_each each = {sweep_name, sweep};
    ignore(disk->list(disk->ctx, "orders", &each, NULL));
    for (size_t i = 0; i < sweep->gone_count; i++) {
        ignore(disk->remove(disk->ctx, sweep->gone[i], NULL));
    }
    mem_give(sweep);
}
