/* Settings for people who edit files: a sample with every key, a manual page, what is in force. */
#ifndef LOA_SERVER_SETTINGS_PRINT_H
#define LOA_SERVER_SETTINGS_PRINT_H

#include "base/words.h"
#include "server/settings.h"

void settings_print_sample(const struct words *words, struct buf *out);
void settings_print_manual(const struct words *words, struct buf *out); /* troff, section 5 */
void settings_print_values(const struct settings *settings, struct buf *out);

#endif
