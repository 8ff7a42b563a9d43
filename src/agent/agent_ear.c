/* The device hears itself: what its ear gets is laid beside what went out, eight seconds at a time;
 * the log and the faults say what came of it. At a set hour, or when asked, it plays a second that
 * nobody hears and listens for it; without an ear it is content when the card took the sound. */
#include "agent/agent_inside.h"

#include "agent/capture_match.h"
#include "agent/signal.h"

enum {
    PIECE = 4800,
    PILOT_FRAMES = 24000,
    COLUMNS_ENOUGH = 300, /* of what ended before the window was full */
    IN_A_ROW = 2,         /* windows, before a person is told */
    DAY_MINUTES = 1440,
};

#define LOOK_EVERY (200 * (usec)1000)
#define LOOK_IDLE (20 * USEC_SECOND)
/* When nothing sounds, one window in this time. */
#define REST (30 * USEC_SECOND)
#define PILOT_LENGTH USEC_SECOND
#define PILOT_SETTLES (300 * (usec)1000)
#define PILOT_PATIENCE (2 * USEC_SECOND)
/* A window that is not full by then has lost sound somewhere. */
#define WINDOW_PATIENCE (15 * USEC_SECOND)

struct ear_stream {
    struct match_bands bands;
    bool has_begun;
    usec begins;  /* steady: of its first frame */
    int64_t skip; /* frames, until both begin at the same instant */
};

enum ear_test { TEST_NONE, TEST_WARMS, TEST_SOUNDS };

struct ear {
    struct capture_port port;
    struct ear_stream played;
    struct ear_stream heard;
    usec window_at; /* begins no sooner */
    usec window_until;
    bool is_open; /* a window is under way */
    wire_id subject;
    unsigned silent;
    unsigned unexpected;
    enum match_verdict told;
    wire_id told_subject;
    usec look_at;
    /* --- the self-test --- */
    enum ear_test test;
    wire_id test_subject;
    usec test_at; /* when the pilot begins, then when it began */
    voice_id pilot;
    int16_t pilot_pcm[PILOT_FRAMES];
    size_t pilot_count;
    int64_t tested_day;
};

struct ear *agent_open_ear(struct agent *agent)
{
    struct ear *ear = mem_take(sizeof *ear);
    ear->port = agent->config.take_capture;
    ear->tested_day = -1;
    return ear;
}

void agent_close_ear(struct ear *ear)
{
    if (ear != NULL && ear->port.ctx != NULL) {
        ear->port.close(ear->port.ctx);
    }
    mem_give(ear);
}

bool agent_ear_tests(const struct agent *agent)
{
    return agent->ear->test != TEST_NONE;
}

static bool something_sounds(const struct agent *agent)
{
    return agent->sheet.now.serial != 0;
}

/* --- windows ---------------------------------------------------------------------------------- */

static size_t read_played(struct agent *agent, int16_t *pcm, size_t most, usec *ret_heard)
{
    return engine_tap_read(agent->engine, ENGINE_TAP_PROOF, pcm, most, ret_heard);
}

static size_t read_heard(struct agent *agent, int16_t *pcm, size_t most, usec *ret_heard)
{
    return agent->ear->port.read(agent->ear->port.ctx, pcm, most, ret_heard);
}

typedef size_t ear_read(struct agent *agent, int16_t *pcm, size_t most, usec *ret_heard);

static void empty(struct agent *agent, ear_read *read)
{
    int16_t pcm[PIECE];
    usec heard = 0;
    while (read(agent, pcm, PIECE, &heard) == PIECE) {
    }
}

static void begin_window(struct agent *agent, usec steady)
{
    struct ear *ear = agent->ear;
    engine_tap_set(agent->engine, ENGINE_TAP_PROOF, true);
    empty(agent, read_played);
    empty(agent, read_heard);
    ear->played = (struct ear_stream){.has_begun = false};
    ear->heard = (struct ear_stream){.has_begun = false};
    ear->is_open = true;
    ear->window_until = steady + WINDOW_PATIENCE;
    ear->subject = agent->told.playing;
}

static void end_window(struct agent *agent, usec again)
{
    engine_tap_set(agent->engine, ENGINE_TAP_PROOF, false);
    agent->ear->is_open = false;
    agent->ear->window_at = again;
}

/* The first frame of each tells when it was heard; whoever began sooner leaves out the difference.
 */
