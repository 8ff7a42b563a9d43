/* Messages of the Common Alerting Protocol, version 1.2 (OASIS), as values. What comes from outside
 * is read strictly: UTF-8, no document type, no entities, nothing that the standard does not name,
 * every count and length bounded. Texts are loans from the arena that was given. Pure: no clock, no
 * network, no files.
 *
 * What must never happen: a message that says one thing to whoever checks its signature and another
 * to whoever reads it (cap_seal.h), or one that costs more than its size. */
#ifndef LOA_CAP_CAP_H
#define LOA_CAP_CAP_H

#include "base/base.h"

enum {
    CAP_SIZE_MOST = 1024 * 1024, /* bytes of a message */
    CAP_ELEMENTS_MOST = 20000,
    CAP_INFOS_MOST = 16,
    CAP_AREAS_MOST = 64,    /* of an info */
    CAP_SHAPES_MOST = 64,   /* polygons, and as many circles, of an area */
    CAP_POINTS_MOST = 4096, /* of a polygon */
    CAP_PAIRS_MOST = 512,   /* geocodes of an area; codes, parameters of an info */
    CAP_RESOURCES_MOST = 16,
    CAP_REFERENCES_MOST = 64,
    CAP_WORDS_MOST = 64,       /* names in `addresses`, `incidents`, `code` */
    CAP_NAME_MOST = 256,       /* bytes of identifiers, senders, events, names of areas */
    CAP_TEXT_MOST = 32 * 1024, /* bytes of a description, an instruction, a note */
};

enum cap_list {
    CAP_STATUS,
    CAP_TYPE,
    CAP_SCOPE,
    CAP_CATEGORY,
    CAP_RESPONSE,
    CAP_URGENCY,
    CAP_SEVERITY,
    CAP_CERTAINTY,
    CAP_LISTS,
};

enum cap_name {
#define X(LIST, NAME, name) CAP_##LIST##_##NAME,
#include "cap/cap_names.def"
#undef X
    CAP_NAMES,
};

const char *cap_name(enum cap_name name);
/* The name in one of the lists. */
CHECKED bool cap_name_parse(enum cap_list list, str text, enum cap_name *ret_name);
/* Names of a list as bits: the first of the list is bit 0. */
enum cap_name cap_list_first(enum cap_list list);
size_t cap_list_count(enum cap_list list);
static inline unsigned cap_bit(enum cap_list list, enum cap_name name)
{
    return 1U << ((unsigned)name - (unsigned)cap_list_first(list));
}

struct cap_pair {
    str name;
    str value;
};

struct cap_pairs {
    const struct cap_pair *at;
    size_t count;
};

struct cap_words {
    const str *at;
    size_t count;
};

/* WGS 84, degrees. */
struct cap_point {
    double latitude;
    double longitude;
};

struct cap_polygon { /* the first point again at the end */
    const struct cap_point *at;
    size_t count;
};

struct cap_circle {
    struct cap_point centre;
    double km;
};

struct cap_area {
    str name; /* areaDesc */
    const struct cap_polygon *polygons;
    size_t polygon_count;
    const struct cap_circle *circles;
    size_t circle_count;
    struct cap_pairs geocodes;
    bool has_altitude;
    bool has_ceiling;
    double altitude; /* feet, as the standard has it */
    double ceiling;
};

struct cap_resource {
    str name; /* resourceDesc */
    str mime;
    int64_t bytes; /* -1: not told */
    str uri;
    str content; /* derefUri: base64 as it stands */
    str digest;
};

struct cap_info {
    str language;        /* "en-US" when the message is silent, as the standard has it */
    unsigned categories; /* bits */
    str event;
    unsigned responses; /* bits */
    enum cap_name urgency;
    enum cap_name severity;
    enum cap_name certainty;
    str audience;
    struct cap_pairs codes; /* eventCode */
    usec effective;         /* 0: when it was sent */
    usec onset;             /* 0: not told */
    usec expires;           /* 0: not told */
    str sender_name;
    str headline;
    str description;
    str instruction;
    str web;
    str contact;
    struct cap_pairs parameters;
    const struct cap_resource *resources;
    size_t resource_count;
    const struct cap_area *areas;
    size_t area_count;
};

struct cap_reference {
    str sender;
    str identifier;
    usec sent;
};

struct cap_message {
    str identifier;
    str sender;
    usec sent;
    enum cap_name status;
    enum cap_name type;
    enum cap_name scope;
    str source;
    str restriction;
    struct cap_words addresses;
    struct cap_words codes;
    str note;
    const struct cap_reference *references;
    size_t reference_count;
    struct cap_words incidents;
    const struct cap_info *infos;
    size_t info_count;
    bool is_signed; /* carries a signature; whose, and whether it is right: cap_seal.h */
};

/* ERR_INVALID with a sentence, ERR_TOO_BIG, ERR_BAD_UTF8, ERR_NO_MEMORY. */
CHECKED errc cap_read(str xml, struct arena *arena, struct cap_message *ret_message,
                      struct why *why);
/* The message without a signature, times at that offset east of UTC. What cap_read would refuse is
 * not asked for. */
void cap_write(const struct cap_message *message, usec zone, struct buf *out);

/* 2002-05-24T16:49:00-07:00; a Z is taken too, and fractions of a second are dropped. */
CHECKED bool cap_time_parse(str text, usec *ret_instant);
void cap_time_write(usec instant, usec zone, struct buf *out);
/* "lat,lon lat,lon …" and "lat,lon km". */
CHECKED errc cap_polygon_parse(str text, struct arena *arena, struct cap_polygon *ret_polygon,
                               struct why *why);
CHECKED bool cap_circle_parse(str text, struct cap_circle *ret_circle);
/* Names between blanks; one with blanks in it stands in quotes. */
CHECKED errc cap_words_parse(str text, struct arena *arena, struct cap_words *ret_words,
                             struct why *why);
/* Identifiers and senders have no blanks, commas, < or &. */
bool cap_identifier_is_fit(str text);

/* The info in that language ("vi" also takes "vi-VN"), else the first; null without any. */
const struct cap_info *cap_info_in(const struct cap_message *message, str language);
/* When nothing of it counts any more: the latest expiry of its infos; 0 when one has none. */
usec cap_message_expires(const struct cap_message *message);

#endif
