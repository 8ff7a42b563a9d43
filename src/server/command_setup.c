/* `loa-server setup NAME`: the province and its first administrator, in an empty database. */
#include "base/text.h"
#include "server/commands.h"
#include "server/founding.h"

static errc found(void *ctx, struct db *db, struct why *why)
{
    struct founding *founding = ctx;
    struct unit_job job = founding_unit_job(founding);
    struct bad_field bad = {.name = ""};
    job.bad = &bad;
    struct forest *forest = NULL;
    TRY(unit_book_write(founding->app->units, db, &forest, why));
    size_t units = forest_count(forest);
    forest_drop(forest);
    if (units > 0) {
        return fail(why, ERR_EXISTS, "this database has units already");
    }
    struct unit_draft draft = {.tier = S("province"),
                               .kind = S("tinh"),
                               .name = str_of(founding->app->args->words[0]),
                               .code = S(""),
                               .from = DAY_LEAST};
    errc rc = unit_create(&job, db, &draft, &founding->founders[0].unit, why);
    TRY(fail_in(why, rc, "%s (%s)", bad.name, bad.code));
    TRY(founding_accounts(founding, db, why));
    return founding_keys(founding, db, founding->founders[0].unit, why);
}

errc command_setup(struct app *app, struct why *why)
{
    if (!text_is_plain(str_of(app->args->words[0]))) {
        return fail(why, ERR_BAD_UTF8, "the name of the province is not text");
    }
    struct founding founding;
    AUTO(buf_finish) struct buf name;
    buf_init(&name, 256);
    words_write(app->words, WORDS_VI, S("role.province_admin"), NULL, 0, &name);
    TRY(app_start_signing(app, why));
    TRY(app_open(app, false, why));
    errc rc = founding_start(app, &founding, why);
    if (rc == OK) {
        rc = founding_add(&founding, "quan.tri", buf_str(&name), ROLE_PROVINCE_ADMIN, why);
    }
    if (rc == OK) {
        rc = store_write_now(app->store, found, &founding, why);
    }
    if (rc == OK) {
        founding_print(&founding);
    }
    founding_finish(&founding);
    return rc;
}
