/* One line of the trail: its hash, and the forms in which it leaves the house. The hash is over a
 * canonical encoding in which every field is marked off by its length, so that no two different
 * lines have the same bytes; changing it would break every chain there is. */
#include "people/audit.h"

#include "base/json_out.h"
#include "base/text.h"

/* "audit log" of RFC 5424 (13 * 8) with severity notice (5). */
enum { SYSLOG_PRIORITY = 13 * 8 + 5, HOST_MOST = 255 };

static void add_number(struct hasher *hasher, int64_t number)
{
    uint8_t bytes[8];
    for (size_t i = 0; i < sizeof(bytes); i++) {
        bytes[i] = (uint8_t)((uint64_t)number >> (8 * i));
    }
    hasher_add(hasher, bytes, sizeof(bytes));
}

/* Nothing and the empty text are the same: databases differ in what they give back. */
static void add_text(struct hasher *hasher, str text)
{
    add_number(hasher, (int64_t)text.len);
    if (text.len > 0) {
        hasher_add(hasher, text.at, text.len);
    }
}

hash audit_line_hash(const struct audit_line *line)
{
    struct hasher hasher;
    hasher_start(&hasher);
    add_text(&hasher, S("loa audit 1"));
    hasher_add(&hasher, line->previous.bytes, HASH_SIZE);
    add_number(&hasher, line->seq);
    add_number(&hasher, line->at);
    add_number(&hasher, line->account_id);
    add_text(&hasher, line->account_login);
    add_text(&hasher, line->account_name);
    add_number(&hasher, line->unit_id);
    add_text(&hasher, line->address);
    add_text(&hasher, line->agent);
    add_text(&hasher, line->action);
    add_text(&hasher, line->subject_kind);
    add_number(&hasher, line->subject_id);
    add_text(&hasher, line->subject_name);
    add_number(&hasher, line->subject_unit_id);
    add_text(&hasher, line->before);
    add_text(&hasher, line->after);
    return hasher_end(&hasher);
}

bool audit_head_step(struct audit_head *head, const struct audit_line *line)
{
    if (line->seq != head->seq + 1 || !hash_is(line->previous, head->self) ||
        !hash_is(line->self, audit_line_hash(line))) {
        return false;
    }
    *head = (struct audit_head){line->seq, line->self};
    return true;
}

/* What a stranger sent as its name must not keep a change from being written: cut, and every byte
 * that is no plain text becomes "?". */
str audit_clean(struct arena *arena, str text, size_t most)
{
    str cut = str_cut(text, 0, most);
    while (cut.len > 0 && !text_is_utf8(cut) && cut.len + 4 > most) {
        cut.len--; /* a character cut in two */
    }
    cut = text_is_utf8(cut) ? cut : str_cut(text, 0, most);
    char *copy = arena_take(arena, cut.len + 1);
    if (copy == NULL || text_is_plain(cut)) {
        return copy == NULL ? STR_NONE : cut;
    }
    bool utf8 = text_is_utf8(cut);
    for (size_t i = 0; i < cut.len; i++) {
        unsigned char byte = (unsigned char)cut.at[i];
        copy[i] = byte >= 0x20 && byte != 0x7f && (byte < 0x80 || utf8) ? cut.at[i] : '?';
    }
    str cleaned = {copy, cut.len};
    for (size_t i = 0; utf8 && !text_is_plain(cleaned) && i < cut.len; i++) {
        copy[i] = (unsigned char)copy[i] < 0x80 ? copy[i] : '?'; /* C1 controls */
    }
    return cleaned;
}

static str or_null(str text)
{
    return text.len > 0 ? text : STR_NONE;
}

static void write_raw_or_null(struct json_out *out, const char *key, str json)
{
    json_key(out, key);
    if (json.len > 0) {
        json_raw(out, json);
    } else {
        json_null(out);
    }
}

static void write_id_or_null(struct json_out *out, const char *key, int64_t id)
{
    if (id != 0) {
        json_i64_at(out, key, id);
    } else {
        json_null_at(out, key);
    }
}

