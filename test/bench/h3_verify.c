/* h3-verify-rate: orders that a device judges in a second, on one core, beside the bare signature
 * check of libsodium over the same bytes. h3-verify-flood: forged orders by keys that the device
 * knows (the dearest kind) arrive 10,000 times a second with a true one among them now and then;
 * how long the slowest true one waits for its verdict behind them. Arrivals are computed, the
 * time of each verdict is measured. */
#include "base/bench_testing.h"
#include "wire/authority_attack_testing.h"

enum {
    ORDERS = 2000,
    ROUNDS = 10,
    FLOOD_RATE = 10000,
    FLOOD = 100000, /* ten seconds of it */
    TRUE_EVERY = 997,
    MUST = 9000,
};

#define FLOOD_MOST (100 * 1000) /* microseconds */

struct bench {
    struct attack *attack;
    str orders[ORDERS];
    str forged;
    char bytes[ORDERS][512];
    struct arena *arena;
};

static str keep(char *to, str bytes)
{
    ENSURE(bytes.len <= 512);
    memcpy(to, bytes.at, bytes.len);
    return (str){to, bytes.len};
}

static void make_orders(struct bench *bench)
{
    static char forged[512];
    for (size_t i = 0; i < ORDERS; i++) {
        arena_reset(bench->attack->kit->arena);
        struct kit_draft draft = attack_draft(bench->attack, ORDER_ALARM, KIT_COMMUNE_EMERGENCY);
        bench->orders[i] = keep(bench->bytes[i], kit_order(bench->attack->kit, &draft));
    }
    bench->forged = keep(forged, bench->orders[0]);
    forged[bench->forged.len - 1] ^= 1;
}

static bool judge(struct bench *bench, str cose)
{
    struct authority_order order;
    bool again = false;
    arena_reset(bench->arena);
    return authority_judge(&bench->attack->kit->authority, CLOCK_SURE, KIT_NOW, cose, bench->arena,
                           &order, &again) == REASON_NONE;
}

static double judged_per_second(struct bench *bench)
{
    usec start = now_steady();
    for (size_t i = 0; i < (size_t)ORDERS * ROUNDS; i++) {
        ENSURE(judge(bench, bench->orders[i % ORDERS]));
    }
    return (double)ORDERS * ROUNDS * 1e6 / (double)(now_steady() - start);
}

static double verified_per_second(struct bench *bench)
{
    const struct kit_secret *signer = &bench->attack->kit->keys[KIT_COMMUNE_EMERGENCY];
    uint8_t signature[WIRE_SIGNATURE_SIZE];
    const unsigned char *message = (const unsigned char *)bench->orders[0].at;
    size_t size = bench->orders[0].len;
    ENSURE(crypto_sign_detached(signature, NULL, message, size, signer->secret) == 0);
    usec start = now_steady();
    for (size_t i = 0; i < (size_t)ORDERS * ROUNDS; i++) {
        ENSURE(crypto_sign_verify_detached(signature, message, size, signer->key.bytes) == 0);
    }
    return (double)ORDERS * ROUNDS * 1e6 / (double)(now_steady() - start);
}

/* The longest wait of a true order, and how many there were. */
static double slowest_in_flood(struct bench *bench, size_t *ret_true)
{
    double free_at = 0;
    double slowest = 0;
    *ret_true = 0;
    for (size_t i = 0; i < FLOOD; i++) {
        bool is_true = i % TRUE_EVERY == TRUE_EVERY - 1;
        double arrives = (double)i * 1e6 / FLOOD_RATE;
        usec start = now_steady();
        ENSURE(judge(bench, is_true ? bench->orders[i % ORDERS] : bench->forged) == is_true);
        double begins = free_at > arrives ? free_at : arrives;
        free_at = begins + (double)(now_steady() - start);
        if (is_true) {
            *ret_true += 1;
            slowest = free_at - arrives > slowest ? free_at - arrives : slowest;
        }
    }
    return slowest;
}

int main(void)
{
    struct bench *bench = mem_take(sizeof *bench);
    size_t true_ones = 0;
    char note[200];
    bench->attack = attack_create(36);
    ENSURE(arena_create(1 << 20, &bench->arena) == OK);
    make_orders(bench);
    double bare = verified_per_second(bench);
    double rate = judged_per_second(bench);
    double slowest = slowest_in_flood(bench, &true_ones) / 1000;
    bench_print(&(struct bench_row){"h3-verify-rate", rate, "orders/s",
                                    "libsodium, signature alone", bare, ">= 9000", rate >= MUST,
                                    "one core; the limit is Ed25519, all else is the difference"});
    ignore_int(
        snprintf(note, sizeof note,
                 "slowest of %zu true orders among %d forged ones by a key that is known, %d "
                 "a second",
                 true_ones, FLOOD, FLOOD_RATE));
    bench_print(&(struct bench_row){.name = "h3-verify-flood",
                                    .value = slowest,
                                    .unit = "ms",
                                    .goal = "<= 100",
                                    .met = slowest * 1000 <= FLOOD_MOST,
                                    .note = note});
    arena_destroy(bench->arena);
    attack_destroy(bench->attack);
    mem_give(bench);
    return 0;
}
