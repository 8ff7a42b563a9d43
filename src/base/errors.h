/* Errors as values. A fallible function returns `errc`, 0 is success; functions that cross a
 * room's border also take `struct why *`, into which the origin writes a sentence for the log
 * and each level may put a prefix. A reason is for operators; the words that people see come
 * from the catalogue by error_key(). */
#ifndef LOA_BASE_ERRORS_H
#define LOA_BASE_ERRORS_H

#include <stdarg.h>
#include <stdbool.h>

#define CHECKED __attribute__((warn_unused_result))
#define PRINTF_LIKE(format_at, args_at) __attribute__((format(printf, format_at, args_at)))

typedef enum errc {
    OK = 0,
#define X(name, number, status, key) name = (number),
#include "base/errors.def"
#undef X
} errc;

struct why {
    char text[256];
};

/* The only macro that changes control flow: hands a failure to the caller. */
#define TRY(call)                                                                                  \
    do {                                                                                           \
        errc try_rc_ = (call);                                                                     \
        if (try_rc_ != OK) {                                                                       \
            return try_rc_;                                                                        \
        }                                                                                          \
    } while (0)

const char *error_key(errc rc); /* "not_found"; "ok" for 0 */
int error_status(errc rc);      /* HTTP status; 200 for 0 */

/* Writes the reason and returns rc, so that `return fail(why, ERR_IO, …)` reads as a sentence. */
errc fail(struct why *why, errc rc, const char *format, ...) PRINTF_LIKE(3, 4);
/* Puts "prefix: " before the reason; returns rc. Does nothing for OK. */
errc fail_in(struct why *why, errc rc, const char *format, ...) PRINTF_LIKE(3, 4);
/* The error of a failed system call: no space is ERR_DISK_FULL, no memory ERR_NO_MEMORY, … */
errc fail_errno(struct why *why, int number, const char *format, ...) PRINTF_LIKE(3, 4);

/* A result that is ignored on purpose; the name says so to the reader and to both compilers. */
static inline void ignore(errc rc)
{
    (void)rc;
}
static inline void ignore_int(long rc)
{
    (void)rc;
}

#endif
