/* From left to right through each line: where a word begins the rules are asked in their order, and
 * what none of them knows is copied. See speech.h. */
#include "speech/speech.h"

#include "base/text.h"
#include "speech/reader.h"

static reading_rule *const word_rules[] = {
    read_own_word, read_address, read_decree, read_phone, read_time,
    read_date,     read_figure,  read_short,  read_roman, read_capitals,
};

static bool begins_word(const struct reader *reader)
{
    if (reader->at == 0 || reader->said) {
        return true;
    }
    unsigned char last = (unsigned char)reader->line.at[reader->at - 1];
    bool is_ascii_word = (last >= '0' && last <= '9') || (last < 0x80 && code_is_letter(last));
    if (last < 0x80) {
        return !is_ascii_word;
    }
    size_t from = reader->at - 1;
    while (from > 0 && ((unsigned char)reader->line.at[from] & 0xc0) == 0x80) {
        from--;
    }
    return !code_is_letter(rune_at(reader->line, from).code);
}

/* In small letters; a word that is too long for one that anything depends on is none. */
static void remember(struct reader *reader, str word)
{
    size_t len = 0;
    for (size_t at = 0; at < word.len;) {
        struct rune rune = rune_at(word, at);
        if (len + RUNE_SIZE_MOST >= sizeof reader->before) {
            len = 0;
            break;
        }
        len += rune_write(code_small(rune.code), reader->before + len);
        at += rune.size;
    }
    reader->before[len] = '\0';
}

static size_t apply_rules(struct reader *reader, str rest)
{
    if (!begins_word(reader)) {
        return 0;
    }
    for (size_t i = 0; i < COUNT_OF(word_rules); i++) {
        size_t used = word_rules[i](reader, rest);
        if (used > 0) {
            reader->before[0] = '\0';
            return used;
        }
    }
    return 0;
}

static size_t copy(struct reader *reader, str rest)
{
    size_t size = letters_at(rest, 0);
    if (size > 0) {
        remember(reader, str_cut(rest, 0, size));
        say_str(reader, reader->said ? str_cut(rest, 0, size) : STR_NONE);
        if (!reader->said) {
            buf_add(reader->out, str_cut(rest, 0, size));
        }
        reader->said = false;
        return size;
    }
    size = rune_at(rest, 0).size;
    buf_add(reader->out, str_cut(rest, 0, size));
    reader->said = false;
    return size;
}

/* No blanks twice, none before a comma or a point. */
static void tidy(str line, struct buf *out)
{
    for (size_t i = 0; i < line.len; i++) {
        char next = i + 1 < line.len ? line.at[i + 1] : '\n';
        bool is_needless =
            line.at[i] == ' ' && (next == ' ' || next == ',' || next == '.' || next == '\n');
        if (!is_needless) {
            buf_add(out, str_cut(line, i, i + 1));
        }
    }
}

static void read_line(str line, const struct speech_list *list, struct buf *said)
{
    struct reader reader = {.line = line, .list = list, .out = said};
    while (reader.at < line.len) {
        str rest = str_cut(line, reader.at, line.len);
        size_t used = apply_rules(&reader, rest);
        used = used > 0 ? used : read_sign(&reader, rest);
        reader.at += used > 0 ? used : copy(&reader, rest);
    }
}

static errc read_all(str text, const struct speech_list *list, struct buf *out)
{
    AUTO(buf_finish) struct buf said;
    buf_init(&said, SPEECH_TEXT_MOST * (size_t)SPEECH_GROWTH);
    str rest = text;
    while (rest.at != NULL) {
        str line = str_split(rest, '\n', &rest);
        buf_clear(&said);
        read_line(line, list, &said);
        TRY(buf_check(&said));
        tidy(str_trim(buf_str(&said)), out);
        if (rest.at != NULL) {
            buf_add_byte(out, '\n');
        }
    }
    return buf_check(out);
}

errc speech_read(str text, struct speech_list list, struct buf *out)
{
    AUTO(arena_close) struct arena *arena = NULL;
    str composed = STR_NONE;
    if (text.len > SPEECH_TEXT_MOST) {
        return ERR_TOO_BIG;
    }
    if (!text_is_utf8(text)) {
        return ERR_BAD_UTF8;
    }
    TRY(arena_create((size_t)4 * SPEECH_TEXT_MOST + 65536, &arena));
    TRY(text_nfc(arena, text, &composed));
    return read_all(composed, &list, out);
}
