#include "agent/state_file.h"

#include "agent/authority_pack.h"
#include "agent/disk_fault.h"
#include "agent/sealed.h"
#include "base/testing.h"

struct room {
    struct entropy_seed seed;
    struct disk_fault *fault;
    struct disk disk;
    struct authority *authority;
    struct buf packed;
};

static void room_open(struct room *room)
{
    *room = (struct room){.seed = {3}};
    room->fault = disk_fault_create(1 << 20, entropy_seeded(&room->seed));
    room->disk = disk_fault_disk(room->fault);
    room->authority = mem_take(sizeof *room->authority);
    room->authority->enrolled = true;
    room->authority->device = 77;
    room->authority->root = hash_of(S("the root"));
    buf_init(&room->packed, AUTHORITY_PACK_MOST);
}

static void room_close(struct room *room)
{
    buf_finish(&room->packed);
    mem_give(room->authority);
    disk_fault_destroy(room->fault);
}

static errc keep(struct room *room, uint64_t version, const struct authority_order *order, str cose)
{
    struct session_held held = {.id = {{4, 5}}, .kid = {{6}}, .expires = 99, .kind = ORDER_PLAN};
    buf_clear(&room->packed);
    room->authority->trust_version = version;
    assert_ok(authority_pack(room->authority, &room->packed));
    struct session_keep what = {
        .authority = buf_str(&room->packed),
        .state_version = version,
        .held = &held,
        .held_count = 1,
        .order = order,
        .cose = cose,
    };
    return state_file_write(&room->disk, &what, NULL);
}

static void a_new_device_knows_nothing(void **state)
{
    (void)state;
    struct room room;
    struct kept_state kept;
    room_open(&room);
    assert_ok(state_file_read(&room.disk, &kept, NULL));
    assert_int_equal(kept.authority.len, 0);
    assert_int_equal(kept.held_count, 0);
    assert_false(kept.was_damaged);
    kept_state_finish(&kept);
    room_close(&room);
}

static void what_was_kept_is_there_again(void **state)
{
    (void)state;
    struct room room;
    struct kept_state kept;
    struct authority_order order = {.head = {.id = {{4, 5}}}};
    AUTO(buf_finish) struct buf cose;
    buf_init(&cose, 100);
    room_open(&room);
    assert_ok(keep(&room, 12, &order, S("signed bytes")));
    disk_fault_restart(room.fault);
    assert_ok(state_file_read(&room.disk, &kept, NULL));
    assert_int_equal(kept.state_version, 12);
    assert_int_equal(kept.held_count, 1);
    assert_int_equal(kept.held[0].expires, 99);
    assert_int_equal(kept.held[0].kind, ORDER_PLAN);
    assert_ok(state_order_read(&room.disk, kept.held[0].id, &cose, NULL));
    assert_str(buf_str(&cose), S("signed bytes"));
    kept_state_finish(&kept);
    room_close(&room);
}

static void a_damaged_state_still_knows_its_root(void **state)
{
    (void)state;
    struct room room;
    struct kept_state kept;
    room_open(&room);
    assert_ok(keep(&room, 12, NULL, STR_NONE));
    assert_true(disk_fault_flip(room.fault, "state", 500));
    assert_ok(state_file_read(&room.disk, &kept, NULL));
    assert_true(kept.was_damaged);
    assert_int_equal(kept.state_version, 0);
    struct authority *after = mem_take(sizeof *after);
    assert_ok(authority_unpack(buf_str(&kept.authority), after, NULL));
    assert_true(hash_is(after->root, room.authority->root));
    assert_int_equal(after->device, 77);
    mem_give(after);
    kept_state_finish(&kept);
    room_close(&room);
}

static void each_flipped_bit_is_found(void **state)
{
    (void)state;
    struct room room;
    room_open(&room);
    assert_ok(keep(&room, 12, NULL, STR_NONE));
    for (uint64_t bit = 0; bit < 400; bit++) {
        struct kept_state kept;
        assert_true(disk_fault_flip(room.fault, "state", bit));
        assert_ok(state_file_read(&room.disk, &kept, NULL));
        assert_true(kept.was_damaged);
        kept_state_finish(&kept);
        assert_true(disk_fault_flip(room.fault, "state", bit));
    }
    room_close(&room);
}

static void a_power_cut_leaves_the_old_state_or_the_new_one(void **state)
{
    (void)state;
    for (uint64_t step = 1; step < 12; step++) {
        struct room room;
        struct kept_state kept;
        struct authority_order order = {.head = {.id = {{4, 5}}}};
        room_open(&room);
        assert_ok(keep(&room, 1, NULL, STR_NONE));
        disk_fault_cut_at(room.fault, step);
        errc rc = keep(&room, 2, &order, S("signed bytes"));
        disk_fault_restart(room.fault);
        assert_ok(state_file_read(&room.disk, &kept, NULL));
        assert_false(kept.was_damaged);
        assert_true(kept.state_version == 2 || (rc != OK && kept.state_version == 1));
        kept_state_finish(&kept);
        room_close(&room);
    }
}

static void orders_that_are_not_held_any_more_are_swept_away(void **state)
{
    (void)state;
    struct room room;
    struct authority_order order = {.head = {.id = {{9, 9}}}};
    struct session_held held = {.id = {{4, 5}}, .kind = ORDER_PLAN};
    AUTO(buf_finish) struct buf cose;
    buf_init(&cose, 100);
    room_open(&room);
    assert_ok(keep(&room, 1, &order, S("old")));
    order.head.id = held.id;
    assert_ok(keep(&room, 2, &order, S("new")));
    state_file_sweep(&room.disk, &held, 1);
    assert_failed(state_order_read(&room.disk, (wire_id){{9, 9}}, &cose, NULL), ERR_NOT_FOUND);
    assert_ok(state_order_read(&room.disk, held.id, &cose, NULL));
    room_close(&room);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_new_device_knows_nothing),
        cmocka_unit_test(what_was_kept_is_there_again),
        cmocka_unit_test(a_damaged_state_still_knows_its_root),
        cmocka_unit_test(each_flipped_bit_is_found),
        cmocka_unit_test(a_power_cut_leaves_the_old_state_or_the_new_one),
        cmocka_unit_test(orders_that_are_not_held_any_more_are_swept_away),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
