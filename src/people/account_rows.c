/* Reading accounts: one, or a page of those that the actor stands over. A page streams over the
 * table in the order of names and stops when it is full; a province has a thousand accounts. */
#include "people/account_rows.h"

#include "base/text.h"

errc account_grants(struct db *db, int64_t account_id, day today, struct arena *arena,
                    struct grants *ret_grants, struct why *why)
{
    struct role_grants_of_in in = {account_id, today};
    struct role_grants_of_row *rows = NULL;
    size_t count = 0;
    TRY(role_grants_of_all(db, &in, arena, &rows, &count, why));
    struct grant *grants = arena_take_array(arena, count + 1, sizeof(*grants));
    if (grants == NULL) {
        return fail(why, ERR_NO_MEMORY, "no memory for roles");
    }
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        enum role role;
        if (role_parse(rows[i].role, &role)) {
            grants[kept++] =
                (struct grant){rows[i].id, rows[i].unit_id, role, rows[i].from_day, rows[i].to_day};
        }
    }
    *ret_grants = (struct grants){grants, kept};
    return OK;
}

static enum account_state state_of(str disabled_by, usec locked_until, usec now)
{
    if (disabled_by.at != NULL) {
        return str_is(disabled_by, S("inactivity")) ? ACCOUNT_INACTIVE : ACCOUNT_DISABLED;
    }
    return locked_until > now ? ACCOUNT_LOCKED : ACCOUNT_ACTIVE;
}

static usec later(bool has_a, usec a, bool has_b, usec b)
{
    usec first = has_a ? a : 0;
    usec second = has_b ? b : 0;
    return first > second ? first : second;
}

errc account_read(struct db *db, const struct account_job *job, int64_t id,
                  struct account *ret_account, struct why *why)
{
    struct account_by_id_in in = {id};
    struct account_by_id_row row;
    struct grants grants;
    TRY(account_by_id(db, &in, job->arena, &row, why));
    if (id != job->actor->account_id &&
        !actor_may(job->actor, RIGHT_ACCOUNTS_READ, row.unit_id, &job->setup->view)) {
        return fail(why, ERR_NOT_FOUND, "account %lld is outside of the actor's units",
                    (long long)id);
    }
    TRY(account_grants(db, id, job->actor->today, job->arena, &grants, why));
    *ret_account = (struct account){
        .id = id,
        .login = row.login,
        .name = row.name,
        .unit_id = row.unit_id,
        .language = row.language,
        .email = row.email,
        .phone = row.phone,
        .state = state_of(row.disabled_by, row.has_locked_until_us ? row.locked_until_us : 0,
                          job->actor->now),
        .locked_until = row.has_locked_until_us ? row.locked_until_us : 0,
        .created = row.created_at_us,
        .seen =
            later(row.has_signed_in_at_us, row.signed_in_at_us, row.has_seen_at_us, row.seen_at_us),
        .password_changed = row.password_changed_at_us,
        .has_factor = row.has_factor,
        .must_change_password = row.must_change_password,
        .grants = grants,
    };
    return OK;
}

/* A page being filled. Rows of one account follow each other, one per role. */
struct filling {
    const struct account_job *job;
    const struct account_filter *filter;
    str query_key;
    struct account *accounts;
    str *sort_keys;
    size_t limit;
    size_t count;
    int64_t last_id; /* the account of the row before, shown or not */
    bool shown;      /* it was shown */
    bool more;
    struct grant grants[GRANTS_MOST];
    size_t grant_count;
};

static bool is_wanted(const struct filling *filling, const struct accounts_page_row *row)
{
    const struct actor *actor = filling->job->actor;
    const struct right_view *view = &filling->job->setup->view;
    int64_t unit_id = filling->filter->unit_id;
    return actor_may(actor, RIGHT_ACCOUNTS_READ, row->unit_id, view) &&
           (unit_id == 0 || view->covers(view->ctx, unit_id, row->unit_id, actor->today)) &&
           text_key_has(row->search_key, filling->query_key);
}

static str keep(struct filling *filling, str text)
{
    return text.at == NULL ? STR_NONE : arena_str(filling->job->arena, text);
}

/* The roles of the account before are complete. */
static void close_account(struct filling *filling)
{
    if (!filling->shown || filling->count == 0) {
        return;
    }
    struct grant *grants =
        arena_take_array(filling->job->arena, filling->grant_count + 1, sizeof(*grants));
    if (grants != NULL) {
        memcpy(grants, filling->grants, filling->grant_count * sizeof(*grants));
        filling->accounts[filling->count - 1].grants =
            (struct grants){grants, filling->grant_count};
    }
}

