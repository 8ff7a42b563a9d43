/* Where this server's media are, as its settings say. */
#ifndef LOA_SERVER_MEDIA_PLACE_H
#define LOA_SERVER_MEDIA_PLACE_H

#include "server/app.h"
#include "store/media.h"

/* `config` borrows from the place and from the app: both stay where they are while it is used. */
struct media_place {
    struct media_config config;
    char folder[APP_PATH_ROOM];
    char secret[SETTING_TEXT_ROOM];
};

/* Reads the secret of the S3 store, where one is used. */
CHECKED errc media_place_of(const struct app *app, struct media_place *ret_place, struct why *why);

#endif
