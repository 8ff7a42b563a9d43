/* A week of the studio in a province where power, links, disks and the server fail: every commune
 * writes a bulletin a day, a second person approves it, it is put into the next day; the province
 * sends one down to all. What the officers were told is done must sound or say why it did not:
 * nothing is lost between bulletin and play log. `make soak` takes sixty communes and seven days.
 */
#define DESK_KIT_DEVICES 64
#define PROVINCE_WRITES 6000
#include "sim/province_run_testing.h"

#include "broadcast/play.h"
#include "studio/bulletin_desk.h"
#include "studio/offer.h"
#include "studio/studio_store.h"

enum {
    COMMUNES_MOST = 64,
    DAYS_MOST = 8,
    PAPERS_MOST = (COMMUNES_MOST + 1) * DAYS_MOST,
    MORE_COMMUNES = 58, /* with the two of the kit: sixty with a pole */
    WRITER = 11,
    APPROVER = 12,
    TRIES = 200,
};

static const struct store_room *const rooms[] = {&people_room, &orders_room, &broadcast_room,
                                                 &studio_room};
static const struct test_plan sqlite = {STORE_SQLITE, rooms, COUNT_OF(rooms)};

/* A bulletin as its officer knows it. */
struct paper {
    wire_id mark;
    unit_id unit;
    day on;
    int start_s;
    char title[64];
    int64_t id;
    bool is_for_all; /* of the province, sent down */
};

struct week {
    struct province *province;
    struct paper papers[PAPERS_MOST];
    size_t count;
    size_t repeated; /* steps that the server's crash cut off */
};

/* A step of one paper; server_do gives the jobs its first member. */
struct office {
    struct serving serving;
    struct paper *paper;
};

/* --- sixty communes --------------------------------------------------------------------------- */

static void grow(struct desk_kit *kit)
{
    size_t more = test_rounds(2, MORE_COMMUNES);
    day on = kit_day("2021-01-01");
    struct unit_kit *units = &kit->orders.units;
    unit_id district = kit_find(units, on, "911");
    unit_id first = 0;
    for (size_t i = 0; i < more; i++) {
        char name[32];
        char code[16];
        ignore_int(snprintf(name, sizeof name, "Xã Số %zu", i + 1));
        ignore_int(snprintf(code, sizeof code, "913%02zu", i + 1));
        ignore_int(kit_begin(units, on, "xa", name, code, district));
    }
    first = kit_commit(units, on);
    kit->orders.job.forest = units->forest;
    kit->desk.forest = units->forest;
    for (size_t i = 0; i < more; i++) {
        kit_add_device(kit, first + (unit_id)i, first + (unit_id)i);
    }
}

static errc found(void *ctx, struct db *db, struct why *why)
{
    struct serving *serving = ctx;
    struct province *province = serving->province;
    struct order_job job = desk_order_job(&province->kit.desk);
    TRY(unit_key_root(db, &job, &province->root, why));
    TRY(province_add_media(province, db, why));
    for (size_t i = 0; i < province->kit.device_count; i++) {
        TRY(pole_place(province, db, &province->poles[i], why));
    }
    return OK;
}

/* --- an officer's steps ----------------------------------------------------------------------- */

static void act_as(struct province *province, int64_t account, enum role role, unit_id unit)
{
    kit_act_as(&province->kit, account, role, unit);
}

static errc write_paper(void *ctx, struct db *db, struct why *why)
{
    struct office *office = ctx;
    struct paper *paper = office->paper;
    struct province *province = office->serving.province;
    struct bulletin_text text = {.language = S("vi"),
                                 .channel = CHANNEL_SOUND,
                                 .title = str_of(paper->title),
                                 .text = S("Bà con đưa trẻ đi tiêm chủng tại trạm y tế xã."),
                                 .media = province->media[2].name};
    struct bulletin_draft draft = {
        .mark = paper->mark,
        .unit = paper->unit,
        .body = {.title = str_of(paper->title),
                 .category = S("health"),
                 .class = paper->is_for_all ? BULLETIN_PRIORITY : BULLETIN_ORDINARY,
                 .sources = S(""),
                 .texts = &text,
                 .text_count = 1}};
    act_as(province, WRITER, ROLE_PROVINCE_ADMIN, paper->unit);
    return bulletin_create(&province->kit.desk, db, &draft, &paper->id, why);
}

