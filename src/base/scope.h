/* The scope lifetime: a value that is closed when its block ends, on every way out.
 * `AUTO(file_close) int fd = …` calls file_close(&fd). Never mix with goto. */
#ifndef LOA_BASE_SCOPE_H
#define LOA_BASE_SCOPE_H

#define AUTO(closer) __attribute__((cleanup(closer)))
#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

#endif
