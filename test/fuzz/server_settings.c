/* A settings file of any bytes is refused with a reason and changes nothing, or what it set can be
 * written and read back. */
#include "base/base.h"
#include "base/crash.h"
#include "server/settings.h"

enum { TEXT_ROOM = 64 * 1024 };

static void write_file(const struct settings *settings, struct buf *out)
{
    for (int i = 0; i < SETTING_COUNT; i++) {
        buf_add_format(out, "%s = ", setting_of((enum setting_key)i)->key);
        settings_write_value(settings, (enum setting_key)i, out);
        buf_add_byte(out, '\n');
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct settings settings;
    struct settings again;
    struct why why = {""};
    settings_init(&settings);
    struct settings before = settings;
    errc rc = settings_parse(&settings, (str){(const char *)data, size}, &why);
    if (rc != OK) {
        ENSURE(why.text[0] != '\0' && memcmp(&settings, &before, sizeof before) == 0);
        return 0;
    }
    AUTO(buf_finish) struct buf text;
    buf_init(&text, TEXT_ROOM);
    write_file(&settings, &text);
    ENSURE(settings_parse(&again, buf_str(&text), &why) == OK);
    for (int i = 0; i < SETTING_COUNT; i++) {
        ENSURE(again.values[i].number == settings.values[i].number);
    }
    ignore(settings_check(&settings, &why));
    return 0;
}
