/* 64 hexadecimal digits and a line feed. A file that others could read is refused: whoever restored
 * it that way should know. */
#include "server/key_file.h"

#include "base/file.h"

#include <sys/stat.h>

enum { PATH_ROOM = 400, FILE_MOST = 256 };

static void path_of(const char *folder, char path[PATH_ROOM])
{
    ignore_int(snprintf(path, PATH_ROOM, "%s/account.key", folder));
}

errc key_file_read(const char *folder, struct account_key *ret_key, struct why *why)
{
    char path[PATH_ROOM];
    path_of(folder, path);
    AUTO(buf_finish) struct buf text;
    buf_init(&text, FILE_MOST);
    TRY(file_read(path, FILE_MOST, &text, why));
    struct stat info;
    if (stat(path, &info) == 0 && (info.st_mode & 077) != 0) {
        return fail(why, ERR_INVALID, "%s must be readable by its owner only (chmod 600)", path);
    }
    errc rc = account_key_parse(str_trim(buf_str(&text)), ret_key, why);
    mem_wipe(text.at, text.len);
    return fail_in(why, rc, "%s", path);
}

errc key_file_open(const char *folder, struct entropy entropy, struct account_key *ret_key,
                   struct why *why)
{
    errc rc = key_file_read(folder, ret_key, why);
    if (rc != ERR_NOT_FOUND) {
        return rc;
    }
    uint8_t bytes[ACCOUNT_KEY_SIZE];
    entropy_fill(entropy, bytes, sizeof bytes);
    AUTO(buf_finish) struct buf text;
    buf_init(&text, FILE_MOST);
    buf_add_hex(&text, bytes, sizeof bytes);
    buf_add_byte(&text, '\n');
    mem_wipe(bytes, sizeof bytes);
    TRY(buf_check(&text));
    char path[PATH_ROOM];
    path_of(folder, path);
    rc = file_write(path, buf_str(&text), 0600, why);
    mem_wipe(text.at, text.len);
    TRY(rc);
    return key_file_read(folder, ret_key, why);
}
