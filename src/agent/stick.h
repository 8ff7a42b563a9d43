/* Where there is no network, a USB stick carries: "trust" (revocations and certificates), "roots/"
 * (how to get from an older root to the present), "orders/" (each as it would be sent, by number),
 * "media/" (sounds by hash); on the way back "logs/" (the device's log in signed pieces). Nothing
 * on it is believed: orders and trust go to the same judge as those from the network, sounds have
 * their hash as name, and everything is bounded. docs/protocol/stick.md tells the same to
 * strangers. */
#ifndef LOA_AGENT_STICK_H
#define LOA_AGENT_STICK_H

#include "agent/cache.h"
#include "agent/device_log.h"

enum {
    STICK_ORDERS_MOST = 2048,
    STICK_ORDER_BYTES = 64 * 1024,
    STICK_SOUNDS_MOST = 4096,
    STICK_ROOTS_MOST = 64,
    STICK_LOGS_MOST = 4096,
};

struct stick_ports {
    void *ctx;
    enum log_reason (*trust)(void *ctx, const struct wire_trust *trust);
    enum log_reason (*order)(void *ctx, str cose);
};

struct stick_device {
    uint64_t device;
    const uint8_t *secret; /* COSE_SECRET_SIZE bytes */
    struct device_log log;
    struct cache *cache;
    struct cache_needs needs; /* asked after the orders were read */
};

struct stick_report {
    size_t orders;
    size_t accepted; /* also those that were known */
    size_t sounds;   /* taken over */
    size_t bad;      /* sounds and orders that are not what they should be */
};

/* `stick` lies over the folder "loa" of the stick. What is missing is fine; a stick that cannot be
 * read is an error after what could be read was taken. */
CHECKED errc stick_read(const struct disk *stick, const struct stick_ports *ports,
                        const struct stick_device *device, struct stick_report *ret_report,
                        struct why *why);
/* The log from its oldest entry on; pieces that are there already are left. */
CHECKED errc stick_write_log(const struct disk *stick, const struct stick_device *device,
                             size_t *ret_pieces, struct why *why);

#endif
