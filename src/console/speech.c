/* What will be said: the text as it is read, the words of a unit, the voices there are. */
#include "speech/speech.h"

#include "console/air_json.h"
#include "console/sound_json.h"
#include "console/steps.h"
#include "sounds/speech_word.h"

enum { READING_MOST = 1024 * 1024 };

static errc load_list(struct ask *ask, unit_id unit, struct speech_list *ret_list, struct why *why)
{
    struct sound_desk desk = ask_sound_desk(ask);
    struct speech_words words;
    TRY(speech_words_of(&desk, ask->db, unit, &words, why));
    struct speech_said *said = arena_take_array(ask->arena, words.count + 1, sizeof *said);
    if (said == NULL) {
        return ERR_NO_MEMORY;
    }
    for (size_t i = 0; i < words.count; i++) {
        said[i] = (struct speech_said){words.at[i].word, words.at[i].reading};
    }
    *ret_list = (struct speech_list){said, words.count};
    return OK;
}

errc api_speech_reading(struct ask *ask, struct why *why)
{
    static const char *const fields[] = {"unit_id", "text", NULL};
    AUTO(json_in_finish) struct json_in in = {.root = NULL};
    AUTO(buf_finish) struct buf reading;
    struct speech_list list = {.count = 0};
    int64_t unit = ask->actor.unit_id;
    str text = STR_NONE;
    buf_init(&reading, READING_MOST);
    TRY(ask_body(ask, fields, &in, why));
    TRY(air_take_number(ask, in.root, "unit_id", 1, INT64_MAX, &unit));
    TRY(json_in_lines(in.root, "text", 0, SOUND_TEXT_MOST, &text, &ask->bad));
    TRY(load_list(ask, unit, &list, why));
    TRY(speech_read(text, list, &reading));
    json_object(&ask->json);
    json_str_at(&ask->json, "reading", buf_str(&reading));
    json_end(&ask->json);
    return OK;
}

static errc show_words(struct ask *ask, unit_id unit, struct why *why)
{
    struct sound_desk desk = ask_sound_desk(ask);
    struct speech_words words;
    TRY(speech_words_of(&desk, ask->db, unit, &words, why));
    ask_list_begin(ask);
    for (size_t i = 0; i < words.count; i++) {
        json_object(&ask->json);
        json_str_at(&ask->json, "word", words.at[i].word);
        json_str_at(&ask->json, "reading", words.at[i].reading);
        air_unit_at(ask, "unit", words.at[i].unit);
        json_end(&ask->json);
    }
    ask_list_end_at(ask, 0);
    return OK;
}

errc api_speech_words_show(struct ask *ask, struct why *why)
{
    unit_id unit = 0;
    TRY(air_query_unit(ask, &unit));
    return show_words(ask, unit, why);
}

static errc take_words(struct ask *ask, const struct json_value *items, struct speech_words *words)
{
    size_t count = json_in_count(items);
    if (!json_in_is_array(items) || count > SPEECH_WORDS_MOST) {
        return bad_field(&ask->bad, "items", "too_long");
    }
    struct speech_word *list = arena_take_array(ask->arena, count + 1, sizeof *list);
    if (list == NULL) {
        return ERR_NO_MEMORY;
    }
    for (size_t i = 0; i < count; i++) {
        const struct json_value *item = json_in_at(items, i);
        TRY(json_in_str(item, "word", 1, SPEECH_WORD_MOST, &list[i].word, &ask->bad));
        TRY(json_in_str(item, "reading", 1, SPEECH_READING_MOST, &list[i].reading, &ask->bad));
    }
    *words = (struct speech_words){list, count};
    return OK;
}

errc api_speech_words_put(struct ask *ask, struct why *why)
{
    static const char *const fields[] = {"unit_id", "items", NULL};
    AUTO(json_in_finish) struct json_in in = {.root = NULL};
    struct sound_desk desk = ask_sound_desk(ask);
    struct speech_words words;
    unit_id unit = 0;
    TRY(ask_body(ask, fields, &in, why));
    TRY(json_in_i64(in.root, "unit_id", 1, INT64_MAX, &unit, &ask->bad));
    TRY(take_words(ask, json_in_get(in.root, "items"), &words));
    TRY(speech_words_put(&desk, ask->db, unit, &words, why));
    return show_words(ask, unit, why);
}

errc api_speech_voices(struct ask *ask, struct why *why)
{
    const struct house_sound *house = &ask->house->sound;
    str rest = house->voices;
    (void)why;
    json_object(&ask->json);
    json_array_at(&ask->json, "items");
    while (rest.at != NULL) {
        str name = str_split(rest, ' ', &rest);
        if (name.len > 0) {
            json_object(&ask->json);
            json_str_at(&ask->json, "name", name);
            json_end(&ask->json);
        }
    }
    json_end(&ask->json);
    json_str_at(&ask->json, "voice", house->voice);
    json_i64_at(&ask->json, "speed", house->speed);
    json_bool_at(&ask->json, "outside", house->outside);
    json_end(&ask->json);
    return OK;
}
