/* The log on its way to the server: pieces of the chain, signed, a few at a time, until the server
 * says that it keeps them. */
#include "agent/session_inside.h"

#define LOG_BATCH (60 * USEC_SECOND)
#define LOG_WAIT (30 * USEC_SECOND)
#define LOG_SPREAD (3 * USEC_SECOND) /* after attaching: a province does not come at one second */

enum { LOG_STALLS = 3 };

void session_note(struct session *session, usec now, const struct wire_log_entry *entry,
                  bool urgent)
{
    const struct session_ports *ports = session->config.ports;
    struct session_time time = ports->time(ports->ctx, now);
    struct wire_log_entry stamped = *entry;
    stamped.at = time.now > 0 ? time.now : 1; /* a time must stand there: 1 is none */
    stamped.clock = time.state;
    struct why why = {""};
    if (session->config.log.add(session->config.log.ctx, &stamped, &why) == OK) {
        session_logged(session, now, urgent);
    }
}

/* When the log wants to be looked at again. */
static void set_due(struct session *session, usec now)
{
    struct device_log *log = &session->config.log;
    uint64_t waiting = log->span(log->ctx).last - session->log_sent;
    usec due = session->log_in_flight > 0 ? session->log_sent_at + LOG_WAIT : 0;
    if (waiting > 0 && session->log_in_flight < LOG_WINDOW) {
        bool at_once = session->log_urgent || waiting >= LOG_PIECE_ENTRIES;
        usec batch = at_once ? now : session->log_since + LOG_BATCH;
        due = due == 0 || batch < due ? batch : due;
    }
    session->log_due = due > 0 && due < session->log_pause ? session->log_pause : due;
}

void session_logged(struct session *session, usec now, bool urgent)
{
    struct device_log *log = &session->config.log;
    if (urgent) {
        session->log_urgent = true;
        session->log_pause = 0;
    }
    if (log->span(log->ctx).last <= session->log_sent + 1) {
        session->log_since = now;
    }
    set_due(session, now);
    if (session->log_due != 0 && session->log_due <= now) {
        session_tick(session, now);
    }
}

/* The server keeps more than we have, or less than we still have: what is between is lost, and
 * said to be lost. */
static void begin_anew(struct session *session, usec now, uint64_t kept)
{
    const struct session_ports *ports = session->config.ports;
    struct device_log *log = &session->config.log;
    struct log_span span = log->span(log->ctx);
    uint64_t lost = kept > span.last ? kept - span.last : span.last - kept;
    struct session_time time = ports->time(ports->ctx, now);
    struct wire_log_entry gap = {
        .at = time.now, .clock = time.state, .kind = LOG_GAP, .value = (int64_t)lost};
    struct why why = {""};
    if (log->begin_anew(log->ctx, kept, &gap, &why) == OK) {
        session->log_sent = log->span(log->ctx).first - 1;
        session->log_kept = session->log_sent;
    }
}

void session_log_attached(struct session *session, usec now, uint64_t kept)
{
    struct log_span span = session->config.log.span(session->config.log.ctx);
    session->log_sent = kept;
    session->log_kept = kept;
    session->log_in_flight = 0;
    session->log_stalls = 0;
    if (kept > span.last || kept + 1 < span.first) {
        begin_anew(session, now, kept);
    } else {
        session->config.log.kept(session->config.log.ctx, kept);
    }
    uint64_t spread = entropy_below(session->config.entropy, (uint64_t)LOG_SPREAD);
    session->log_since = now + (usec)spread - LOG_BATCH;
    session->log_pause = session->log_urgent ? 0 : now + (usec)spread;
    set_due(session, now);
}

static errc send_piece(struct session *session, usec now, struct why *why)
{
    struct device_log *log = &session->config.log;
    struct log_piece piece;
    TRY(log->read(log->ctx, session->log_sent + 1, LOG_PIECE_ENTRIES, session->config.room->arena,
                  &piece, why));
    struct wire_said said = {
        .kind = WIRE_LOG,
        .log =
            {
                .first = piece.first,
                .before = piece.before,
                .entries = piece.entries,
                .signature = log_chain_sign(&piece.end, session->device, session->config.secret),
            },
    };
    session->log_sent = piece.end.seq;
    session->log_sent_at = now;
    session->log_in_flight++;
    session_say(session, now, &said);
    return OK;
}

static void send_pieces(struct session *session, usec now)
{
    struct device_log *log = &session->config.log;
    uint64_t last = log->span(log->ctx).last;
    struct why why = {""};
    while (session->log_sent < last && session->log_in_flight < LOG_WINDOW) {
        if (send_piece(session, now, &why) != OK) {
            session->log_pause = now + LOG_WAIT; /* a full or failing disk: later */
            return;
        }
    }
    session->log_urgent = session->log_urgent && session->log_sent < last;
    session->log_since = now;
}

void session_log_tick(struct session *session, usec now)
{
    if (session->log_due == 0 || now < session->log_due) {
        return;
    }
    if (session->log_in_flight > 0 && now - session->log_sent_at >= LOG_WAIT) {
        session->log_sent = session->log_kept; /* no answer: once more from what is kept */
        session->log_in_flight = 0;
    }
    send_pieces(session, now);
    set_due(session, now);
}

/* What was sent does not join on to what the server keeps. */
static void go_back(struct session *session, usec now, uint64_t kept)
{
    session->log_sent = kept;
    session->log_kept = kept;
    session->log_in_flight = 0;
    session->log_pause = now + LOG_SPREAD;
    session->log_stalls++;
    if (session->log_stalls >= LOG_STALLS) {
        session->log_stalls = 0;
        begin_anew(session, now, kept);
    }
}

/* Each answer stands higher than the last, but when the chain does not join on. */
void session_log_kept(struct session *session, usec now, uint64_t seq)
{
    struct device_log *log = &session->config.log;
    if (seq > session->log_sent) {
        return; /* nothing that we ever sent */
    }
    if (seq <= session->log_kept) {
        if (session->log_in_flight > 0) {
            go_back(session, now, seq);
        }
    } else {
        session->log_kept = seq;
        session->log_stalls = 0;
        session->log_in_flight = seq == session->log_sent ? 0 : session->log_in_flight - 1;
        log->kept(log->ctx, seq);
    }
    set_due(session, now);
    session_log_tick(session, now);
}
