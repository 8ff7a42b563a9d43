/* For tests of the studio on a database: the desk of broadcast's kit, and a bulletin that can go
 * out at once. Account 5 writes, account 6 approves. */
#ifndef LOA_STUDIO_STUDIO_TESTING_H
#define LOA_STUDIO_STUDIO_TESTING_H

#include "broadcast/desk_testing.h"
#include "studio/bulletin_desk.h"
#include "studio/studio_store.h"

enum { KIT_WRITER = 5, KIT_APPROVER = 6 };

struct studio_kit {
    struct desk_kit desk;
    struct bulletin_text text;
    int64_t bulletin;
    int64_t made; /* what a job answers */
    const void *in;
    void *out;
};

static inline void studio_kit_init(struct studio_kit *kit, void **state)
{
    *kit = (struct studio_kit){.bulletin = 0};
    desk_kit_init(&kit->desk, state);
    kit->text = (struct bulletin_text){.language = S("vi"),
                                       .channel = CHANNEL_SOUND,
                                       .title = S(""),
                                       .text = S("Lũ quét ở Đường Lâm, bà con chú ý."),
                                       .media = kit->desk.sound};
}

static inline void studio_kit_finish(struct studio_kit *kit)
{
    desk_kit_finish(&kit->desk);
}

static inline struct bulletin_draft kit_draft(const struct studio_kit *kit, unit_id unit, int mark)
{
    struct bulletin_draft draft = {
        .unit = unit,
        .body = {.title = S("Cảnh báo lũ"),
                 .category = S("disaster"),
                 .sources = S(""),
                 .texts = &kit->text,
                 .text_count = 1},
    };
    draft.mark.bytes[0] = (uint8_t)mark;
    return draft;
}

typedef errc kit_run(void *ctx, struct db *db, struct why *why);

static inline errc kit_do(struct studio_kit *kit, kit_run *run, int64_t account)
{
    kit->desk.orders.actor.account_id = account;
    return store_write_now(kit->desk.test->store, run, kit, &kit->desk.why);
}

static inline errc kit_create_bulletin(void *ctx, struct db *db, struct why *why)
{
    struct studio_kit *kit = ctx;
    return bulletin_create(&kit->desk.desk, db, kit->in, &kit->bulletin, why);
}

static inline errc kit_submit(void *ctx, struct db *db, struct why *why)
{
    struct studio_kit *kit = ctx;
    return bulletin_submit(&kit->desk.desk, db, kit->bulletin, 1, why);
}

static inline errc kit_approve(void *ctx, struct db *db, struct why *why)
{
    struct studio_kit *kit = ctx;
    return bulletin_approve(&kit->desk.desk, db, kit->bulletin, 1, why);
}

static inline errc kit_show(void *ctx, struct db *db, struct why *why)
{
    struct studio_kit *kit = ctx;
    return bulletin_get(&kit->desk.desk, db, kit->bulletin, kit->out, why);
}

static inline enum bulletin_state kit_state(struct studio_kit *kit)
{
    struct bulletin bulletin;
    kit->out = &bulletin;
    ENSURE(kit_do(kit, kit_show, KIT_WRITER) == OK);
    return bulletin.line.state;
}

static inline void kit_make_approved(struct studio_kit *kit, unit_id unit, int mark,
                                     enum bulletin_class class)
{
    struct bulletin_draft draft = kit_draft(kit, unit, mark);
    draft.body.class = class;
    kit->in = &draft;
    ENSURE(kit_do(kit, kit_create_bulletin, KIT_WRITER) == OK);
    ENSURE(kit_do(kit, kit_submit, KIT_WRITER) == OK);
    ENSURE(kit_do(kit, kit_approve, KIT_APPROVER) == OK);
}

#endif
