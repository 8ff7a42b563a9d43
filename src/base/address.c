/* The registries of special addresses (RFC 6890 and what was added since), as prefixes. IPv6 is the
 * other way round: only 2000::/3 is in use, and within it the prefixes that carry an IPv4 address
 * are judged by that address. */
#include "base/address.h"

#include "base/scope.h"

#include <netinet/in.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>

struct prefix4 {
    uint32_t address;
    int bits;
};

static const struct prefix4 closed4[] = {
    {0x00000000, 8},  /* this network */
    {0x0a000000, 8},  /* private */
    {0x64400000, 10}, /* shared by carriers */
    {0x7f000000, 8},  /* loopback */
    {0xa9fe0000, 16}, /* link-local, clouds' metadata */
    {0xac100000, 12}, /* private */
    {0xc0000000, 24}, /* protocol assignments */
    {0xc0000200, 24}, /* documentation */
    {0xc0586300, 24}, /* 6to4 relays */
    {0xc0a80000, 16}, /* private */
    {0xc6120000, 15}, /* benchmarks */
    {0xc6336400, 24}, /* documentation */
    {0xcb007100, 24}, /* documentation */
    {0xe0000000, 3},  /* multicast, reserved, broadcast */
};

static bool is_public4(uint32_t address)
{
    for (size_t i = 0; i < COUNT_OF(closed4); i++) {
        uint32_t mask = ~(uint32_t)0 << (32 - closed4[i].bits);
        if ((address & mask) == closed4[i].address) {
            return false;
        }
    }
    return true;
}

static uint32_t read4(const uint8_t *bytes)
{
    return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

static bool begins(const uint8_t *bytes, const uint8_t *prefix, size_t size)
{
    return memcmp(bytes, prefix, size) == 0;
}

static bool is_public6(const uint8_t *bytes)
{
    static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};
    static const uint8_t nat64[12] = {0x00, 0x64, 0xff, 0x9b};
    static const uint8_t six_to_four[2] = {0x20, 0x02};
    static const uint8_t protocols[2] = {0x20, 0x01}; /* 2001:0000 to 2001:01ff */
    static const uint8_t documentation[4] = {0x20, 0x01, 0x0d, 0xb8};
    static const uint8_t documentation2[2] = {0x3f, 0xff};
    if (begins(bytes, mapped, 12) || begins(bytes, nat64, 12)) {
        return is_public4(read4(bytes + 12));
    }
    if (begins(bytes, six_to_four, 2)) {
        return is_public4(read4(bytes + 2));
    }
    bool is_special = (begins(bytes, protocols, 2) && bytes[2] < 2) ||
                      begins(bytes, documentation, 4) || begins(bytes, documentation2, 2);
    return (bytes[0] & 0xe0) == 0x20 && !is_special;
}

bool address_is_public(const struct sockaddr *address)
{
    if (address->sa_family == AF_INET) {
        struct sockaddr_in four;
        memcpy(&four, address, sizeof four);
        return is_public4(ntohl(four.sin_addr.s_addr));
    }
    if (address->sa_family == AF_INET6) {
        struct sockaddr_in6 six;
        memcpy(&six, address, sizeof six);
        return is_public6(six.sin6_addr.s6_addr);
    }
    return false;
}
