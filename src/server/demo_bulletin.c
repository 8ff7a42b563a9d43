/* Bulletins go the way that people's go: written by one founder, approved by another, so the demo's
 * audit trail reads like a real one. */
#include "server/demo_bulletin.h"

#include "base/csv.h"
#include "server/demo_programme.h"
#include "server/embedded.h"
#include "studio/bulletin_desk.h"
#include "studio/offer.h"
#include "studio/template.h"

enum { CELLS_MOST = 256 * 1024, MORNING_S = 6 * 3600 + 40 * 60 };

/* Columns of bulletins.csv, in their order. */
enum column {
    COLUMN_WHAT,
    COLUMN_UNIT,
    COLUMN_WRITER,
    COLUMN_STATE,
    COLUMN_CLASS,
    COLUMN_CATEGORY,
    COLUMN_TITLE,
    COLUMN_CLIP,
    COLUMN_TEXT,
    COLUMN_REASON,
    COLUMNS,
};

struct person {
    struct grant grant;
    struct actor actor;
};

struct writing {
    struct founding *founding;
    struct db *db;
    struct broadcast_policy policy;
    struct bad_field bad;
    struct person writer;
    struct person approver;
    struct desk desk; /* whose actor changes */
    struct bulletin_text texts[2];
    int64_t id;
};

static bool become(const struct founding *founding, str login, struct person *person)
{
    for (size_t i = 0; i < founding->founder_count; i++) {
        const struct founder *founder = &founding->founders[i];
        if (!str_is(str_of(founder->login), login)) {
            continue;
        }
        person->grant = (struct grant){1, founder->unit, founder->role, DAY_FIRST, DAY_OPEN};
        person->actor = founding->actor;
        person->actor.account_id = founder->account;
        person->actor.unit_id = founder->unit;
        person->actor.login = login;
        person->actor.name = founder->name;
        person->actor.grants = (struct grants){&person->grant, 1};
        return true;
    }
    return false;
}

/* Spoken and to be read; only to be read without a clip; nothing yet without a text. */
static errc take_texts(struct writing *run, const struct csv *csv, size_t *ret_count)
{
    str clip = csv->cells[COLUMN_CLIP];
    str text = csv->cells[COLUMN_TEXT];
    size_t count = 0;
    struct bulletin_text said = {
        .language = S("vi"), .title = S(""), .text = text, .channel = CHANNEL_PORTAL};
    if (text.len > 0) {
        run->texts[count++] = said;
    }
    if (clip.len > 0) {
        said.channel = CHANNEL_SOUND;
        if (!demo_clip_media(clip, &said.media)) {
            return ERR_NOT_FOUND;
        }
        run->texts[count++] = said;
    }
    *ret_count = count;
    return OK;
}

static errc write(struct writing *run, const struct csv *csv, unit_id unit, struct why *why)
{
    struct bulletin_draft draft = {
        .unit = unit,
        .body = {.title = csv->cells[COLUMN_TITLE],
                 .category = csv->cells[COLUMN_CATEGORY],
                 .sources = S(""),
                 .texts = run->texts},
    };
    if (!bulletin_class_parse(csv->cells[COLUMN_CLASS], &draft.body.class)) {
        return fail(why, ERR_BAD_CSV, "no class");
    }
    TRY(take_texts(run, csv, &draft.body.text_count));
    entropy_fill(run->founding->app->entropy, draft.mark.bytes, sizeof draft.mark.bytes);
    return bulletin_create(&run->desk, run->db, &draft, &run->id, why);
}

static errc send(struct writing *run, unit_id unit, struct why *why)
{
    struct sending sending = {.units = &unit, .unit_count = 1};
    struct send_lines lines;
    return bulletin_send(&run->desk, run->db, run->id, &sending, &lines, why);
}

static errc schedule(struct writing *run, struct why *why)
{
    struct airing_place place = {.on = run->founding->actor.today + 1, .start_s = MORNING_S};
    int64_t airing = 0;
    return bulletin_schedule(&run->desk, run->db, run->id, &place, &airing, why);
}

