/* libsodium's argon2id behind our policy, and the rules about what is too easy to guess. The rules
 * look at a password as a guesser does: without capitals, diacritics and blanks, with the usual
 * digits read as letters. There is no rule about kinds of characters: length is what helps. */
#include "people/password.h"

#include "base/text.h"

#include <errno.h>
#include <sodium.h>

enum {
    DISTINCT_LEAST = 5,
    NAME_LEAST = 4, /* shorter parts of a name appear in words by chance */
    FOLDED_MOST = 4 * PASSWORD_MOST,
    GROUP = 4,
};

_Static_assert(PASSWORD_HASH_ROOM == crypto_pwhash_STRBYTES, "room for the hash");

static const char *const common[] = {
#define X(word) word,
#include "people/password_common.def"
#undef X
};

static void wipe_str(str text)
{
    if (text.at != NULL) {
        mem_wipe((void *)(uintptr_t)text.at, text.len);
    }
}

static char letter_of(char byte)
{
    static const char from[] = "0134579@$";
    static const char to[] = "oieastgas";
    const char *found = byte == '\0' ? NULL : strchr(from, byte);
    return found == NULL ? byte : to[found - from];
}

static bool is_letter(char byte)
{
    return (byte >= 'a' && byte <= 'z') || (unsigned char)byte >= 0x80;
}

/* Only the letters of any script; digits and marks count as letters when `read_digits`. */
static str keep_letters(str folded, bool read_digits, char *room)
{
    size_t len = 0;
    for (size_t i = 0; i < folded.len; i++) {
        char byte = read_digits ? letter_of(folded.at[i]) : folded.at[i];
        if (is_letter(byte)) {
            room[len++] = byte;
        }
    }
    return (str){room, len};
}

/* Whether the text is nothing but common words in a row. */
static bool is_made_of_common(str letters)
{
    bool reached[FOLDED_MOST + 1] = {true};
    for (size_t at = 0; at < letters.len; at++) {
        str rest = str_cut(letters, at, letters.len);
        for (size_t i = 0; reached[at] && i < COUNT_OF(common); i++) {
            str word = str_of(common[i]);
            if (str_starts(rest, word)) {
                reached[at + word.len] = true;
            }
        }
    }
    return reached[letters.len];
}

static bool is_common(str folded)
{
    char room[FOLDED_MOST];
    size_t end = folded.len;
    while (end > 0 && !is_letter(folded.at[end - 1])) {
        end--; /* "p4ssw0rd123!" is password with digits behind */
    }
    bool is = is_made_of_common(keep_letters(folded, false, room)) ||
              is_made_of_common(keep_letters(str_cut(folded, 0, end), true, room));
    mem_wipe(room, sizeof(room));
    return is;
}

static size_t count_distinct(str text)
{
    bool seen[256] = {false};
    size_t count = 0;
    for (size_t i = 0; i < text.len; i++) {
        unsigned char byte = (unsigned char)text.at[i];
        count += seen[byte] ? 0 : 1;
        seen[byte] = true;
    }
    return count;
}

/* The same piece over and over: "K7mqK7mqK7mq". */
static bool is_repeated(str text)
{
    for (size_t period = 1; period <= text.len / 2; period++) {
        size_t at = period;
        while (at < text.len && text.at[at] == text.at[at - period]) {
            at++;
        }
        if (at == text.len) {
            return true;
        }
    }
    return false;
}

/* Mostly steps to the same, the next or the previous character: "abcdefgh12345", "aaaaabbbbb". */
static bool is_sequence(str text)
{
    size_t easy = 0;
    for (size_t i = 1; i < text.len; i++) {
        int step = text.at[i] - text.at[i - 1];
        easy += step >= -1 && step <= 1 ? 1 : 0;
    }
    return easy * 3 >= text.len * 2;
}

static bool is_regular(str folded)
{
    size_t digits = 0;
    for (size_t i = 0; i < folded.len; i++) {
        digits += folded.at[i] >= '0' && folded.at[i] <= '9' ? 1 : 0;
    }
    return digits == folded.len || count_distinct(folded) < DISTINCT_LEAST || is_repeated(folded) ||
           is_sequence(folded);
}

/* Whether the part of a name stands in the password, both without blanks and diacritics. */
static bool has_part(str letters, str part, struct arena *arena)
{
    str folded;
    char room[FOLDED_MOST];
    if (part.len == 0 || part.len > FOLDED_MOST || text_search_key(arena, part, &folded) != OK ||
        folded.len > FOLDED_MOST) {
        return false;
    }
    str kept = keep_letters(folded, false, room);
    return kept.len >= NAME_LEAST && letters.len >= kept.len &&
           memmem(letters.at, letters.len, kept.at, kept.len) != NULL;
}