static bool align(struct agent *agent)
{
    struct ear *ear = agent->ear;
    int16_t frame = 0;
    if (!ear->played.has_begun) {
        ear->played.has_begun = read_played(agent, &frame, 1, &ear->played.begins) == 1;
    }
    if (!ear->heard.has_begun) {
        ear->heard.has_begun = read_heard(agent, &frame, 1, &ear->heard.begins) == 1;
    }
    if (!ear->played.has_begun || !ear->heard.has_begun) {
        return false;
    }
    if (ear->played.skip == 0 && ear->heard.skip == 0 && ear->played.bands.filled == 0 &&
        ear->played.bands.count == 0) {
        int64_t apart = (ear->heard.begins - ear->played.begins) * 6 / 125;
        ear->played.skip = apart > 0 ? apart : 0;
        ear->heard.skip = apart < 0 ? -apart : 0;
    }
    return true;
}

static void follow(struct agent *agent, struct ear_stream *stream, ear_read *read)
{
    int16_t pcm[PIECE];
    usec heard = 0;
    size_t got = PIECE;
    while (got == PIECE && stream->bands.count < MATCH_COLUMNS) {
        got = read(agent, pcm, PIECE, &heard);
        size_t skipped = stream->skip < (int64_t)got ? (size_t)stream->skip : got;
        stream->skip -= (int64_t)skipped;
        match_add(&stream->bands, pcm + skipped, got - skipped);
    }
}

static bool same_id(wire_id a, wire_id b)
{
    return memcmp(a.bytes, b.bytes, sizeof a.bytes) == 0;
}

static void tell_match(struct agent *agent, const struct match_result *result)
{
    struct ear *ear = agent->ear;
    bool is_new = result->verdict != ear->told || !same_id(ear->subject, ear->told_subject);
    ear->told = result->verdict;
    ear->told_subject = ear->subject;
    if (is_new && result->verdict != MATCH_QUIET) {
        struct wire_log_entry entry = {
            .kind = LOG_HEARD,
            .subject = ear->subject,
            .value = result->verdict == MATCH_HEARD ? (int64_t)result->per_mille : 0,
        };
        agent_note(agent, &entry, false);
    }
}

static void judge_window(struct agent *agent)
{
    struct ear *ear = agent->ear;
    struct match_result result = match_compare(&ear->played.bands, &ear->heard.bands);
    ear->silent = result.verdict == MATCH_SILENT ? ear->silent + 1 : 0;
    ear->unexpected = result.verdict == MATCH_UNEXPECTED ? ear->unexpected + 1 : 0;
    if (result.verdict == MATCH_HEARD) {
        agent_set_fault(agent, FAULT_NO_SOUND, false);
    } else if (ear->silent >= IN_A_ROW) {
        agent_set_fault(agent, FAULT_NO_SOUND, true);
    }
    agent_set_fault(agent, FAULT_UNEXPECTED, ear->unexpected >= IN_A_ROW);
    tell_match(agent, &result);
}

static void turn_window(struct agent *agent, usec steady)
{
    struct ear *ear = agent->ear;
    bool works = ear->port.works(ear->port.ctx);
    if (!ear->is_open) {
        if (works && (steady >= ear->window_at || something_sounds(agent))) {
            begin_window(agent, steady);
        }
        return;
    }
    if (!works || steady >= ear->window_until) {
        end_window(agent, steady);
    } else if (!same_id(ear->subject, agent->told.playing)) {
        if (ear->played.bands.count >= COLUMNS_ENOUGH && ear->heard.bands.count >= COLUMNS_ENOUGH) {
            judge_window(agent);
        }
        end_window(agent, steady);
    } else if (align(agent)) {
        follow(agent, &ear->played, read_played);
        follow(agent, &ear->heard, read_heard);
        if (ear->played.bands.count >= MATCH_COLUMNS && ear->heard.bands.count >= MATCH_COLUMNS) {
            judge_window(agent);
            end_window(agent, something_sounds(agent) ? steady : steady + REST);
        }
    }
}

/* --- the self-test ---------------------------------------------------------------------------- */

static void tell_test(struct agent *agent, bool good)
{
    struct wire_log_entry entry = {
        .kind = LOG_SELF_TEST, .subject = agent->ear->test_subject, .value = good ? 1000 : 0};
    agent_note(agent, &entry, true);
    if (agent->ear->port.ctx != NULL) {
        agent_set_fault(agent, FAULT_NO_SOUND, !good);
    }
}

