/* The trail: every field counts for the hash, exports cannot be broken by what is in them, lines
 * chain on both databases, writers queue, tampering of every kind is found, pruning leaves a chain
 * that verifies. */
#include "people/account_testing.h"
#include "people/audit.h"

#include "base/json_in.h"

#include <libpq-fe.h>
#include <pthread.h>
#include <setjmp.h>
#include <sqlite3.h>
#include <stdarg.h>

#include <cmocka.h>

static const struct store_room *const rooms[] = {&people_room};
static const struct test_plan sqlite = {STORE_SQLITE, rooms, COUNT_OF(rooms)};
static const struct test_plan postgresql = {STORE_POSTGRESQL, rooms, COUNT_OF(rooms)};

static struct audit_line sample_line(void)
{
    return (struct audit_line){
        .seq = 7,
        .at = 1763690400 * USEC_SECOND + 5,
        .account_id = 3,
        .account_login = S("an"),
        .account_name = S("An \"Bình\" ]\\\n"),
        .unit_id = 12,
        .address = S("192.0.2.1"),
        .agent = S("agent\x1b[2J"),
        .action = S("account_created"),
        .subject_kind = S("account"),
        .subject_id = 17,
        .subject_name = S("bình"),
        .subject_unit_id = 4,
        .before = STR_NONE,
        .after = S("{\"name\":\"B\"}"),
    };
}

static void hashes_every_field(void **state)
{
    (void)state;
    const struct audit_line line = sample_line();
    struct audit_line changed[14];
    for (size_t i = 0; i < COUNT_OF(changed); i++) {
        changed[i] = line;
    }
    changed[0].seq++;
    changed[1].at++;
    changed[2].account_id++;
    changed[3].account_login = S("An");
    changed[4].account_name = STR_NONE;
    changed[5].unit_id = 0;
    changed[6].address = S("192.0.2.2");
    changed[7].agent = S("agent");
    changed[8].action = S("account_changed");
    changed[9].subject_kind = S("unit");
    changed[10].subject_id = 0;
    changed[11].subject_unit_id = 5;
    changed[12].before = S("{}");
    changed[13].previous.bytes[0] = 1;
    for (size_t i = 0; i < COUNT_OF(changed); i++) {
        assert_false(hash_is(audit_line_hash(&line), audit_line_hash(&changed[i])));
    }
}

static void does_not_let_text_move_between_fields(void **state)
{
    (void)state;
    struct audit_line one = sample_line();
    struct audit_line two = sample_line();
    one.subject_name = S("ab");
    one.before = S("c");
    two.subject_name = S("a");
    two.before = S("bc");
    assert_false(hash_is(audit_line_hash(&one), audit_line_hash(&two)));
}

static void writes_a_line_of_json(void **state)
{
    (void)state;
    AUTO(buf_finish) struct buf out;
    AUTO(json_in_finish) struct json_in in = {NULL};
    struct audit_line line = sample_line();
    buf_init(&out, 65536);
    assert_int_equal(audit_write_json(&line, &out), OK);
    assert_int_equal(out.at[out.len - 1], '\n');
    assert_null(memchr(out.at, '\n', out.len - 1));
    assert_int_equal(json_in_parse(str_cut(buf_str(&out), 0, out.len - 1), &in, NULL), OK);
    assert_true(json_in_is_object(json_in_get(in.root, "after")));
    assert_false(json_in_has(in.root, "before"));
}

static void writes_a_message_of_syslog(void **state)
{
    (void)state;
    AUTO(buf_finish) struct buf out;
    struct audit_line line = sample_line();
    buf_init(&out, 65536);
    assert_int_equal(audit_write_syslog(&line, S("máy chủ"), &out), OK);
    buf_add_byte(&out, '\0');
    const char *expected =
        "<109>1 2025-11-21T02:00:00.000005Z m__y_ch___ loa - account_created [audit@32473 "
        "seq=\"7\" "
        "account_id=\"3\" account_login=\"an\" account_name=\"An \\\"Bình\\\" \\]\\\\\u240a\" "
        "unit_id=\"12\" address=\"192.0.2.1\" agent=\"agent\u241b[2J\" subject_kind=\"account\" "
        "subject_id=\"17\" subject_name=\"bình\" subject_unit_id=\"4\" "
        "after=\"{\\\"name\\\":\\\"B\\\"}\" previous=\"";
    assert_int_equal(strncmp(out.at, expected, strlen(expected)), 0);
    assert_string_equal(out.at + out.len - 4, "\"]\n");
}

