/* A letter by e-mail, as bytes for SMTP (RFC 5322, MIME): plain text and HTML side by side,
 * subjects in Vietnamese as RFC 2047 wants them. Pure. The HTML is of the plainest kind – tables,
 * styles on the elements, no pictures, no script – because that is what mail programs show alike.
 */
#ifndef LOA_DUTY_MAIL_H
#define LOA_DUTY_MAIL_H

#include "base/base.h"

enum {
    MAIL_MOST = 512 * 1024,
    MAIL_ADDRESS_MOST = 254,
    MAIL_LINES_MOST = 60, /* of one section */
    MAIL_SECTIONS_MOST = 16,
};

struct mail_line {
    str title;
    str note; /* small, below; may be empty */
    str link; /* may be empty */
};
struct mail_section {
    str title; /* may be empty */
    const struct mail_line *lines;
    size_t count;
    str more; /* "and 12 more"; may be empty */
};
struct mail_page {
    str language; /* "vi" */
    str heading;
    str intro;
    const struct mail_section *sections;
    size_t section_count;
    str button; /* may be empty */
    str link;   /* of the button */
    str footer;
    bool alarms; /* red on top */
};

void mail_page_text(const struct mail_page *page, struct buf *out);
void mail_page_html(const struct mail_page *page, struct buf *out);

struct mail {
    str from_name;
    str from;
    str to;
    str subject;
    str text;
    str html;
    str id; /* left side of the Message-ID: the same letter, sent again, has the same */
    usec at;
    bool urgent;
};
CHECKED errc mail_write(const struct mail *mail, struct buf *out);
/* One word@word.word of visible ASCII without anything that a header or a command could stumble
 * over. */
bool mail_address_is_fit(str address);

#endif
