/* Compiles a folder of web assets into the program: an assembler file that includes the bytes and
 * a C table of them. Beside `app.js` may lie `app.js.br` and `app.js.gz`; they become variants of
 * the same asset. A name with a fingerprint (app.0a1b2c3d.js) never changes and says so.
 *
 *   assetgen <folder> <table.c> <bytes.S>
 *
 * Stands alone: runs while building, before any room exists. */
#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { PATH_ROOM = 1024, FILES_MOST = 2000 };

struct list {
    char *paths[FILES_MOST];
    size_t count;
};

struct type {
    const char *ending;
    const char *name;
};

static const struct type types[] = {
    {".html", "text/html; charset=utf-8"},
    {".js", "text/javascript; charset=utf-8"},
    {".css", "text/css; charset=utf-8"},
    {".svg", "image/svg+xml"},
    {".png", "image/png"},
    {".ico", "image/vnd.microsoft.icon"},
    {".json", "application/json"},
    {".webmanifest", "application/manifest+json"},
    {".woff2", "font/woff2"},
    {".txt", "text/plain; charset=utf-8"},
};

_Noreturn static void stop(const char *what, const char *path)
{
    fprintf(stderr, "assetgen: %s: %s (%s)\n", what, path, strerror(errno));
    exit(1);
}

static bool ends_with(const char *text, const char *ending)
{
    size_t length = strlen(text);
    size_t tail = strlen(ending);
    return length >= tail && strcmp(text + length - tail, ending) == 0;
}

static const char *type_of(const char *path)
{
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        if (ends_with(path, types[i].ending)) {
            return types[i].name;
        }
    }
    return NULL;
}

static char *join(const char *folder, const char *name)
{
    size_t size = strlen(folder) + strlen(name) + 2;
    char *path = malloc(size);
    if (path == NULL) {
        stop("memory", name);
    }
    snprintf(path, size, "%s/%s", folder, name);
    return path;
}

static void walk(const char *folder, struct list *list)
{
    DIR *dir = opendir(folder);
    if (dir == NULL) {
        stop("cannot open folder", folder);
    }
    for (struct dirent *entry = readdir(dir); entry != NULL; entry = readdir(dir)) {
        if (entry->d_name[0] == '.') {
            continue;
        }
        char *path = join(folder, entry->d_name);
        struct stat info;
        if (stat(path, &info) != 0) {
            stop("cannot stat", path);
        }
        if (S_ISDIR(info.st_mode)) {
            walk(path, list);
        } else if (type_of(path) != NULL && !ends_with(path, "/assets.json")) {
            if (list->count == FILES_MOST) {
                stop("too many files", path);
            }
            list->paths[list->count++] = path;
            continue;
        }
        free(path);
    }
    closedir(dir);
}

static int by_name(const void *a, const void *b)
{
    const char *const *left = a;
    const char *const *right = b;
    return strcmp(*left, *right);
}

/* FNV-1a over the bytes: names a version of an asset, defends against nothing. */
static uint64_t fingerprint(const char *path)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        stop("cannot read", path);
    }
    uint64_t hash = 0xcbf29ce484222325u;
    for (int byte = fgetc(file); byte != EOF; byte = fgetc(file)) {
        hash = (hash ^ (uint64_t)(unsigned char)byte) * 0x100000001b3u;
    }
    fclose(file);
    return hash;
}

static bool is_hex(char byte)
{
    return (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z') ||
           (byte >= 'A' && byte <= 'Z');
}

/* name.<at least 8 letters or digits>.ending */
static bool has_fingerprint(const char *path)
{
    const char *last = strrchr(path, '.');
    size_t length = 0;
    for (const char *at = last; at > path && is_hex(at[-1]); at--) {
        length++;
    }
    return length >= 8 && last - (long)length > path && last[-(long)length - 1] == '.';
}

static void write_bytes(FILE *bytes, size_t index, const char *variant, const char *path)
{
    fprintf(bytes, ".balign 16\n.global asset_%zu_%s\nasset_%zu_%s:\n.incbin \"%s\"\n.byte 0\n",
            index, variant, index, variant, path);
}

/* The bytes of one representation; its size, or -1 when there is no such file. */
static long write_variant(FILE *bytes, FILE *table, size_t index, const char *variant,
                          const char *path)
{
    struct stat info;
    if (stat(path, &info) != 0) {
        return -1;
    }
    write_bytes(bytes, index, variant, path);
    fprintf(table, "extern const char asset_%zu_%s[];\n", index, variant);
    return (long)info.st_size;
}

static void write_row(FILE *table, size_t index, const char *path, const char *address,
                      const long sizes[3])
{
    static const char *const names[] = {"plain", "gz", "br"};
    fprintf(table, "    {\"%s\", \"%s\", \"%016llx\", %s, {", address, type_of(path),
            (unsigned long long)fingerprint(path), has_fingerprint(path) ? "true" : "false");
    for (size_t i = 0; i < 3; i++) {
        if (sizes[i] >= 0) {
            fprintf(table, "{asset_%zu_%s, %ld}, ", index, names[i], sizes[i]);
        } else {
            fprintf(table, "{NULL, 0}, ");
        }
    }
    fprintf(table, "}},\n");
}

int main(int count, char **words)
{
    if (count != 4) {
        fprintf(stderr, "usage: assetgen <folder> <table.c> <bytes.S>\n");
        return 2;
    }
    static struct list list;
    static long sizes[FILES_MOST][3];
    walk(words[1], &list);
    qsort(list.paths, list.count, sizeof list.paths[0], by_name);
    FILE *table = fopen(words[2], "w");
    FILE *bytes = fopen(words[3], "w");
    if (table == NULL || bytes == NULL) {
        stop("cannot write", words[2]);
    }
    fprintf(table, "/* Generated by tools/gen/assetgen. */\n#include \"console/asset.h\"\n\n");
    fprintf(bytes, "/* Generated by tools/gen/assetgen. */\n.section .rodata\n");
    for (size_t i = 0; i < list.count; i++) {
        char path[PATH_ROOM];
        sizes[i][0] = write_variant(bytes, table, i, "plain", list.paths[i]);
        snprintf(path, sizeof path, "%s.gz", list.paths[i]);
        sizes[i][1] = write_variant(bytes, table, i, "gz", path);
        snprintf(path, sizeof path, "%s.br", list.paths[i]);
        sizes[i][2] = write_variant(bytes, table, i, "br", path);
    }
    fprintf(table, "\nstatic const struct asset table[] = {\n");
    for (size_t i = 0; i < list.count; i++) {
        write_row(table, i, list.paths[i], list.paths[i] + strlen(words[1]), sizes[i]);
    }
    fprintf(table, "};\n\nsize_t asset_count(void)\n{\n    return %zu;\n}\n\n", list.count);
    fprintf(table, "const struct asset *asset_at(size_t index)\n{\n    return &table[index];\n}\n");
    fprintf(bytes, ".section .note.GNU-stack,\"\",%%progbits\n");
    bool written = fclose(table) == 0 && fclose(bytes) == 0;
    if (!written) {
        stop("cannot write", words[2]);
    }
    for (size_t i = 0; i < list.count; i++) {
        free(list.paths[i]);
    }
    return 0;
}
