/* Dying loudly and at once. Uses write(2) only: the heap and stdio may be what broke. */
#include "base/crash.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void say(const char *text)
{
    ssize_t written = write(STDERR_FILENO, text, strlen(text));
    (void)written;
}

_Noreturn void crash(const char *what)
{
    say("<0>{\"level\":\"crash\",\"event\":\"");
    say(what);
    say("\"}\n");
    abort();
}

_Noreturn void crash_at(const char *file, int line, const char *claim)
{
    char place[256];
    int length = snprintf(place, sizeof place, "%s:%d does not hold: %s", file, line, claim);
    crash(length > 0 ? place : claim);
}
