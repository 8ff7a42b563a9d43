/* Even-odd rule, and the haversine. */
#include "cap/cap_shape.h"

#include <math.h>

#define EARTH_KM 6371.0088
#define RADIANS (3.14159265358979323846 / 180)

double cap_distance_km(struct cap_point a, struct cap_point b)
{
    double north = sin((b.latitude - a.latitude) * RADIANS / 2);
    double east = sin((b.longitude - a.longitude) * RADIANS / 2);
    double square =
        north * north + cos(a.latitude * RADIANS) * cos(b.latitude * RADIANS) * east * east;
    return 2 * EARTH_KM * asin(sqrt(square < 1 ? square : 1));
}

/* Whether the point lies on the line between two corners. */
static bool is_on_edge(struct cap_point a, struct cap_point b, struct cap_point point)
{
    double cross = (b.longitude - a.longitude) * (point.latitude - a.latitude) -
                   (b.latitude - a.latitude) * (point.longitude - a.longitude);
    bool within = point.latitude >= fmin(a.latitude, b.latitude) &&
                  point.latitude <= fmax(a.latitude, b.latitude) &&
                  point.longitude >= fmin(a.longitude, b.longitude) &&
                  point.longitude <= fmax(a.longitude, b.longitude);
    return within && fabs(cross) < 1e-12;
}

bool cap_polygon_has(const struct cap_polygon *polygon, struct cap_point point)
{
    bool inside = false;
    for (size_t i = 0; i + 1 < polygon->count; i++) {
        struct cap_point a = polygon->at[i];
        struct cap_point b = polygon->at[i + 1];
        if (is_on_edge(a, b, point)) {
            return true;
        }
        bool crosses = (a.latitude > point.latitude) != (b.latitude > point.latitude);
        double at = crosses
                        ? a.longitude + (point.latitude - a.latitude) *
                                            (b.longitude - a.longitude) / (b.latitude - a.latitude)
                        : 0;
        inside ^= crosses && point.longitude < at;
    }
    return inside;
}

bool cap_circle_has(const struct cap_circle *circle, struct cap_point point)
{
    return cap_distance_km(circle->centre, point) <= circle->km;
}

bool cap_area_has(const struct cap_area *area, struct cap_point point)
{
    for (size_t i = 0; i < area->polygon_count; i++) {
        if (cap_polygon_has(&area->polygons[i], point)) {
            return true;
        }
    }
    for (size_t i = 0; i < area->circle_count; i++) {
        if (cap_circle_has(&area->circles[i], point)) {
            return true;
        }
    }
    return false;
}
