/* See category.h. */
#include "studio/category.h"

#include "base/json_out.h"
#include "people/audit.h"
#include "studio/category_sql.h"

const struct category *category_find(const struct categories *list, str code)
{
    for (size_t i = 0; i < list->count; i++) {
        if (str_is(list->at[i].code, code)) {
            return &list->at[i];
        }
    }
    return NULL;
}

errc categories_load(const struct desk *desk, struct db *db, struct categories *ret_list,
                     struct why *why)
{
    struct categories_all_row *rows = NULL;
    size_t count = 0;
    TRY(categories_all_all(db, desk->arena, &rows, &count, why));
    struct category *list = arena_take_array(desk->arena, count + 1, sizeof *list);
    if (list == NULL) {
        return ERR_NO_MEMORY;
    }
    for (size_t i = 0; i < count; i++) {
        list[i] =
            (struct category){rows[i].code, rows[i].name_vi, rows[i].name_en, rows[i].retired};
    }
    *ret_list = (struct categories){list, count};
    return OK;
}

static bool code_is_fit(str code)
{
    for (size_t i = 0; i < code.len; i++) {
        char c = code.at[i];
        bool fits = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
        if (!fits) {
            return false;
        }
    }
    return code.len > 0 && code.len <= CATEGORY_CODE_MOST;
}

static errc check(const struct desk *desk, const struct categories *list)
{
    if (list->count > CATEGORIES_MOST) {
        return bad_field(desk->bad, "items", "too_many");
    }
    for (size_t i = 0; i < list->count; i++) {
        struct categories before = {list->at, i};
        if (!code_is_fit(list->at[i].code)) {
            return bad_field(desk->bad, "code", "unknown");
        }
        if (category_find(&before, list->at[i].code) != NULL) {
            return bad_field(desk->bad, "code", "twice");
        }
    }
    return OK;
}

errc categories_put(const struct desk *desk, struct db *db, const struct categories *list,
                    struct why *why)
{
    AUTO(buf_finish) struct buf after;
    struct json_out out;
    TRY(check(desk, list));
    TRY(categories_retire(db, NULL, why));
    for (size_t i = 0; i < list->count; i++) {
        const struct category *category = &list->at[i];
        struct category_put_in in = {category->code, (int64_t)i + 1, category->name_vi,
                                     category->name_en, category->retired};
        TRY(category_put(db, &in, NULL, why));
    }
    buf_init(&after, AUDIT_JSON_MOST);
    json_out_init(&out, &after);
    json_object(&out);
    json_i64_at(&out, "count", (int64_t)list->count);
    json_end(&out);
    struct audit_entry entry = {.actor = desk->actor,
                                .action = "categories_changed",
                                .subject_kind = "categories",
                                .after = buf_str(&after)};
    TRY(db_announce(db, "bulletins", why));
    return audit_append(db, &entry, why);
}
