/* Texts made from the table and the catalogue, so that no key is ever undocumented. */
#include "server/settings_print.h"

static void add_word(const struct words *words, const char *prefix, const char *key,
                     const char *suffix, struct buf *out)
{
    char name[128];
    ignore_int(snprintf(name, sizeof name, "%s.%s%s", prefix, key, suffix));
    words_write(words, WORDS_EN, str_of(name), NULL, 0, out);
}

static void add_range(const struct setting *setting, struct buf *out)
{
    switch (setting->type) {
    case SETTING_BOOL:
        buf_add(out, S("yes or no"));
        return;
    case SETTING_CHOICE:
        buf_add_format(out, "one of: %s", setting->extra);
        return;
    case SETTING_TEXT:
        buf_add_format(out, "text, at most %lld bytes", (long long)setting->most);
        return;
    case SETTING_INT:
    case SETTING_SECONDS:
    case SETTING_BYTES:
        break;
    }
    const char *unit = setting->type == SETTING_SECONDS ? " seconds (or 10m, 2h, 1d)"
                       : setting->type == SETTING_BYTES ? " bytes (or 64K, 16M, 2G)"
                                                        : "";
    buf_add_format(out, "%lld to %lld%s", (long long)setting->least, (long long)setting->most,
                   unit);
}

static bool begins_section(int index)
{
    return index == 0 || strcmp(setting_of((enum setting_key)index)->section,
                                setting_of((enum setting_key)(index - 1))->section) != 0;
}

void settings_print_sample(const struct words *words, struct buf *out)
{
    buf_add(out,
            S("# Settings of loa-server. Every key stands here with its default; take away the #\n"
              "# to change one. An unknown key is an error. Check with: loa-server -n -c FILE\n"));
    for (int i = 0; i < SETTING_COUNT; i++) {
        const struct setting *setting = setting_of((enum setting_key)i);
        if (begins_section(i)) {
            buf_add(out, S("\n# --- "));
            add_word(words, "section", setting->section, "", out);
            buf_add(out, S(" ---\n"));
        }
        buf_add(out, S("\n# "));
        add_word(words, "setting", setting->key, "", out);
        buf_add(out, S(". "));
        add_word(words, "setting", setting->key, ".help", out);
        buf_add(out, S("\n# "));
        add_range(setting, out);
        buf_add(out,
                setting->when == SETTING_LIVE ? S("; may be changed in the console\n") : S("\n"));
        buf_add_format(out, "#%s = %s\n", setting->key, setting->fallback);
    }
}

void settings_print_manual(const struct words *words, struct buf *out)
{
    buf_add(
        out,
        S(".TH LOA.CONF 5\n.SH NAME\nloa.conf \\- settings of loa-server\n.SH DESCRIPTION\n"
          "Lines of\n.I key = value\nand comments that begin with #. An unknown key, a key given "
          "twice and a value out of range are errors.\n"));
    for (int i = 0; i < SETTING_COUNT; i++) {
        const struct setting *setting = setting_of((enum setting_key)i);
        if (begins_section(i)) {
            buf_add(out, S(".SH \""));
            add_word(words, "section", setting->section, "", out);
            buf_add(out, S("\"\n"));
        }
        buf_add_format(out, ".TP\n.B %s\n", setting->key);
        add_word(words, "setting", setting->key, "", out);
        buf_add(out, S(". "));
        add_word(words, "setting", setting->key, ".help", out);
        buf_add(out, S(" "));
        add_range(setting, out);
        buf_add_format(out, ". Default: \"%s\".\n", setting->fallback);
    }
    buf_add(out, S(".SH SEE ALSO\n.BR loa-server (8)\n"));
}

void settings_print_values(const struct settings *settings, struct buf *out)
{
    static const char *const sources[] = {"default", "file", "console"};
    for (int i = 0; i < SETTING_COUNT; i++) {
        enum setting_key key = (enum setting_key)i;
        buf_add_format(out, "%s = ", setting_of(key)->key);
        settings_write_value(settings, key, out);
        buf_add_format(out, "   # %s\n", sources[settings->values[i].source]);
    }
}
