/* Forty bits each: enough behind a lock after five failures, short enough to be copied by hand. */
#include "people/recovery.h"

#include "people/password.h"

enum { LETTERS = 8 };

void recovery_make(struct entropy entropy, int count, struct recovery_codes *ret_codes)
{
    ret_codes->count = count < RECOVERY_CODES_MOST ? (size_t)count : RECOVERY_CODES_MOST;
    for (size_t i = 0; i < ret_codes->count; i++) {
        password_readable_groups(entropy, 2, ret_codes->at[i]);
    }
}

bool recovery_mark(const struct account_key *key, int64_t account_id, str typed, hash *ret_mark)
{
    char letters[LETTERS];
    size_t count = 0;
    for (size_t i = 0; i < typed.len; i++) {
        char byte = typed.at[i];
        byte = byte >= 'A' && byte <= 'Z' ? (char)(byte - 'A' + 'a') : byte;
        bool is_letter = (byte >= 'a' && byte <= 'z') || (byte >= '0' && byte <= '9');
        if (!is_letter && byte != '-' && byte != ' ') {
            return false;
        }
        if (is_letter && count == LETTERS) {
            return false;
        }
        if (is_letter) {
            letters[count++] = byte;
        }
    }
    if (count != LETTERS) {
        return false;
    }
    struct account_seal seal = {key, "recovery", account_id};
    *ret_mark = account_key_mark(&seal, (str){letters, LETTERS});
    mem_wipe(letters, sizeof(letters));
    return true;
}
