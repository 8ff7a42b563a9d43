/* Sources in a row with pauses: see engine_source.h. */
#include "agent/engine_source.h"

struct sequence {
    struct sequence_port port;
    size_t count;
    size_t next;      /* part that comes when what is open ends */
    uint64_t silence; /* frames left before it */
    struct source now;
    bool sounded; /* some part was opened */
    struct sequence_part parts[];
};

static uint64_t frames_of(usec length)
{
    return (uint64_t)length * 6 / 125;
}

static void come_to(struct sequence *sequence, size_t part)
{
    source_close(&sequence->now);
    sequence->next = part;
    sequence->silence = part < sequence->count ? frames_of(sequence->parts[part].silence) : 0;
}

/* What does not open is left out. */
static errc open_next(struct sequence *sequence, struct why *why)
{
    const struct sequence_part *part = &sequence->parts[sequence->next];
    struct source source = {0};
    errc rc = sequence->port.open(sequence->port.ctx, part->tag, &source, why);
    come_to(sequence, sequence->next + 1);
    if (rc == OK) {
        sequence->now = source;
        sequence->sounded = true;
    }
    return rc;
}

static errc read_sequence(void *ctx, int16_t *pcm, size_t most, size_t *ret_count, struct why *why)
{
    struct sequence *sequence = ctx;
    errc rc = OK;
    *ret_count = 0;
    while (*ret_count == 0 && (sequence->now.ctx != NULL || sequence->next < sequence->count)) {
        if (sequence->now.ctx != NULL) {
            rc = sequence->now.read(sequence->now.ctx, pcm, most, ret_count, why);
            if (rc != OK || *ret_count == 0) {
                source_close(&sequence->now);
                *ret_count = 0;
            }
        } else if (sequence->silence > 0) {
            *ret_count = sequence->silence < most ? (size_t)sequence->silence : most;
            sequence->silence -= *ret_count;
            memset(pcm, 0, *ret_count * sizeof *pcm);
        } else {
            rc = open_next(sequence, why);
        }
    }
    return *ret_count == 0 && !sequence->sounded ? rc : OK;
}

/* Lands in a part only where its length is known; one of unknown length is begun. */
static errc seek_sequence(void *ctx, uint64_t frame, struct why *why)
{
    struct sequence *sequence = ctx;
    for (size_t i = 0; i < sequence->count; i++) {
        const struct sequence_part *part = &sequence->parts[i];
        uint64_t silence = frames_of(part->silence);
        uint64_t length = frames_of(part->length);
        if (frame < silence + length || length == 0) {
            come_to(sequence, i);
            sequence->silence = frame < silence ? silence - frame : 0;
            frame = frame < silence ? 0 : frame - silence;
            if (frame > 0 && open_next(sequence, why) == OK) {
                TRY(sequence->now.seek(sequence->now.ctx, frame, why));
            }
            return OK;
        }
        frame -= silence + length;
    }
    come_to(sequence, sequence->count);
    sequence->sounded = true; /* the end is no failure */
    return OK;
}

static void close_sequence(void *ctx)
{
    struct sequence *sequence = ctx;
    source_close(&sequence->now);
    if (sequence->port.close != NULL) {
        sequence->port.close(sequence->port.ctx);
    }
    mem_give(sequence);
}

errc sequence_open(const struct sequence_part *parts, size_t count,
                   const struct sequence_port *take_port, struct source *ret_source,
                   struct why *why)
{
    if (count == 0 || count > SEQUENCE_PARTS) {
        if (take_port->close != NULL) {
            take_port->close(take_port->ctx);
        }
        return fail(why, ERR_INVALID, "a sequence of %zu parts", count);
    }
    struct sequence *sequence = mem_take(sizeof *sequence + count * sizeof *parts);
    sequence->port = *take_port;
    sequence->count = count;
    memcpy(sequence->parts, parts, count * sizeof *parts);
    come_to(sequence, 0);
    uint64_t frames = 0;
    bool is_known = true;
    for (size_t i = 0; i < count; i++) {
        frames += frames_of(parts[i].silence) + frames_of(parts[i].length);
        is_known = is_known && parts[i].length > 0;
    }
    *ret_source = (struct source){
        .ctx = sequence,
        .read = read_sequence,
        .seek = seek_sequence,
        .close = close_sequence,
        .frames = is_known ? frames : 0,
    };
    return OK;
}
