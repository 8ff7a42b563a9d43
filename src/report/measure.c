#include "report/measure.h"

struct dimension dimension_of(uint16_t base)
{
    struct dimension dimension = {.count = 0};
    if (base != 0) {
        dimension.at[0].base = base;
        dimension.at[0].power = 1;
        dimension.count = 1;
    }
    return dimension;
}

bool dimension_is_bare(const struct dimension *dimension)
{
    return dimension->count == 0;
}

bool dimension_same(const struct dimension *a, const struct dimension *b)
{
    if (a->count != b->count) {
        return false;
    }
    for (size_t i = 0; i < a->count; i++) {
        if (a->at[i].base != b->at[i].base || a->at[i].power != b->at[i].power) {
            return false;
        }
    }
    return true;
}

static bool put(struct dimension *dimension, uint16_t base, int power)
{
    if (power == 0) {
        return true;
    }
    if (dimension->count == DIMENSION_BASES || power > DIMENSION_POWER_MOST ||
        power < -DIMENSION_POWER_MOST) {
        return false;
    }
    dimension->at[dimension->count].base = base;
    dimension->at[dimension->count++].power = (int8_t)power;
    return true;
}

/* Both are ascending by base, and so is the result. */
bool dimension_join(const struct dimension *a, const struct dimension *b, int sign,
                    struct dimension *ret_dimension)
{
    struct dimension joined = {.count = 0};
    size_t i = 0;
    size_t j = 0;
    while (i < a->count || j < b->count) {
        uint16_t left = i < a->count ? a->at[i].base : UINT16_MAX;
        uint16_t right = j < b->count ? b->at[j].base : UINT16_MAX;
        uint16_t base = left < right ? left : right;
        int power = left == base ? a->at[i++].power : 0;
        power += right == base ? sign * b->at[j++].power : 0;
        if (!put(&joined, base, power)) {
            return false;
        }
    }
    *ret_dimension = joined;
    return true;
}

bool measure_name_is_fit(str name)
{
    for (size_t i = 0; i < name.len; i++) {
        char byte = name.at[i];
        bool letter = byte >= 'a' && byte <= 'z';
        bool later = (byte >= '0' && byte <= '9') || byte == '_';
        if (!letter && (i == 0 || !later)) {
            return false;
        }
    }
    return name.len > 0 && name.len <= MEASURE_NAME_MOST;
}

const struct measure *measure_find(const struct measure *measures, size_t count, str name)
{
    for (size_t i = 0; i < count; i++) {
        if (str_is(measures[i].name, name)) {
            return &measures[i];
        }
    }
    return NULL;
}
