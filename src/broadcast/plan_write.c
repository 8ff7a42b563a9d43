/* A plan as its order carries it. */
#include "broadcast/plan.h"
#include "wire/codec.h"

enum { TITLE_MOST = 320, SOURCE_MOST = 512, ITEMS_MOST = 2000 }; /* as the wire has them */

/* At most so many bytes, without cutting through a character. */
static str shorten(str text, size_t most)
{
    size_t len = text.len < most ? text.len : most;
    while (len < text.len && len > 0 && ((unsigned char)text.at[len] & 0xc0) == 0x80) {
        len--;
    }
    return str_cut(text, 0, len);
}

static struct wire_plan_item item_of(const struct plan_line *line)
{
    return (struct wire_plan_item){
        .id = line->id,
        .at = line->at,
        .ms = (uint64_t)line->ms,
        .kind = line->kind,
        .order_class = line->order_class,
        .tier = (uint64_t)line->tier,
        .media = line->media,
        .bytes = (uint64_t)line->bytes,
        .gain_mb = line->gain_mb,
        .rules = line->rules,
        .title = shorten(line->title, TITLE_MOST),
        .source = shorten(line->source, SOURCE_MOST),
        .bulletin = (uint64_t)line->bulletin,
    };
}

static void leave_titles_out(struct wire_plan_item *items, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        items[i].title = STR_NONE;
    }
}

errc plan_write(const struct device_plan *plan, struct arena *arena, struct buf *out)
{
    struct wire_plan_item *items = arena_take_array(arena, plan->count + 1, sizeof *items);
    if (items == NULL) {
        return ERR_NO_MEMORY;
    }
    for (size_t i = 0; i < plan->count; i++) {
        items[i] = item_of(&plan->lines[i]);
    }
    struct wire_plan said = {
        .from = plan->from,
        .to = plan->to,
        .items = {items, plan->count},
        .filler = {plan->filler, plan->filler_count},
    };
    if (plan->count > ITEMS_MOST) {
        return ERR_TOO_BIG;
    }
    errc rc = wire_record_write(&wire_record_plan, &said, out);
    if (rc == ERR_TOO_BIG) {
        buf_clear(out);
        leave_titles_out(items, plan->count);
        rc = wire_record_write(&wire_record_plan, &said, out);
    }
    return rc;
}
