#include "document/ruler.h"

#include "document/layout.h"

errc ruler_create(struct ruler *ruler, struct why *why)
{
    ruler->fonts = pango_cairo_font_map_new();
    ruler->context = ruler->fonts == NULL ? NULL : pango_font_map_create_context(ruler->fonts);
    if (ruler->context == NULL) {
        ruler_finish(ruler);
        return fail(why, ERR_NO_MEMORY, "no font map");
    }
    /* One point of the layout is one point of the paper. */
    pango_cairo_context_set_resolution(ruler->context, 72);
    pango_context_set_language(ruler->context, pango_language_from_string("vi"));
    return OK;
}

void ruler_finish(struct ruler *ruler)
{
    if (ruler->context != NULL) {
        g_object_unref(ruler->context);
    }
    if (ruler->fonts != NULL) {
        g_object_unref(ruler->fonts);
    }
    *ruler = (struct ruler){NULL, NULL};
}

PangoFontDescription *ruler_font(int size, bool bold, bool italic)
{
    PangoFontDescription *font = pango_font_description_new();
    pango_font_description_set_family(font, LAYOUT_FONT_HERE ", " LAYOUT_FONT_NAME ", serif");
    pango_font_description_set_size(font, size * PANGO_SCALE);
    pango_font_description_set_weight(font, bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
    pango_font_description_set_style(font, italic ? PANGO_STYLE_ITALIC : PANGO_STYLE_NORMAL);
    return font;
}

double ruler_width(const struct ruler *ruler, str text, int size, bool bold)
{
    int width = 0;
    PangoLayout *layout = pango_layout_new(ruler->context);
    PangoFontDescription *font = ruler_font(size, bold, false);
    pango_layout_set_font_description(layout, font);
    pango_layout_set_text(layout, text.len > 0 ? text.at : "", (int)text.len);
    pango_layout_get_size(layout, &width, NULL);
    pango_font_description_free(font);
    g_object_unref(layout);
    return (double)width / PANGO_SCALE;
}
