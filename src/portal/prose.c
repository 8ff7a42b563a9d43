#include "portal/prose.h"

#include "base/text.h"

#include <cmark.h>

struct writing {
    struct html *html;
    const struct prose_ports *ports;
    int level;
    int depth; /* of what is open; deeper nodes are only their text */
};

static str text_of(const char *text)
{
    return text == NULL ? STR_NONE : str_of(text);
}

/* --- tags ------------------------------------------------------------------------------------ */

static const char *block_tag(const struct writing *writing, cmark_node *node)
{
    static const char *const headings[] = {"h2", "h3", "h4", "h5", "h6"};
    switch ((int)cmark_node_get_type(node)) {
    case CMARK_NODE_PARAGRAPH:
        return "p";
    case CMARK_NODE_BLOCK_QUOTE:
        return "blockquote";
    case CMARK_NODE_LIST:
        return cmark_node_get_list_type(node) == CMARK_ORDERED_LIST ? "ol" : "ul";
    case CMARK_NODE_ITEM:
        return "li";
    case CMARK_NODE_EMPH:
        return "em";
    case CMARK_NODE_STRONG:
        return "strong";
    case CMARK_NODE_HEADING: {
        int level = writing->level - 2 + cmark_node_get_heading_level(node) - 1;
        return headings[level < 0 ? 0 : level > 4 ? 4 : level];
    }
    default:
        return NULL;
    }
}

/* In a list whose items are one line each the paragraphs have no tags. */
static bool is_tight(cmark_node *paragraph)
{
    cmark_node *item = cmark_node_parent(paragraph);
    cmark_node *list = item == NULL ? NULL : cmark_node_parent(item);
    return list != NULL && cmark_node_get_type(list) == CMARK_NODE_LIST &&
           cmark_node_get_list_tight(list) != 0;
}

static bool link_is_fit(cmark_node *node)
{
    return html_address_is_fit(text_of(cmark_node_get_url(node)));
}

/* Whether entering and leaving the node write a tag. */
static bool has_tag(const struct writing *writing, cmark_node *node)
{
    cmark_node_type type = cmark_node_get_type(node);
    if (type == CMARK_NODE_LINK) {
        return link_is_fit(node);
    }
    if (type == CMARK_NODE_PARAGRAPH && is_tight(node)) {
        return false;
    }
    return block_tag(writing, node) != NULL;
}

static void open_link(struct html *html, cmark_node *node)
{
    str address = text_of(cmark_node_get_url(node));
    html_tag(html, "a");
    html_attr(html, "href", address);
    if (address.at[0] != '/') {
        html_attr_text(html, "rel", "noopener nofollow external");
    }
}

/* --- leaves ---------------------------------------------------------------------------------- */

static void put_code(struct html *html, cmark_node *node)
{
    bool is_block = cmark_node_get_type(node) == CMARK_NODE_CODE_BLOCK;
    if (is_block) {
        html_tag(html, "pre");
    }
    html_put(html, "code", text_of(cmark_node_get_literal(node)));
    if (is_block) {
        html_end(html);
    }
}

static void put_leaf(struct writing *writing, cmark_node *node)
{
    struct html *html = writing->html;
    switch ((int)cmark_node_get_type(node)) {
    case CMARK_NODE_TEXT:
    case CMARK_NODE_HTML_INLINE:
    case CMARK_NODE_HTML_BLOCK:
        html_text(html, text_of(cmark_node_get_literal(node)));
        break;
    case CMARK_NODE_CODE:
    case CMARK_NODE_CODE_BLOCK:
        put_code(html, node);
        break;
    case CMARK_NODE_SOFTBREAK:
        html_text(html, S("\n"));
        break;
    case CMARK_NODE_LINEBREAK:
        html_void(html, "br");
        break;
    case CMARK_NODE_THEMATIC_BREAK:
        html_void(html, "hr");
        break;
    default:
        break;
    }
}

/* The words in a picture's brackets are what is said of it; they are not written again. */
static void put_picture(struct writing *writing, cmark_node *node)
{
    const struct prose_ports *ports = writing->ports;
    str name = text_of(cmark_node_get_url(node));
    str address =
        ports == NULL || ports->picture == NULL ? STR_NONE : ports->picture(ports->ctx, name);
    cmark_node *words = cmark_node_first_child(node);
    str said = words == NULL ? S("") : text_of(cmark_node_get_literal(words));
    said = said.at == NULL ? S("") : said;
    if (address.at == NULL) {
        html_text(writing->html, said);
        return;
    }
    html_void(writing->html, "img");
    html_attr(writing->html, "src", address);
    html_attr(writing->html, "alt", said);
    html_attr_text(writing->html, "loading", "lazy");
}

/* --- the walk -------------------------------------------------------------------------------- */