static bool has_owner(const struct password_owner *owner, str folded, struct arena *arena)
{
    char room[FOLDED_MOST];
    str rest;
    str letters = keep_letters(folded, false, room);
    bool has = has_part(letters, owner->login, arena) || has_part(letters, owner->name, arena) ||
               has_part(letters, str_split(owner->email, '@', &rest), arena);
    mem_wipe(room, sizeof(room));
    return has;
}

const char *password_weakness(const struct policy *policy, const struct password_owner *owner,
                              str password, struct arena *arena)
{
    if (!text_is_plain(password)) {
        return "not_text";
    }
    size_t length = text_length(password);
    if (length < (size_t)policy->password_least) {
        return "too_short";
    }
    str folded;
    if (length > PASSWORD_MOST || text_search_key(arena, password, &folded) != OK ||
        folded.len > FOLDED_MOST) {
        return "too_long";
    }
    const char *code = NULL;
    if (is_regular(folded)) {
        code = "too_regular";
    } else if (is_common(folded)) {
        code = "too_common";
    } else if (has_owner(owner, folded, arena)) {
        code = "has_name";
    }
    wipe_str(folded);
    return code;
}

errc password_make_hash(const struct policy *policy, str password, struct arena *arena,
                        struct password_hash *ret_hash, struct why *why)
{
    str nfc;
    struct password_hash made;
    TRY(text_nfc(arena, password, &nfc));
    int rc = crypto_pwhash_str_alg(made.text, nfc.at, nfc.len, policy->argon2_passes,
                                   policy->argon2_memory, crypto_pwhash_ALG_ARGON2ID13);
    wipe_str(nfc);
    if (rc != 0) {
        return fail(why, ERR_NO_MEMORY, "argon2id did not get %llu bytes",
                    (unsigned long long)policy->argon2_memory);
    }
    *ret_hash = made;
    return OK;
}

/* The work of a check whose result is known. */
static errc work_in_vain(const struct policy *policy, str password, struct why *why)
{
    static const uint8_t salt[crypto_pwhash_SALTBYTES] = {0};
    uint8_t out[crypto_pwhash_BYTES_MIN + 16];
    if (crypto_pwhash(out, sizeof(out), password.at, password.len, salt, policy->argon2_passes,
                      policy->argon2_memory, crypto_pwhash_ALG_ARGON2ID13) != 0) {
        return fail(why, ERR_NO_MEMORY, "argon2id did not get %llu bytes",
                    (unsigned long long)policy->argon2_memory);
    }
    mem_wipe(out, sizeof(out));
    return fail(why, ERR_SIGN_IN_FAILED, "no password to compare with");
}

errc password_verify(const struct policy *policy, str kept, str password, struct arena *arena,
                     struct why *why)
{
    char text[PASSWORD_HASH_ROOM];
    str nfc;
    if (!text_is_plain(password) || password.len > 4 * PASSWORD_MOST) {
        return work_in_vain(policy, S(""), why);
    }
    TRY(text_nfc(arena, password, &nfc));
    if (kept.len == 0 || !str_to_array(kept, text, sizeof(text))) {
        errc rc = work_in_vain(policy, nfc, why);
        wipe_str(nfc);
        return rc;
    }
    errno = 0;
    int rc = crypto_pwhash_str_verify(text, nfc.at, nfc.len);
    int number = errno;
    wipe_str(nfc);
    if (rc == 0) {
        return OK;
    }
    return number == ENOMEM ? fail(why, ERR_NO_MEMORY, "no memory for argon2id")
                            : fail(why, ERR_SIGN_IN_FAILED, "the password does not match");
}

bool password_is_outdated(const struct policy *policy, str kept)
{
    char text[PASSWORD_HASH_ROOM];
    return !str_to_array(kept, text, sizeof(text)) ||
           crypto_pwhash_str_needs_rehash(text, policy->argon2_passes, policy->argon2_memory) != 0;
}

void password_readable_groups(struct entropy entropy, size_t groups, char *ret_text)
{
    /* Without 0 o, 1 l i: read aloud and typed by somebody else, they are the same. */
    static const char letters[] = "abcdefghjkmnpqrstuvwxyz23456789";
    size_t at = 0;
    for (size_t i = 0; i < groups * GROUP; i++) {
        if (i > 0 && i % GROUP == 0) {
            ret_text[at++] = '-';
        }
        ret_text[at++] = letters[entropy_below(entropy, sizeof(letters) - 1)];
    }
    ret_text[at] = '\0';
}

void password_readable(struct entropy entropy, char ret_password[PASSWORD_READABLE_ROOM])
{
    password_readable_groups(entropy, PASSWORD_READABLE_ROOM / (GROUP + 1), ret_password);
}
