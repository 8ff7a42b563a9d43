/* The chained log: an honest one is followed, a forged, cut, reordered or invented one is not. */
#include "wire/log_chain.h"

#include "base/testing.h"
#include "wire/codec.h"

#include <sodium.h>

enum { ENTRIES = 3, DEVICE = 77 };

#define NOW (20000 * USEC_DAY)

struct kit {
    uint8_t secret[COSE_SECRET_SIZE];
    struct log_sender sender;
    struct log_chain server; /* what the server keeps */
    struct wire_log_entry entries[ENTRIES];
    struct buf bytes[ENTRIES];
    str list[ENTRIES];
    struct wire_log log;
};

static int setup(void **state)
{
    struct kit *kit = mem_take(sizeof *kit);
    uint8_t seed[crypto_sign_SEEDBYTES] = {5};
    kit->sender.device = DEVICE;
    kit->sender.now = NOW;
    assert_int_equal(crypto_sign_seed_keypair(kit->sender.key.bytes, kit->secret, seed), 0);
    kit->server = log_chain_start(kit->sender.key);
    for (size_t i = 0; i < ENTRIES; i++) {
        buf_init(&kit->bytes[i], 512);
        kit->entries[i] = (struct wire_log_entry){
            .seq = i + 1, .at = NOW, .kind = LOG_ITEM_PLAYED, .clock = CLOCK_SURE, .ms = 1000};
    }
    *state = kit;
    return 0;
}

static int teardown(void **state)
{
    struct kit *kit = *state;
    for (size_t i = 0; i < ENTRIES; i++) {
        buf_finish(&kit->bytes[i]);
    }
    mem_give(kit);
    return 0;
}

/* Writes, chains and signs the entries as the device would. */
static void send_from(struct kit *kit, struct log_chain device)
{
    kit->log.first = device.seq + 1;
    kit->log.before = device.head;
    for (size_t i = 0; i < ENTRIES; i++) {
        buf_clear(&kit->bytes[i]);
        assert_ok(wire_record_write(&wire_record_log_entry, &kit->entries[i], &kit->bytes[i]));
        kit->list[i] = buf_str(&kit->bytes[i]);
        log_chain_add(&device, kit->list[i]);
    }
    kit->log.entries.at = kit->list;
    kit->log.entries.count = ENTRIES;
    kit->log.signature = log_chain_sign(&device, DEVICE, kit->secret);
}

static errc follow(struct kit *kit)
{
    struct log_chain before = kit->server;
    errc rc = log_chain_follow(&kit->server, &kit->log, &kit->sender, NULL);
    assert_true(rc == OK || memcmp(&before, &kit->server, sizeof before) == 0);
    return rc;
}

static void follows_an_honest_device(void **state)
{
    struct kit *kit = *state;
    send_from(kit, kit->server);
    assert_ok(follow(kit));
    assert_int_equal(kit->server.seq, ENTRIES);
    for (size_t i = 0; i < ENTRIES; i++) {
        kit->entries[i].seq += ENTRIES;
    }
    send_from(kit, kit->server);
    assert_ok(follow(kit));
    assert_int_equal(kit->server.seq, 2 * ENTRIES);
    assert_failed(follow(kit), ERR_CONFLICT); /* once is enough */
}

static void refuses_what_another_has_signed_or_changed(void **state)
{
    struct kit *kit = *state;
    send_from(kit, kit->server);
    kit->sender.device++;
    assert_failed(follow(kit), ERR_FORBIDDEN);
    kit->sender.device--;
    kit->log.entries.count--; /* one left out */
    assert_failed(follow(kit), ERR_FORBIDDEN);
    kit->log.entries.count++;
    kit->bytes[1].at[kit->bytes[1].len - 1] ^= 1; /* the milliseconds */
    assert_failed(follow(kit), ERR_FORBIDDEN);
    kit->bytes[1].at[0] = 0;
    assert_failed(follow(kit), ERR_BAD_REQUEST);
}

static void refuses_entries_that_do_not_join_on(void **state)
{
    struct kit *kit = *state;
    struct log_chain elsewhere = kit->server;
    elsewhere.head.bytes[0] ^= 1;
    send_from(kit, elsewhere);
    assert_failed(follow(kit), ERR_CONFLICT);
    elsewhere = (struct log_chain){1, kit->server.head};
    send_from(kit, elsewhere);
    assert_failed(follow(kit), ERR_CONFLICT);
}

static void refuses_numbers_that_leave_one_out(void **state)
{
    struct kit *kit = *state;
    kit->entries[1].seq = 3;
    send_from(kit, kit->server);
    assert_failed(follow(kit), ERR_BAD_REQUEST);
}

static void refuses_facts_from_the_future_of_a_device_that_knows_the_time(void **state)
{
    struct kit *kit = *state;
    kit->entries[2].at = NOW + LOG_AHEAD_MOST + 1;
    send_from(kit, kit->server);
    assert_failed(follow(kit), ERR_BAD_REQUEST);
    kit->entries[2].clock = CLOCK_BOUNDED; /* its clock is wrong, and it says so */
    send_from(kit, kit->server);
    assert_ok(follow(kit));
}

static void follows_a_device_that_admits_a_gap(void **state)
{
    struct kit *kit = *state;
    struct log_chain anew = log_chain_start(kit->sender.key);
    send_from(kit, kit->server);
    assert_ok(follow(kit));
    anew.seq = 10;
    for (size_t i = 0; i < ENTRIES; i++) {
        kit->entries[i].seq = 11 + i;
    }
    send_from(kit, anew);
    assert_failed(follow(kit), ERR_CONFLICT);
    kit->entries[0].kind = LOG_GAP;
    send_from(kit, anew);
    assert_ok(follow(kit));
    assert_int_equal(kit->server.seq, 13);
    assert_failed(follow(kit), ERR_CONFLICT); /* not backwards */
    kit->log.first = 100;
    kit->log.before.bytes[0] ^= 1;
    assert_failed(follow(kit), ERR_CONFLICT); /* and not from anywhere */
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(follows_an_honest_device),
        TEST(refuses_what_another_has_signed_or_changed),
        TEST(refuses_entries_that_do_not_join_on),
        TEST(refuses_numbers_that_leave_one_out),
        TEST(refuses_facts_from_the_future_of_a_device_that_knows_the_time),
        TEST(follows_a_device_that_admits_a_gap),
    };
    return cmocka_run_group_tests_name("wire: log chain", tests, NULL, NULL);
}
