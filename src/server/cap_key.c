/* See cap_key.h. */
#include "server/cap_key.h"

#include "base/file.h"
#include "cap/cap_seal.h"

#include <sys/stat.h>

enum { PATH_ROOM = 512, YEARS = 10 };

struct places {
    char key[PATH_ROOM];
    char certificate[PATH_ROOM];
};

/* The certificate last: a key without one is made anew. */
static errc make(const struct places *places, str name, usec now, struct why *why)
{
    AUTO(buf_finish) struct buf key;
    AUTO(buf_finish) struct buf certificate;
    buf_init(&key, CAP_PEM_MOST);
    buf_init(&certificate, CAP_PEM_MOST);
    TRY(cap_key_make(name, now, YEARS, &key, &certificate, why));
    errc rc = file_write(places->key, buf_str(&key), 0600, why);
    mem_wipe(key.at, key.len);
    return rc == OK ? file_write(places->certificate, buf_str(&certificate), 0600, why) : rc;
}

errc cap_key_open(const char *folder, str name, usec now, struct cap_key *ret_key, struct why *why)
{
    struct places places;
    struct stat info;
    struct cap_key key;
    ignore_int(snprintf(places.key, sizeof places.key, "%s/cap.key", folder));
    ignore_int(snprintf(places.certificate, sizeof places.certificate, "%s/cap.pem", folder));
    if (!file_exists(places.certificate)) {
        TRY(make(&places, name, now, why));
    }
    if (stat(places.key, &info) == 0 && (info.st_mode & 077) != 0) {
        return fail(why, ERR_INVALID, "%s must be readable by its owner only (chmod 600)",
                    places.key);
    }
    buf_init(&key.key, CAP_PEM_MOST);
    buf_init(&key.certificate, CAP_PEM_MOST);
    errc rc = file_read(places.key, CAP_PEM_MOST, &key.key, why);
    if (rc == OK) {
        rc = file_read(places.certificate, CAP_PEM_MOST, &key.certificate, why);
    }
    if (rc != OK) {
        cap_key_finish(&key);
        return rc;
    }
    *ret_key = key;
    return OK;
}

void cap_key_finish(struct cap_key *key)
{
    if (key->key.at != NULL) {
        mem_wipe(key->key.at, key->key.len);
    }
    buf_finish(&key->key);
    buf_finish(&key->certificate);
}
