/* A figure is an exact fraction, or nothing at all. "–" is not 0: what is not there stays not there
 * through every sum, and a percentage that does not come out even loses nothing before it is shown.
 * Every operation that could overflow says so. */
#ifndef LOA_REPORT_FIGURE_H
#define LOA_REPORT_FIGURE_H

#include "base/base.h"

/* Reduced; den > 0. den 0: nothing. */
typedef struct figure {
    int64_t num;
    int64_t den;
} figure;

#define FIGURE_NONE ((figure){0, 0})
#define FIGURE_ZERO ((figure){0, 1})
#define FIGURE_ONE ((figure){1, 1})

enum { FIGURE_DECIMALS_MOST = 9 };

figure figure_of(int64_t whole);
bool figure_is_there(figure value);
bool figure_is_whole(figure value);
/* False when den is not above 0. */
CHECKED bool figure_make(int64_t num, int64_t den, figure *ret_figure);

/* All are given figures that are there; false when the exact result does not fit. */
CHECKED bool figure_plus(figure a, figure b, figure *ret_figure);
CHECKED bool figure_minus(figure a, figure b, figure *ret_figure);
CHECKED bool figure_times(figure a, figure b, figure *ret_figure);
CHECKED bool figure_over(figure a, figure b, figure *ret_figure);          /* b is not 0 */
CHECKED bool figure_round(figure value, int decimals, figure *ret_figure); /* half away from 0 */
int figure_compare(figure a, figure b);

/* As machines write: "1234.5", "-7", at most 9 decimals; strict, the whole text. */
CHECKED bool figure_parse(str text, figure *ret_figure);
/* As people in Viet Nam write: "11.500.000.000", "9,5", "1 234,5". A dot groups thousands, a comma
 * begins the decimals; "1.5" is neither and refused, because nobody knows what was meant. */
CHECKED bool figure_parse_vi(str text, figure *ret_figure);
void figure_write(figure value, struct buf *out); /* "12.5", "1/3"; nothing for nothing */
CHECKED bool figure_parse_exact(str text, figure *ret_figure); /* what figure_write wrote */
/* Rounded for showing: "11.500.000.000", "9,5", "–"; at most so many decimals, none that are 0. */
void figure_write_vi(figure value, int decimals, struct buf *out);

#endif
