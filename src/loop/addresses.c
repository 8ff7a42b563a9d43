/* An open-addressed table with a keyed hash, so that nobody can choose addresses that collide. */
#include "loop/addresses.h"

#include <arpa/inet.h>
#include <netinet/in.h>

struct address_count {
    uint64_t network[2];
    uint32_t count; /* 0: free */
};

static const uint8_t mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

void addresses_init(struct addresses *addresses, size_t most, uint64_t secret)
{
    size_t room = 16;
    while (room < most * 2) {
        room *= 2;
    }
    addresses->at = mem_take_array(room, sizeof *addresses->at);
    addresses->room = room;
    addresses->secret = secret | 1;
}

void addresses_finish(struct addresses *addresses)
{
    mem_give(addresses->at);
    addresses->at = NULL;
}

struct address address_of(const struct sockaddr_storage *socket_address)
{
    struct address address = {{0}};
    if (socket_address->ss_family == AF_INET6) {
        const struct sockaddr_in6 *v6 = (const struct sockaddr_in6 *)socket_address;
        memcpy(address.bytes, &v6->sin6_addr, 16);
    } else {
        const struct sockaddr_in *v4 = (const struct sockaddr_in *)socket_address;
        memcpy(address.bytes, mapped, sizeof mapped);
        memcpy(address.bytes + 12, &v4->sin_addr, 4);
    }
    return address;
}

void address_text(struct address address, char ret_text[ADDRESS_TEXT_SIZE])
{
    bool is_v4 = memcmp(address.bytes, mapped, sizeof mapped) == 0;
    const char *text = is_v4 ? inet_ntop(AF_INET, address.bytes + 12, ret_text, ADDRESS_TEXT_SIZE)
                             : inet_ntop(AF_INET6, address.bytes, ret_text, ADDRESS_TEXT_SIZE);
    if (text == NULL) {
        ret_text[0] = 0;
    }
}

static void network_of(struct address address, uint64_t ret_network[2])
{
    memcpy(ret_network, address.bytes, 16);
    if (memcmp(address.bytes, mapped, sizeof mapped) != 0) {
        ret_network[1] = 0;
    }
}

static uint64_t mix(uint64_t value)
{
    value = (value ^ value >> 32) * 0xd6e8feb86659fd93u;
    return value ^ value >> 32;
}

static size_t place_of(const struct addresses *addresses, const uint64_t network[2])
{
    uint64_t hash = mix(mix(network[0] ^ addresses->secret) + network[1] * addresses->secret);
    return (size_t)hash & (addresses->room - 1);
}

/* The place where it is, or the free one where it would go. */
static size_t find(const struct addresses *addresses, const uint64_t network[2])
{
    size_t place = place_of(addresses, network);
    while (addresses->at[place].count > 0 &&
           memcmp(addresses->at[place].network, network, 16) != 0) {
        place = (place + 1) & (addresses->room - 1);
    }
    return place;
}

bool addresses_add(struct addresses *addresses, struct address address, size_t most)
{
    uint64_t network[2];
    network_of(address, network);
    struct address_count *entry = &addresses->at[find(addresses, network)];
    if (entry->count >= most) {
        return false;
    }
    memcpy(entry->network, network, 16);
    entry->count++;
    return true;
}

/* Closes the gap, so that what probed past it is still found. */
static void close_gap(struct addresses *addresses, size_t gap)
{
    size_t mask = addresses->room - 1;
    for (size_t at = (gap + 1) & mask; addresses->at[at].count > 0; at = (at + 1) & mask) {
        size_t home = place_of(addresses, addresses->at[at].network);
        if (((at - home) & mask) >= ((at - gap) & mask)) {
            addresses->at[gap] = addresses->at[at];
            addresses->at[at].count = 0;
            gap = at;
        }
    }
}

void addresses_drop(struct addresses *addresses, struct address address)
{
    uint64_t network[2];
    network_of(address, network);
    size_t place = find(addresses, network);
    if (addresses->at[place].count > 0) {
        addresses->at[place].count--;
        if (addresses->at[place].count == 0) {
            close_gap(addresses, place);
        }
    }
}
