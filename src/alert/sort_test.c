/* What becomes of messages, by table; what they speak of. */
#include "alert/message.h"

#include "base/cases.h"
#include "base/testing.h"

#define NOW ((usec)1784448000 * USEC_SECOND)

static const char *const actions[] = {"nothing", "raise", "renew", "end"};

static bool says(const struct cases_row *row, const char *word)
{
    return cap_words_have(row->cells[0], str_of(word));
}

static void check_row(void *ctx, const struct cases_row *row)
{
    struct cap_info info = {.urgency = says(row, "past") ? CAP_URGENCY_PAST : CAP_URGENCY_IMMEDIATE,
                            .severity =
                                says(row, "mild") ? CAP_SEVERITY_MINOR : CAP_SEVERITY_SEVERE,
                            .effective = says(row, "later") ? NOW + USEC_HOUR : 0,
                            .expires = says(row, "over") ? NOW : NOW + USEC_HOUR};
    struct cap_message message = {.scope =
                                      says(row, "private") ? CAP_SCOPE_PRIVATE : CAP_SCOPE_PUBLIC,
                                  .infos = &info,
                                  .info_count = says(row, "noinfo") ? 0 : 1};
    struct cap_case about = {.message = &message,
                             .confirmed = says(row, "confirmed"),
                             .signature =
                                 says(row, "signed") ? CAP_SIGNATURE_GOOD : CAP_SIGNATURE_NONE,
                             .severity_least = CAP_SEVERITY_SEVERE,
                             .areas = says(row, "noarea") || says(row, "noinfo") ? 0 : 1,
                             .units = says(row, "noarea") || says(row, "outside") ? 0 : 1,
                             .refers_alarm = says(row, "alarm"),
                             .now = NOW};
    str rest = STR_NONE;
    (void)ctx;
    assert_true(cap_policy_parse(str_split(row->cells[0], ' ', &rest), &about.policy));
    assert_true(cap_name_parse(CAP_STATUS, row->cells[1], &message.status));
    assert_true(cap_name_parse(CAP_TYPE, row->cells[2], &message.type));
    struct cap_fate fate = cap_sort(&about);
    if (!str_is(row->cells[3], str_of(cap_state_name(fate.state))) ||
        !str_is(row->cells[4], str_of(cap_note_name(fate.note))) ||
        !str_is(row->cells[5], str_of(actions[fate.action]))) {
        fail_msg("%s:%zu: %s %s %s", row->path, row->line, cap_state_name(fate.state),
                 cap_note_name(fate.note), actions[fate.action]);
    }
}

static void sorts_by_table(void **state)
{
    struct why why = {""};
    (void)state;
    errc rc = cases_each(LOA_SOURCE_DIR "/src/alert/sort.cases", 6, check_row, NULL, &why);
    assert_string_equal(why.text, "");
    assert_ok(rc);
}

static void knows_hazards_by_their_words(void **state)
{
    static const struct {
        const char *event;
        enum cap_name category;
        enum hazard hazard;
    } rows[] = {
        {"Lũ quét", CAP_CATEGORY_MET, HAZARD_FLOOD},
        {"Flash Flood Warning", CAP_CATEGORY_MET, HAZARD_FLOOD},
        {"Xả lũ hồ chứa", CAP_CATEGORY_INFRA, HAZARD_DAM},
        {"Sạt lở đất", CAP_CATEGORY_GEO, HAZARD_LANDSLIDE},
        {"Bão số 3", CAP_CATEGORY_MET, HAZARD_STORM},
        {"Cháy rừng", CAP_CATEGORY_FIRE, HAZARD_FIRE},
        {"Wildfire", CAP_CATEGORY_FIRE, HAZARD_FIRE},
        {"Nắng nóng", CAP_CATEGORY_HEALTH, HAZARD_EPIDEMIC},
        {"Động đất", CAP_CATEGORY_GEO, HAZARD_OTHER},
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct cap_info info = {.event = str_of(rows[i].event),
                                .categories = cap_bit(CAP_CATEGORY, rows[i].category)};
        struct cap_message message = {.infos = &info, .info_count = 1};
        assert_string_equal(hazard_name(cap_hazard_of(&message)), hazard_name(rows[i].hazard));
        message.status = CAP_STATUS_EXERCISE;
        assert_int_equal(cap_hazard_of(&message), HAZARD_DRILL);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sorts_by_table),
        cmocka_unit_test(knows_hazards_by_their_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
