/* See clip.h. */
#include "broadcast/clip.h"

#include "broadcast/alarm_sql.h"
#include "broadcast/media_item.h"
#include "broadcast/programme.h"
#include "orders/order_book.h"
#include "people/audit.h"
#include "wire/codec.h"

enum { BODY_MOST = 32 * 1024 };

#define CLIPS_LAST (3650 * USEC_DAY) /* until they are replaced */

static bool is_same(const struct clip *clip, const struct clips_all_row *row)
{
    return clip->number == (int)row->number && str_is(clip->language, row->language);
}

static struct clip clip_of(const struct clips_all_row *row)
{
    return (struct clip){
        .unit = row->unit_id,
        .number = (int)row->number,
        .language = row->language,
        .title = row->title,
        .text = row->text,
        .signal = (int)row->signal,
        .media = row->hash,
        .bytes = row->bytes,
        .ms = row->ms,
        .changed = row->changed_at_us,
    };
}

/* A lower unit's clip takes the place of an upper one's. */
static void merge(struct clip *clips, size_t *count, const struct clips_all_row *row,
                  struct tree tree)
{
    for (size_t i = 0; i < *count; i++) {
        if (is_same(&clips[i], row)) {
            clips[i] = tree_covers(tree, clips[i].unit, row->unit_id) ? clip_of(row) : clips[i];
            return;
        }
    }
    if (*count < CLIPS_MOST) {
        clips[(*count)++] = clip_of(row);
    }
}

static errc list(const struct desk *desk, struct db *db, unit_id unit, struct clips *ret_clips,
                 struct why *why)
{
    struct clips_all_row *rows = NULL;
    struct clip *clips = arena_take_array(desk->arena, CLIPS_MOST, sizeof *clips);
    struct tree tree = forest_at(desk->forest, desk->actor->today);
    size_t row_count = 0;
    size_t count = 0;
    if (clips == NULL) {
        return ERR_NO_MEMORY;
    }
    TRY(clips_all_all(db, desk->arena, &rows, &row_count, why));
    for (size_t i = 0; i < row_count; i++) {
        if (tree_covers(tree, rows[i].unit_id, unit)) {
            merge(clips, &count, &rows[i], tree);
        }
    }
    *ret_clips = (struct clips){clips, count};
    return OK;
}

errc clip_list(const struct desk *desk, struct db *db, unit_id unit, struct clips *ret_clips,
               struct why *why)
{
    return desk_sees(desk, RIGHT_ALARMS_READ, unit) ? list(desk, db, unit, ret_clips, why)
                                                    : ERR_NOT_FOUND;
}

static errc issue(const struct desk *desk, struct db *db, unit_id unit, struct why *why)
{
    AUTO(buf_finish) struct buf body;
    struct clips clips = {.count = 0};
    struct wire_clip said[CLIPS_MOST];
    hash media[CLIPS_MOST];
    struct order order;
    struct order_job job = desk_order_job(desk);
    uint64_t area = (uint64_t)unit;
    buf_init(&body, BODY_MOST);
    TRY(list(desk, db, unit, &clips, why));
    for (size_t i = 0; i < clips.count; i++) {
        const struct clip *clip = &clips.at[i];
        media[i] = clip->media;
        said[i] = (struct wire_clip){(uint64_t)clip->number, clip->language, clip->media,
                                     (uint64_t)clip->bytes, (uint64_t)clip->ms};
    }
    struct wire_clips record = {.items = {said, clips.count}};
    TRY(wire_record_write(&wire_record_clips, &record, &body));
    struct order_draft draft = {
        .kind = ORDER_CLIPS,
        .order_class = CLASS_PRIORITY,
        .issuer = unit,
        .right = RIGHT_ALARMS_WRITE,
        .area = {&area, 1},
        .not_before = desk->actor->now,
        .expires = desk->actor->now + CLIPS_LAST,
        .body = buf_str(&body),
        .media = media,
        .media_count = clips.count,
    };
    return order_issue(db, &job, &draft, &order, why);
}

/* The unit first, then those below it that keep clips of their own: the newest list counts. */
static errc issue_all(const struct desk *desk, struct db *db, unit_id unit, struct why *why)
{
    struct tree tree = forest_at(desk->forest, desk->actor->today);
    struct clips_all_row *rows = NULL;
    size_t count = 0;
    unit_id last = 0;
    TRY(clips_all_all(db, desk->arena, &rows, &count, why));
    TRY(issue(desk, db, unit, why));
    for (size_t i = 0; i < count; i++) {
        unit_id owner = rows[i].unit_id;
        if (owner != last && owner != unit && tree_covers(tree, unit, owner)) {
            TRY(issue(desk, db, owner, why));
        }
        last = owner;
    }
    return OK;
}

static errc tell(const struct desk *desk, struct db *db, const struct clip *clip, struct why *why)
{
    struct audit_entry entry = {
        .actor = desk->actor,
        .action = "clip_changed",
        .subject_kind = "clip",
        .subject_id = clip->number,
        .subject_name = clip->title,
        .subject_unit_id = clip->unit,
    };
    TRY(db_announce(db, "alarms", why));
    return audit_append(db, &entry, why);
}

static errc check(const struct desk *desk, const struct clip *clip)
{
    if (clip->number < 1 || clip->number > 255) {
        return bad_field(desk->bad, "number", "out_of_range");
    }
    if (clip->language.len == 0 || !language_is_fit(clip->language)) {
        return bad_field(desk->bad, "language", "not_a_language");
    }
    return desk_may(desk, RIGHT_ALARMS_WRITE, clip->unit);
}

errc clip_put(const struct desk *desk, struct db *db, const struct clip *clip, struct why *why)
{
    struct media_item item;
    TRY(check(desk, clip));
    errc rc = media_item_find(desk, db, clip->media, &item, why);
    if (rc == ERR_NOT_FOUND) {
        return bad_field(desk->bad, "media", "no_such_media");
    }
    TRY(rc);
    struct clip_row_put_in in = {
        .unit_id = clip->unit,
        .number = clip->number,
        .language = clip->language,
        .title = clip->title,
        .text = clip->text.len == 0 ? S("") : clip->text,
        .signal = clip->signal,
        .hash = clip->media,
        .bytes = item.bytes,
        .ms = item.ms,
        .has_changed_by = desk->actor->account_id != 0,
        .changed_by = desk->actor->account_id,
        .now_us = desk->actor->now,
    };
    TRY(order_hold(db, why));
    TRY(clip_row_put(db, &in, NULL, why));
    TRY(issue_all(desk, db, clip->unit, why));
    return tell(desk, db, clip, why);
}
