/* Recordings: packets gather in memory and go to a file of the live's own every few seconds, by a
 * worker; when the live is over the file becomes a medium and its row says so. What a server that
 * ended in the middle has left behind is found at the next start and kept as far as it goes. */
#include "base/file.h"
#include "base/log.h"
#include "broadcast/opus_file.h"
#include "loop/loop.h"
#include "server/live_inside.h"

#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

enum {
    PIECE = 16 * 1024,
    RECORDING_MOST = 60 * 1024 * 1024, /* what a medium may have, less some */
    PATH_ROOM = 560,
    PAGE_MOST = 32 * 1024,
};

#define RECORDING_LONGEST_MS ((int64_t)(6 * 3600 * 1000) - 60000)

struct keeping {
    struct live_hub *hub;
    int64_t live;
    struct ogg_stream ogg;
    struct buf bytes; /* of pages that are not on their way to the disk yet */
    char page[PAGE_PACKETS][LIVE_PACKET_MOST];
    uint16_t page_sizes[PAGE_PACKETS];
    size_t page_count;
    int64_t packets;
    uint64_t size;
    bool is_writing;
    bool is_over;
    bool has_failed;
    /* --- the worker's --- */
    struct buf piece;
    bool ends;
    char path[PATH_ROOM];
    hash recording;
    errc rc;
    struct why why;
};

/* "ogg" while it grows, "old" of a server before. */
static void path_of(const struct live_hub *hub, int64_t live, const char *suffix,
                    char path[PATH_ROOM])
{
    ignore_int(snprintf(path, PATH_ROOM, "%s/live/%lld.%s", app_folder(hub->config.app),
                        (long long)live, suffix));
}

static void forget(struct keeping *keeping)
{
    buf_finish(&keeping->bytes);
    buf_finish(&keeping->piece);
    mem_give(keeping);
}

/* --- on a worker ------------------------------------------------------------------------------ */

static errc append(const char *path, str bytes, struct why *why)
{
    AUTO(file_close) int fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0) {
        return fail(why, ERR_IO, "%s", path);
    }
    return file_write_all(fd, bytes.at, bytes.len, why);
}

static errc make_medium(struct keeping *keeping)
{
    AUTO(buf_finish) struct buf whole;
    const struct live_hub_config *config = &keeping->hub->config;
    struct opus_facts facts;
    buf_init(&whole, OPUS_FILE_MOST);
    TRY(file_read(keeping->path, OPUS_FILE_MOST, &whole, &keeping->why));
    TRY(opus_file_read(buf_str(&whole), &facts, &keeping->why));
    return config->media_put(config->media, buf_str(&whole), &keeping->recording, &keeping->why);
}

static void run_writing(void *ctx)
{
    struct keeping *keeping = ctx;
    char folder[PATH_ROOM];
    ignore_int(snprintf(folder, sizeof folder, "%s/live", app_folder(keeping->hub->config.app)));
    keeping->rc = file_make_folder(folder, 0700, &keeping->why);
    if (keeping->rc == OK) {
        keeping->rc = append(keeping->path, buf_str(&keeping->piece), &keeping->why);
    }
    if (keeping->rc == OK && keeping->ends) {
        keeping->rc = make_medium(keeping);
    }
}

/* --- on the loop ------------------------------------------------------------------------------ */

static void start_writing(struct keeping *keeping);

static void writing_done(void *ctx)
{
    struct keeping *keeping = ctx;
    keeping->is_writing = false;
    if (keeping->rc != OK && !keeping->has_failed) {
        keeping->has_failed = true;
        LOG(LOG_ERROR, "recording_failed", log_int("live", keeping->live), log_errc(keeping->rc),
            log_why(&keeping->why));
    }
    if (keeping->ends) {
        int64_t ms = keeping->packets * 20;
        hash none = {{0}};
        live_job_keep(keeping->hub, keeping->live, ms, (int64_t)keeping->size,
                      keeping->rc == OK ? keeping->recording : none);
        if (keeping->rc == OK) {
            ignore_int(unlink(keeping->path));
        }
        forget(keeping);
    } else if (keeping->is_over) {
        start_writing(keeping);
    }
}

static void start_writing(struct keeping *keeping)
{
    struct buf piece = keeping->piece;
    keeping->piece = keeping->bytes;
    keeping->bytes = piece;
    buf_clear(&keeping->bytes);
    keeping->ends = keeping->is_over;
    keeping->is_writing = true;
    if (loop_work(keeping->hub->config.loop, run_writing, writing_done, keeping) != OK) {
        keeping->is_writing = false; /* in the next round; what is in `piece` is lost */
        keeping->has_failed = true;
        if (keeping->is_over) {
            forget(keeping);
        }
    }
}

static struct keeping *begin(struct running *run)
{
    struct keeping *keeping = mem_take(sizeof *keeping);
    keeping->hub = run->hub;
    keeping->live = run->id;
    keeping->ogg.serial = (uint32_t)run->id;
    buf_init(&keeping->bytes, RECORDING_MOST);
    buf_init(&keeping->piece, RECORDING_MOST);
    path_of(run->hub, run->id, "ogg", keeping->path);
    ogg_write_head(&keeping->ogg, &keeping->bytes);
    return keeping;
}

