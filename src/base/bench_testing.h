/* What every measurement in C prints. For test/bench only. */
#ifndef LOA_BASE_BENCH_TESTING_H
#define LOA_BASE_BENCH_TESTING_H

#include "base/base.h"
#include "base/json_out.h"

/* The line that test/bench/run reads. */
struct bench_row {
    const char *name;
    double value;
    const char *unit;
    const char *peer;
    double peer_value;
    const char *goal;
    bool met;
    const char *note;
};

static inline void bench_put(struct json_out *out, const char *key, double value)
{
    json_key(out, key);
    json_double(out, value);
}

static inline void bench_print(const struct bench_row *row)
{
    AUTO(buf_finish) struct buf text;
    struct json_out out;
    buf_init(&text, 4096);
    json_out_init(&out, &text);
    json_object(&out);
    json_text_at(&out, "name", row->name);
    bench_put(&out, "value", row->value);
    json_text_at(&out, "unit", row->unit);
    json_text_at(&out, "peer", row->peer);
    bench_put(&out, "peer_value", row->peer_value);
    bench_put(&out, "ratio", row->peer_value > 0 ? row->value / row->peer_value : 0);
    json_text_at(&out, "goal", row->goal);
    json_bool_at(&out, "met", row->met);
    json_text_at(&out, "note", row->note);
    json_end(&out);
    printf("%.*s\n", STR_ARG(buf_str(&text)));
}

#endif
