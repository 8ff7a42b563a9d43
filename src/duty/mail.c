/* See mail.h. Bodies are base64: Vietnamese is mostly not ASCII, lines have no limit then, and no
 * line can be taken for a command. */
#include "duty/mail.h"

#include "base/text.h"

#include <sodium.h>

enum {
    WORD_BYTES = 39,   /* of an encoded word: with frame and header's name within 76 signs */
    LINE_BYTES = 57,   /* of a body: 76 signs */
    BASE64_ROOM = 100, /* of either */
};

/* --- the page --------------------------------------------------------------------------------- */

/* Line feeds of a text are lines of the page. */
static void add_escaped(struct buf *out, str text)
{
    while (text.at != NULL) {
        buf_add_markup(out, str_split(text, '\n', &text));
        buf_add_text(out, text.at != NULL ? "<br>" : "");
    }
}

static void text_section(const struct mail_section *section, struct buf *out)
{
    if (section->title.len > 0) {
        buf_add_byte(out, '\n');
        buf_add(out, section->title);
        buf_add_byte(out, '\n');
    }
    for (size_t i = 0; i < section->count; i++) {
        const struct mail_line *line = &section->lines[i];
        buf_add_text(out, "- ");
        buf_add(out, line->title);
        if (line->note.len > 0) {
            buf_add_text(out, " (");
            buf_add(out, line->note);
            buf_add_byte(out, ')');
        }
        buf_add_byte(out, '\n');
        if (line->link.len > 0) {
            buf_add_text(out, "  ");
            buf_add(out, line->link);
            buf_add_byte(out, '\n');
        }
    }
    if (section->more.len > 0) {
        buf_add_text(out, "  ");
        buf_add(out, section->more);
        buf_add_byte(out, '\n');
    }
}

void mail_page_text(const struct mail_page *page, struct buf *out)
{
    buf_add(out, page->heading);
    buf_add_text(out, "\n\n");
    if (page->intro.len > 0) {
        buf_add(out, page->intro);
        buf_add_byte(out, '\n');
    }
    for (size_t i = 0; i < page->section_count; i++) {
        text_section(&page->sections[i], out);
    }
    if (page->button.len > 0 && page->link.len > 0) {
        buf_add_byte(out, '\n');
        buf_add(out, page->button);
        buf_add_text(out, ": ");
        buf_add(out, page->link);
        buf_add_byte(out, '\n');
    }
    buf_add_text(out, "\n-- \n"); /* what follows is a signature to mail programs */
    buf_add(out, page->footer);
    buf_add_byte(out, '\n');
}

static void html_link(str label, str link, const char *style, struct buf *out)
{
    if (link.len == 0) {
        add_escaped(out, label);
        return;
    }
    buf_add_text(out, "<a href=\"");
    add_escaped(out, link);
    buf_add_format(out, "\" style=\"%s\">", style);
    add_escaped(out, label);
    buf_add_text(out, "</a>");
}

static void html_section(const struct mail_section *section, struct buf *out)
{
    if (section->title.len > 0) {
        buf_add_text(out, "<h2 style=\"font-size:16px;margin:20px 0 6px\">");
        add_escaped(out, section->title);
        buf_add_text(out, "</h2>\n");
    }
    buf_add_text(out, "<table role=\"presentation\" width=\"100%\" cellpadding=\"0\" "
                      "cellspacing=\"0\">\n");
    for (size_t i = 0; i < section->count; i++) {
        const struct mail_line *line = &section->lines[i];
        buf_add_text(out, "<tr><td style=\"padding:8px 0;border-top:1px solid #ded7c9\">");
        html_link(line->title, line->link, "color:#0b5c58", out);
        if (line->note.len > 0) {
            buf_add_text(out, "<br><span style=\"color:#5d6664;font-size:13px\">");
            add_escaped(out, line->note);
            buf_add_text(out, "</span>");
        }
        buf_add_text(out, "</td></tr>\n");
    }
    if (section->more.len > 0) {
        buf_add_text(out, "<tr><td style=\"padding:8px 0;color:#5d6664;font-size:13px\">");
        add_escaped(out, section->more);
        buf_add_text(out, "</td></tr>\n");
    }
    buf_add_text(out, "</table>\n");
}

