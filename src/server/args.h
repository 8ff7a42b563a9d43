/* The command line: `loa-server [options] [command] [words]`. Pure: words go in, a plain struct
 * comes out; nothing is opened. */
#ifndef LOA_SERVER_ARGS_H
#define LOA_SERVER_ARGS_H

#include "base/base.h"

enum command {
#define X(NAME, name, words, about) NAME,
#include "server/commands.def"
#undef X
};

enum { ARGS_SET_MOST = 32, ARGS_WORDS_MOST = 4 };

struct args {
    enum command command;
    const char *settings_file;       /* -c; null: FOLDER/loa.conf when it exists, else defaults */
    const char *folder;              /* -d: overrides the setting `folder` */
    const char *listen;              /* -l: overrides the setting `listen` */
    const char *sets[ARGS_SET_MOST]; /* -s key=value, over the file */
    size_t set_count;
    const char *words[ARGS_WORDS_MOST];
    size_t word_count;
    bool json;
};

CHECKED errc args_parse(int count, char **words, struct args *ret_args, struct why *why);
void args_write_help(struct buf *out);

#endif
