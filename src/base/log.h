/* One line per fact, JSON on stderr, with journald's priority in front when it listens.
 * Only programs and the console log above debug; rooms below return errors instead.
 *   LOG(LOG_INFO, "server_started", log_str("address", S("127.0.0.1")), log_int("ms", 120));
 * Never give it a password, a token or a resident's personal data. */
#ifndef LOA_BASE_LOG_H
#define LOA_BASE_LOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/errors.h"
#include "base/str.h"

enum log_level { LOG_ERROR, LOG_WARN, LOG_INFO, LOG_DEBUG };

struct log_field {
    const char *name;
    enum { LOG_FIELD_STR, LOG_FIELD_INT } kind;
    str text;
    int64_t number;
};

struct log_field log_str(const char *name, str text);
struct log_field log_text(const char *name, const char *text);
struct log_field log_int(const char *name, int64_t number);
struct log_field log_errc(errc rc);
struct log_field log_why(const struct why *why);

void log_set_level(enum log_level most);
bool log_parse_level(str text, enum log_level *ret_level);
/* For tests: lines go to this function instead of stderr, one at a time; null restores stderr.
 * The function must not log. */
void log_set_sink(void (*sink)(void *ctx, str line), void *ctx);
void log_write(enum log_level level, const char *event, const struct log_field *fields,
               size_t count);

#define LOG(level, event, ...)                                                                     \
    log_write((level), (event), (const struct log_field[]){__VA_ARGS__},                           \
              sizeof((const struct log_field[]){__VA_ARGS__}) / sizeof(struct log_field))

#endif