void agent_self_test(struct agent *agent, wire_id subject)
{
    struct ear *ear = agent->ear;
    ear->test_subject = subject;
    if (something_sounds(agent)) {
        /* It is being tested by what it does. */
        tell_test(agent, ear->port.ctx == NULL ? agent->sink_works : ear->told != MATCH_SILENT);
        return;
    }
    if (ear->is_open) {
        end_window(agent, agent_steady(agent));
    }
    ear->test = TEST_WARMS;
    ear->test_at = relay_ready(&agent->relay, agent_steady(agent));
    ear->look_at = 0;
    agent->sound_at = 0; /* for the relay */
}

static void play_pilot(struct agent *agent, usec steady)
{
    struct ear *ear = agent->ear;
    struct source source = {.ctx = NULL};
    struct engine_play play = {.at_full = true};
    struct why why = {""};
    signal_open_pilot(PILOT_LENGTH, &source);
    ear->pilot = 0;
    ear->pilot_count = 0;
    ear->test_at = steady;
    ear->test = TEST_SOUNDS;
    if (ear->port.ctx != NULL) {
        empty(agent, read_heard);
    }
    if (engine_play(agent->engine, &play, steady, &source, &ear->pilot, &why) != OK) {
        ear->test = TEST_NONE;
        tell_test(agent, false);
    }
}

static void hear_pilot(struct agent *agent)
{
    struct ear *ear = agent->ear;
    int16_t pcm[PIECE];
    usec heard = 0;
    size_t got = PIECE;
    while (ear->port.ctx != NULL && got == PIECE) {
        got = read_heard(agent, pcm, PIECE, &heard);
        size_t room = PILOT_FRAMES - ear->pilot_count;
        size_t take = heard < ear->test_at + PILOT_SETTLES ? 0 : got < room ? got : room;
        memcpy(ear->pilot_pcm + ear->pilot_count, pcm, take * sizeof pcm[0]);
        ear->pilot_count += take;
    }
}

/* An alarm in the midst of it is no time for tests. */
static void turn_test(struct agent *agent, usec steady)
{
    struct ear *ear = agent->ear;
    if (something_sounds(agent)) {
        engine_stop(agent->engine, ear->pilot, 5);
        ear->test = TEST_NONE;
    } else if (ear->test == TEST_WARMS && steady >= ear->test_at) {
        play_pilot(agent, steady);
    } else if (ear->test == TEST_SOUNDS) {
        hear_pilot(agent);
        bool full = ear->pilot_count == PILOT_FRAMES;
        if (full || steady >= ear->test_at + PILOT_PATIENCE) {
            bool good = full && match_pilot(ear->pilot_pcm, PILOT_FRAMES) >= MATCH_PILOT_HEARD_MB;
            ear->test = TEST_NONE;
            tell_test(agent, ear->port.ctx == NULL ? agent->sink_works : good);
        }
    }
}

/* At its minute of the civil day, once. */
static void start_daily_test(struct agent *agent)
{
    struct ear *ear = agent->ear;
    struct clock_view view = agent_time(agent);
    uint64_t minute = agent->settings.self_test_min;
    if (minute == 0 || !agent_knows_time(&view)) {
        return;
    }
    int64_t minutes = (view.now + agent->zone_s * USEC_SECOND) / USEC_MINUTE;
    bool is_time = minutes % DAY_MINUTES == (int64_t)(minute % DAY_MINUTES);
    if (is_time && minutes / DAY_MINUTES != ear->tested_day) {
        ear->tested_day = minutes / DAY_MINUTES;
        agent_self_test(agent, (wire_id){{0}});
    }
}

void agent_ear_turn(struct agent *agent)
{
    struct ear *ear = agent->ear;
    usec steady = agent_steady(agent);
    if (steady < ear->look_at) {
        return;
    }
    if (ear->test != TEST_NONE) {
        turn_test(agent, steady);
    } else {
        start_daily_test(agent);
        if (ear->port.ctx != NULL && ear->test == TEST_NONE) {
            turn_window(agent, steady);
        }
    }
    bool busy = ear->port.ctx != NULL || ear->test != TEST_NONE;
    ear->look_at = steady + (busy ? LOOK_EVERY : LOOK_IDLE);
}

usec agent_ear_next(const struct agent *agent)
{
    bool waits = agent->ear->port.ctx != NULL || agent->ear->test != TEST_NONE ||
                 agent->settings.self_test_min > 0;
    return waits ? agent->ear->look_at : INT64_MAX;
}