static errc submit_paper(void *ctx, struct db *db, struct why *why)
{
    struct office *office = ctx;
    struct province *province = office->serving.province;
    struct bulletin_line line;
    act_as(province, WRITER, ROLE_PROVINCE_ADMIN, office->paper->unit);
    TRY(bulletin_get_line(&province->kit.desk, db, office->paper->id, &line, why));
    return line.state != BULLETIN_DRAFT
               ? OK
               : bulletin_submit(&province->kit.desk, db, line.id, line.revision, why);
}

static errc approve_paper(void *ctx, struct db *db, struct why *why)
{
    struct office *office = ctx;
    struct province *province = office->serving.province;
    struct bulletin_line line;
    act_as(province, APPROVER, ROLE_APPROVER, office->paper->unit);
    TRY(bulletin_get_line(&province->kit.desk, db, office->paper->id, &line, why));
    return line.state != BULLETIN_SUBMITTED
               ? OK
               : bulletin_approve(&province->kit.desk, db, line.id, line.revision, why);
}

static errc schedule_paper(void *ctx, struct db *db, struct why *why)
{
    struct office *office = ctx;
    const struct paper *paper = office->paper;
    struct province *province = office->serving.province;
    struct desk *desk = &province->kit.desk;
    struct airing_place place = {.on = paper->on, .start_s = paper->start_s};
    struct sending sending = {
        .units = &paper->unit, .unit_count = 1, .has_place = true, .place = place};
    struct bulletin_line line;
    struct send_lines lines;
    int64_t airing = 0;
    act_as(province, WRITER, ROLE_PROVINCE_ADMIN, paper->unit);
    TRY(bulletin_get_line(desk, db, paper->id, &line, why));
    if (line.state != BULLETIN_APPROVED) {
        return OK;
    }
    return paper->is_for_all ? bulletin_send(desk, db, line.id, &sending, &lines, why)
                             : bulletin_schedule(desk, db, line.id, &place, &airing, why);
}

/* As officers do: when the page says that the server is away, the same button again later. */
static void do_step(struct week *week, struct paper *paper,
                    errc (*step)(void *ctx, struct db *db, struct why *why))
{
    struct province *province = week->province;
    struct office office = {.serving = {.province = province}, .paper = paper};
    errc rc = ERR_CLOSED;
    for (int i = 0; i < TRIES && rc == ERR_CLOSED; i++) {
        rc = server_do(&office.serving, true, step);
        act_as(province, 5, ROLE_PROVINCE_ADMIN, province->kit.orders.province);
        if (rc == ERR_CLOSED) {
            week->repeated++;
            province_run(province, USEC_MINUTE);
        }
    }
    assert_ok(rc);
}

static void do_paper(struct week *week, unit_id unit, bool is_for_all)
{
    struct province *province = week->province;
    struct paper *paper = &week->papers[week->count];
    day tomorrow = day_of(province->now, province->kit.desk.zone) + 1;
    assert_true(week->count < PAPERS_MOST);
    *paper = (struct paper){.unit = unit, .on = tomorrow, .is_for_all = is_for_all};
    /* Each at its own minutes, so that none takes the place of another. */
    paper->start_s = is_for_all ? 18 * 3600 : 6 * 3600 + (int)(week->count % 60) * 60;
    entropy_fill(province->chance, paper->mark.bytes, sizeof paper->mark.bytes);
    ignore_int(snprintf(paper->title, sizeof paper->title, "Bản tin %zu", ++week->count));
    do_step(week, paper, write_paper);
    do_step(week, paper, submit_paper);
    do_step(week, paper, approve_paper);
    do_step(week, paper, schedule_paper);
}

static void write_all(struct week *week)
{
    struct desk_kit *kit = &week->province->kit;
    for (size_t i = 0; i < kit->device_count; i++) {
        unit_id commune = kit->devices[i].commune;
        if (i == 0 || kit->devices[i - 1].commune != commune) {
            do_paper(week, commune, false);
        }
    }
    do_paper(week, kit->orders.province, true);
}

