/* What a message says, as an alarm: the part that only needs the message. */
#include "alert/message_inside.h"

#include "base/text.h"

/* Words of events as senders write them, in small letters without diacritics. Those with ^ only
 * begin an event: alone, "bao" would also be a warning. */
static const struct {
    const char *word;
    enum hazard hazard;
} events[] = {
    {"flood", HAZARD_FLOOD},         {"lu ", HAZARD_FLOOD},        {"ngap", HAZARD_FLOOD},
    {"landslide", HAZARD_LANDSLIDE}, {"sat lo", HAZARD_LANDSLIDE}, {"dam ", HAZARD_DAM},
    {"xa lu", HAZARD_DAM},           {"ho chua", HAZARD_DAM},      {"storm", HAZARD_STORM},
    {"thunderstorm", HAZARD_STORM},  {"typhoon", HAZARD_STORM},    {"^bao ", HAZARD_STORM},
    {"con bao", HAZARD_STORM},       {"tin bao", HAZARD_STORM},    {"dong loc", HAZARD_STORM},
    {"dong set", HAZARD_STORM},      {"loc xoay", HAZARD_STORM},   {"tornado", HAZARD_STORM},
    {"fire", HAZARD_FIRE},           {"chay ", HAZARD_FIRE},       {"epidemic", HAZARD_EPIDEMIC},
    {"dich ", HAZARD_EPIDEMIC},      {"missing", HAZARD_MISSING},  {"mat tich", HAZARD_MISSING},
};

static bool has_word(str text, str word)
{
    if (str_starts(word, S("^"))) {
        return str_starts(text, str_cut(word, 1, word.len));
    }
    for (size_t i = 0; i + word.len <= text.len; i++) {
        bool begins = i == 0 || text.at[i - 1] == ' ';
        if (begins && str_starts(str_cut(text, i, text.len), word)) {
            return true;
        }
    }
    return false;
}

static bool find_event(str event, enum hazard *ret_hazard)
{
    AUTO(arena_close) struct arena *arena = NULL;
    str key = STR_NONE;
    if (arena_create(64 * 1024, &arena) != OK || text_search_key(arena, event, &key) != OK) {
        return false;
    }
    str padded = arena_format(arena, "%.*s ", STR_ARG(key));
    for (size_t pass = 0; pass < 2; pass++) { /* what lets water out is no mere flood */
        for (size_t i = 0; i < COUNT_OF(events); i++) {
            bool dam = events[i].hazard == HAZARD_DAM;
            if (dam == (pass == 0) && has_word(padded, str_of(events[i].word))) {
                *ret_hazard = events[i].hazard;
                return true;
            }
        }
    }
    return false;
}

enum hazard cap_hazard_of(const struct cap_message *message)
{
    static const struct {
        enum cap_name category;
        enum hazard hazard;
    } categories[] = {
        {CAP_CATEGORY_FIRE, HAZARD_FIRE},
        {CAP_CATEGORY_HEALTH, HAZARD_EPIDEMIC},
        {CAP_CATEGORY_MET, HAZARD_STORM},
    };
    enum hazard hazard = HAZARD_OTHER;
    if (message->status == CAP_STATUS_EXERCISE) {
        return HAZARD_DRILL;
    }
    for (size_t i = 0; i < message->info_count; i++) {
        if (find_event(message->infos[i].event, &hazard)) {
            return hazard;
        }
    }
    unsigned bits = message->info_count > 0 ? message->infos[0].categories : 0;
    for (size_t i = 0; i < COUNT_OF(categories); i++) {
        if ((bits & cap_bit(CAP_CATEGORY, categories[i].category)) != 0) {
            return categories[i].hazard;
        }
    }
    return HAZARD_OTHER;
}

/* --- texts ------------------------------------------------------------------------------------ */

str cap_text_cut(str text, size_t bytes, size_t characters)
{
    str cut = text_cut(text, bytes);
    while (text_length(cut) > characters) {
        cut = text_cut(cut, cut.len - 1);
    }
    return cut;
}

static void add_sentence(struct buf *out, str text)
{
    if (text.len == 0) {
        return;
    }
    bool ends = out->len > 0 && strchr(".!?:\n", out->at[out->len - 1]) == NULL;
    buf_add_text(out, out->len == 0 ? "" : ends ? ". " : " ");
    buf_add(out, text);
}

str cap_message_text(const struct cap_info *info, str first, struct arena *arena)
{
    AUTO(buf_finish) struct buf text;
    buf_init(&text, 4 * CAP_TEXT_MOST);
    add_sentence(&text, first);
    add_sentence(&text, info->headline.len > 0 ? info->headline : info->event);
    add_sentence(&text, info->description);
    add_sentence(&text, info->instruction);
    return arena_str(arena, cap_text_cut(buf_str(&text), CAP_SPOKEN_BYTES, ALARM_TEXT_MOST));
}
