/* The command line: what is understood, and what is refused with a sentence. */
#include "server/args.h"

#include "base/testing.h"

enum { WORDS_MOST = 16 };

/* Splits at blanks into a changeable array, as main() gets it. */
static errc parse(const char *line, struct args *ret_args, struct why *why)
{
    static char text[256];
    char *words[WORDS_MOST] = {text};
    int count = 0;
    assert_true(str_to_array(str_of(line), text, sizeof text));
    for (char *at = text; at != NULL && *at != '\0' && count < WORDS_MOST - 1; count++) {
        words[count] = at;
        at = strchr(at, ' ');
        if (at != NULL) {
            *at++ = '\0';
        }
    }
    words[count] = NULL;
    return args_parse(count, words, ret_args, why);
}

static void serves_without_a_command(void **state)
{
    (void)state;
    struct args args;
    struct why why;
    assert_int_equal(parse("loa-server", &args, &why), OK);
    assert_int_equal(args.command, COMMAND_RUN);
    assert_null(args.folder);
}

static void takes_options_before_and_after_the_command(void **state)
{
    (void)state;
    struct args args;
    struct why why;
    assert_int_equal(
        parse("loa-server -d /x demo --json --set a=b -s c=d --listen l:1", &args, &why), OK);
    assert_int_equal(args.command, COMMAND_DEMO);
    assert_string_equal(args.folder, "/x");
    assert_true(args.json);
    assert_int_equal(args.set_count, 2);
    assert_string_equal(args.sets[1], "c=d");
    assert_string_equal(args.listen, "l:1");
}

static void checks_with_a_letter(void **state)
{
    (void)state;
    struct args args;
    struct why why;
    assert_int_equal(parse("loa-server -n -c /etc/x", &args, &why), OK);
    assert_int_equal(args.command, COMMAND_CHECK);
    assert_string_equal(args.settings_file, "/etc/x");
}

struct refusal {
    const char *line;
    const char *why;
};

static void refuses_what_it_does_not_know(void **state)
{
    (void)state;
    static const struct refusal refusals[] = {
        {"loa-server --wrong", "unknown option; see --help"},
        {"loa-server -c", "unknown option; see --help"},
        {"loa-server dance", "unknown command: dance; see --help"},
        {"loa-server backup", "usage: loa-server backup FOLDER"},
        {"loa-server backup a b", "usage: loa-server backup FOLDER"},
        {"loa-server account unlock", "usage: loa-server account ACTION LOGIN"},
        {"loa-server verify a b", "usage: loa-server verify [FOLDER]"},
        {"loa-server demo extra", "usage: loa-server demo "},
        {"loa-server demo 1 2 3 4 5", "too many words; see --help"},
    };
    for (size_t i = 0; i < COUNT_OF(refusals); i++) {
        struct args args;
        struct why why = {""};
        assert_int_equal(parse(refusals[i].line, &args, &why), ERR_USAGE);
        assert_string_equal(why.text, refusals[i].why);
    }
}

static void names_every_command_in_its_help(void **state)
{
    (void)state;
    AUTO(buf_finish) struct buf text;
    buf_init(&text, 16 * 1024);
    args_write_help(&text);
#define X(NAME, name, words, about) assert_non_null(strstr(text.at, "  " name " "));
#include "server/commands.def"
#undef X
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(serves_without_a_command),
        cmocka_unit_test(takes_options_before_and_after_the_command),
        cmocka_unit_test(checks_with_a_letter),
        cmocka_unit_test(refuses_what_it_does_not_know),
        cmocka_unit_test(names_every_command_in_its_help),
    };
    return cmocka_run_group_tests_name("server: args", tests, NULL, NULL);
}
