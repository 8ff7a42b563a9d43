/* A piece either has room of its own behind it or points elsewhere. Copies smaller than what is
 * left in the last piece are put there, so that a head and a small body leave together. */
#include "loop/out.h"

enum { PIECE_ROOM = 1024 };

struct piece {
    struct piece *next;
    const char *at;
    size_t size;
    struct http_message *message;
    size_t room;   /* bytes still free behind the piece's own */
    bool is_begun; /* some of it has left */
    char own[];
};

struct http_message *message_take(enum message_kind kind, size_t size)
{
    struct http_message *message = mem_try(sizeof *message + size);
    if (message != NULL) {
        atomic_init(&message->holders, 1);
        message->kind = kind;
        message->size = size;
    }
    return message;
}

void message_hold(struct http_message *message)
{
    atomic_fetch_add_explicit(&message->holders, 1, memory_order_relaxed);
}

void http_message_release(struct http_message *message)
{
    if (message != NULL &&
        atomic_fetch_sub_explicit(&message->holders, 1, memory_order_acq_rel) == 1) {
        mem_give(message);
    }
}

size_t http_message_size(const struct http_message *message)
{
    return message->size;
}

static void drop_first(struct out *out)
{
    struct piece *piece = out->first;
    out->first = piece->next;
    if (out->first == NULL) {
        out->last = NULL;
    }
    http_message_release(piece->message);
    mem_give(piece);
}

void out_finish(struct out *out)
{
    while (out->first != NULL) {
        drop_first(out);
    }
    out->size = 0;
}

static struct piece *append(struct out *out, size_t room)
{
    struct piece *piece = mem_try(sizeof *piece + room);
    if (piece == NULL) {
        return NULL;
    }
    *piece = (struct piece){.at = piece->own, .room = room};
    if (out->last == NULL) {
        out->first = piece;
    } else {
        out->last->next = piece;
    }
    out->last = piece;
    return piece;
}

char *out_reserve(struct out *out, size_t size)
{
    struct piece *last = out->last;
    if (last == NULL || last->room < size) {
        last = append(out, size < PIECE_ROOM ? PIECE_ROOM : size);
        if (last == NULL) {
            return NULL;
        }
    }
    return last->own + (last->at - last->own) + last->size;
}

void out_advance(struct out *out, size_t size)
{
    out->last->size += size;
    out->last->room -= size;
    out->size += size;
}

bool out_copy(struct out *out, str bytes)
{
    if (bytes.len == 0) {
        return true;
    }
    char *at = out_reserve(out, bytes.len);
    if (at == NULL) {
        return false;
    }
    memcpy(at, bytes.at, bytes.len);
    out_advance(out, bytes.len);
    return true;
}

static bool point_to(struct out *out, str bytes, struct http_message *message)
{
    if (bytes.len == 0) {
        return true;
    }
    struct piece *piece = append(out, 0);
    if (piece == NULL) {
        return false;
    }
    piece->at = bytes.at;
    piece->size = bytes.len;
    piece->message = message;
    out->size += bytes.len;
    return true;
}

bool out_static(struct out *out, str bytes)
{
    return point_to(out, bytes, NULL);
}

bool out_share_part(struct out *out, struct http_message *message, str part)
{
    if (part.len == 0) {
        return true;
    }
    message_hold(message);
    if (!point_to(out, part, message)) {
        http_message_release(message);
        return false;
    }
    return true;
}

bool out_share(struct out *out, struct http_message *message)
{
    return out_share_part(out, message, (str){message->bytes, message->size});
}

bool out_share_early(struct out *out, struct http_message *message, size_t owed)
{
    struct piece *piece = mem_try(sizeof *piece);
    struct piece *before = NULL;
    struct piece *at = out->first;
    if (piece == NULL) {
        return false;
    }
    size_t passed = 0;
    while (at != NULL && (passed < owed || at->is_begun)) {
        passed += at->size;
        before = at;
        at = at->next;
    }
    message_hold(message);
    *piece =
        (struct piece){.next = at, .at = message->bytes, .size = message->size, .message = message};
    *(before == NULL ? &out->first : &before->next) = piece;
    if (at == NULL) {
        out->last = piece;
    }
    out->size += message->size;
    return true;
}

int out_look(const struct out *out, struct iovec *ret_pieces, int most)
{
    int count = 0;
    for (const struct piece *piece = out->first; piece != NULL && count < most;
         piece = piece->next) {
        ret_pieces[count].iov_base = (void *)(uintptr_t)piece->at;
        ret_pieces[count].iov_len = piece->size;
        count++;
    }
    return count;
}

void out_drop(struct out *out, size_t size)
{
    out->size -= size;
    while (size > 0 && size >= out->first->size) {
        size -= out->first->size;
        drop_first(out);
    }
    if (size > 0) {
        out->first->is_begun = true;
        out->first->at += size;
        out->first->size -= size;
    }
}

size_t out_read(struct out *out, void *bytes, size_t size)
{
    size_t done = 0;
    while (done < size && out->first != NULL) {
        size_t part = out->first->size < size - done ? out->first->size : size - done;
        memcpy((char *)bytes + done, out->first->at, part);
        out_drop(out, part);
        done += part;
    }
    return done;
}
