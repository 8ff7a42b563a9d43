/* Words, limits and the life cycle of bulletins; pure. */
#include "studio/bulletin.h"

#include "broadcast/programme.h"

static const char *const classes[BULLETIN_CLASSES] = {"ordinary", "priority", "emergency"};
static const char *const channels[BULLETIN_CHANNELS] = {"sound", "board", "portal"};
static const char *const states[BULLETIN_STATES] = {"draft",     "submitted", "returned",
                                                    "approved",  "offered",   "scheduled",
                                                    "withdrawn", "on_air",    "done"};
static const char *const steps[BULLETIN_STEPS] = {"change",   "submit",   "approve", "return",
                                                  "withdraw", "schedule", "send"};

static bool find(const char *const *names, size_t count, str text, size_t *ret_index)
{
    for (size_t i = 0; i < count; i++) {
        if (str_is(text, str_of(names[i]))) {
            *ret_index = i;
            return true;
        }
    }
    return false;
}

const char *bulletin_class_name(enum bulletin_class class)
{
    return classes[class];
}

bool bulletin_class_parse(str text, enum bulletin_class *ret_class)
{
    size_t index = 0;
    if (!find(classes, BULLETIN_CLASSES, text, &index)) {
        return false;
    }
    *ret_class = (enum bulletin_class)index;
    return true;
}

const char *bulletin_channel_name(enum bulletin_channel channel)
{
    return channels[channel];
}

bool bulletin_channel_parse(str text, enum bulletin_channel *ret_channel)
{
    size_t index = 0;
    if (!find(channels, BULLETIN_CHANNELS, text, &index)) {
        return false;
    }
    *ret_channel = (enum bulletin_channel)index;
    return true;
}

const char *bulletin_state_name(enum bulletin_state state)
{
    return states[state];
}

bool bulletin_state_parse(str text, enum bulletin_state *ret_state)
{
    size_t index = 0;
    if (!find(states, BULLETIN_STATES, text, &index)) {
        return false;
    }
    *ret_state = (enum bulletin_state)index;
    return true;
}

const char *bulletin_step_name(enum bulletin_step step)
{
    return steps[step];
}

/* --- the life of a bulletin ------------------------------------------------------------------- */

static bool is_approved(enum bulletin_state state)
{
    return state == BULLETIN_APPROVED || state == BULLETIN_OFFERED || state == BULLETIN_SCHEDULED;
}

enum bulletin_state bulletin_state_at(const struct bulletin_line *line, usec now)
{
    if (!is_approved(line->kept)) {
        return line->kept;
    }
    if (line->valid_to != 0 && line->valid_to <= now) {
        return BULLETIN_DONE;
    }
    if (line->kept != BULLETIN_SCHEDULED || now < line->first_at) {
        return line->kept;
    }
    return now < line->last_at ? BULLETIN_ON_AIR : BULLETIN_DONE;
}

bool bulletin_step_fits(enum bulletin_state state, enum bulletin_class class,
                        enum bulletin_step step)
{
    bool aired = is_approved(state) || state == BULLETIN_ON_AIR || state == BULLETIN_DONE;
    switch (step) {
    case STEP_CHANGE:
        return state == BULLETIN_DRAFT || state == BULLETIN_RETURNED || state == BULLETIN_SUBMITTED;
    case STEP_SUBMIT:
        return state == BULLETIN_DRAFT || state == BULLETIN_RETURNED;
    case STEP_APPROVE:
        return state == BULLETIN_SUBMITTED;
    case STEP_RETURN:
        return state == BULLETIN_SUBMITTED || state == BULLETIN_APPROVED;
    case STEP_WITHDRAW:
        return state != BULLETIN_WITHDRAWN;
    case STEP_SCHEDULE:
    case STEP_SEND:
        return aired && class != BULLETIN_EMERGENCY;
    }
    return false;
}

bool bulletin_is_public(const struct bulletin_line *line, usec now)
{
    return is_approved(line->kept) && line->valid_from <= now &&
           (line->valid_to == 0 || now < line->valid_to);
}

