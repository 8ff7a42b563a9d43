/* What the system says about itself: its settings, its version, the description of its API. The
 * server knows these; the console only asks. */
#include "console/ask.h"
#include "console/steps.h"
#include "console/unit_json.h"

enum { VALUE_MOST = 400 };

errc api_settings_list(struct ask *ask, struct why *why)
{
    TRY(ask_over_all(ask));
    const struct house_ports *ports = &ask->house->ports;
    ask_list_begin(ask);
    TRY(ports->settings_list(ports->ctx, ask, why));
    ask_list_end(ask, STR_NONE);
    return OK;
}

/* The value as it would stand in the file: numbers and yes/no come as JSON's own, too. */
static errc value_text(struct ask *ask, const struct json_value *object, str *ret_text)
{
    int64_t number = 0;
    bool yes = false;
    if (json_in_bool(object, "value", &yes, NULL) == OK) {
        *ret_text = yes ? S("yes") : S("no");
        return OK;
    }
    if (json_in_i64(object, "value", INT64_MIN, INT64_MAX, &number, NULL) == OK) {
        *ret_text = arena_format(ask->arena, "%lld", (long long)number);
        return OK;
    }
    return json_in_str(object, "value", 0, VALUE_MOST, ret_text, &ask->bad);
}

errc api_settings_put(struct ask *ask, struct why *why)
{
    TRY(ask_over_all(ask));
    static const char *const fields[] = {"value", NULL};
    const struct house_ports *ports = &ask->house->ports;
    AUTO(json_in_finish) struct json_in in = {.root = NULL};
    TRY(ask_body(ask, fields, &in, why));
    str value = STR_NONE;
    TRY(value_text(ask, in.root, &value));
    return ports->settings_put(ports->ctx, ask, ask_place(ask, 0), value, why);
}

errc api_settings_reset(struct ask *ask, struct why *why)
{
    TRY(ask_over_all(ask));
    const struct house_ports *ports = &ask->house->ports;
    return ports->settings_reset(ports->ctx, ask, ask_place(ask, 0), why);
}

errc api_about_show(struct ask *ask, struct why *why)
{
    (void)why;
    const struct house_ports *ports = &ask->house->ports;
    ports->about(ports->ctx, ask);
    return OK;
}

errc api_openapi_show(struct ask *ask, struct why *why)
{
    (void)why;
    json_raw(&ask->json, ask->house->openapi);
    return OK;
}
