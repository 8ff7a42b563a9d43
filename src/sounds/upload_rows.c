/* See upload.h. */
#include "sounds/upload.h"

#include "sounds/upload_sql.h"

errc upload_begin(const struct sound_desk *desk, struct db *db, struct upload *upload,
                  struct why *why)
{
    struct uploads_open_in who = {desk->actor->account_id};
    struct uploads_open_row open;
    struct upload_add_row_in in = {.account_id = desk->actor->account_id,
                                   .name = upload->name,
                                   .bytes = upload->bytes,
                                   .place = upload->place,
                                   .now_us = desk->actor->now};
    struct upload_add_row_row row;
    TRY(uploads_open(db, &who, desk->arena, &open, why));
    if (open.open >= UPLOADS_OPEN_MOST || open.kept >= UPLOADS_MOST) {
        return fail(why, ERR_TOO_MANY, "%lld uploads are there", (long long)open.kept);
    }
    TRY(upload_add_row(db, &in, desk->arena, &row, why));
    upload->id = row.id;
    upload->account = desk->actor->account_id;
    upload->kept = 0;
    upload->touched = desk->actor->now;
    return OK;
}

errc upload_find(const struct sound_desk *desk, struct db *db, int64_t id,
                 struct upload *ret_upload, struct why *why)
{
    struct upload_row_in in = {id, desk->actor->account_id};
    struct upload_row_row row;
    TRY(upload_row(db, &in, desk->arena, &row, why));
    *ret_upload = (struct upload){.id = row.id,
                                  .account = row.account_id,
                                  .name = row.name,
                                  .bytes = row.bytes,
                                  .kept = row.kept,
                                  .place = row.place,
                                  .touched = row.touched_at_us};
    return OK;
}

errc upload_check(const struct sound_desk *desk, const struct upload *upload, int64_t at,
                  size_t size)
{
    if (size == 0) {
        return bad_field(desk->bad, "body", "missing");
    }
    if (size > UPLOAD_PIECE_MOST || at < 0 || at > upload->bytes ||
        (int64_t)size > upload->bytes - at) {
        return bad_field(desk->bad, "body", "too_long");
    }
    return at == upload->kept ? OK : ERR_CONFLICT;
}

errc upload_advance(const struct sound_desk *desk, struct db *db, int64_t id, int64_t at,
                    int64_t size, struct upload *ret_upload, struct why *why)
{
    struct upload_row_advance_in in = {id, desk->actor->account_id, at, size, desk->actor->now};
    int64_t changed = 0;
    TRY(upload_row_advance(db, &in, &changed, why));
    TRY(upload_find(desk, db, id, ret_upload, why));
    return changed == 1 ? OK : fail(why, ERR_CONFLICT, "the upload is not at this place");
}

errc upload_close(const struct sound_desk *desk, struct db *db, int64_t id, struct why *why)
{
    struct upload_row_close_in in = {id, desk->actor->account_id};
    return upload_row_close(db, &in, NULL, why);
}

errc upload_forget(const struct sound_desk *desk, struct db *db, int64_t id, struct why *why)
{
    struct upload_row_drop_in in = {id, desk->actor->account_id};
    int64_t gone = 0;
    TRY(upload_row_drop(db, &in, &gone, why));
    return gone == 1 ? OK : fail(why, ERR_NOT_FOUND, "no such upload");
}

errc uploads_known(struct db *db, struct arena *arena, struct upload_ids *ret_ids, struct why *why)
{
    struct upload_rows_known_row *rows = NULL;
    size_t count = 0;
    TRY(upload_rows_known_all(db, arena, &rows, &count, why));
    int64_t *ids = arena_take_array(arena, count + 1, sizeof *ids);
    if (ids == NULL) {
        return ERR_NO_MEMORY;
    }
    for (size_t i = 0; i < count; i++) {
        ids[i] = rows[i].id;
    }
    *ret_ids = (struct upload_ids){ids, count};
    return OK;
}

errc uploads_expire(struct db *db, usec before, int64_t *ret_gone, struct why *why)
{
    struct upload_rows_expire_in in = {before};
    return upload_rows_expire(db, &in, ret_gone, why);
}
