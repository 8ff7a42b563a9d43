#include "live/board.h"

#include <pthread.h>

enum { ROWS = 128 };

struct live_board {
    pthread_mutex_t lock;
    size_t count;
    int64_t lives[ROWS];
    struct live_now rows[ROWS];
};

struct live_board *live_board_create(void)
{
    struct live_board *board = mem_take(sizeof *board);
    ignore_int(pthread_mutex_init(&board->lock, NULL));
    return board;
}

void live_board_destroy(struct live_board *board)
{
    if (board != NULL) {
        ignore_int(pthread_mutex_destroy(&board->lock));
        mem_give(board);
    }
}

static size_t row_of(const struct live_board *board, int64_t live)
{
    size_t at = 0;
    while (at < board->count && board->lives[at] != live) {
        at++;
    }
    return at;
}

void live_board_set(struct live_board *board, int64_t live, const struct live_now *now)
{
    ignore_int(pthread_mutex_lock(&board->lock));
    size_t at = row_of(board, live);
    if (at < ROWS) {
        board->count += at == board->count ? 1 : 0;
        board->lives[at] = live;
        board->rows[at] = *now;
    }
    ignore_int(pthread_mutex_unlock(&board->lock));
}

void live_board_drop(struct live_board *board, int64_t live)
{
    ignore_int(pthread_mutex_lock(&board->lock));
    size_t at = row_of(board, live);
    if (at < board->count) {
        board->count--;
        board->lives[at] = board->lives[board->count];
        board->rows[at] = board->rows[board->count];
    }
    ignore_int(pthread_mutex_unlock(&board->lock));
}

bool live_board_get(struct live_board *board, int64_t live, struct live_now *ret_now)
{
    ignore_int(pthread_mutex_lock(&board->lock));
    size_t at = row_of(board, live);
    bool found = at < board->count;
    if (found) {
        *ret_now = board->rows[at];
    }
    ignore_int(pthread_mutex_unlock(&board->lock));
    return found;
}

const char *live_standing_name(enum live_standing standing)
{
    static const char *const names[] = {"waiting", "on_air", "paused", "lost", "ended"};
    return names[standing];
}
