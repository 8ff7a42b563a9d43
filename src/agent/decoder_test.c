#include "agent/decoder_testing.h"
#include "agent/signal.h"

#include <fcntl.h>
#include <unistd.h>

#include "base/testing.h"

enum { ROOM = 48000 * 12 };

static struct buf file;
static int16_t first[ROOM];
static int16_t again[ROOM];

/* All of it, in odd pieces; ends within a bound, whatever it is. */
static size_t read_all(struct source *source, int16_t *pcm, errc *ret_rc)
{
    size_t count = 0;
    size_t got = 1;
    *ret_rc = OK;
    while (*ret_rc == OK && got > 0) {
        size_t most = ROOM - count < 777 ? ROOM - count : 777;
        assert_true(most > 0);
        *ret_rc = source->read(source->ctx, pcm + count, most, &got, NULL);
        count += *ret_rc == OK ? got : 0;
    }
    return count;
}

static void gives_every_frame_once(void **state)
{
    (void)state;
    struct source source;
    errc rc = OK;
    assert_ok(decoder_open_bytes(buf_str(&file), &source, NULL));
    assert_int_equal(source.frames, 48000 * 5);
    assert_int_equal(read_all(&source, first, &rc), 48000 * 5);
    assert_ok(rc);
    size_t loud = 0;
    for (size_t i = 0; i < 48000 * 5; i++) {
        loud += first[i] > 300 || first[i] < -300;
    }
    assert_true(loud > 48000);
    source_close(&source);
    source_close(&source);
}

static void finds_its_way_to_any_frame(void **state)
{
    (void)state;
    static const size_t frames[] = {0, 1, 959, 960, 48000, 123457, 239999};
    struct source source;
    errc rc = OK;
    assert_ok(decoder_open_bytes(buf_str(&file), &source, NULL));
    ignore_int((long)read_all(&source, first, &rc));
    for (size_t i = 0; i < COUNT_OF(frames); i++) {
        assert_ok(source.seek(source.ctx, frames[i], NULL));
        size_t count = read_all(&source, again, &rc);
        assert_int_equal(count, 48000 * 5 - frames[i]);
        double apart = 0;
        double power = 1;
        for (size_t k = 0; k < count; k++) {
            double off = first[frames[i] + k] - again[k];
            apart += off * off;
            power += (double)again[k] * again[k];
        }
        /* Noise is filled in anew; a shift of a few frames would give twice the power. */
        assert_true(apart < 0.5 * power);
    }
    assert_ok(source.seek(source.ctx, 48000 * 5, NULL));
    assert_int_equal(read_all(&source, again, &rc), 0);
    assert_ok(source.seek(source.ctx, UINT64_MAX, NULL));
    assert_int_equal(read_all(&source, again, &rc), 0);
    source_close(&source);
}

static void mixes_two_channels_into_one(void **state)
{
    (void)state;
    AUTO(buf_finish) struct buf stereo;
    struct source source;
    errc rc = OK;
    buf_init(&stereo, 1 << 20);
    opus_make(&stereo, USEC_SECOND, 2, 5);
    assert_ok(decoder_open_bytes(buf_str(&stereo), &source, NULL));
    assert_int_equal(read_all(&source, again, &rc), 48000);
    assert_ok(rc);
    source_close(&source);
}

static void reads_from_a_descriptor_and_closes_it(void **state)
{
    (void)state;
    char path[] = "/tmp/loa-decoder-XXXXXX";
    int fd = mkstemp(path);
    struct source source;
    errc rc = OK;
    assert_int_equal(write(fd, file.at, file.len), file.len);
    ignore_int(unlink(path));
    assert_ok(decoder_open(fd, &source, NULL));
    assert_int_equal(read_all(&source, again, &rc), 48000 * 5);
    source_close(&source);
    assert_int_equal(fcntl(fd, F_GETFD), -1);
    fd = open("/dev/null", O_RDONLY);
    assert_failed(decoder_open(fd, &source, NULL), ERR_INVALID);
    assert_int_equal(fcntl(fd, F_GETFD), -1);
}

