/* The playing thread's claim, proven by the kernel: rendering makes no system call whatsoever, so
 * it waits for no lock, touches no file and takes no memory from the system. That it calls nothing
 * that might is what tools/check/realtime proves. */
#include "agent/mix.h"

#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/testing.h"

enum { TURNS = 200 };

static void fill(struct mix *mix)
{
    static int16_t pcm[MIX_VOICE_RING];
    for (size_t i = 0; i < MIX_VOICES; i++) {
        ignore_int((long)mix_ring_put_rt(&mix->voices[i].ring, pcm, MIX_VOICE_RING));
    }
}

/* Everything that can be told to it, over and over. */
static void command(struct mix *mix, int turn)
{
    struct mix_command all = {
        .verb = (enum mix_verb)(turn % 9),
        .voice = (uint32_t)(turn / 3 % MIX_VOICES),
        .frames = turn % 7 * 300,
        .gain = 0.5F,
        .start = {.begin = turn * 480,
                  .most = turn % 5 == 0 ? 9600 : MIX_FOREVER,
                  .end_fade = 480,
                  .bound = turn % 2 == 0},
        .line = {.server = turn % 50 * 7000, .rate_ppb = turn % 3 * 100000},
    };
    assert_true(mix_tell(mix, &all));
}

static void play_under_guard(struct mix *mix)
{
    int16_t pcm[MIX_TURN_MOST];
    if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT) == 0) {
        for (int turn = 0; turn < TURNS; turn++) {
            struct mix_turn now = {turn * 10000, turn % 20 == 7, turn % 3 != 0};
            if (turn % 40 == 0) {
                fill(mix);
            }
            command(mix, turn);
            mix_render_rt(mix, pcm, MIX_TURN_MOST, &now);
        }
    }
    ignore_int(syscall(SYS_exit, 0));
}

static void rendering_makes_no_system_call(void **state)
{
    (void)state;
#if defined(__SANITIZE_THREAD__)
    skip(); /* its runtime makes calls of its own */
#endif
    struct mix *mix = mem_take(sizeof *mix);
    mix_init(mix);
    pid_t child = fork();
    if (child == 0) {
        play_under_guard(mix);
    }
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
    mix_finish(mix);
    mem_give(mix);
}

static void a_full_ring_of_commands_says_so(void **state)
{
    (void)state;
    struct mix *mix = mem_take(sizeof *mix);
    struct mix_command stop = {.verb = MIX_STOP};
    int16_t pcm[MIX_TURN_MOST];
    struct mix_turn turn = {0};
    mix_init(mix);
    for (int i = 0; i < MIX_COMMANDS; i++) {
        assert_true(mix_tell(mix, &stop));
    }
    assert_false(mix_tell(mix, &stop));
    mix_render_rt(mix, pcm, MIX_TURN_MOST, &turn);
    assert_true(mix_tell(mix, &stop));
    mix_finish(mix);
    mem_give(mix);
}

static void a_ring_hands_over_every_sample_once(void **state)
{
    (void)state;
    struct mix_ring ring;
    int16_t pcm[100];
    int16_t expected = 0;
    int16_t next = 0;
    mix_ring_init(&ring, 256);
    for (int round = 0; round < 500; round++) {
        for (size_t i = 0; i < COUNT_OF(pcm); i++) {
            pcm[i] = (int16_t)(next + (int16_t)i);
        }
        next = (int16_t)(next + (int16_t)mix_ring_put_rt(&ring, pcm, COUNT_OF(pcm)));
        size_t got = mix_ring_take_rt(&ring, pcm, (size_t)(round % 90));
        for (size_t i = 0; i < got; i++) {
            assert_int_equal(pcm[i], expected);
            expected++;
        }
    }
    mix_ring_finish(&ring);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rendering_makes_no_system_call),
        cmocka_unit_test(a_full_ring_of_commands_says_so),
        cmocka_unit_test(a_ring_hands_over_every_sample_once),
    };
    return cmocka_run_group_tests_name("agent: mix", tests, NULL, NULL);
}