static void open_account(struct filling *filling, const struct accounts_page_row *row)
{
    usec locked_until = row->has_locked_until_us ? row->locked_until_us : 0;
    filling->sort_keys[filling->count] = keep(filling, row->sort_key);
    filling->accounts[filling->count++] = (struct account){
        .id = row->id,
        .login = keep(filling, row->login),
        .name = keep(filling, row->name),
        .unit_id = row->unit_id,
        .language = keep(filling, row->language),
        .email = keep(filling, row->email),
        .phone = keep(filling, row->phone),
        .state = state_of(row->disabled_by, locked_until, filling->job->actor->now),
        .locked_until = locked_until,
        .created = row->created_at_us,
        .seen = later(row->has_signed_in_at_us, row->signed_in_at_us, row->has_seen_at_us,
                      row->seen_at_us),
        .has_factor = row->has_factor,
        .must_change_password = row->must_change_password,
    };
}

/* ERR_CANCELLED ends the reading when the page is full. */
static errc on_account(void *ctx, const struct accounts_page_row *row)
{
    struct filling *filling = ctx;
    if (row->id != filling->last_id) {
        close_account(filling);
        filling->last_id = row->id;
        filling->grant_count = 0;
        filling->shown = is_wanted(filling, row);
        if (filling->shown && filling->count == filling->limit) {
            filling->more = true;
            filling->shown = false;
            return ERR_CANCELLED;
        }
        if (filling->shown) {
            open_account(filling, row);
        }
    }
    enum role role;
    if (filling->shown && row->has_grant_id && filling->grant_count < GRANTS_MOST &&
        role_parse(row->role, &role)) {
        filling->grants[filling->grant_count++] =
            (struct grant){row->grant_id, row->grant_unit_id, role, row->from_day, row->to_day};
    }
    return OK;
}

static errc open_page(struct filling *filling, struct accounts_page_in *in, struct why *why)
{
    const struct account_filter *filter = filling->filter;
    struct arena *arena = filling->job->arena;
    enum role role;
    enum account_state state;
    *in = (struct accounts_page_in){
        .after_key = S(""),
        .after_id = 0,
        .role = filter->role,
        .today = filling->job->actor->today,
        .now_us = filling->job->actor->now,
        .state = filter->state,
    };
    if (filter->role.at != NULL && !role_parse(filter->role, &role)) {
        return account_field(filling->job, "role", "not_a_choice", why);
    }
    if (filter->state.at != NULL && !account_state_parse(filter->state, &state)) {
        return account_field(filling->job, "state", "not_a_choice", why);
    }
    if (text_length(filter->query) > ACCOUNT_QUERY_MOST) {
        return account_field(filling->job, "q", "too_long", why);
    }
    if (filter->after.at != NULL) {
        TRY(account_place_read(arena, filter->after, &in->after_id, &in->after_key, why));
    }
    if (filter->query.len > 0) {
        TRY(text_search_key(arena, filter->query, &filling->query_key));
    }
    filling->accounts = arena_take_array(arena, filling->limit + 1, sizeof(struct account));
    filling->sort_keys = arena_take_array(arena, filling->limit + 1, sizeof(str));
    return arena_failed(arena) ? fail(why, ERR_NO_MEMORY, "no memory for a page") : OK;
}

errc account_list(struct db *db, const struct account_job *job, const struct account_filter *filter,
                  struct account_page *ret_page, struct why *why)
{
    struct filling filling = {.job = job, .filter = filter};
    struct accounts_page_in in;
    filling.limit =
        filter->limit == 0 || filter->limit > ACCOUNT_PAGE_MOST ? ACCOUNT_PAGE_MOST : filter->limit;
    TRY(open_page(&filling, &in, why));
    errc rc = accounts_page(db, &in, on_account, &filling, why);
    if (rc != OK && !(rc == ERR_CANCELLED && filling.more)) {
        return rc;
    }
    close_account(&filling);
    struct account_page page = {filling.accounts, filling.count, STR_NONE};
    if (filling.more) {
        size_t last = filling.count - 1;
        page.next =
            account_place_write(job->arena, filling.accounts[last].id, filling.sort_keys[last]);
    }
    if (arena_failed(job->arena)) {
        return fail(why, ERR_NO_MEMORY, "no memory for a page");
    }
    *ret_page = page;
    return OK;
}
