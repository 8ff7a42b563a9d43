/* Runs a fuzz target over files instead of letting libFuzzer invent inputs: the known ones of a
 * corpus, in the order of their names, then all their prefixes up to a limit, because what a
 * stranger sends is most often the right thing cut short. One line of TAP for each kind.
 *
 *     fuzz-<name> <folder>...
 *
 * A folder that does not exist is an empty corpus. What is wrong shows as a crash, so this program
 * must be built with sanitizers somewhere (preset asan) to mean much. */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    INPUT_MOST = 1 << 20, /* bytes of one input */
    PREFIXES_MOST = 512,  /* of one input: all of a short one, every n-th of a long one */
    PATH_ROOM = 4096,
};

extern int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct tally {
    size_t inputs;
    size_t prefixes;
    size_t unreadable;
};

/* Each run gets a block of exactly its size, so that the sanitizer sees a read past the end. */
static void run_input(const uint8_t *bytes, size_t size)
{
    uint8_t *exact = malloc(size > 0 ? size : 1);
    if (exact == NULL) {
        abort();
    }
    if (size > 0) {
        memcpy(exact, bytes, size);
    }
    (void)!LLVMFuzzerTestOneInput(exact, size);
    free(exact);
}

static void run_prefixes(const uint8_t *bytes, size_t size, struct tally *tally)
{
    size_t step = size / PREFIXES_MOST + 1;
    for (size_t cut = 0; cut < size; cut += step) {
        run_input(bytes, cut);
        tally->prefixes++;
    }
}

static void run_file(const char *path, struct tally *tally)
{
    static uint8_t bytes[INPUT_MOST];
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        tally->unreadable++;
        return;
    }
    size_t size = fread(bytes, 1, sizeof bytes, file);
    tally->unreadable += ferror(file) != 0 ? 1 : 0;
    fclose(file);
    run_input(bytes, size);
    tally->inputs++;
    run_prefixes(bytes, size, tally);
}

static int is_visible(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

static void run_folder(const char *folder, struct tally *tally)
{
    struct dirent **entries = NULL;
    int count = scandir(folder, &entries, is_visible, alphasort);
    for (int i = 0; i < count; i++) {
        char path[PATH_ROOM];
        int length = snprintf(path, sizeof path, "%s/%s", folder, entries[i]->d_name);
        if (length > 0 && (size_t)length < sizeof path) {
            run_file(path, tally);
        } else {
            tally->unreadable++;
        }
        free(entries[i]);
    }
    free(entries);
}

int main(int count, char **arguments)
{
    struct tally tally = {0};
    run_input((const uint8_t *)"", 0);
    for (int i = 1; i < count; i++) {
        run_folder(arguments[i], &tally);
    }
    printf("%sok 1 - survives %zu known inputs and the empty one\n",
           tally.unreadable > 0 ? "not " : "", tally.inputs);
    printf("ok 2 - survives %zu of them cut short\n", tally.prefixes);
    return tally.unreadable > 0 ? 1 : 0;
}
