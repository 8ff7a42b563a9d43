/* A line per figure; names end in _total where they only grow. */
#include "server/metrics.h"

static void write_figure(struct buf *out, const char *name, const char *kind, uint64_t value)
{
    buf_add_format(out, "# TYPE loa_%s %s\nloa_%s %llu\n", name, kind, name,
                   (unsigned long long)value);
}

static void write_http(const struct http_counters *http, struct buf *out)
{
    write_figure(out, "http_connections_total", "counter", http->connections);
    write_figure(out, "http_connections_open", "gauge", http->connections_open);
    write_figure(out, "http_requests_total", "counter", http->requests);
    write_figure(out, "http_requests_open", "gauge", http->requests_open);
    buf_add(out, S("# TYPE loa_http_answers_total counter\n"));
    for (int i = 1; i < 6; i++) {
        buf_add_format(out, "loa_http_answers_total{class=\"%dxx\"} %llu\n", i,
                       (unsigned long long)http->answers[i]);
    }
    buf_add(out, S("# TYPE loa_http_refused_total counter\n"));
    for (int i = 0; i < HTTP_REFUSALS; i++) {
        buf_add_format(out, "loa_http_refused_total{reason=\"%s\"} %llu\n",
                       http_refusal_name((enum http_refusal)i),
                       (unsigned long long)http->refused[i]);
    }
    write_figure(out, "http_bytes_in_total", "counter", http->bytes_in);
    write_figure(out, "http_bytes_out_total", "counter", http->bytes_out);
    write_figure(out, "tls_handshakes_total", "counter", http->tls_handshakes);
    write_figure(out, "tls_resumed_total", "counter", http->tls_resumed);
    write_figure(out, "tls_handshakes_waiting", "gauge", http->tls_waiting);
    write_figure(out, "http2_connections_total", "counter", http->http2_connections);
    write_figure(out, "websockets_open", "gauge", http->websockets_open);
    write_figure(out, "event_streams_open", "gauge", http->streams_open);
    write_figure(out, "http_accept_pauses_total", "counter", http->accept_pauses);
}

static void write_store(const struct store_stats *stats, struct buf *out)
{
    write_figure(out, "store_reads_total", "counter", stats->reads);
    write_figure(out, "store_writes_total", "counter", stats->writes);
    write_figure(out, "store_failed_total", "counter", stats->failed);
    write_figure(out, "store_commits_total", "counter", stats->commits);
    write_figure(out, "store_retries_total", "counter", stats->retries);
    write_figure(out, "store_reconnects_total", "counter", stats->reconnects);
    write_figure(out, "store_reads_waiting", "gauge", stats->reads_waiting);
    write_figure(out, "store_writes_waiting", "gauge", stats->writes_waiting);
}

void metrics_write(const struct metrics_base *base, struct buf *out)
{
    struct store_stats stats;
    store_stats(base->store, &stats);
    uint64_t uptime = (uint64_t)((now_steady() - base->begun) / USEC_SECOND);
    write_figure(out, "uptime_seconds", "gauge", uptime);
    write_figure(out, "files_most", "gauge", base->files_most);
    write_http(http_server_counters(base->http), out);
    write_store(&stats, out);
}