void mail_page_html(const struct mail_page *page, struct buf *out)
{
    buf_add_text(out, "<!doctype html>\n<html lang=\"");
    add_escaped(out, page->language);
    buf_add_text(out, "\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
                      "content=\"width=device-width\"><title>");
    add_escaped(out, page->heading);
    buf_add_format(out,
                   "</title></head>\n<body style=\"margin:0;padding:16px;background:#f6f2ea;"
                   "color:#101716;font-family:sans-serif;font-size:15px;line-height:1.45\">\n"
                   "<div style=\"max-width:560px;margin:0 auto;padding:20px;background:#ffffff;"
                   "border-top:4px solid %s\">\n<h1 style=\"font-size:20px;margin:0 0 10px\">",
                   page->alarms ? "#b3261e" : "#0b5c58");
    add_escaped(out, page->heading);
    buf_add_text(out, "</h1>\n");
    if (page->intro.len > 0) {
        buf_add_text(out, "<p style=\"margin:0 0 10px\">");
        add_escaped(out, page->intro);
        buf_add_text(out, "</p>\n");
    }
    for (size_t i = 0; i < page->section_count; i++) {
        html_section(&page->sections[i], out);
    }
    if (page->button.len > 0 && page->link.len > 0) {
        buf_add_text(out, "<p style=\"margin:20px 0\">");
        html_link(page->button, page->link,
                  "display:inline-block;padding:10px 18px;background:#0b5c58;color:#ffffff;"
                  "text-decoration:none",
                  out);
        buf_add_text(out, "</p>\n");
    }
    buf_add_text(out, "<p style=\"margin:20px 0 0;color:#5d6664;font-size:13px\">");
    add_escaped(out, page->footer);
    buf_add_text(out, "</p>\n</div>\n</body></html>\n");
}

/* --- the letter ------------------------------------------------------------------------------- */

static void add_base64(struct buf *out, str bytes)
{
    char text[BASE64_ROOM];
    sodium_bin2base64(text, sizeof text, (const unsigned char *)bytes.at, bytes.len,
                      sodium_base64_VARIANT_ORIGINAL);
    buf_add_text(out, text);
}

/* Encoded words of whole characters, one a line. */
static void add_words(struct buf *out, str text)
{
    for (size_t from = 0; from < text.len;) {
        str word = text_cut(str_cut(text, from, text.len), WORD_BYTES);
        if (word.len == 0) { /* not UTF-8: never of our writing */
            return;
        }
        buf_add_text(out, from > 0 ? "\r\n " : "");
        buf_add_text(out, "=?utf-8?B?");
        add_base64(out, word);
        buf_add_text(out, "?=");
        from += word.len;
    }
}

static void add_body(struct buf *out, const char *type, str text)
{
    buf_add_format(
        out, "Content-Type: %s; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n", type);
    for (size_t from = 0; from < text.len; from += LINE_BYTES) {
        add_base64(out, str_cut(text, from, from + LINE_BYTES));
        buf_add_text(out, "\r\n");
    }
}

static void add_date(struct buf *out, usec at)
{
    static const char *const weekdays[] = {"Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"};
    static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    struct clock_time clock = usec_clock(at, 0);
    day date = day_of(at, 0);
    buf_add_format(out, "Date: %s, %d %s %d %02d:%02d:%02d +0000\r\n", weekdays[(date % 7 + 7) % 7],
                   clock.date.mday, months[clock.date.month - 1], clock.date.year, clock.hour,
                   clock.minute, clock.second);
}

static str domain_of(str address)
{
    str domain = STR_NONE;
    ignore_int((long)str_split(address, '@', &domain).len);
    return domain;
}

errc mail_write(const struct mail *mail, struct buf *out)
{
    str domain = domain_of(mail->from);
    add_date(out, mail->at);
    buf_add_text(out, "From: ");
    add_words(out, mail->from_name);
    buf_add_format(out, "\r\n <%.*s>\r\nTo: <%.*s>\r\nSubject: ", STR_ARG(mail->from),
                   STR_ARG(mail->to));
    add_words(out, mail->subject);
    buf_add_format(out,
                   "\r\nMessage-ID: <%.*s@%.*s>\r\nMIME-Version: 1.0\r\n"
                   "Auto-Submitted: auto-generated\r\nX-Auto-Response-Suppress: All\r\n%s"
                   "Content-Type: multipart/alternative; boundary=\"%.*s\"\r\n\r\n",
                   STR_ARG(mail->id), STR_ARG(domain),
                   mail->urgent ? "Importance: high\r\nX-Priority: 1\r\n" : "", STR_ARG(mail->id));
    buf_add_format(out, "--%.*s\r\n", STR_ARG(mail->id));
    add_body(out, "text/plain", mail->text);
    buf_add_format(out, "--%.*s\r\n", STR_ARG(mail->id));
    add_body(out, "text/html", mail->html);
    buf_add_format(out, "--%.*s--\r\n", STR_ARG(mail->id));
    return buf_check(out);
}

static bool is_address_byte(char byte)
{
    bool letter = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
    return letter || (byte >= '0' && byte <= '9') || (byte != '\0' && strchr("._%+-'", byte));
}

bool mail_address_is_fit(str address)
{
    str domain = STR_NONE;
    str local = str_split(address, '@', &domain);
    if (address.len > MAIL_ADDRESS_MOST || local.len == 0 || !str_has(domain, '.') ||
        local.at[0] == '-') {
        return false;
    }
    for (size_t i = 0; i < local.len; i++) {
        if (!is_address_byte(local.at[i])) {
            return false;
        }
    }
    for (size_t i = 0; i < domain.len; i++) {
        if (!is_address_byte(domain.at[i])) {
            return false;
        }
    }
    return domain.at[0] != '.' && domain.at[domain.len - 1] != '.';
}
