/* getopt_long. */
#include "sim/args.h"

#include <getopt.h>

static const struct option options[] = {
    {"url", required_argument, NULL, 'u'},
    {"ca", required_argument, NULL, 'c'},
    {"insecure", no_argument, NULL, 'i'},
    {"devices", required_argument, NULL, 'n'},
    {"link", required_argument, NULL, 'l'},
    {"seed", required_argument, NULL, 's'},
    {"claim-prefix", required_argument, NULL, 'p'},
    {"state-dir", required_argument, NULL, 'd'},
    {"sink", required_argument, NULL, 'o'},
    {"ramp", required_argument, NULL, 'r'},
    {"kill-after", required_argument, NULL, 'k'},
    {"stop-after", required_argument, NULL, 't'},
    {"handshakes", required_argument, NULL, 'H'},
    {"report", required_argument, NULL, 'j'},
    {"verbose", no_argument, NULL, 'v'},
    {"help", no_argument, NULL, 'h'},
    {NULL, 0, NULL, 0},
};

void sim_args_write_help(struct buf *out)
{
    buf_add(out,
            S("loa-sim --url wss://HOST:PORT/device/v1 [options]\n"
              "Pretended loudspeakers that speak the real protocol to a real server.\n\n"
              "  --ca FILE           certificates to believe (else the system's)\n"
              "  --insecure          believe any; only of a server on this machine\n"
              "  --devices N         how many, up to 20,000 (20)\n"
              "  --link KIND         none, fibre, 4g, 3g, 2g or mixed (none)\n"
              "  --seed N            keys and chance; the same seed is the same devices (1)\n"
              "  --claim-prefix P    claim codes: P01, P02, …\n"
              "  --state-dir DIR     keep what they know, so that they come back as they are\n"
              "  --sink null|file:DIR   no sound, or whole agents that write WAV files: at\n"
              "                      most 200, without a pretended link, with keys of their own\n"
              "  --ramp SECONDS      they come spread over so long (devices / 1000)\n"
              "  --handshakes N      at one time (256)\n"
              "  --kill-after SECONDS   vanish without a word\n"
              "  --stop-after SECONDS   leave in order\n"
              "  --report json|text  how figures are printed; SIGUSR1 asks for them\n"
              "  --verbose           say of each call why it ended\n"));
}

static errc take_number(const char *word, uint64_t most, uint64_t *ret_number, struct why *why)
{
    uint64_t number;
    if (!str_to_u64(str_of(word), &number) || number > most) {
        return fail(why, ERR_USAGE, "'%s' is no number up to %llu", word, (unsigned long long)most);
    }
    *ret_number = number;
    return OK;
}

static errc take_seconds(const char *word, usec *ret_length, struct why *why)
{
    double seconds;
    if (!str_to_double(str_of(word), &seconds) || seconds < 0 || seconds > 1e7) {
        return fail(why, ERR_USAGE, "'%s' are no seconds", word);
    }
    *ret_length = (usec)(seconds * (double)USEC_SECOND);
    return OK;
}

static errc take_link(struct sim_args *args, const char *word, struct why *why)
{
    args->is_mixed = strcmp(word, "mixed") == 0;
    if (!args->is_mixed && !link_law_find(str_of(word), &args->link)) {
        return fail(why, ERR_USAGE, "'%s' is no kind of link", word);
    }
    return OK;
}

static errc take_sink(struct sim_args *args, const char *word, struct why *why)
{
    if (strncmp(word, "file:", 5) == 0 && word[5] != 0) {
        args->sound_dir = word + 5;
        return OK;
    }
    if (strcmp(word, "null") != 0) {
        return fail(why, ERR_USAGE, "'%s' is no sink: null or file:DIR", word);
    }
    args->sound_dir = NULL;
    return OK;
}

static errc take_report(struct sim_args *args, const char *word, struct why *why)
{
    args->json = strcmp(word, "json") == 0;
    if (!args->json && strcmp(word, "text") != 0) {
        return fail(why, ERR_USAGE, "'%s' is no report: json or text", word);
    }
    return OK;
}

static errc take_more(struct sim_args *args, int letter, struct why *why)
{
    switch (letter) {
    case 'l':
        return take_link(args, optarg, why);
    case 'o':
        return take_sink(args, optarg, why);
    case 'j':
        return take_report(args, optarg, why);
    case 'r':
        return take_seconds(optarg, &args->ramp, why);
    case 'k':
        return take_seconds(optarg, &args->kill_after, why);
    case 't':
        return take_seconds(optarg, &args->stop_after, why);
    default:
        return fail(why, ERR_USAGE, "loa-sim --help says what may stand here");
    }
}

static errc take_option(struct sim_args *args, int letter, struct why *why)
{
    switch (letter) {
    case 'u':
        args->url = optarg;
        return OK;
    case 'c':
        args->ca_file = optarg;
        return OK;
    case 'i':
        args->insecure = true;
        return OK;
    case 'n':
        return take_number(optarg, SIM_DEVICES_MOST, &args->devices, why);
    case 's':
        return take_number(optarg, UINT64_MAX, &args->seed, why);
    case 'p':
        args->claim = optarg;
        return OK;
    case 'd':
        args->state_dir = optarg;
        return OK;
    case 'H':
        return take_number(optarg, SIM_DEVICES_MOST, &args->handshakes, why);
    case 'v':
        args->is_talkative = true;
        return OK;
    case 'h':
        args->help = true;
        return OK;
    default:
        return take_more(args, letter, why);
    }
}

errc sim_args_parse(int count, char **words, struct sim_args *ret_args, struct why *why)
{
    struct sim_args args = {.devices = 20, .seed = 1, .handshakes = 256, .ramp = -1};
    int letter;
    optind = 0;
    opterr = 0;
    while ((letter = getopt_long(count, words, "+", options, NULL)) != -1) {
        TRY(take_option(&args, letter, why));
    }
    if (optind < count) {
        return fail(why, ERR_USAGE, "'%s' is too much", words[optind]);
    }
    if (args.url == NULL && !args.help) {
        return fail(why, ERR_USAGE, "--url is missing");
    }
    if (args.devices == 0 || args.handshakes == 0) {
        return fail(why, ERR_USAGE, "at least one device and one handshake");
    }
    if (args.ramp < 0) {
        args.ramp = (usec)args.devices * 1000;
    }
    *ret_args = args;
    return OK;
}
