/* loa-server: reads what it was told, does it, says in one line what went wrong. */
#include "server/commands.h"
#include "server/privileges.h"

#include <curl/curl.h>
#include <sodium.h>
#include <stdio.h>
#include <sys/stat.h>

int main(int count, char **words)
{
    struct args args;
    struct why why = {""};
    umask(077); /* whatever is made here is the server's own */
    privileges_ignore_signals();
    ignore_int(curl_global_init(CURL_GLOBAL_DEFAULT)); /* before the first thread */
    if (sodium_init() < 0) {
        return 1;
    }
    errc rc = args_parse(count, words, &args, &why);
    if (rc == OK) {
        rc = command_run(&args, &why);
    }
    if (rc == OK) {
        return 0;
    }
    fprintf(stderr, "loa-server: %s (%s)\n", why.text[0] != '\0' ? why.text : "failed",
            error_key(rc));
    return rc == ERR_USAGE ? 2 : 1;
}
