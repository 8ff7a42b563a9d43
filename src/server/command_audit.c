/* The audit log from the command line: is the chain whole, and printing it for other systems. */
#include "server/commands.h"

#include "people/audit.h"

#include <unistd.h>

enum { LINE_ROOM = 1024 * 1024, HOST_ROOM = 256 };

struct printing {
    bool syslog;
    char host[HOST_ROOM];
};

static errc verify(void *ctx, struct db *db, struct why *why)
{
    return audit_verify(db, ctx, why);
}

static errc run_verify(struct app *app, struct why *why)
{
    struct audit_report report = {.ok = false};
    char head[HASH_TEXT_SIZE];
    TRY(store_read_now(app->store, verify, &report, why));
    hash_text(report.head, head);
    printf("entries %lld\nhead %s\n", (long long)report.entries, head);
    if (!report.ok) {
        return fail(why, ERR_CORRUPT, "the chain is broken at entry %lld",
                    (long long)report.broken_at);
    }
    puts("the chain is whole");
    return OK;
}

static errc print_line(void *ctx, const struct audit_line *line, struct why *why)
{
    const struct printing *printing = ctx;
    AUTO(buf_finish) struct buf text;
    buf_init(&text, LINE_ROOM);
    TRY(printing->syslog ? audit_write_syslog(line, str_of(printing->host), &text)
                         : audit_write_json(line, &text));
    TRY(buf_check(&text));
    bool written = fwrite(text.at, 1, text.len, stdout) == text.len;
    return written ? OK : fail(why, ERR_IO, "cannot write to standard output");
}

static errc print_all(void *ctx, struct db *db, struct why *why)
{
    struct audit_filter filter = {.before_seq = 0};
    return audit_each(db, &filter, print_line, ctx, why);
}

errc command_audit(struct app *app, struct why *why)
{
    str what = str_of(app->args->words[0]);
    struct printing printing = {.syslog = str_is(what, S("syslog"))};
    if (!printing.syslog && !str_is(what, S("verify")) && !str_is(what, S("jsonl"))) {
        return fail(why, ERR_USAGE, "audit verify, jsonl or syslog?");
    }
    ignore_int(gethostname(printing.host, sizeof printing.host - 1));
    TRY(app_open(app, false, why));
    return str_is(what, S("verify")) ? run_verify(app, why)
                                     : store_read_now(app->store, print_all, &printing, why);
}
