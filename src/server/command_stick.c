/* `loa-server stick …`: what a technician carries to devices without a network, and brings back. */
#include "server/commands.h"

#include "base/json_out.h"
#include "server/stick_in.h"
#include "server/stick_out.h"

enum { LINE_ROOM = 4096 };

static errc print_line(const struct json_out *out, const struct buf *text, struct why *why)
{
    TRY(json_out_check(out));
    TRY(buf_check(text));
    return printf("%.*s\n", STR_ARG(buf_str(text))) > 0
               ? OK
               : fail(why, ERR_IO, "cannot write to standard output");
}

/* --- write ------------------------------------------------------------------------------------ */

static errc parse_wanted(const struct args *args, struct stick_wanted *ret_wanted, struct why *why)
{
    str rest = STR_NONE;
    str what = str_of(args->words[1]);
    struct stick_wanted wanted = {.unit_code = what, .folder = args->words[2]};
    if (str_is(str_split(what, ':', &rest), S("device")) && rest.at != NULL &&
        (!str_to_i64(rest, &wanted.device) || wanted.device <= 0)) {
        return fail(why, ERR_USAGE, "stick write device:NUMBER FOLDER");
    }
    *ret_wanted = wanted;
    return OK;
}

static errc print_filled(const struct app *app, const struct stick_filled *filled, struct why *why)
{
    AUTO(buf_finish) struct buf text = {.at = NULL};
    struct json_out out;
    if (!app->args->json) {
        printf("written for %zu devices: %zu orders, %zu sounds of %llu bytes\n", filled->devices,
               filled->orders, filled->sounds - filled->missing, (unsigned long long)filled->bytes);
        if (filled->missing > 0) {
            printf("%zu sounds are not in this server's store\n", filled->missing);
        }
        return OK;
    }
    buf_init(&text, LINE_ROOM);
    json_out_init(&out, &text);
    json_object(&out);
    json_i64_at(&out, "devices", (int64_t)filled->devices);
    json_i64_at(&out, "orders", (int64_t)filled->orders);
    json_i64_at(&out, "sounds", (int64_t)(filled->sounds - filled->missing));
    json_i64_at(&out, "missing", (int64_t)filled->missing);
    json_i64_at(&out, "bytes", (int64_t)filled->bytes);
    json_end(&out);
    return print_line(&out, &text, why);
}

static errc run_write(struct app *app, struct why *why)
{
    struct stick_wanted wanted;
    struct stick_filled filled;
    TRY(parse_wanted(app->args, &wanted, why));
    TRY(app_open(app, false, why));
    TRY(stick_fill(app, &wanted, &filled, why));
    return print_filled(app, &filled, why);
}

/* --- read ------------------------------------------------------------------------------------- */

static errc print_piece(const struct app *app, const struct stick_piece *piece, struct why *why)
{
    AUTO(buf_finish) struct buf text = {.at = NULL};
    struct json_out out;
    if (!app->args->json) {
        printf("%-7s  %s  device %llu: %llu new entries, known up to %llu%s%s\n",
               stick_verdict_name(piece->verdict), piece->name, (unsigned long long)piece->device,
               (unsigned long long)piece->entries, (unsigned long long)piece->kept,
               piece->reason[0] == '\0' ? "" : ": ", piece->reason);
        return OK;
    }
    buf_init(&text, LINE_ROOM);
    json_out_init(&out, &text);
    json_object(&out);
    json_text_at(&out, "file", piece->name);
    json_text_at(&out, "verdict", stick_verdict_name(piece->verdict));
    json_i64_at(&out, "device_id", (int64_t)piece->device);
    json_i64_at(&out, "entries", (int64_t)piece->entries);
    json_i64_at(&out, "kept", (int64_t)piece->kept);
    json_text_at(&out, "reason", piece->reason);
    json_end(&out);
    return print_line(&out, &text, why);
}

static errc run_read(struct app *app, struct why *why)
{
    struct stick_pieces pieces;
    TRY(app_open(app, false, why));
    TRY(stick_take(app, app->args->words[1], &pieces, why));
    errc rc = OK;
    uint64_t entries = 0;
    for (size_t i = 0; i < pieces.count && rc == OK; i++) {
        entries += pieces.at[i].entries;
        rc = print_piece(app, &pieces.at[i], why);
    }
    if (!app->args->json) {
        printf("%zu pieces of logs, %llu new entries\n", pieces.count, (unsigned long long)entries);
    }
    mem_give(pieces.at);
    return rc;
}

errc command_stick(struct app *app, struct why *why)
{
    const struct args *args = app->args;
    str action = str_of(args->words[0]);
    if (str_is(action, S("write")) && args->word_count == 3) {
        return run_write(app, why);
    }
    if (str_is(action, S("read")) && args->word_count == 2) {
        return run_read(app, why);
    }
    return fail(why, ERR_USAGE, "stick write UNIT FOLDER, write device:ID FOLDER or read FOLDER?");
}
