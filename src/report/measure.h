/* What figures are counted in. A measure stands on a base (đồng; a commune; a minute) with a
 * factor, so that "11,5 tỷ đồng" and "11.500.000.000 đồng" are one figure, and nobody can add
 * villages to money. Measures are data; a dimension is a product of powers of bases. */
#ifndef LOA_REPORT_MEASURE_H
#define LOA_REPORT_MEASURE_H

#include "report/figure.h"

enum { MEASURES_MOST = 500, MEASURE_NAME_MOST = 32, DIMENSION_BASES = 4, DIMENSION_POWER_MOST = 8 };

struct measure {
    str name;      /* as formulas write it: "ty_dong" */
    uint16_t base; /* 0: a bare number, as "percent" is */
    figure factor; /* of the base: 1000000000 */
};

struct dimension {
    struct {
        uint16_t base; /* ascending, not 0 */
        int8_t power;  /* not 0 */
    } at[DIMENSION_BASES];
    size_t count;
};

struct dimension dimension_of(uint16_t base); /* of base 0: a bare number */
bool dimension_is_bare(const struct dimension *dimension);
bool dimension_same(const struct dimension *a, const struct dimension *b);
/* sign 1: times; -1: over. False when it becomes more than anybody can mean. */
CHECKED bool dimension_join(const struct dimension *a, const struct dimension *b, int sign,
                            struct dimension *ret_dimension);

/* A name of measures and elements: a small Latin letter, then letters, digits and "_". */
bool measure_name_is_fit(str name);
const struct measure *measure_find(const struct measure *measures, size_t count, str name);

#endif