errc audit_write_json(const struct audit_line *line, struct buf *out)
{
    struct json_out json;
    char text[HASH_TEXT_SIZE];
    json_out_init(&json, out);
    json_object(&json);
    json_i64_at(&json, "seq", line->seq);
    json_usec_at(&json, "at", line->at);
    write_id_or_null(&json, "account_id", line->account_id);
    json_str_at(&json, "account_login", or_null(line->account_login));
    json_str_at(&json, "account_name", or_null(line->account_name));
    write_id_or_null(&json, "unit_id", line->unit_id);
    json_str_at(&json, "address", or_null(line->address));
    json_str_at(&json, "agent", or_null(line->agent));
    json_str_at(&json, "action", line->action);
    json_str_at(&json, "subject_kind", line->subject_kind);
    write_id_or_null(&json, "subject_id", line->subject_id);
    json_str_at(&json, "subject_name", or_null(line->subject_name));
    write_id_or_null(&json, "subject_unit_id", line->subject_unit_id);
    write_raw_or_null(&json, "before", line->before);
    write_raw_or_null(&json, "after", line->after);
    hash_text(line->previous, text);
    json_text_at(&json, "previous", text);
    hash_text(line->self, text);
    json_text_at(&json, "hash", text);
    json_end(&json);
    TRY(json_out_check(&json));
    buf_add_byte(out, '\n');
    return buf_check(out);
}

/* A parameter's value: UTF-8, with " \ ] escaped (RFC 5424 6.3.3). Control characters, which would
 * cut the message, show as their pictures (U+2400 and on); bytes that are no UTF-8 as "?". */
static void add_value(struct buf *out, str value)
{
    bool utf8 = text_is_utf8(value);
    for (size_t i = 0; i < value.len; i++) {
        unsigned char byte = (unsigned char)value.at[i];
        if (byte < 0x20) {
            buf_add_text(out, "\xe2\x90");
            buf_add_byte(out, (char)(0x80 + byte));
        } else if (byte == 0x7f) {
            buf_add_text(out, "\xe2\x90\xa1");
        } else if (byte >= 0x80 && !utf8) {
            buf_add_byte(out, '?');
        } else {
            if (byte == '"' || byte == '\\' || byte == ']') {
                buf_add_byte(out, '\\');
            }
            buf_add_byte(out, (char)byte);
        }
    }
}

static void add_param(struct buf *out, const char *name, str value)
{
    if (value.len > 0) {
        buf_add_format(out, " %s=\"", name);
        add_value(out, value);
        buf_add_byte(out, '"');
    }
}

static void add_param_number(struct buf *out, const char *name, int64_t number)
{
    if (number != 0) {
        buf_add_format(out, " %s=\"%lld\"", name, (long long)number);
    }
}

static void add_param_hash(struct buf *out, const char *name, hash value)
{
    char text[HASH_TEXT_SIZE];
    hash_text(value, text);
    add_param(out, name, str_of(text));
}

/* A header field: printable ASCII without blanks, cut to its limit; "-" for nothing. */
static void add_header(struct buf *out, str text, size_t most)
{
    text = str_cut(text, 0, most);
    for (size_t i = 0; i < text.len; i++) {
        bool printable = text.at[i] > ' ' && text.at[i] < 0x7f;
        buf_add_byte(out, printable ? text.at[i] : '_');
    }
    if (text.len == 0) {
        buf_add_byte(out, '-');
    }
}

errc audit_write_syslog(const struct audit_line *line, str host, struct buf *out)
{
    buf_add_format(out, "<%d>1 ", SYSLOG_PRIORITY);
    usec_write(line->at, out);
    buf_add_byte(out, ' ');
    add_header(out, host, HOST_MOST);
    buf_add_text(out, " loa - ");
    add_header(out, line->action, AUDIT_ACTION_MOST);
    buf_add_text(out, " [audit@32473"); /* the number that RFC 5612 keeps for documents */
    add_param_number(out, "seq", line->seq);
    add_param_number(out, "account_id", line->account_id);
    add_param(out, "account_login", line->account_login);
    add_param(out, "account_name", line->account_name);
    add_param_number(out, "unit_id", line->unit_id);
    add_param(out, "address", line->address);
    add_param(out, "agent", line->agent);
    add_param(out, "subject_kind", line->subject_kind);
    add_param_number(out, "subject_id", line->subject_id);
    add_param(out, "subject_name", line->subject_name);
    add_param_number(out, "subject_unit_id", line->subject_unit_id);
    add_param(out, "before", line->before);
    add_param(out, "after", line->after);
    add_param_hash(out, "previous", line->previous);
    add_param_hash(out, "hash", line->self);
    buf_add_text(out, "]\n");
    return buf_check(out);
}
