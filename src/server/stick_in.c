/* One piece, one transaction: what is wrong with one of them stops none of the others. */
#include "server/stick_in.h"

#include "base/file.h"
#include "base/json_out.h"
#include "broadcast/play_log.h"
#include "fleet/device.h"
#include "fleet/fleet_job.h"
#include "people/audit.h"
#include "wire/codec.h"

#include <dirent.h>
#include <errno.h>

enum {
    PIECE_MOST = 64 * 1024,
    ARENA_MOST = 512 * 1024 * 1024,
    PATH_ROOM = APP_PATH_ROOM + STICK_NAME_ROOM + 16,
    DIGITS_MOST = 20,
    SUMS_A_TIME = 1000,
};

struct taking {
    struct app *app;
    const char *folder;
    struct arena *arena;
    struct forest *forest;
    struct actor actor;
    struct stick_pieces pieces;
    struct stick_piece *piece; /* the one at hand */
    str bytes;
    bool has_unsummed;
};

const char *stick_verdict_name(enum stick_verdict verdict)
{
    static const char *const names[] = {"taken", "known", "gap", "refused"};
    _Static_assert(COUNT_OF(names) == STICK_VERDICTS, "every verdict has a name");
    return names[verdict];
}

/* --- which files ------------------------------------------------------------------------------ */

static bool parse_digits(str text, uint64_t *ret_number)
{
    int64_t number = 0;
    if (text.len == 0 || text.len > DIGITS_MOST || !str_to_i64(text, &number) || number < 0) {
        return false;
    }
    *ret_number = (uint64_t)number;
    return true;
}

/* DEVICE-FIRST-LAST; what is called otherwise is somebody else's file. */
static bool parse_name(str name, uint64_t ret_numbers[3])
{
    size_t count = 0;
    for (; name.at != NULL && count < 3; count++) {
        str word = str_split(name, '-', &name);
        if (!parse_digits(word, &ret_numbers[count])) {
            return false;
        }
    }
    return count == 3 && name.at == NULL && ret_numbers[0] > 0;
}

static int compare_pieces(const void *a, const void *b)
{
    const struct stick_piece *left = a;
    const struct stick_piece *right = b;
    if (left->device != right->device) {
        return left->device < right->device ? -1 : 1;
    }
    return left->first < right->first ? -1 : left->first > right->first;
}

static void take_name(struct taking *taking, const char *name)
{
    uint64_t numbers[3];
    struct stick_pieces *pieces = &taking->pieces;
    if (pieces->count == STICK_PIECES || strlen(name) >= STICK_NAME_ROOM ||
        !parse_name(str_of(name), numbers)) {
        return;
    }
    struct stick_piece *piece = &pieces->at[pieces->count++];
    *piece =
        (struct stick_piece){.device = numbers[0], .first = numbers[1], .verdict = STICK_REFUSED};
    ignore_int(snprintf(piece->name, sizeof piece->name, "%s", name));
}

static errc list_pieces(struct taking *taking, struct why *why)
{
    char path[PATH_ROOM];
    ignore_int(snprintf(path, sizeof path, "%s/loa/logs", taking->folder));
    DIR *names = opendir(path);
    if (names == NULL) {
        return fail_errno(why, errno, "open folder %s", path);
    }
    for (const struct dirent *entry = readdir(names); entry != NULL; entry = readdir(names)) {
        take_name(taking, entry->d_name);
    }
    ignore_int(closedir(names));
    qsort(taking->pieces.at, taking->pieces.count, sizeof *taking->pieces.at, compare_pieces);
    return OK;
}

/* --- one piece -------------------------------------------------------------------------------- */

static void refuse(struct stick_piece *piece, const char *reason)
{
    piece->verdict = STICK_REFUSED;
    ignore_int(snprintf(piece->reason, sizeof piece->reason, "%s", reason));
}

static errc key_of(struct taking *taking, struct db *db, hash *ret_key, struct why *why)
{
    struct device device;
    struct fleet_job job = {
        .forest = taking->forest, .actor = &taking->actor, .arena = taking->arena};
    TRY(device_read(db, &job, (int64_t)taking->piece->device, &device, why));
    *ret_key = device.key;
    return OK;
}

/* Whoever writes a file may put any device's number on it: only what is signed by the device may
 * be held against it, so this comes before the store is asked to keep it. */
static errc check_signed(const struct play_log_message *message, struct why *why)
{
    const struct wire_log *log = message->log;
    struct log_sender sender = {message->device, message->device_key, message->now};
    struct log_chain chain = {log->first - 1, log->before};
    return log_chain_follow(&chain, log, &sender, why);
}

static errc keep_log(struct taking *taking, struct db *db, const struct play_log_message *message,
                     struct why *why)
{
    struct stick_piece *piece = taking->piece;
    struct log_chain before;
    struct play_log_kept kept;
    uint64_t last = message->log->first + message->log->entries.count - 1;
    TRY(play_log_head(db, message->device, message->device_key, &before, why));
    TRY(play_log_keep(db, message, taking->arena, &kept, why));
    piece->kept = kept.seq;
    piece->entries = kept.seq - before.seq;
    if (kept.is_refused) {
        refuse(piece, "the device tells two stories: its log does not go on from what is kept");
    } else if (piece->entries > 0) {
        piece->verdict = STICK_TAKEN;
    } else {
        piece->verdict = last <= kept.seq ? STICK_KNOWN : STICK_GAP;
    }
    return OK;
}

