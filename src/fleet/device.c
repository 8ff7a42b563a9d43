/* Names, and the table of settings. */
#include "fleet/device.h"

static const char *const states[] = {
    [DEVICE_IS_PENDING] = "pending",
    [DEVICE_IS_ACCEPTED] = "accepted",
    [DEVICE_IS_RETIRED] = "retired",
    [DEVICE_IS_REPLACED] = "replaced",
};

const char *device_state_name(enum device_state state)
{
    return states[state];
}

bool device_state_parse(str name, enum device_state *ret_state)
{
    for (size_t i = 0; i < COUNT_OF(states); i++) {
        if (str_is(name, str_of(states[i]))) {
            *ret_state = (enum device_state)i;
            return true;
        }
    }
    return false;
}

static const char *const kinds[] = {
    [DEVICE_SPEAKER] = "speaker",
    [DEVICE_BOARD] = "board",
    [DEVICE_ENCODER] = "encoder",
};

const char *device_kind_name(enum device_kind kind)
{
    return kind >= DEVICE_SPEAKER && (size_t)kind < COUNT_OF(kinds) ? kinds[kind]
                                                                    : kinds[DEVICE_SPEAKER];
}

bool device_kind_parse(str name, enum device_kind *ret_kind)
{
    for (size_t i = DEVICE_SPEAKER; i < COUNT_OF(kinds); i++) {
        if (str_is(name, str_of(kinds[i]))) {
            *ret_kind = (enum device_kind)i;
            return true;
        }
    }
    return false;
}

struct wire_settings device_settings_under(const struct wire_settings *desired, int64_t volume_cap)
{
    struct wire_settings settings = *desired;
    if (volume_cap >= 0 && settings.volume > (uint64_t)volume_cap) {
        settings.volume = (uint64_t)volume_cap;
    }
    return settings;
}

static const struct device_setting settings_table[] = {
#define X(FIELD, name, least, most) {FIELD, #name, least, most},
#include "fleet/settings.def"
#undef X
};

_Static_assert(COUNT_OF(settings_table) == DEVICE_SETTING_COUNT, "settings.def has other rows");

const struct device_setting *device_setting_at(size_t index)
{
    return &settings_table[index];
}

int64_t device_setting_get(const struct wire_settings *settings, size_t index)
{
    const int64_t values[] = {
#define X(FIELD, name, least, most) (int64_t) settings->name,
#include "fleet/settings.def"
#undef X
    };
    return values[index];
}

/* Every field is 64 bits wide; which have a sign does not matter within their limits. */
void device_setting_set(struct wire_settings *settings, size_t index, int64_t value)
{
    void *const places[] = {
#define X(FIELD, name, least, most) &settings->name,
#include "fleet/settings.def"
#undef X
    };
    memcpy(places[index], &value, sizeof value);
}