static errc run_append(struct account_kit *kit, struct db *db, struct why *why)
{
    struct audit_entry entry = {
        .actor = &kit->actor,
        .action = "account_changed",
        .subject_kind = "account",
        .subject_id = kit->id,
        .subject_name = kit->text,
        .subject_unit_id = KIT_WEST,
        .after = S("{\"x\":1}"),
    };
    return audit_append(db, &entry, why);
}

static struct account_kit *kit_with_lines(void **state, int count)
{
    struct account_kit *kit = kit_create(test_store_of(state));
    kit->text = S("somebody");
    for (int i = 1; i <= count; i++) {
        kit->id = i;
        kit_pass(kit, USEC_DAY);
        assert_int_equal(kit_do(kit, run_append), OK);
    }
    return kit;
}

static void chains_lines_and_verifies_them(void **state)
{
    AUTO(kit_close) struct account_kit *kit = kit_with_lines(state, 0);
    struct audit_report empty = kit_verify(kit);
    assert_true(empty.ok);
    assert_int_equal(empty.entries, 0);
    for (int i = 1; i <= 5; i++) {
        kit->id = i;
        assert_int_equal(kit_do(kit, run_append), OK);
    }
    struct audit_report report = kit_verify(kit);
    assert_true(report.ok);
    assert_int_equal(report.entries, 5);
    assert_false(hash_is(report.head, empty.head));
}

static void keeps_lines_of_people_with_impossible_names(void **state)
{
    AUTO(kit_close) struct account_kit *kit = kit_with_lines(state, 0);
    char agent[AUDIT_AGENT_MOST + 10];
    memset(agent, 'a', sizeof(agent));
    memcpy(agent + AUDIT_AGENT_MOST - 1, "\xe1\xba\xbf", 3);
    kit->text = S("'; DROP TABLE audit_lines; -- <script>");
    kit->actor.agent = (str){agent, sizeof(agent)};
    assert_int_equal(kit_do(kit, run_append), OK);
    kit->actor.agent = S("\xff\xfe\x01 \xc2\x9b");
    assert_int_equal(kit_do(kit, run_append), OK);
    assert_true(kit_verify(kit).ok);
}

struct page {
    int64_t seqs[8];
    size_t count;
};

static errc on_line(void *ctx, const struct audit_line *line, struct why *why)
{
    struct page *page = ctx;
    (void)why;
    assert_true(page->count < COUNT_OF(page->seqs));
    page->seqs[page->count++] = line->seq;
    return OK;
}

static errc run_page(struct account_kit *kit, struct db *db, struct why *why)
{
    return audit_page(db, kit->in, 2, on_line, kit->out, &kit->id, why);
}

static void pages_newest_first_through_a_filter(void **state)
{
    AUTO(kit_close) struct account_kit *kit = kit_with_lines(state, 5);
    struct audit_filter filter = {.from = (KIT_TODAY + 2) * USEC_DAY};
    struct page page = {.count = 0};
    kit->in = &filter;
    kit->out = &page;
    assert_int_equal(kit_do(kit, run_page), OK);
    assert_int_equal(page.count, 2);
    assert_int_equal(page.seqs[0], 5);
    assert_int_equal(kit->id, 4);
    filter.before_seq = kit->id;
    assert_int_equal(kit_do(kit, run_page), OK);
    assert_int_equal(page.count, 4);
    assert_int_equal(page.seqs[3], 2);
    assert_int_equal(kit->id, 0);
    filter = (struct audit_filter){.subject_kind = S("account"), .subject_id = 3};
    assert_int_equal(kit_do(kit, run_page), OK);
    assert_int_equal(page.count, 5);
    assert_int_equal(page.seqs[4], 3);
}

static bool sees_east(const void *ctx, int64_t unit_id)
{
    (void)ctx;
    return unit_id == KIT_EAST;
}

static void shows_only_lines_of_units_that_are_seen(void **state)
{
    AUTO(kit_close) struct account_kit *kit = kit_with_lines(state, 2);
    struct audit_filter filter = {.sees_unit = sees_east};
    struct page page = {.count = 0};
    kit_act_as(kit, 9, KIT_EAST, ROLE_VIEWER);
    assert_int_equal(kit_do(kit, run_append), OK);
    kit->in = &filter;
    kit->out = &page;
    assert_int_equal(kit_do(kit, run_page), OK);
    assert_int_equal(page.count, 1);
    assert_int_equal(page.seqs[0], 3);
}