/* --- what a bulletin may say ------------------------------------------------------------------ */

static errc check_texts(const struct bulletin_body *body, struct bad_field *bad)
{
    if (body->text_count > BULLETIN_TEXTS_MOST) {
        return bad_field(bad, "texts", "too_many");
    }
    for (size_t i = 0; i < body->text_count; i++) {
        const struct bulletin_text *text = &body->texts[i];
        if (text->language.len == 0 || !language_is_fit(text->language)) {
            return bad_field(bad, "language", "not_a_language");
        }
        for (size_t j = 0; j < i; j++) {
            bool same = body->texts[j].channel == text->channel &&
                        str_is(body->texts[j].language, text->language);
            if (same) {
                return bad_field(bad, "texts", "twice");
            }
        }
    }
    return OK;
}

errc bulletin_check(const struct bulletin_body *body, struct bad_field *bad)
{
    if (body->title.len == 0) {
        return bad_field(bad, "title", "missing");
    }
    if (body->area_count > BULLETIN_AREAS_MOST) {
        return bad_field(bad, "areas", "too_many");
    }
    if (body->attachment_count > BULLETIN_ATTACHMENTS_MOST) {
        return bad_field(bad, "attachments", "too_many");
    }
    if (body->valid_to != 0 && body->valid_to <= body->valid_from) {
        return bad_field(bad, "valid_to", "never");
    }
    return check_texts(body, bad);
}

errc bulletin_check_complete(const struct bulletin_body *body, struct bad_field *bad)
{
    static const hash none;
    TRY(bulletin_check(body, bad));
    if (body->category.len == 0) {
        return bad_field(bad, "category", "missing");
    }
    if (body->text_count == 0) {
        return bad_field(bad, "texts", "missing");
    }
    for (size_t i = 0; i < body->text_count; i++) {
        const struct bulletin_text *text = &body->texts[i];
        bool silent = hash_is(text->media, none);
        if (text->channel == CHANNEL_SOUND && silent) {
            return bad_field(bad, "media", "missing");
        }
        bool picture = text->channel == CHANNEL_BOARD && !silent;
        if (str_trim(text->text).len == 0 && !picture) {
            return bad_field(bad, "text", "missing");
        }
    }
    return OK;
}

static bool says_same_texts(const struct bulletin_body *a, const struct bulletin_body *b)
{
    bool same = a->text_count == b->text_count;
    for (size_t i = 0; i < a->text_count && same; i++) {
        const struct bulletin_text *one = &a->texts[i];
        const struct bulletin_text *other = &b->texts[i];
        same = one->channel == other->channel && str_is(one->language, other->language) &&
               str_is(one->title, other->title) && str_is(one->text, other->text) &&
               hash_is(one->media, other->media);
    }
    return same;
}

static bool lists_unit(const struct bulletin_body *body, unit_id unit)
{
    for (size_t i = 0; i < body->area_count; i++) {
        if (body->areas[i] == unit) {
            return true;
        }
    }
    return false;
}

static bool has_same_lists(const struct bulletin_body *a, const struct bulletin_body *b)
{
    bool same = a->area_count == b->area_count && a->attachment_count == b->attachment_count;
    for (size_t i = 0; i < a->area_count && same; i++) {
        same = lists_unit(b, a->areas[i]);
    }
    for (size_t i = 0; i < a->attachment_count && same; i++) {
        same = hash_is(a->attachments[i].media, b->attachments[i].media) &&
               str_is(a->attachments[i].name, b->attachments[i].name);
    }
    return same;
}

bool bulletin_says_same(const struct bulletin_body *a, const struct bulletin_body *b)
{
    return str_is(a->title, b->title) && str_is(a->category, b->category) && a->class == b->class &&
           a->valid_from == b->valid_from && a->valid_to == b->valid_to &&
           str_is(a->sources, b->sources) && says_same_texts(a, b) && has_same_lists(a, b);
}
