/* The names of the schedule's words, as stored and as the API says them. */
#include "broadcast/programme.h"

static const char *const kinds[PROGRAMME_KINDS] = {"items", "relay", "signal", "silence"};
static const char *const afters[AFTER_BREAKS] = {"resume", "keep_time", "end"};
static const char *const roles[] = {"opening", "closing", "filler"};

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

const char *programme_kind_name(enum programme_kind kind)
{
    return kinds[kind];
}

bool programme_kind_parse(str text, enum programme_kind *ret_kind)
{
    size_t index = 0;
    if (!find(kinds, PROGRAMME_KINDS, text, &index)) {
        return false;
    }
    *ret_kind = (enum programme_kind)index;
    return true;
}

const char *after_break_name(enum after_break after)
{
    return afters[after];
}

bool after_break_parse(str text, enum after_break *ret_after)
{
    size_t index = 0;
    if (!find(afters, AFTER_BREAKS, text, &index)) {
        return false;
    }
    *ret_after = (enum after_break)index;
    return true;
}

const char *sound_role_name(enum sound_role role)
{
    return roles[role];
}

bool sound_role_parse(str text, enum sound_role *ret_role)
{
    size_t index = 0;
    if (!find(roles, COUNT_OF(roles), text, &index)) {
        return false;
    }
    *ret_role = (enum sound_role)index;
    return true;
}

/* "vi", "tyz", "hmn-Latn": a primary tag of two or three small letters, parts behind hyphens. */
bool language_is_fit(str language)
{
    if (language.len == 0) {
        return true;
    }
    str rest = STR_NONE;
    str primary = str_split(language, '-', &rest);
    if (language.len > LANGUAGE_MOST || primary.len < 2 || primary.len > 3) {
        return false;
    }
    for (size_t i = 0; i < language.len; i++) {
        char c = language.at[i];
        bool small = c >= 'a' && c <= 'z';
        bool other = (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
        if (!small && (i < primary.len || !other)) {
            return false;
        }
    }
    return language.at[language.len - 1] != '-';
}
