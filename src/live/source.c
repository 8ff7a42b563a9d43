#include "live/source.h"

bool source_name_is(str name)
{
    for (size_t i = 0; i < name.len; i++) {
        char byte = name.at[i];
        bool good =
            (byte >= 'a' && byte <= 'z') || (byte >= '0' && byte <= '9') || (byte == '-' && i > 0);
        if (!good) {
            return false;
        }
    }
    return name.len > 0 && name.len <= SOURCE_NAME_MOST;
}

bool source_address_is(str address)
{
    size_t scheme = str_starts(address, S("https://"))  ? 8
                    : str_starts(address, S("http://")) ? 7
                                                        : 0;
    str rest = str_cut(address, scheme, address.len);
    str host = str_split(rest, '/', &rest);
    for (size_t i = 0; i < address.len; i++) {
        if (address.at[i] <= ' ' || address.at[i] == '\\' || address.at[i] == 127) {
            return false;
        }
    }
    return scheme > 0 && host.len > 0 && !str_has(host, '@') && address.len <= SOURCE_ADDRESS_MOST;
}

hash source_secret_of(str password)
{
    return hash_of(password);
}

void source_password(struct entropy entropy, char ret_password[SOURCE_PASSWORD_SIZE])
{
    static const char signs[] = "23456789abcdefghijkmnpqrstuvwxyz";
    for (size_t i = 0; i + 1 < SOURCE_PASSWORD_SIZE; i++) {
        ret_password[i] = signs[entropy_below(entropy, sizeof signs - 1)];
    }
    ret_password[SOURCE_PASSWORD_SIZE - 1] = '\0';
}
