/* Gathering and sorting; see inbox.h. */
#include "duty/inbox.h"

#include "base/text.h"
#include "duty/call.h"

enum how { CALLS, URGENT, PLAIN };

static const struct {
    const char *name;
    enum how how;
} kinds[] = {
#define X(NAME, name, how) [NAME] = {name, how},
#include "duty/inbox_kinds.def"
#undef X
};

const char *inbox_kind_name(enum inbox_kind kind)
{
    return kinds[kind].name;
}

bool inbox_kind_parse(str name, enum inbox_kind *ret_kind)
{
    for (size_t i = 0; i < INBOX_KINDS; i++) {
        if (str_is(name, str_of(kinds[i].name))) {
            *ret_kind = (enum inbox_kind)i;
            return true;
        }
    }
    return false;
}

bool inbox_kind_calls(enum inbox_kind kind)
{
    return kinds[kind].how == CALLS;
}

bool inbox_kind_is_urgent(enum inbox_kind kind)
{
    return kinds[kind].how != PLAIN;
}

void inbox_count(struct inbox *inbox, enum inbox_kind kind, size_t more)
{
    size_t room = INBOX_COUNT_MOST - inbox->counts[kind];
    inbox->counts[kind] += more < room ? more : room;
}

void inbox_add(struct inbox *inbox, const struct inbox_item *item)
{
    bool kept = inbox->counts[item->kind] < inbox->limit;
    inbox_count(inbox, item->kind, 1);
    if (!kept) {
        return;
    }
    struct inbox_item *copy = &inbox->items[inbox->count++];
    *copy = *item;
    copy->id = arena_str(inbox->arena, item->id);
    copy->title = arena_str(inbox->arena, text_cut(item->title, INBOX_TITLE_MOST));
    copy->link = arena_str(inbox->arena, item->link);
}

size_t inbox_total(const struct inbox *inbox)
{
    size_t total = 0;
    for (size_t i = 0; i < INBOX_KINDS; i++) {
        total += inbox->counts[i];
    }
    return total;
}

static int compare(const void *one, const void *other)
{
    const struct inbox_item *a = one;
    const struct inbox_item *b = other;
    bool urgent_a = inbox_kind_is_urgent(a->kind);
    bool urgent_b = inbox_kind_is_urgent(b->kind);
    if (urgent_a != urgent_b) {
        return urgent_a ? -1 : 1;
    }
    if (a->since != b->since) {
        return a->since < b->since ? -1 : 1;
    }
    return a->kind != b->kind ? (int)a->kind - (int)b->kind : str_compare(a->id, b->id);
}

errc inbox_gather(const struct inbox_sources *sources, const struct inbox_job *job, struct db *db,
                  size_t limit, struct inbox *ret_inbox, struct why *why)
{
    struct inbox inbox = {.arena = job->arena, .limit = limit};
    inbox.items = arena_take_array(job->arena, limit * INBOX_KINDS + 1, sizeof *inbox.items);
    if (inbox.items == NULL) {
        return fail(why, ERR_NO_MEMORY, "no memory for an inbox");
    }
    TRY(calls_list_own(job, db, &inbox, why));
    for (size_t i = 0; i < sources->count; i++) {
        const struct inbox_source *source = &sources->at[i];
        TRY(source->list(source->ctx, job, db, &inbox, why));
    }
    if (arena_failed(job->arena)) {
        return fail(why, ERR_NO_MEMORY, "no memory for an inbox");
    }
    qsort(inbox.items, inbox.count, sizeof *inbox.items, compare);
    *ret_inbox = inbox;
    return OK;
}
