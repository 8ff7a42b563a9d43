/* Which places an area of a message meets. Distances are on a sphere; polygons are small enough for
 * a flat map, and one that crosses the 180th meridian is none of a Vietnamese province. Pure. */
#ifndef LOA_CAP_CAP_SHAPE_H
#define LOA_CAP_CAP_SHAPE_H

#include "cap/cap.h"

double cap_distance_km(struct cap_point a, struct cap_point b);
/* On its edge is in it. */
bool cap_polygon_has(const struct cap_polygon *polygon, struct cap_point point);
bool cap_circle_has(const struct cap_circle *circle, struct cap_point point);
/* Whether one of its polygons or circles has the point. */
bool cap_area_has(const struct cap_area *area, struct cap_point point);

#endif
