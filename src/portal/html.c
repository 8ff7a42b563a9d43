#include "portal/html.h"

#include "base/crash.h"

void html_init(struct html *html, struct buf *out)
{
    *html = (struct html){.out = out};
}

static void close_tag(struct html *html)
{
    if (html->in_tag) {
        buf_add_byte(html->out, '>');
        html->in_tag = false;
    }
}

errc html_check(struct html *html)
{
    close_tag(html);
    TRY(buf_check(html->out));
    return html->failed || html->depth != 0 ? ERR_INTERNAL : OK;
}

void html_page(struct html *html)
{
    buf_add_text(html->out, "<!doctype html>\n");
}

void html_void(struct html *html, const char *name)
{
    close_tag(html);
    buf_add_byte(html->out, '<');
    buf_add_text(html->out, name);
    html->in_tag = true;
}

void html_tag(struct html *html, const char *name)
{
    html_void(html, name);
    if (html->depth == HTML_DEPTH) {
        html->failed = true;
        return;
    }
    html->open[html->depth++] = name;
}

void html_end(struct html *html)
{
    close_tag(html);
    if (html->depth == 0) {
        html->failed = true;
        return;
    }
    buf_add_format(html->out, "</%s>", html->open[--html->depth]);
}

void html_attr(struct html *html, const char *name, str value)
{
    ENSURE(html->in_tag);
    if (value.at == NULL) {
        return;
    }
    buf_add_format(html->out, " %s=\"", name);
    buf_add_markup(html->out, value);
    buf_add_byte(html->out, '"');
}

void html_attr_text(struct html *html, const char *name, const char *value)
{
    html_attr(html, name, str_of(value));
}

void html_flag(struct html *html, const char *name)
{
    ENSURE(html->in_tag);
    buf_add_format(html->out, " %s", name);
}

void html_text(struct html *html, str text)
{
    close_tag(html);
    buf_add_markup(html->out, text);
}

void html_put(struct html *html, const char *name, str text)
{
    html_tag(html, name);
    html_text(html, text);
    html_end(html);
}

/* Browsers drop blanks and control characters from addresses before they look at the scheme, so an
 * address that has any is not fit. */
static bool is_clean(str address)
{
    for (size_t i = 0; i < address.len; i++) {
        unsigned char byte = (unsigned char)address.at[i];
        if (byte <= ' ' || byte == 0x7f || byte == '\\') {
            return false;
        }
    }
    return address.len > 0;
}

bool html_address_is_fit(str address)
{
    static const str schemes[] = {{"https://", 8}, {"http://", 7}, {"mailto:", 7}, {"tel:", 4}};
    if (!is_clean(address)) {
        return false;
    }
    if (address.at[0] == '/') {
        return address.len == 1 || address.at[1] != '/';
    }
    for (size_t i = 0; i < COUNT_OF(schemes); i++) {
        str head = str_cut(address, 0, schemes[i].len);
        if (str_is_fold(head, schemes[i]) && address.len > schemes[i].len) {
            return true;
        }
    }
    return false;
}
