/* The published wording of what each commune was formed from ("Xã A, Xã B (huyện C) và một phần …
 * của Xã D") turned into a lineage file that import_check reads. It resolves what the wording
 * settles and guesses nothing: a name that several old communes bear, one that nobody bears
 * (spelling!), a hamlet, a line that cannot be read are listed with their lines for a person to
 * finish. */
#ifndef LOA_PEOPLE_IMPORT_TEXT_H
#define LOA_PEOPLE_IMPORT_TEXT_H

#include "people/forest.h"
#include "people/unit_check.h"

/* Columns: Tỉnh mới, Mã mới, Đơn vị mới, Hình thành từ (nguyên văn công bố). The forest knows the
 * units on both sides of the day. */
struct text_job {
    const struct forest *forest;
    day on;
    str text;
    struct arena *arena;
};

struct text_report {
    size_t lines;     /* communes formed */
    size_t mentions;  /* of old units */
    size_t resolved;  /* mentions that became lines of lineage */
    size_t unchanged; /* communes that stayed as they were ("giữ nguyên") */
    size_t parts;     /* resolved mentions without a share: one that somebody should declare */
    struct unit_problems problems; /* origin = line; NOTE_TEXT_… and NOTE_NEVER_MENTIONED */
};

/* Appends the lineage file to `csv`. */
CHECKED errc import_text(const struct text_job *job, struct buf *csv,
                         struct text_report *ret_report);

#endif
