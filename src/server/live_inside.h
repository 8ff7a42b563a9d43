/* What the files of the hub share. */
#ifndef LOA_SERVER_LIVE_INSIDE_H
#define LOA_SERVER_LIVE_INSIDE_H

#include "live/level.h"
#include "live/ogg_in.h"
#include "live/ogg_page.h"
#include "live/source.h"
#include "live/stream.h"
#include "server/live_hub.h"

enum {
    LIVES_MOST = 64,
    LISTENERS_MOST = 20000,
    PAGE_PACKETS = 50,
    PAGES_KEPT = 3,
    RELAYS_MOST = 256
};

#define LIVE_LOST_WAIT USEC_MINUTE /* for a sender to come back */

struct keeping;
struct live_child;
struct segments;

/* A live that flows. */
struct running {
    struct live_hub *hub;
    struct running *next;
    int64_t id;      /* of the live; 0: a radio that only plans ask for */
    uint64_t number; /* of the stream */
    enum live_from from;
    enum live_mode mode;
    bool is_public;
    bool is_recorded;
    bool is_over;
    usec opened_at; /* steady */
    usec expires;
    struct live_stream *stream;
    struct live_level *level;
    enum live_standing standing;
    usec lost_at;  /* steady */
    usec begun_at; /* first packet; 0: none yet */
    usec last_at;  /* of the last packet, steady */
    struct live_now now;
    /* --- who sends --- */
    bool has_page;
    http_id page; /* WebSocket */
    bool has_encoder;
    http_id encoder; /* stream */
    struct ogg_in *ogg;
    struct live_child *child; /* decodes */
    struct live_child *fetch; /* asks the radio */
    bool is_stalled;
    bool is_nonsense;                      /* what came is no sound */
    char address[SOURCE_ADDRESS_MOST + 1]; /* of a radio */
    usec retry_at;
    usec wanted_at;
    /* --- who listens --- */
    struct ogg_stream pages;
    char packets[PAGE_PACKETS][LIVE_PACKET_MOST];
    uint16_t packet_sizes[PAGE_PACKETS];
    size_t packet_count;
    struct http_message *kept[PAGES_KEPT]; /* of the last pages, oldest first */
    http_id *listeners;
    size_t listener_count;
    size_t listener_room;
    struct segments *segments;
    /* --- what is kept --- */
    struct keeping *keeping;
};

/* A stream that programmes relay. */
struct relay_row {
    uint64_t number;
    char address[SOURCE_ADDRESS_MOST + 1];
};

struct live_hub {
    struct live_hub_config config;
    struct gate *gate;
    struct live_board *board;
    struct running *first;
    size_t count;
    size_t listeners;
    loop_timer tick;
    loop_timer pace; /* LOOP_TIMER_NONE: nothing is paced */
    bool has_pace;
    struct relay_row relays[RELAYS_MOST];
    size_t relay_count;
    bool is_reading;
    bool read_again;
    bool is_stopping;
};

/* --- live_hub.c ------------------------------------------------------------------------------- */

struct running *running_of(struct live_hub *hub, int64_t live); /* or null */
struct running *running_of_number(struct live_hub *hub, uint64_t number);
/* Opens what is not open yet; null: too many. */
struct running *running_open(struct live_hub *hub, const struct live *live);
struct running *running_open_relay(struct live_hub *hub, uint64_t number, str address);
/* Another sender takes the floor, or the one there was is gone. */
void running_take_floor(struct running *run, enum live_pace pace);
void running_lost(struct running *run);
void running_stand(struct running *run, enum live_standing standing);
void running_close(struct running *run);  /* gone afterwards */
void running_paced(struct live_hub *hub); /* the fast timer is needed */
/* Packets of an encoder or a radio. */
void running_packet(void *run, str packet);

/* --- live_jobs.c: what is written in the store ------------------------------------------------ */

void live_job_read(struct live_hub *hub); /* what is open */
void live_job_begun(struct live_hub *hub, int64_t live);
void live_job_end(struct live_hub *hub, int64_t live, const char *reason);
void live_job_keep(struct live_hub *hub, int64_t live, int64_t ms, int64_t bytes, hash recording);

/* --- live_in.c -------------------------------------------------------------------------------- */

void live_in_close(struct running *run, int code);

/* --- live_out.c ------------------------------------------------------------------------------- */

void live_out_packet(struct running *run, str packet);
void live_out_close(struct running *run);
void live_out_request(struct live_hub *hub, struct http_request *request);
void live_out_refuse(struct live_hub *hub, http_id request, int status);

/* --- live_keep.c ------------------------------------------------------------------------------ */

void live_keep_packet(struct running *run, str packet);
void live_keep_end(struct running *run);
void live_keep_recover(struct live_hub *hub); /* what a server that ended left behind */

/* --- live_encoder.c, live_relay.c ------------------------------------------------------------- */

void live_encoder_request(struct live_hub *hub, struct http_request *request);
void live_encoder_close(struct running *run);
void live_encoder_read_on(struct running *run);
void live_relay_tick(struct running *run, usec now);
bool live_relay_is_unwanted(const struct running *run, usec now);
void live_relay_close(struct running *run);
void live_relay_read_on(struct running *run);

#endif