static void try_bytes(str bytes)
{
    struct source source;
    errc rc = OK;
    if (decoder_open_bytes(bytes, &source, NULL) == OK) {
        ignore_int((long)read_all(&source, again, &rc));
        ignore(source.seek(source.ctx, source.frames / 2, NULL));
        ignore_int((long)read_all(&source, again, &rc));
        source_close(&source);
    }
}

static void a_torn_file_ends_and_does_not_hang(void **state)
{
    (void)state;
    for (size_t size = 0; size < file.len; size += size < 200 ? 1 : 997) {
        try_bytes((str){file.at, size});
    }
}

static void altered_bytes_do_no_harm(void **state)
{
    (void)state;
    struct entropy_seed seed = {11};
    struct entropy entropy = entropy_seeded(&seed);
    char *copy = mem_take(file.len);
    for (int round = 0; round < 120; round++) {
        memcpy(copy, file.at, file.len);
        size_t changes = 1 + (size_t)entropy_below(entropy, 8);
        for (size_t i = 0; i < changes; i++) {
            size_t most = entropy_below(entropy, 3) == 0 ? 120 : file.len;
            copy[entropy_below(entropy, most)] = (char)entropy_u64(entropy);
        }
        try_bytes((str){copy, file.len});
    }
    mem_give(copy);
}

static void refuses_what_is_not_ogg_opus(void **state)
{
    (void)state;
    struct source source;
    AUTO(buf_finish) struct buf twice;
    buf_init(&twice, 4 << 20);
    assert_failed(decoder_open_bytes(STR_NONE, &source, NULL), ERR_INVALID);
    assert_failed(decoder_open_bytes(S("RIFF....WAVEfmt "), &source, NULL), ERR_INVALID);
    buf_add(&twice, buf_str(&file));
    opus_make(&twice, USEC_SECOND, 1, 9);
    assert_failed(decoder_open_bytes(buf_str(&twice), &source, NULL), ERR_INVALID);
}

static void signals_are_the_same_from_any_frame_and_never_too_loud(void **state)
{
    (void)state;
    for (int signal = SIGNAL_CHIME; signal <= SIGNAL_WAIL; signal++) {
        struct source source;
        errc rc = OK;
        signal_open((enum alarm_signal)signal, &source);
        size_t count = read_all(&source, first, &rc);
        assert_int_equal(count, (size_t)signal_length((enum alarm_signal)signal) * 6 / 125);
        int peak = 0;
        for (size_t i = 0; i < count; i++) {
            peak = abs(first[i]) > peak ? abs(first[i]) : peak;
        }
        assert_in_range(peak, 12000, 31000);
        assert_ok(source.seek(source.ctx, 70001, NULL));
        assert_int_equal(read_all(&source, again, &rc), count - 70001);
        assert_memory_equal(again, first + 70001, (count - 70001) * sizeof again[0]);
        source_close(&source);
    }
}

static int make_file(void **state)
{
    (void)state;
    buf_init(&file, 4 << 20);
    opus_make(&file, 5 * USEC_SECOND, 1, 3);
    return file.failed ? -1 : 0;
}

static int drop_file(void **state)
{
    (void)state;
    buf_finish(&file);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gives_every_frame_once),
        cmocka_unit_test(finds_its_way_to_any_frame),
        cmocka_unit_test(mixes_two_channels_into_one),
        cmocka_unit_test(reads_from_a_descriptor_and_closes_it),
        cmocka_unit_test(a_torn_file_ends_and_does_not_hang),
        cmocka_unit_test(altered_bytes_do_no_harm),
        cmocka_unit_test(refuses_what_is_not_ogg_opus),
        cmocka_unit_test(signals_are_the_same_from_any_frame_and_never_too_loud),
    };
    return cmocka_run_group_tests_name("agent: decoder", tests, make_file, drop_file);
}