/* --- the play log ----------------------------------------------------------------------------- */

struct reading {
    struct serving serving;
    struct week *week;
    size_t heard; /* endings of papers at poles */
    size_t by_outcome[PLAY_OUTCOMES];
    size_t missing;
    size_t twice;
};

static size_t count_at(const struct plays *plays, usec at, struct reading *reading)
{
    size_t count = 0;
    for (size_t i = 0; i < plays->count; i++) {
        if (plays->at[i].at == at) {
            reading->by_outcome[plays->at[i].outcome]++;
            count++;
        }
    }
    return count;
}

static errc read_pole(struct reading *reading, struct db *db, const struct receiver *pole, day on,
                      struct why *why)
{
    const struct week *week = reading->week;
    const struct desk *desk = &week->province->kit.desk;
    struct plays plays;
    TRY(plays_of_device(desk, db, pole->device, on, &plays, why));
    for (size_t i = 0; i < week->count; i++) {
        const struct paper *paper = &week->papers[i];
        if (paper->on != on || !receiver_is_in(pole, paper->unit)) {
            continue;
        }
        usec at = day_start(on, desk->zone) + paper->start_s * USEC_SECOND;
        size_t count = count_at(&plays, at, reading);
        reading->heard += count;
        reading->twice += count > 1;
        if (count == 0) {
            reading->missing++;
            print_message("%s is in no plan of pole %llu\n", paper->title,
                          (unsigned long long)pole->device);
        }
    }
    return OK;
}

static errc read_log(void *ctx, struct db *db, struct why *why)
{
    struct reading *reading = ctx;
    const struct desk *desk = &reading->week->province->kit.desk;
    day last = reading->week->papers[reading->week->count - 1].on;
    bool more = true;
    while (more) {
        TRY(play_log_sum(db, desk->zone, 1000, &more, why));
    }
    for (day on = reading->week->papers[0].on; on <= last; on++) {
        for (size_t i = 0; i < reading->week->province->kit.device_count; i++) {
            TRY(read_pole(reading, db, &reading->week->province->kit.devices[i], on, why));
        }
    }
    return OK;
}

static void check_log(struct week *week)
{
    struct reading reading = {.serving = {.province = week->province}, .week = week};
    unsigned cuts = 0;
    assert_ok(server_do(&reading.serving, true, read_log));
    for (size_t i = 0; i < week->province->kit.device_count; i++) {
        cuts += week->province->poles[i].cuts;
    }
    print_message("week: %zu bulletins of %zu poles, %zu endings: %zu played, %zu partly, %zu not; "
                  "%u power cuts, %u crashes of the server, %zu steps done again\n",
                  week->count, week->province->kit.device_count, reading.heard,
                  reading.by_outcome[PLAY_PLAYED], reading.by_outcome[PLAY_PARTLY],
                  reading.by_outcome[PLAY_NOT_PLAYED], cuts, week->province->server_crashes,
                  week->repeated);
    assert_int_equal(reading.missing, 0);
    assert_int_equal(reading.twice, 0);
    assert_int_equal(reading.by_outcome[PLAY_NOT_REPORTED], 0);
    assert_true(reading.by_outcome[PLAY_PLAYED] > reading.heard / 2);
}

static void nothing_is_lost_between_bulletin_and_play_log(void **state)
{
    struct week *week = mem_take(sizeof *week);
    struct province *province = province_open(state, found, grow);
    size_t days = test_rounds(1, 7);
    week->province = province;
    province_run(province, 8 * USEC_HOUR); /* everybody is let in; it is three in the afternoon */
    province_set_faults(province, true);
    for (size_t i = 0; i < days; i++) {
        usec next = province->now + USEC_DAY;
        write_all(week);
        province_run(province, next - province->now);
    }
    province_set_faults(province, false);
    /* The day of the last one is over, and what is still to be told is told. */
    usec end = day_start(week->papers[week->count - 1].on + 2, province->kit.desk.zone);
    province_run(province, end - province->now);
    check_log(week);
    province_close(province);
    mem_give(week);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST_ON_SQLITE(nothing_is_lost_between_bulletin_and_play_log),
    };
    return cmocka_run_group_tests_name("sim: week", tests, NULL, NULL);
}
