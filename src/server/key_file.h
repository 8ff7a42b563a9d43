/* The server's own secret (people/account_key.h) in a file beside the data: made once, readable by
 * the server alone, never in the database and never in its backups' database part. */
#ifndef LOA_SERVER_KEY_FILE_H
#define LOA_SERVER_KEY_FILE_H

#include "base/base.h"
#include "base/entropy.h"
#include "people/account_key.h"

/* Reads FOLDER/account.key. ERR_CORRUPT when it is not a key, ERR_NOT_FOUND when there is none. */
CHECKED errc key_file_read(const char *folder, struct account_key *ret_key, struct why *why);
/* The same, but makes one where there is none. */
CHECKED errc key_file_open(const char *folder, struct entropy entropy, struct account_key *ret_key,
                           struct why *why);

#endif
