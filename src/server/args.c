/* getopt_long, and a table of commands. */
#include "server/args.h"

#include <getopt.h>

struct command_row {
    const char *word;
    const char *words;
    const char *about;
};

static const struct command_row commands[] = {
#define X(NAME, name, words, about) {name, words, about},
#include "server/commands.def"
#undef X
};

static const struct option options[] = {
    {"config", required_argument, NULL, 'c'},
    {"dir", required_argument, NULL, 'd'},
    {"set", required_argument, NULL, 's'},
    {"listen", required_argument, NULL, 'l'},
    {"check", no_argument, NULL, 'n'},
    {"json", no_argument, NULL, 'j'},
    {"help", no_argument, NULL, 'h'},
    {"version", no_argument, NULL, 'V'},
    {NULL, 0, NULL, 0},
};

static errc add_set(struct args *args, const char *word, struct why *why)
{
    if (args->set_count == ARGS_SET_MOST) {
        return fail(why, ERR_USAGE, "too many -s");
    }
    args->sets[args->set_count++] = word;
    return OK;
}

static errc take_option(struct args *args, int letter, struct why *why)
{
    switch (letter) {
    case 'c':
        args->settings_file = optarg;
        return OK;
    case 'd':
        args->folder = optarg;
        return OK;
    case 's':
        return add_set(args, optarg, why);
    case 'l':
        args->listen = optarg;
        return OK;
    case 'n':
        args->command = COMMAND_CHECK;
        return OK;
    case 'j':
        args->json = true;
        return OK;
    case 'h':
        args->command = COMMAND_HELP;
        return OK;
    case 'V':
        args->command = COMMAND_VERSION;
        return OK;
    default:
        return fail(why, ERR_USAGE, "unknown option; see --help");
    }
}

static errc take_command(struct args *args, const char *word, struct why *why)
{
    for (size_t i = 0; i < COUNT_OF(commands); i++) {
        if (str_is(str_of(word), str_of(commands[i].word))) {
            args->command = (enum command)i;
            return OK;
        }
    }
    return fail(why, ERR_USAGE, "unknown command: %s; see --help", word);
}

/* How many words a command must have: as many as its usage names without brackets. */
static size_t words_wanted(enum command command)
{
    size_t count = 0;
    str rest = str_of(commands[command].words);
    while (rest.at != NULL) {
        str word = str_split(rest, ' ', &rest);
        count += word.len > 0 && word.at[0] != '[';
    }
    return count;
}

static errc check_words(const struct args *args, struct why *why)
{
    size_t wanted = words_wanted(args->command);
    bool optional = str_has(str_of(commands[args->command].words), '[');
    if (args->word_count < wanted || args->word_count > wanted + (optional ? 1 : 0)) {
        return fail(why, ERR_USAGE, "usage: loa-server %s %s", commands[args->command].word,
                    commands[args->command].words);
    }
    return OK;
}

errc args_parse(int count, char **words, struct args *ret_args, struct why *why)
{
    struct args args = {.command = COMMAND_RUN};
    optind = 0; /* starts over, so that tests may parse more than once */
    opterr = 0;
    for (;;) {
        int letter = getopt_long(count, words, "c:d:s:l:njhV", options, NULL);
        if (letter < 0) {
            break;
        }
        TRY(take_option(&args, letter, why));
    }
    bool chosen = args.command != COMMAND_RUN;
    for (int i = optind; i < count; i++) {
        if (i == optind && !chosen) {
            TRY(take_command(&args, words[i], why));
            continue;
        }
        if (args.word_count == ARGS_WORDS_MOST) {
            return fail(why, ERR_USAGE, "too many words; see --help");
        }
        args.words[args.word_count++] = words[i];
    }
    TRY(check_words(&args, why));
    *ret_args = args;
    return OK;
}

void args_write_help(struct buf *out)
{
    buf_add(out,
            S("loa-server [options] [command]\n\n"
              "  -c, --config FILE     settings file (default: FOLDER/loa.conf when there is one)\n"
              "  -d, --dir FOLDER      data folder, over the setting `folder`\n"
              "  -s, --set KEY=VALUE   one setting, over the file; may be repeated\n"
              "  -l, --listen ADDRESS  the same as --set listen=ADDRESS\n"
              "  -n, --check           check the settings and stop\n"
              "  -j, --json            print as JSON where a command prints\n"
              "  -V, --version         print the version\n\n"));
    for (size_t i = 0; i < COUNT_OF(commands); i++) {
        buf_add_format(out, "  %-9s %-21s %s\n", commands[i].word, commands[i].words,
                       commands[i].about);
    }
}