/* As far as its state says. */
static errc go_on(struct writing *run, const struct csv *csv, unit_id unit, struct why *why)
{
    str state = csv->cells[COLUMN_STATE];
    str reason = csv->cells[COLUMN_REASON];
    if (str_is(state, S("draft"))) {
        return OK;
    }
    TRY(bulletin_submit(&run->desk, run->db, run->id, 1, why));
    run->desk.actor = &run->approver.actor;
    if (str_is(state, S("submitted"))) {
        return OK;
    }
    if (str_is(state, S("returned"))) {
        return bulletin_return(&run->desk, run->db, run->id, reason, why);
    }
    TRY(bulletin_approve(&run->desk, run->db, run->id, 1, why));
    if (str_is(state, S("withdrawn"))) {
        return bulletin_withdraw(&run->desk, run->db, run->id, reason, why);
    }
    if (str_is(state, S("offered"))) {
        return send(run, unit, why);
    }
    return str_is(state, S("scheduled")) ? schedule(run, why) : OK;
}

static errc add_template(struct writing *run, const struct csv *csv, unit_id unit, struct why *why)
{
    struct bulletin_text text = {.language = S("vi"),
                                 .channel = CHANNEL_SOUND,
                                 .title = S(""),
                                 .text = csv->cells[COLUMN_TEXT]};
    struct bulletin_template template = {
        .unit = unit,
        .name = csv->cells[COLUMN_TITLE],
        .title = csv->cells[COLUMN_TITLE],
        .category = csv->cells[COLUMN_CATEGORY],
        .texts = &text,
        .text_count = 1,
    };
    int64_t id = 0;
    return bulletin_class_parse(csv->cells[COLUMN_CLASS], &template.class)
               ? template_add(&run->desk, run->db, &template, &id, why)
               : fail(why, ERR_BAD_CSV, "no class");
}

static errc take(struct writing *run, const struct csv *csv, struct why *why)
{
    struct tree today = forest_at(run->founding->forest, run->founding->actor.today);
    if (csv->cell_count != COLUMNS ||
        !become(run->founding, csv->cells[COLUMN_WRITER], &run->writer)) {
        return fail(why, ERR_BAD_CSV, "demo bulletins, line %zu", csv->line);
    }
    unit_id unit = tree_by_code(today, -1, csv->cells[COLUMN_UNIT]);
    run->desk.actor = &run->writer.actor;
    if (str_is(csv->cells[COLUMN_WHAT], S("template"))) {
        return add_template(run, csv, unit, why);
    }
    TRY(write(run, csv, unit, why));
    return go_on(run, csv, unit, why);
}

errc demo_bulletins(struct founding *founding, struct db *db, struct why *why)
{
    AUTO(arena_close) struct arena *cells = NULL;
    struct writing run = {.founding = founding, .db = db, .policy = broadcast_policy_default()};
    struct csv csv;
    bool more = true;
    run.desk = (struct desk){.forest = founding->forest,
                             .policy = &run.policy,
                             .entropy = founding->app->entropy,
                             .zone = app_zone(founding->app),
                             .arena = founding->arena,
                             .bad = &run.bad};
    if (!become(founding, S("quan.tri"), &run.approver)) {
        return fail(why, ERR_NOT_FOUND, "nobody approves in the demo");
    }
    TRY(arena_create(CELLS_MOST, &cells));
    TRY(csv_open(embedded_bulletins_csv(), cells, &csv, why));
    TRY(csv_next(&csv, &more, why)); /* the headings */
    for (;;) {
        TRY(csv_next(&csv, &more, why));
        if (!more) {
            return OK;
        }
        TRY(fail_in(why, take(&run, &csv, why), "%.*s (%s %s)", STR_ARG(csv.cells[COLUMN_TITLE]),
                    run.bad.name, run.bad.code));
    }
}
