/* The listing of a bucket is XML from a server that we were told to trust, and read as if we did
 * not: only the five elements that are used, without entities, comments or sections. */
#include "store/s3.h"

enum { PAGE_ITEMS = 1000 };

/* The text between <name> and </name>, the first from `from` on; false when there is none. */
static bool take_element(str *from, str name, str *ret_text)
{
    for (str rest = *from; rest.len > name.len + 2;) {
        (void)str_split(rest, '<', &rest);
        if (!str_starts(rest, name) || rest.len <= name.len || rest.at[name.len] != '>') {
            continue;
        }
        str inside = str_cut(rest, name.len + 1, rest.len);
        size_t end = 0;
        while (end < inside.len) {
            str tail = str_cut(inside, end, inside.len);
            if (str_starts(tail, S("</")) && str_starts(str_cut(tail, 2, tail.len), name) &&
                tail.len > name.len + 2 && tail.at[name.len + 2] == '>') {
                *ret_text = str_cut(inside, 0, end);
                *from = str_cut(tail, name.len + 3, tail.len);
                return true;
            }
            end++;
        }
        return false;
    }
    return false;
}

static errc read_item(str contents, str prefix, const struct media_each *each, struct why *why)
{
    struct media_info item;
    str rest = contents;
    str key = STR_NONE;
    str size = STR_NONE;
    str changed = STR_NONE;
    if (!take_element(&rest, S("Key"), &key)) {
        return fail(why, ERR_STORE, "the listing has an item without its key");
    }
    rest = contents;
    bool good = take_element(&rest, S("Size"), &size) && str_to_u64(size, &item.size);
    rest = contents;
    good = good && take_element(&rest, S("LastModified"), &changed) &&
           usec_parse(changed, &item.changed_at_us);
    if (!good) {
        return fail(why, ERR_STORE, "the listing has an item without size or date");
    }
    if (!str_starts(key, prefix) || !hash_parse(str_cut(key, prefix.len, key.len), &item.name)) {
        return OK; /* somebody else's */
    }
    return each->on_item(each->ctx, &item);
}

errc s3_read_page(str xml, str prefix, const struct media_each *each, struct s3_page *ret_page,
                  struct why *why)
{
    struct s3_page page = {.more = false};
    str rest = xml;
    str text = STR_NONE;
    if (!take_element(&rest, S("IsTruncated"), &text)) {
        return fail(why, ERR_STORE, "the answer is not a listing");
    }
    page.more = str_is(text, S("true"));
    rest = xml;
    if (page.more && (!take_element(&rest, S("NextContinuationToken"), &page.token) ||
                      page.token.len == 0 || str_has(page.token, '&'))) {
        return fail(why, ERR_STORE, "the listing goes on, but does not say where");
    }
    rest = xml;
    for (size_t i = 0; take_element(&rest, S("Contents"), &text); i++) {
        if (i == PAGE_ITEMS) {
            return fail(why, ERR_STORE, "a page of the listing is too long");
        }
        TRY(read_item(text, prefix, each, why));
    }
    *ret_page = page;
    return OK;
}