/* What somebody with the database in hands does, past every trigger. */
static void tamper(struct account_kit *kit, const char *sql)
{
    char script[2048];
    if (store_is_postgresql(kit->test->store)) {
        ignore_int(snprintf(script, sizeof(script),
                            "SET session_replication_role = replica; BEGIN; %s; COMMIT", sql));
        PGconn *conn = PQconnectdb(kit->test->conninfo);
        PGresult *result = PQexec(conn, script);
        assert_string_equal(PQresultErrorMessage(result), "");
        PQclear(result);
        PQfinish(conn);
        return;
    }
    sqlite3 *db = NULL;
    ignore_int(snprintf(script, sizeof(script),
                        "DROP TRIGGER audit_lines_add; DROP TRIGGER audit_lines_change;"
                        "DROP TRIGGER audit_lines_remove; DROP TRIGGER audit_heads_change; %s",
                        sql));
    assert_int_equal(sqlite3_open(kit->test->path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, script, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
}

static void finds_the_line(void **state, const char *sql, int64_t broken_at)
{
    AUTO(kit_close) struct account_kit *kit = kit_with_lines(state, 6);
    assert_true(kit_verify(kit).ok);
    tamper(kit, sql);
    struct audit_report report = kit_verify(kit);
    assert_false(report.ok);
    assert_int_equal(report.broken_at, broken_at);
}

static void finds_a_changed_line(void **state)
{
    finds_the_line(state, "UPDATE audit_lines SET subject_name = 'x' WHERE seq = 4", 4);
}

static void finds_a_removed_line(void **state)
{
    finds_the_line(state, "DELETE FROM audit_lines WHERE seq = 3", 3);
}

static void finds_a_removed_end(void **state)
{
    finds_the_line(state, "DELETE FROM audit_lines WHERE seq > 4", 5);
}

static void finds_a_removed_beginning(void **state)
{
    finds_the_line(state, "DELETE FROM audit_lines WHERE seq < 3", 1);
}

static void finds_two_swapped_lines(void **state)
{
    finds_the_line(state,
                   "UPDATE audit_lines SET seq = -1 WHERE seq = 2;"
                   "UPDATE audit_lines SET seq = 2 WHERE seq = 5;"
                   "UPDATE audit_lines SET seq = 5 WHERE seq = -1",
                   2);
}

static void finds_an_inserted_line(void **state)
{
    finds_the_line(state,
                   "INSERT INTO audit_lines SELECT 7, at_us, account_id, account_login,"
                   " account_name, unit_id, address, agent, action, subject_kind, subject_id,"
                   " subject_name, subject_unit_id, before_json, after_json, previous, self"
                   " FROM audit_lines WHERE seq = 6",
                   7);
}

static bool refuses(struct account_kit *kit, const char *sql)
{
    if (store_is_postgresql(kit->test->store)) {
        PGconn *conn = PQconnectdb(kit->test->conninfo);
        PGresult *result = PQexec(conn, sql);
        bool refused = PQresultStatus(result) == PGRES_FATAL_ERROR;
        PQclear(result);
        PQfinish(conn);
        return refused;
    }
    sqlite3 *db = NULL;
    assert_int_equal(sqlite3_open(kit->test->path, &db), SQLITE_OK);
    ignore_int(sqlite3_busy_timeout(db, 5000));
    int rc = sqlite3_exec(db, sql, NULL, NULL, NULL);
    sqlite3_close(db);
    return rc == SQLITE_CONSTRAINT;
}

static void lets_the_database_refuse_changes(void **state)
{
    AUTO(kit_close) struct account_kit *kit = kit_with_lines(state, 3);
    static const char *const tries[] = {
        "UPDATE audit_lines SET action = 'x' WHERE seq = 2",
        "DELETE FROM audit_lines WHERE seq = 3",
        "DELETE FROM audit_lines",
        "DELETE FROM audit_heads",
        "UPDATE audit_heads SET seq = 2",
        "INSERT INTO audit_anchors (seq, self, at_us) SELECT 2, self, 0 FROM audit_heads",
        "INSERT INTO audit_lines SELECT 9, at_us, account_id, account_login, account_name, unit_id,"
        " address, agent, action, subject_kind, subject_id, subject_name, subject_unit_id,"
        " before_json, after_json, previous, self FROM audit_lines WHERE seq = 3",
    };
    for (size_t i = 0; i < COUNT_OF(tries); i++) {
        print_message("%s\n", tries[i]);
        assert_true(refuses(kit, tries[i]));
    }
    assert_true(kit_verify(kit).ok);
}

static errc run_prune(struct account_kit *kit, struct db *db, struct why *why)
{
    return audit_prune(db, &kit->setup.policy, &kit->actor, 1000, &kit->id, why);
}

static void prunes_what_is_old_and_stays_verifiable(void **state)
{
    AUTO(kit_close) struct account_kit *kit = kit_with_lines(state, 6);
    assert_int_equal(kit_do(kit, run_prune), OK);
    assert_int_equal(kit->id, 0);
    kit_pass(kit, kit->setup.policy.audit_keep - 2 * USEC_DAY + 1); /* lines 1 to 4 are older now */
    assert_int_equal(kit_do(kit, run_prune), OK);
    assert_int_equal(kit->id, 4);
    struct audit_report report = kit_verify(kit);
    assert_true(report.ok);
    assert_int_equal(report.anchor, 4);
    assert_int_equal(report.entries, 3); /* two that stayed, one about the pruning */
    kit->id = 1;
    assert_int_equal(kit_do(kit, run_append), OK);
    assert_true(kit_verify(kit).ok);
    tamper(kit, "DELETE FROM audit_lines WHERE seq = 5");
    assert_int_equal(kit_verify(kit).broken_at, 5);
}

static void does_not_prune_what_was_tampered_with(void **state)
{
    AUTO(kit_close) struct account_kit *kit = kit_with_lines(state, 6);
    tamper(kit, "UPDATE audit_lines SET subject_name = 'x' WHERE seq = 2");
    kit_pass(kit, 2 * kit->setup.policy.audit_keep);
    assert_int_equal(kit_do(kit, run_prune), ERR_CORRUPT);
    assert_int_equal(kit_verify(kit).broken_at, 2);
}

struct writer {
    struct store *store;
    struct account_kit *kit;
    int failed;
};

enum { EACH_WRITES = 40 };

static errc write_one(void *ctx, struct db *db, struct why *why)
{
    struct writer *writer = ctx;
    return run_append(writer->kit, db, why);
}

static void *write_many(void *ctx)
{
    struct writer *writer = ctx;
    for (int i = 0; i < EACH_WRITES; i++) {
        writer->failed += store_write_now(writer->store, write_one, writer, NULL) == OK ? 0 : 1;
    }
    return NULL;
}

/* Two stores on one database are two servers. */
static void stays_one_chain_under_two_servers(void **state)
{
    AUTO(kit_close) struct account_kit *kit = kit_with_lines(state, 0);
    AUTO(store_closer) struct store *second = NULL;
    assert_int_equal(store_open(&kit->test->config, &second, NULL), OK);
    struct writer writers[4];
    pthread_t threads[4];
    for (size_t i = 0; i < COUNT_OF(writers); i++) {
        writers[i] = (struct writer){i % 2 == 0 ? second : kit->test->store, kit, 0};
        assert_int_equal(pthread_create(&threads[i], NULL, write_many, &writers[i]), 0);
    }
    for (size_t i = 0; i < COUNT_OF(writers); i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
        assert_int_equal(writers[i].failed, 0);
    }
    struct audit_report report = kit_verify(kit);
    assert_true(report.ok);
    assert_int_equal(report.entries, EACH_WRITES * COUNT_OF(writers));
}

static void survives_the_failure_of_any_statement(void **state)
{
    AUTO(kit_close) struct account_kit *kit = kit_with_lines(state, 2);
    int64_t lines = 2;
    bool hit = true;
    for (unsigned long nth = 1; hit; nth++) {
        store_torture(nth);
        errc rc = kit_do(kit, run_append);
        hit = store_torture_hit();
        store_torture(0);
        struct audit_report report = kit_verify(kit);
        assert_true(report.ok);
        assert_true(report.entries == lines + (rc == OK ? 1 : 0) || hit);
        lines = report.entries;
    }
    assert_true(lines >= 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hashes_every_field),
        cmocka_unit_test(does_not_let_text_move_between_fields),
        cmocka_unit_test(writes_a_line_of_json),
        cmocka_unit_test(writes_a_message_of_syslog),
        TEST_ON_BOTH(chains_lines_and_verifies_them),
        TEST_ON_BOTH(keeps_lines_of_people_with_impossible_names),
        TEST_ON_BOTH(pages_newest_first_through_a_filter),
        TEST_ON_BOTH(shows_only_lines_of_units_that_are_seen),
        TEST_ON_BOTH(finds_a_changed_line),
        TEST_ON_BOTH(finds_a_removed_line),
        TEST_ON_BOTH(finds_a_removed_end),
        TEST_ON_BOTH(finds_a_removed_beginning),
        TEST_ON_BOTH(finds_two_swapped_lines),
        TEST_ON_BOTH(finds_an_inserted_line),
        TEST_ON_BOTH(lets_the_database_refuse_changes),
        TEST_ON_BOTH(prunes_what_is_old_and_stays_verifiable),
        TEST_ON_BOTH(does_not_prune_what_was_tampered_with),
        TEST_ON_BOTH(stays_one_chain_under_two_servers),
        TEST_ON_BOTH(survives_the_failure_of_any_statement),
    };
    return cmocka_run_group_tests_name("people: audit", tests, NULL, NULL);
}
