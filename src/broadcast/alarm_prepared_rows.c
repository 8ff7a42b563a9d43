/* What corrects an alarm and what says that it is over: prepared before the send, so that nobody
 * has to find words when something wrong sounds. */
#include "broadcast/alarm_inside.h"

#include "broadcast/alarm_sql.h"
#include "broadcast/alarm_template.h"

static str pick(str given, str prepared)
{
    return given.len > 0 ? given : prepared;
}

static const struct alarm_template_text *text_of(const struct alarm_template *form, str language)
{
    for (size_t i = 0; i < form->text_count; i++) {
        if (str_is(form->texts[i].language, language)) {
            return &form->texts[i];
        }
    }
    return form->text_count > 0 ? &form->texts[0] : NULL;
}

static errc prepare(struct raising *run)
{
    struct alarm_draft *draft = &run->draft;
    struct alarm_template form;
    errc rc = alarm_template_of(run->desk, run->db, draft->unit, draft->hazard, &form, run->why);
    if (rc == ERR_NOT_FOUND) {
        return bad_field(run->desk->bad, "cancel", "missing");
    }
    TRY(rc);
    str language = draft->voice_count > 0 ? draft->voices[0].language : S("vi");
    const struct alarm_template_text *text = text_of(&form, language);
    if (text == NULL) {
        return bad_field(run->desk->bad, "cancel", "missing");
    }
    draft->cancel.title = pick(draft->cancel.title, text->cancel.title);
    draft->cancel.text = pick(draft->cancel.text, text->cancel.text);
    draft->correction.title = pick(draft->correction.title, text->correction.title);
    draft->correction.text = pick(draft->correction.text, text->correction.text);
    return OK;
}

errc alarm_prepare(struct raising *run)
{
    struct alarm_draft *draft = &run->draft;
    if (run->kind == ALARM_DRILL && draft->hazard == HAZARD_OTHER) {
        draft->hazard = HAZARD_DRILL;
    }
    if (draft->purpose == PURPOSE_ALARM &&
        (draft->cancel.text.len == 0 || draft->correction.text.len == 0)) {
        TRY(prepare(run));
    }
    return OK;
}

static errc keep(const struct raising *run, str what, const struct alarm_words *words)
{
    struct alarm_prepared_add_in in = {run->id, what, words->title.len == 0 ? S("") : words->title,
                                       words->text};
    return words->text.len == 0 ? OK : alarm_prepared_add(run->db, &in, NULL, run->why);
}

errc alarm_prepared_keep(const struct raising *run)
{
    TRY(keep(run, S("cancel"), &run->draft.cancel));
    return keep(run, S("correction"), &run->draft.correction);
}

errc alarm_prepared_load(struct db *db, struct alarm *alarm, struct arena *arena, struct why *why)
{
    struct alarm_prepared_of_in in = {alarm->id};
    struct alarm_prepared_of_row *rows = NULL;
    size_t count = 0;
    TRY(alarm_prepared_of_all(db, &in, arena, &rows, &count, why));
    alarm->cancel = (struct alarm_words){S(""), S("")};
    alarm->correction = alarm->cancel;
    for (size_t i = 0; i < count; i++) {
        struct alarm_words words = {rows[i].title, rows[i].text};
        if (str_is(rows[i].what, S("cancel"))) {
            alarm->cancel = words;
        } else {
            alarm->correction = words;
        }
    }
    return OK;
}
