/* Settings: one table (settings.def), a file of `key = value` lines, and values that the console
 * laid over it. An unknown key, a key given twice and a value out of range are errors that name
 * the line; nothing is guessed. Plain values: copy, compare, pass on. */
#ifndef LOA_SERVER_SETTINGS_H
#define LOA_SERVER_SETTINGS_H

#include "base/base.h"

enum setting_type {
    SETTING_INT,
    SETTING_BOOL,
    SETTING_TEXT,
    SETTING_CHOICE,
    SETTING_SECONDS,
    SETTING_BYTES,
};

enum setting_when { SETTING_AT_START, SETTING_LIVE, SETTING_SECRET };
enum setting_source { SETTING_FROM_DEFAULT, SETTING_FROM_FILE, SETTING_FROM_CONSOLE };

enum setting_key {
#define SETTING(section, key, type, fallback, least, most, extra, when) SETTING_KEY_##key,
#include "server/settings.def"
#undef SETTING
    SETTING_COUNT
};

enum { SETTING_TEXT_ROOM = 256 };

struct setting {
    const char *section;
    const char *key;
    enum setting_type type;
    enum setting_when when;
    const char *fallback;
    int64_t least;
    int64_t most;
    const char *extra; /* unit of a number, or the choices with blanks between */
};

struct setting_value {
    int64_t number; /* BOOL 0 or 1, CHOICE the index of the choice */
    char text[SETTING_TEXT_ROOM];
    enum setting_source source;
};

struct settings {
    struct setting_value values[SETTING_COUNT];
};

const struct setting *setting_of(enum setting_key key);
CHECKED bool setting_find(str key, enum setting_key *ret_key);

void settings_init(struct settings *settings); /* all defaults */
/* Checks and sets one value; the reason says what would be right. */
CHECKED errc settings_set(struct settings *settings, enum setting_key key, str value,
                          enum setting_source source, struct why *why);
/* Reads a settings file over the defaults; on failure *settings is untouched. */
CHECKED errc settings_load(struct settings *settings, const char *path, struct why *why);
CHECKED errc settings_parse(struct settings *settings, str text, struct why *why);
/* Checks what one key alone cannot tell, such as TLS beyond loopback. */
CHECKED errc settings_check(const struct settings *settings, struct why *why);

int64_t settings_number(const struct settings *settings, enum setting_key key);
const char *settings_text(const struct settings *settings, enum setting_key key);
/* The value as it would stand in the file; a secret one as *** when it is set. */
void settings_write_value(const struct settings *settings, enum setting_key key, struct buf *out);

#endif
