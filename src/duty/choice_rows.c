/* Choices in the database; see choice.h. Kinds are kept by name, so that their order may change. */
#include "duty/choice.h"

#include "duty/choice_sql.h"

enum { MUTED_ROOM = 512 };

static unsigned read_muted(str names)
{
    unsigned muted = 0;
    while (names.len > 0) {
        enum inbox_kind kind;
        if (inbox_kind_parse(str_split(names, ' ', &names), &kind)) {
            muted |= 1U << kind;
        }
    }
    return muted;
}

static void write_muted(unsigned muted, struct buf *out)
{
    for (size_t i = 0; i < INBOX_KINDS; i++) {
        if ((muted & (1U << i)) != 0) {
            buf_add_text(out, out->len > 0 ? " " : "");
            buf_add_text(out, inbox_kind_name((enum inbox_kind)i));
        }
    }
}

errc notice_choice_get(struct db *db, int64_t account, struct arena *arena,
                       struct notice_choice *ret_choice, struct why *why)
{
    struct notice_choice_of_row row;
    errc rc = notice_choice_of(db, &(struct notice_choice_of_in){account}, arena, &row, why);
    if (rc == ERR_NOT_FOUND) {
        *ret_choice = notice_choice_default();
        return OK;
    }
    TRY(rc);
    *ret_choice = (struct notice_choice){
        .push = row.push,
        .mail = row.mail,
        .digest = row.digest,
        .digest_at = (int)row.digest_at_min,
        .has_quiet = row.has_quiet_from_min,
        .quiet_from = row.has_quiet_from_min ? (int)row.quiet_from_min : 0,
        .quiet_to = row.has_quiet_to_min ? (int)row.quiet_to_min : 0,
        .muted = read_muted(row.muted),
    };
    return OK;
}

errc notice_choice_put(const struct duty_job *job, struct db *db,
                       const struct notice_choice *choice, struct why *why)
{
    AUTO(buf_finish) struct buf muted;
    buf_init(&muted, MUTED_ROOM);
    for (size_t i = 0; i < INBOX_KINDS; i++) {
        if ((choice->muted & (1U << i)) != 0 && inbox_kind_calls((enum inbox_kind)i)) {
            return bad_field(job->bad, "muted", "out_of_range");
        }
    }
    write_muted(choice->muted, &muted);
    TRY(buf_check(&muted));
    struct notice_choice_set_in in = {
        .account_id = job->actor->account_id,
        .push = choice->push,
        .mail = choice->mail,
        .digest = choice->digest,
        .digest_at_min = choice->digest_at,
        .has_quiet_from_min = choice->has_quiet,
        .quiet_from_min = choice->quiet_from,
        .has_quiet_to_min = choice->has_quiet,
        .quiet_to_min = choice->quiet_to,
        .muted = muted.len > 0 ? buf_str(&muted) : S(""),
    };
    return notice_choice_set(db, &in, NULL, why);
}