static bool is_bad(errc rc)
{
    return rc == ERR_BAD_REQUEST || rc == ERR_INVALID || rc == ERR_FORBIDDEN ||
           rc == ERR_CONFLICT || rc == ERR_TOO_BIG || rc == ERR_CORRUPT;
}

static errc take_piece(void *ctx, struct db *db, struct why *why)
{
    struct taking *taking = ctx;
    struct wire_log log;
    struct why reason = {""};
    struct play_log_message message = {
        .device = taking->piece->device, .log = &log, .now = taking->actor.now};
    arena_reset(taking->arena);
    forest_drop(taking->forest);
    taking->forest = NULL;
    taking->piece->reason[0] = '\0'; /* of an attempt that collided */
    TRY(unit_book_write(taking->app->units, db, &taking->forest, why));
    errc rc = key_of(taking, db, &message.device_key, &reason);
    if (rc == ERR_NOT_FOUND) {
        refuse(taking->piece, "there is no such device");
        return OK;
    }
    TRY(rc);
    rc = wire_record_read(&wire_record_log, taking->bytes, taking->arena, &log, &reason);
    if (rc == OK) {
        rc = check_signed(&message, &reason);
    }
    if (is_bad(rc)) {
        refuse(taking->piece, reason.text[0] == '\0' ? "no piece of a log" : reason.text);
        return OK;
    }
    TRY(rc);
    return keep_log(taking, db, &message, why);
}

static errc take_file(struct taking *taking, struct stick_piece *piece, struct why *why)
{
    char path[PATH_ROOM];
    AUTO(buf_finish) struct buf bytes;
    buf_init(&bytes, PIECE_MOST + 1);
    ignore_int(snprintf(path, sizeof path, "%s/loa/logs/%s", taking->folder, piece->name));
    if (file_read(path, PIECE_MOST, &bytes, NULL) != OK) {
        refuse(piece, "the file cannot be read, or is too long for a piece of a log");
        return OK;
    }
    taking->piece = piece;
    taking->bytes = buf_str(&bytes);
    return store_write_now(taking->app->store, take_piece, taking, why);
}

/* --- all of them ------------------------------------------------------------------------------ */

static errc write_audit(void *ctx, struct db *db, struct why *why)
{
    const struct taking *taking = ctx;
    AUTO(buf_finish) struct buf text;
    struct json_out out;
    int64_t counts[STICK_VERDICTS] = {0};
    int64_t entries = 0;
    for (size_t i = 0; i < taking->pieces.count; i++) {
        counts[taking->pieces.at[i].verdict]++;
        entries += (int64_t)taking->pieces.at[i].entries;
    }
    buf_init(&text, 1024);
    json_out_init(&out, &text);
    json_object(&out);
    json_i64_at(&out, "entries", entries);
    for (int i = 0; i < STICK_VERDICTS; i++) {
        json_i64_at(&out, stick_verdict_name((enum stick_verdict)i), counts[i]);
    }
    json_end(&out);
    TRY(buf_check(&text));
    struct audit_entry entry = {.actor = &taking->actor,
                                .action = "stick_read",
                                .subject_kind = "stick",
                                .subject_name = S("USB"),
                                .after = buf_str(&text)};
    return audit_append(db, &entry, why);
}

static errc sum_plays(void *ctx, struct db *db, struct why *why)
{
    struct taking *taking = ctx;
    return play_log_sum(db, app_zone(taking->app), SUMS_A_TIME, &taking->has_unsummed, why);
}

static errc take_all(struct taking *taking, struct why *why)
{
    TRY(list_pieces(taking, why));
    for (size_t i = 0; i < taking->pieces.count; i++) {
        TRY(take_file(taking, &taking->pieces.at[i], why));
    }
    do { /* so that what was brought is counted when the command has ended */
        TRY(store_write_now(taking->app->store, sum_plays, taking, why));
    } while (taking->has_unsummed);
    return store_write_now(taking->app->store, write_audit, taking, why);
}

errc stick_take(struct app *app, const char *folder, struct stick_pieces *ret_pieces,
                struct why *why)
{
    AUTO(arena_close) struct arena *arena = NULL;
    usec now = now_utc();
    if (strlen(folder) >= APP_PATH_ROOM) {
        return fail(why, ERR_INVALID, "path of %zu bytes", strlen(folder));
    }
    TRY(arena_create(ARENA_MOST, &arena));
    struct taking taking = {
        .app = app,
        .folder = folder,
        .arena = arena,
        .actor = {.now = now, .today = day_of(now, app_zone(app))},
        .pieces = {.at = mem_take_array(STICK_PIECES, sizeof(struct stick_piece))}};
    errc rc = take_all(&taking, why);
    forest_drop(taking.forest);
    if (rc != OK) {
        mem_give(taking.pieces.at);
        return rc;
    }
    *ret_pieces = taking.pieces;
    return OK;
}