static void add(struct keeping *keeping, str packet, bool last)
{
    size_t before = keeping->bytes.len;
    str packets[PAGE_PACKETS];
    memcpy(keeping->page[keeping->page_count], packet.at, packet.len);
    keeping->page_sizes[keeping->page_count++] = (uint16_t)packet.len;
    keeping->packets++;
    if (keeping->page_count < PAGE_PACKETS && !last) {
        return;
    }
    for (size_t i = 0; i < keeping->page_count; i++) {
        packets[i] = (str){keeping->page[i], keeping->page_sizes[i]};
    }
    ogg_write_packets(&keeping->ogg, packets, keeping->page_count, last, &keeping->bytes);
    keeping->page_count = 0;
    keeping->size += keeping->bytes.len - before;
}

void live_keep_packet(struct running *run, str packet)
{
    if (!run->is_recorded || run->id == 0) {
        return;
    }
    if (run->keeping == NULL) {
        run->keeping = begin(run);
    }
    struct keeping *keeping = run->keeping;
    bool full = keeping->size > RECORDING_MOST || keeping->packets * 20 > RECORDING_LONGEST_MS;
    if (full || keeping->has_failed) {
        return;
    }
    add(keeping, packet, false);
    if (keeping->bytes.len >= PIECE && !keeping->is_writing) {
        start_writing(keeping);
    }
}

void live_keep_end(struct running *run)
{
    struct keeping *keeping = run->keeping;
    str gone = live_packet_gone();
    if (keeping == NULL) {
        return;
    }
    run->keeping = NULL;
    add(keeping, gone, true);
    keeping->is_over = true;
    if (!keeping->is_writing) {
        start_writing(keeping);
    }
}

/* --- after a start ---------------------------------------------------------------------------- */

struct found {
    struct live_hub *hub;
    int64_t lives[LIVES_MOST];
    size_t count;
};

static void find_files(const struct live_hub *hub, struct found *found)
{
    char folder[PATH_ROOM];
    ignore_int(snprintf(folder, sizeof folder, "%s/live", app_folder(hub->config.app)));
    DIR *open = opendir(folder);
    struct dirent *entry = open == NULL ? NULL : readdir(open);
    for (; entry != NULL && found->count < LIVES_MOST; entry = readdir(open)) {
        str name = str_of(entry->d_name);
        int64_t live = 0;
        bool ours = str_ends(name, S(".ogg")) || str_ends(name, S(".old"));
        if (ours && str_to_i64(str_cut(name, 0, name.len - 4), &live)) {
            found->lives[found->count++] = live;
        }
    }
    if (open != NULL) {
        ignore_int(closedir(open));
    }
}

struct count {
    int64_t packets;
};

static void count_packet(void *ctx, str packet)
{
    struct count *count = ctx;
    (void)packet;
    count->packets++;
}

/* Pages are written whole but for the last: what follows the last whole one is cut off, and an end
 * is put behind it. */
static errc mend(struct keeping *keeping)
{
    AUTO(buf_finish) struct buf bytes;
    struct count count = {.packets = 0};
    struct ogg_in_port port = {&count, count_packet};
    buf_init(&bytes, OPUS_FILE_MOST);
    TRY(file_read(keeping->path, OPUS_FILE_MOST, &bytes, &keeping->why));
    struct ogg_in *in = ogg_in_create(&port);
    errc rc = ogg_in_take(in, buf_str(&bytes));
    size_t left = ogg_in_left(in);
    ogg_in_destroy(in);
    TRY(rc);
    if (truncate(keeping->path, (off_t)(bytes.len - left)) != 0) {
        return fail(&keeping->why, ERR_IO, "%s", keeping->path);
    }
    str gone = live_packet_gone();
    keeping->ogg.sequence = 2 + (uint32_t)(count.packets / PAGE_PACKETS);
    keeping->ogg.granule = (uint64_t)count.packets * LIVE_PACKET_FRAMES;
    keeping->packets = count.packets;
    keeping->size = bytes.len - left;
    ogg_write_packets(&keeping->ogg, &gone, 1, true, &keeping->piece);
    return OK;
}

static void run_mending(void *ctx)
{
    struct keeping *keeping = ctx;
    keeping->rc = mend(keeping);
    if (keeping->rc == OK) {
        run_writing(keeping);
    }
}

void live_keep_recover(struct live_hub *hub)
{
    struct found found = {.hub = hub};
    find_files(hub, &found);
    for (size_t i = 0; i < found.count; i++) {
        struct keeping *keeping = mem_take(sizeof *keeping);
        keeping->hub = hub;
        keeping->live = found.lives[i];
        keeping->ogg.serial = (uint32_t)found.lives[i];
        keeping->ends = keeping->is_over = true;
        buf_init(&keeping->bytes, PAGE_MOST);
        buf_init(&keeping->piece, PAGE_MOST);
        char path[PATH_ROOM];
        path_of(hub, found.lives[i], "ogg", path);
        path_of(hub, found.lives[i], "old", keeping->path);
        ignore_int(rename(path, keeping->path)); /* the live may go on, in another */
        if (loop_work(hub->config.loop, run_mending, writing_done, keeping) != OK) {
            forget(keeping);
        }
    }
}
