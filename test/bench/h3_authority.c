/* h3-authority-attacks: a million bad orders from a seed, each made from a right one by one
 * change, judged as a device judges. How many are obeyed; the goal is none. Each right one must be
 * obeyed before it is changed, and each bad one refused for the reason that its change has. */
#include "base/bench_testing.h"
#include "wire/authority_attack_testing.h"

enum { ATTEMPTS = 1000000, SEED = 20261125 };

int main(void)
{
    struct attack *attack = attack_create(SEED);
    long obeyed = 0;
    long other_reason = 0;
    char note[200];
    for (long i = 0; i < ATTEMPTS; i++) {
        bool control = false;
        enum log_reason reason;
        struct attempt attempt = attack_next(attack, &control);
        ENSURE(control);
        if (attack_is_obeyed(attack, attempt.clock, attempt.cose, &reason)) {
            fprintf(stderr, "obeyed: %s (seed %d, attempt %ld)\n", attempt.name, SEED, i);
            obeyed++;
        }
        other_reason += attempt.expected != ATTACK_ANY && (int)reason != attempt.expected ? 1 : 0;
    }
    ignore_int(snprintf(note, sizeof note,
                        "of %d, seed %d, %zu ways to be wrong; %ld refused for another reason than "
                        "expected; all %d right orders obeyed",
                        ATTEMPTS, SEED, COUNT_OF(attack_kinds), other_reason, ATTEMPTS));
    bench_print(&(struct bench_row){.name = "h3-authority-attacks",
                                    .value = (double)obeyed,
                                    .unit = "obeyed",
                                    .goal = "0 of 1000000",
                                    .met = obeyed == 0 && other_reason == 0,
                                    .note = note});
    attack_destroy(attack);
    return 0;
}
