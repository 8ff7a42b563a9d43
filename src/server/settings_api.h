/* Settings as the console shows and changes them. */
#ifndef LOA_SERVER_SETTINGS_API_H
#define LOA_SERVER_SETTINGS_API_H

#include "console/ask.h"
#include "server/app.h"

CHECKED errc settings_api_list(struct app *app, struct ask *ask, struct why *why);
CHECKED errc settings_api_put(struct app *app, struct ask *ask, str key, str value,
                              struct why *why);
CHECKED errc settings_api_reset(struct app *app, struct ask *ask, str key, struct why *why);

#endif
