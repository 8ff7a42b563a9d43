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

/* A claim may hold quotes, which would end the JSON text too early. */
static void say_escaped(const char *text)
{
    while (*text != '\0') {
        size_t len = strcspn(text, "\"\\");
        ssize_t written = write(STDERR_FILENO, text, len);
        (void)written;
        text += len;
        if (*text != '\0') {
            say("'");
            text++;
        }
    }
}

_Noreturn void crash(const char *what)
{
    /* 2 is critical: 0 would go to every terminal of the machine. */
    say("<2>{\"level\":\"crash\",\"event\":\"");
    say_escaped(what);
    say("\"}\n");
    abort();
}

void ensure(bool holds, const char *file, int line, const char *claim)
{
    char place[256];
    if (holds) {
        return;
    }
    (void)!snprintf(place, sizeof place, "%s:%d does not hold: %s", file, line, claim);
    crash(place);
}
