/* Strict, because a restore trusts it: every byte has one way to be written, and the seal is looked
 * at before anything else. */
#include "store/manifest.h"

struct reader {
    str rest;
    str words; /* of the current line, behind its first */
    int line;
    struct arena *arena;
    struct manifest *to;
    struct why *why;
};

static errc wrong(const struct reader *reader, const char *what)
{
    return fail(reader->why, ERR_CORRUPT, "manifest, line %d: %s", reader->line, what);
}

/* Takes the next line when it begins with the word; its other words are then in `words`. */
static bool take_line(struct reader *reader, str word)
{
    str rest = STR_NONE;
    str words = STR_NONE;
    str line = str_split(reader->rest, '\n', &rest);
    if (rest.at == NULL || !str_is(str_split(line, ' ', &words), word)) {
        return false; /* another line, or one without its end */
    }
    reader->rest = rest;
    reader->words = words;
    reader->line++;
    return true;
}

static str take_word(struct reader *reader)
{
    return str_split(reader->words, ' ', &reader->words);
}

/* Written back it must be the same: no leading zeroes. */
static bool take_number(struct reader *reader, uint64_t *ret_number)
{
    str word = take_word(reader);
    return str_to_u64(word, ret_number) && (word.len == 1 || word.at[0] != '0');
}

static bool take_hash(struct reader *reader, hash *ret_hash)
{
    str word = take_word(reader);
    for (size_t i = 0; i < word.len; i++) {
        if (word.at[i] >= 'A' && word.at[i] <= 'F') {
            return false;
        }
    }
    return hash_parse(word, ret_hash);
}

static bool line_ends(const struct reader *reader)
{
    return reader->words.at == NULL;
}

static bool is_name(str word)
{
    for (size_t i = 0; i < word.len; i++) {
        char byte = word.at[i];
        bool good = (byte >= 'a' && byte <= 'z') || (byte >= '0' && byte <= '9') || byte == '_';
        if (!good) {
            return false;
        }
    }
    return word.len > 0 && word.len < 64;
}

static bool usec_is(usec value, str text)
{
    AUTO(buf_finish) struct buf out;
    buf_init(&out, 64);
    usec_write(value, &out);
    return str_is(buf_str(&out), text);
}

static errc read_head(struct reader *reader)
{
    struct manifest *to = reader->to;
    if (!take_line(reader, S("loa-backup")) || !str_is(reader->words, S("1"))) {
        return wrong(reader, "not a backup that this program knows");
    }
    if (!take_line(reader, S("made")) || !usec_parse(reader->words, &to->made_at_us) ||
        !usec_is(to->made_at_us, reader->words)) {
        return wrong(reader, "when it was made");
    }
    if (!take_line(reader, S("kind"))) {
        return wrong(reader, "the kind of database");
    }
    to->kind = str_is(reader->words, S("sqlite")) ? STORE_SQLITE : STORE_POSTGRESQL;
    if (to->kind == STORE_POSTGRESQL && !str_is(reader->words, S("postgresql"))) {
        return wrong(reader, "the kind of database");
    }
    if (!take_line(reader, S("database")) || !take_hash(reader, &to->database) ||
        !take_number(reader, &to->database_size) || !line_ends(reader)) {
        return wrong(reader, "the database");
    }
    return OK;
}

static size_t count_lines(str text, str word)
{
    size_t count = 0;
    for (str rest = text; rest.len > 0;) {
        str words;
        count += str_is(str_split(str_split(rest, '\n', &rest), ' ', &words), word) ? 1 : 0;
    }
    return count;
}

static errc read_migrations(struct reader *reader)
{
    struct manifest *to = reader->to;
    size_t most = count_lines(reader->rest, S("migration"));
    if (most > MANIFEST_MIGRATIONS) {
        return wrong(reader, "too many migrations");
    }
    to->migrations = arena_take_array(reader->arena, most, sizeof *to->migrations);
    if (to->migrations == NULL) {
        return fail(reader->why, ERR_NO_MEMORY, "manifest: too large");
    }
    while (to->migration_count < most && take_line(reader, S("migration"))) {
        struct manifest_migration *one = &to->migrations[to->migration_count++];
        uint64_t number = 0;
        one->room = take_word(reader);
        bool good = take_number(reader, &number) && number > 0 && number <= INT32_MAX &&
                    take_hash(reader, &one->hash);
        one->number = (int64_t)number;
        one->name = take_word(reader);
        if (!good || !line_ends(reader) || !is_name(one->room) || !is_name(one->name)) {
            return wrong(reader, "a migration");
        }
    }
    return OK;
}