static void enter(struct writing *writing, cmark_node *node)
{
    writing->depth++;
    if (writing->depth > PROSE_DEPTH || !has_tag(writing, node)) {
        return;
    }
    if (cmark_node_get_type(node) == CMARK_NODE_LINK) {
        open_link(writing->html, node);
    } else {
        html_tag(writing->html, block_tag(writing, node));
    }
}

static void leave(struct writing *writing, cmark_node *node)
{
    if (writing->depth <= PROSE_DEPTH && has_tag(writing, node)) {
        html_end(writing->html);
    }
    writing->depth--;
}

static bool is_leaf(cmark_node *node)
{
    cmark_node_type type = cmark_node_get_type(node);
    return type == CMARK_NODE_TEXT || type == CMARK_NODE_HTML_INLINE ||
           type == CMARK_NODE_HTML_BLOCK || type == CMARK_NODE_CODE ||
           type == CMARK_NODE_CODE_BLOCK || type == CMARK_NODE_SOFTBREAK ||
           type == CMARK_NODE_LINEBREAK || type == CMARK_NODE_THEMATIC_BREAK;
}

static void visit(struct writing *writing, cmark_iter *walk, cmark_event_type event)
{
    cmark_node *node = cmark_iter_get_node(walk);
    if (is_leaf(node)) {
        put_leaf(writing, node);
    } else if (cmark_node_get_type(node) == CMARK_NODE_IMAGE) {
        put_picture(writing, node);
        cmark_iter_reset(walk, node, CMARK_EVENT_EXIT);
    } else if (event == CMARK_EVENT_ENTER) {
        enter(writing, node);
    } else {
        leave(writing, node);
    }
}

static errc parse(str text, cmark_node **ret_root)
{
    if (text.len > PROSE_MOST) {
        return ERR_TOO_BIG;
    }
    *ret_root = cmark_parse_document(text.len > 0 ? text.at : "", text.len, CMARK_OPT_DEFAULT);
    return *ret_root == NULL ? ERR_NO_MEMORY : OK;
}

errc prose_write(struct html *html, str text, int level, const struct prose_ports *ports)
{
    struct writing writing = {.html = html, .ports = ports, .level = level};
    cmark_node *root = NULL;
    cmark_event_type event;
    TRY(parse(text, &root));
    cmark_iter *walk = cmark_iter_new(root);
    while ((event = cmark_iter_next(walk)) != CMARK_EVENT_DONE) {
        if (cmark_iter_get_node(walk) != root) {
            visit(&writing, walk, event);
        }
    }
    cmark_iter_free(walk);
    cmark_node_free(root);
    return OK;
}

/* --- words alone ----------------------------------------------------------------------------- */

static void add_blank(struct buf *out)
{
    if (out->len > 0 && out->at[out->len - 1] != ' ') {
        buf_add_byte(out, ' ');
    }
}

static void add_words(struct buf *out, str text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (text.at[i] == ' ' || text.at[i] == '\n' || text.at[i] == '\t') {
            add_blank(out);
        } else {
            buf_add_byte(out, text.at[i]);
        }
    }
}

static bool is_block(cmark_node *node)
{
    cmark_node_type type = cmark_node_get_type(node);
    return type >= CMARK_NODE_FIRST_BLOCK && type <= CMARK_NODE_LAST_BLOCK;
}

/* Cut where a word ends, with the sign that something follows. */
static void cut(struct buf *out, size_t most)
{
    size_t len = text_cut(buf_str(out), most - sizeof "…" + 1).len;
    size_t at = len;
    while (at > len / 2 && out->at[at] != ' ') {
        at--;
    }
    buf_cut(out, at > len / 2 ? at : len);
    buf_add_text(out, "…");
}

errc prose_words(str text, size_t most, struct buf *out)
{
    cmark_node *root = NULL;
    cmark_event_type event;
    size_t from = out->len;
    TRY(parse(text, &root));
    cmark_iter *walk = cmark_iter_new(root);
    while ((event = cmark_iter_next(walk)) != CMARK_EVENT_DONE && out->len - from <= most) {
        cmark_node *node = cmark_iter_get_node(walk);
        bool is_break = cmark_node_get_type(node) == CMARK_NODE_SOFTBREAK ||
                        cmark_node_get_type(node) == CMARK_NODE_LINEBREAK;
        if (event == CMARK_EVENT_ENTER && (is_break || is_block(node))) {
            add_blank(out);
        }
        if (event == CMARK_EVENT_ENTER && is_leaf(node)) {
            add_words(out, text_of(cmark_node_get_literal(node)));
        }
    }
    cmark_iter_free(walk);
    cmark_node_free(root);
    while (out->len > from && out->at[out->len - 1] == ' ') {
        buf_cut(out, out->len - 1);
    }
    if (out->len - from > most) {
        cut(out, from + most);
    }
    return buf_check(out);
}
