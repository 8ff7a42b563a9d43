/* A line of the trail whose every text came from a stranger: the message stays one line, its
 * quotes stay closed, and the JSON beside it reads again. */
#include "people/audit.h"

#include "base/crash.h"
#include "base/json_in.h"
#include "base/text.h"

/* Behind the seven fields of the header, none of which can hold a blank. */
static str structured_data(str message)
{
    for (int i = 0; i < 6; i++) {
        ignore_int(str_split(message, ' ', &message).len > 0);
    }
    ENSURE(str_starts(message, S("[audit@32473 seq=\"1\"")));
    return message;
}

static void check_message(str message)
{
    bool quoted = false;
    message = structured_data(message);
    ENSURE(message.len > 0 && message.at[message.len - 1] == '\n');
    ENSURE(text_is_utf8(message));
    for (size_t i = 0; i + 1 < message.len; i++) {
        unsigned char byte = (unsigned char)message.at[i];
        ENSURE(byte >= 0x20 && byte != 0x7f);
        if (quoted && byte == '\\') {
            i++;
            continue;
        }
        ENSURE(byte != ']' || !quoted);
        quoted = byte == '"' ? !quoted : quoted;
    }
    ENSURE(!quoted && str_ends(message, S("\"]\n")));
}

static void check_json(const struct audit_line *line, struct buf *out)
{
    AUTO(json_in_finish) struct json_in in = {NULL};
    buf_clear(out);
    if (audit_write_json(line, out) == OK) {
        ENSURE(json_in_parse(str_trim(buf_str(out)), &in, NULL) == OK);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0) {
        return 0;
    }
    AUTO(buf_finish) struct buf out;
    AUTO(arena_close) struct arena *arena = NULL;
    str rest = {(const char *)data, size};
    struct audit_line line = {.seq = 1, .at = 1763690400 * USEC_SECOND, .account_id = 2};
    str *fields[] = {&line.account_login, &line.account_name, &line.address,     &line.agent,
                     &line.action,        &line.subject_kind, &line.subject_name};
    ENSURE(arena_create(1 << 20, &arena) == OK);
    buf_init(&out, 1 << 22);
    for (size_t i = 0; i < COUNT_OF(fields); i++) {
        *fields[i] = str_split(rest, '\x1e', &rest);
    }
    ENSURE(text_is_plain(audit_clean(arena, line.agent, 64)));
    if (audit_write_syslog(&line, line.address, &out) == OK) {
        check_message(buf_str(&out));
    }
    if (memchr(data, '\0', size) == NULL) { /* no database gives that back, and readers refuse it */
        check_json(&line, &out);
    }
    return 0;
}