static errc read_media(struct reader *reader)
{
    struct manifest *to = reader->to;
    size_t most = count_lines(reader->rest, S("media"));
    if (most > MANIFEST_MEDIA) {
        return wrong(reader, "too many media");
    }
    to->media = arena_take_array(reader->arena, most, sizeof *to->media);
    if (to->media == NULL) {
        return fail(reader->why, ERR_NO_MEMORY, "manifest: too large");
    }
    while (to->media_count < most && take_line(reader, S("media"))) {
        struct manifest_media *one = &to->media[to->media_count];
        if (!take_hash(reader, &one->name) || !take_number(reader, &one->size) ||
            !line_ends(reader)) {
            return wrong(reader, "a media object");
        }
        if (to->media_count > 0 &&
            memcmp(one->name.bytes, to->media[to->media_count - 1].name.bytes, HASH_SIZE) <= 0) {
            return wrong(reader, "media out of order");
        }
        to->media_count++;
    }
    return OK;
}

static errc read_seal(struct reader *reader, str text)
{
    hash seal;
    size_t before = text.len - reader->rest.len;
    hash right = hash_of(str_cut(text, 0, before));
    if (!take_line(reader, S("end")) || !take_hash(reader, &seal) || !line_ends(reader) ||
        reader->rest.len > 0) {
        return wrong(reader, "its end is missing");
    }
    return hash_is(seal, right) ? OK : wrong(reader, "it was changed: the seal does not fit");
}

errc manifest_read(str text, struct arena *arena, struct manifest *ret_manifest, struct why *why)
{
    struct manifest manifest = {.made_at_us = 0};
    struct reader reader = {.rest = text, .arena = arena, .to = &manifest, .why = why};
    TRY(read_head(&reader));
    TRY(read_migrations(&reader));
    TRY(read_media(&reader));
    TRY(read_seal(&reader, text));
    *ret_manifest = manifest;
    return OK;
}

static void put_hash(struct buf *out, hash value)
{
    buf_add_hex(out, value.bytes, HASH_SIZE);
}

void manifest_write(const struct manifest *manifest, struct buf *out)
{
    buf_add(out, S("loa-backup 1\nmade "));
    usec_write(manifest->made_at_us, out);
    buf_add_format(out, "\nkind %s\ndatabase ",
                   manifest->kind == STORE_SQLITE ? "sqlite" : "postgresql");
    put_hash(out, manifest->database);
    buf_add_format(out, " %llu\n", (unsigned long long)manifest->database_size);
    for (size_t i = 0; i < manifest->migration_count; i++) {
        const struct manifest_migration *one = &manifest->migrations[i];
        buf_add_format(out, "migration %.*s %lld ", STR_ARG(one->room), (long long)one->number);
        put_hash(out, one->hash);
        buf_add_format(out, " %.*s\n", STR_ARG(one->name));
    }
    for (size_t i = 0; i < manifest->media_count; i++) {
        buf_add(out, S("media "));
        put_hash(out, manifest->media[i].name);
        buf_add_format(out, " %llu\n", (unsigned long long)manifest->media[i].size);
    }
    hash seal = hash_of(buf_str(out));
    buf_add(out, S("end "));
    put_hash(out, seal);
    buf_add_byte(out, '\n');
}

bool manifest_has(const struct manifest *manifest, hash name)
{
    size_t low = 0;
    size_t high = manifest->media_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = memcmp(manifest->media[middle].name.bytes, name.bytes, HASH_SIZE);
        if (order == 0) {
            return true;
        }
        low = order < 0 ? middle + 1 : low;
        high = order < 0 ? high : middle;
    }
    return false;
}
