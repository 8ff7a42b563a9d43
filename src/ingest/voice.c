/* See voice.h. The engine has one state for the whole process, and calls back without a context of
 * ours but through each event. */
#include "ingest/voice.h"

#include <espeak-ng/speak_lib.h>
#include <unistd.h>

enum {
    TEXT_MOST = 2 * 1024 * 1024,
    SOUND_BYTES_MOST = 512 * 1024 * 1024,
    RATE_USUAL = 140, /* words a minute: as one reads to a village, not to a friend */
    RATE_LEAST = 80,
    RATE_MOST = 300,
    GAP = 3, /* between words, hundredths of a second */
};

struct voice {
    int rate;
    struct buf text;
    struct buf sound;
};

static const struct {
    const char *name;
    const char *engine;
} names[] = {{"north", "vi"}, {"central", "vi-vn-x-central"}, {"south", "vi-vn-x-south"}};

static int on_sound(short *samples, int count, espeak_EVENT *events)
{
    struct voice *voice = events->user_data;
    if (samples == NULL || voice == NULL) {
        return 0;
    }
    buf_add(&voice->sound, (str){(const char *)samples, (size_t)count * sizeof *samples});
    return voice->sound.failed ? 1 : 0;
}

static const char *engine_name(str name)
{
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        if (str_is(name, str_of(names[i].name))) {
            return names[i].engine;
        }
    }
    return names[0].engine;
}

static int rate_of(int64_t speed)
{
    int64_t rate = RATE_USUAL * speed / 100;
    return (int)(rate < RATE_LEAST ? RATE_LEAST : rate > RATE_MOST ? RATE_MOST : rate);
}

/* A word that is not Vietnamese makes the engine fetch the dictionary for such words, which it
 * could not do any more in the cage. */
static void learn_foreign_words(void)
{
    static const char word[] = "world";
    ignore_int(espeak_Synth(word, sizeof word, 0, POS_CHARACTER, 0, espeakCHARS_UTF8, NULL, NULL));
    ignore_int(espeak_Synchronize());
}

errc voice_open(str name, int64_t speed, struct voice **ret_voice, struct fault *fault)
{
    int rate = espeak_Initialize(AUDIO_OUTPUT_RETRIEVAL, 0, NULL, espeakINITIALIZE_DONT_EXIT);
    bool fits = rate > 0 && espeak_SetVoiceByName(engine_name(name)) == EE_OK &&
                espeak_SetParameter(espeakRATE, rate_of(speed), 0) == EE_OK &&
                espeak_SetParameter(espeakWORDGAP, GAP, 0) == EE_OK;
    if (!fits) {
        return fault_is(fault, "engine");
    }
    espeak_SetSynthCallback(on_sound);
    learn_foreign_words();
    struct voice *voice = mem_take(sizeof *voice);
    voice->rate = rate;
    buf_init(&voice->text, TEXT_MOST);
    buf_init(&voice->sound, SOUND_BYTES_MOST);
    *ret_voice = voice;
    return OK;
}

void voice_close(struct voice **voice)
{
    if (*voice != NULL) {
        buf_finish(&(*voice)->text);
        buf_finish(&(*voice)->sound);
        mem_give(*voice);
    }
    *voice = NULL;
}

static errc read_text(struct voice *voice, int fd, struct fault *fault)
{
    char block[16 * 1024];
    for (ssize_t size = read(fd, block, sizeof block); size > 0;
         size = read(fd, block, sizeof block)) {
        buf_add(&voice->text, (str){block, (size_t)size});
    }
    if (buf_check(&voice->text) != OK) {
        return fault_is(fault, "too_long");
    }
    return str_trim(buf_str(&voice->text)).len == 0 ? fault_is(fault, "empty_text") : OK;
}

errc voice_say(struct voice *voice, int fd, struct pcm *ret_pcm, struct fault *fault)
{
    TRY(read_text(voice, fd, fault));
    buf_add_byte(&voice->text, '\n');
    espeak_ERROR rc = espeak_Synth(voice->text.at, voice->text.len + 1, 0, POS_CHARACTER, 0,
                                   espeakCHARS_UTF8 | espeakENDPAUSE, NULL, voice);
    if (voice->sound.failed) {
        return fault_is(fault, "too_long");
    }
    if (rc != EE_OK || espeak_Synchronize() != EE_OK || voice->sound.len == 0) {
        return fault_is(fault, voice->sound.len == 0 && rc == EE_OK ? "empty_text" : "engine");
    }
    union {
        const char *bytes;
        const int16_t *samples; /* the heap aligns for any type */
    } at = {.bytes = voice->sound.at};
    *ret_pcm = (struct pcm){at.samples, voice->sound.len / sizeof(int16_t), voice->rate};
    return OK;
}
