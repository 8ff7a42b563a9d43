/* The effect of an alarm as numbers, and as the one sentence that stands on the last page. */
#include "console/alarm_json.h"

int64_t alarm_about(int64_t people)
{
    int64_t step = 1;
    while (people / step >= 100) {
        step *= 10;
    }
    return (people + step / 2) / step * step;
}

/* 41000 as the language writes it: 41.000 or 41,000. */
static str write_number(struct ask *ask, int64_t number)
{
    char digits[24];
    AUTO(buf_finish) struct buf text;
    int length = snprintf(digits, sizeof digits, "%lld", (long long)number);
    buf_init(&text, 64);
    for (int i = 0; i < length; i++) {
        if (i > 0 && (length - i) % 3 == 0) {
            buf_add_byte(&text, ask->language == WORDS_VI ? '.' : ',');
        }
        buf_add_byte(&text, digits[i]);
    }
    return arena_str(ask->arena, buf_str(&text));
}

/* "412 loudspeakers": one or many of them. */
static str write_count(struct ask *ask, const char *key, int64_t count)
{
    AUTO(buf_finish) struct buf text;
    struct words_arg arg = {"count", write_number(ask, count)};
    str name = arena_format(ask->arena, "alarm.effect.%s.%s", key, count == 1 ? "one" : "many");
    buf_init(&text, 256);
    words_write(ask->house->words, ask->language, name, &arg, 1, &text);
    return arena_str(ask->arena, buf_str(&text));
}

/* Two parts in one: "412 loudspeakers and 37 boards". */
static str join(struct ask *ask, const char *key, str a, str b)
{
    AUTO(buf_finish) struct buf text;
    struct words_arg args[] = {{"a", a}, {"b", b}};
    buf_init(&text, 512);
    if (b.len == 0) {
        return a;
    }
    words_write(ask->house->words, ask->language, str_of(key), args, COUNT_OF(args), &text);
    return arena_str(ask->arena, buf_str(&text));
}

static str write_words(struct ask *ask, enum alarm_kind kind, const struct alarm_effect *effect)
{
    static const char *const keys[ALARM_KINDS] = {"alarm.effect.alarm", "alarm.effect.drill",
                                                  "alarm.effect.stop"};
    const char *known = effect->people_known ? "people" : "people_least";
    str loudspeakers = write_count(ask, "loudspeakers", effect->devices);
    str boards = effect->boards > 0 ? write_count(ask, "boards", effect->boards) : S("");
    str communes = write_count(ask, "communes", effect->communes);
    str people = effect->people > 0 ? write_count(ask, known, alarm_about(effect->people)) : S("");
    return join(ask, keys[kind], join(ask, "alarm.effect.both", loudspeakers, boards),
                join(ask, "alarm.effect.among", communes, people));
}

static const char *reason_of(enum alarm_second second)
{
    switch (second) {
    case SECOND_NONE:
        return NULL;
    case SECOND_DEVICES:
        return "devices";
    case SECOND_PEOPLE:
        return "people";
    }
    return NULL;
}

void alarm_effect_json(struct ask *ask, enum alarm_kind kind, const struct alarm_effect *effect)
{
    struct json_out *out = &ask->json;
    json_object(out);
    json_i64_at(out, "devices", effect->devices);
    json_key(out, "attached");
    effect->attached >= 0 ? json_i64(out, effect->attached) : json_null(out);
    json_i64_at(out, "boards", effect->boards);
    json_i64_at(out, "communes", effect->communes);
    json_i64_at(out, "people", effect->people);
    json_bool_at(out, "people_known", effect->people_known);
    json_i64_at(out, "sounding_ms", effect->sounding_ms);
    json_bool_at(out, "needs_approval", effect->needs_approval);
    json_str_at(out, "reason", str_of(reason_of(effect->second)));
    json_bool_at(out, "delegated", effect->delegation != 0);
    json_str_at(out, "words", write_words(ask, kind, effect));
    json_end(out);
}
