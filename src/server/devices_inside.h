/* What the files about devices share. */
#ifndef LOA_SERVER_DEVICES_INSIDE_H
#define LOA_SERVER_DEVICES_INSIDE_H

#include "alert/reach.h"
#include "broadcast/receiver.h"
#include "server/devices.h"
#include "server/live_hub.h"
#include "server/media_place.h"

#include <pthread.h>

struct devices {
    struct app *app;
    struct loop *loop;
    struct presence *presence;
    struct coverage *coverage;
    struct order_signing signing;
    struct receiver_port receivers;
    struct alert_places places;
    struct gate *gate;
    struct live_hub *live;
    struct live_board *board;
    struct media_place place;
    struct media *media;
    pthread_mutex_t media_lock; /* a struct media is for one thread at a time */
};

/* devices_receivers.c */
struct receiver_port devices_receivers(struct devices *devices);
struct alert_places devices_whereabouts(struct devices *devices);

#endif
