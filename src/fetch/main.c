/* loa-fetch ADDRESS [HOSTS]: an Internet radio's bytes to the standard output, for loa-server,
 * which starts one for each radio. It looks into nothing but lists of addresses; what is sound is
 * decoded by another program, in a cage. */
#include "fetch/radio.h"

#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

/* It ends with the server, writes no files and starts no other program. */
static void give_up_much(void)
{
    struct rlimit none = {0, 0};
    ignore_int(prctl(PR_SET_PDEATHSIG, SIGKILL));
    ignore_int(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
    ignore_int(setrlimit(RLIMIT_CORE, &none));
    ignore_int(setrlimit(RLIMIT_FSIZE, &none));
    struct sigaction deaf = {.sa_handler = SIG_IGN};
    ignore_int(sigaction(SIGPIPE, &deaf, NULL));
}

int main(int count, char **words)
{
    struct radio *radio = NULL;
    struct why why = {""};
    if (count == 2 && str_is(str_of(words[1]), S("--version"))) {
        printf("loa-fetch %s\n", LOA_VERSION);
        return 0;
    }
    if (count < 2 || count > 3) {
        fprintf(stderr, "loa-fetch ADDRESS [HOSTS]\n");
        return 2;
    }
    give_up_much();
    errc rc = radio_create(count == 3 ? str_of(words[2]) : STR_NONE, STDOUT_FILENO, &radio, &why);
    if (rc == OK) {
        rc = radio_play(radio, words[1], &why);
    }
    radio_destroy(radio);
    if (rc != OK) {
        fprintf(stderr, "loa-fetch: %s\n", why.text);
    }
    return rc == OK ? 0 : 1;
}
