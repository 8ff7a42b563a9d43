/* The judge, by table: authority.cases. What is taken and what the root says: authority_take_test
 * and authority_trust_test. */
#include "wire/authority_testing.h"

#include "base/cases.h"
#include "base/testing.h"

enum { PLAN_ITEMS = 4, ITEM_MS = 10000 };

struct scene {
    struct authority_kit *kit;
    struct kit_draft draft;
    enum clock_state clock;
    usec now;
    uint64_t last_sequence; /* of what was taken before */
    struct wire_plan_item items[PLAN_ITEMS];
    bool flip;
    bool cut;
    bool junk;
};

struct word {
    const char *name;
    void (*apply)(struct scene *scene, str value);
};

static const char *const kind_names[] = {"",       "placement", "settings", "plan",
                                         "clips",  "alarm",     "stop",     "release",
                                         "action", "retire",    "live"};
static const char *const key_names[] = {
#define X(name, unit, tier, use, from, to) #name,
    KIT_KEYS(X)
#undef X
};
static const char *const reason_names[] = {
#define X(number, NAME, name) [number] = name,
#include "wire/reasons.def"
#undef X
};
static const char *const clock_names[] = {"unsure", "bounded", "holding", "sure"};

static int index_of(const char *const *names, size_t count, str name)
{
    for (size_t i = 0; i < count; i++) {
        if (names[i] != NULL && str_is(str_of(names[i]), name)) {
            return (int)i;
        }
    }
    fail_msg("\"%.*s\" is no word here", STR_ARG(name));
    return 0;
}

static int64_t number_of(str text)
{
    int64_t number = 0;
    if (!str_to_i64(text, &number)) {
        fail_msg("\"%.*s\" is no number", STR_ARG(text));
    }
    return number;
}

static usec time_of(str text)
{
    return KIT_NOW + number_of(text) * USEC_SECOND;
}

static struct wire_uints list_of(struct scene *scene, str text)
{
    uint64_t *at = arena_take_array(scene->kit->arena, AUTHORITY_PATH, sizeof *at);
    size_t count = 0;
    assert_non_null(at);
    while (text.at != NULL && count < AUTHORITY_PATH) {
        at[count++] = (uint64_t)number_of(str_split(text, ',', &text));
    }
    return (struct wire_uints){at, count};
}

/* --- before ---------------------------------------------------------------------------------- */

static void set_clock(struct scene *scene, str value)
{
    scene->clock = (enum clock_state)index_of(clock_names, COUNT_OF(clock_names), value);
}

static void set_now(struct scene *scene, str value)
{
    scene->now = time_of(value);
}

static void set_trusted(struct scene *scene, str value)
{
    scene->kit->authority.last_trusted = time_of(value);
}

static void forget_enrolment(struct scene *scene, str value)
{
    (void)value;
    scene->kit->authority.enrolled = false;
}

static void forget_place(struct scene *scene, str value)
{
    (void)value;
    scene->kit->authority.path_count = 0;
    scene->kit->authority.versions[ORDER_PLACEMENT] = 0;
}

static void retire(struct scene *scene, str value)
{
    (void)value;
    struct kit_draft draft = kit_draft_of(scene->kit, ORDER_RETIRE, KIT_PROVINCE_DAILY);
    assert_int_equal(kit_take(scene->kit, &draft), REASON_NONE);
}

/* With alarms of a tier, the province's when none is said. */
static void fill_targets(struct scene *scene, str value)
{
    struct authority *known = &scene->kit->authority;
    while (known->in_force_count < AUTHORITY_IN_FORCE) {
        struct authority_target target = {.id = {{'f', (uint8_t)known->in_force_count}},
                                          .kind = ORDER_ALARM,
                                          .order_class = CLASS_EMERGENCY,
                                          .tier = value.len == 0 ? TIER_PROVINCE
                                                                 : (uint64_t)number_of(value),
                                          .expires = KIT_NOW + USEC_DAY};
        known->in_force[known->in_force_count++] = target;
    }
}

static void end_a_target(struct scene *scene, str value)
{
    (void)value;
    scene->kit->authority.in_force[AUTHORITY_IN_FORCE / 2].ended = true;
}

static void fill_keys(struct scene *scene, str value)
{
    (void)value;
    struct authority *known = &scene->kit->authority;
    while (known->seen_count < AUTHORITY_SEEN) {
        known->seen[known->seen_count] = (struct authority_seen){
            .kid = {{'f', (uint8_t)known->seen_count}}, .highest = 1, .to = KIT_NOW + USEC_DAY};
        known->seen_count++;
    }
}

static void end_a_key(struct scene *scene, str value)
{
    (void)value;
    scene->kit->authority.seen[AUTHORITY_SEEN / 2].to = scene->kit->authority.last_trusted;
}

static const struct word before_words[] = {
    {"clock", set_clock},       {"now", set_now},        {"trusted", set_trusted},
    {"unplaced", forget_place}, {"retired", retire},     {"unenrolled", forget_enrolment},
    {"full", fill_targets},     {"ended", end_a_target}, {"keys", fill_keys},
    {"over", end_a_key},
};

static void aim_at(struct kit_draft *draft, uint8_t number)
{
    if (draft->head.kind == ORDER_ALARM) {
        draft->alarm.replaces = kit_id(number);
    } else if (draft->head.kind == ORDER_STOP) {
        draft->stop.target = kit_id(number);
    } else if (draft->head.kind == ORDER_LIVE) {
        draft->live = (struct wire_live){.replaces = kit_id(number)};
    } else {
        draft->release.target = kit_id(number);
    }
}

/* kind:KEY:id[:aim[:sequence]], the sequence being the version too. */
static void take_before(struct scene *scene, str what)
{
    int kind = index_of(kind_names, COUNT_OF(kind_names), str_split(what, ':', &what));
    int key = index_of(key_names, COUNT_OF(key_names), str_split(what, ':', &what));
    struct kit_draft draft = kit_draft_of(scene->kit, (enum order_kind)kind, (enum kit_key)key);
    draft.head.id = kit_id((uint8_t)number_of(str_split(what, ':', &what)));
    uint8_t aim = what.len == 0 ? 0 : (uint8_t)number_of(str_split(what, ':', &what));
    if (aim != 0) {
        aim_at(&draft, aim);
    }
    if (what.len > 0) {
        draft.head.sequence = (uint64_t)number_of(what);
        draft.head.version = draft.head.version == 0 ? 0 : draft.head.sequence;
    }
    scene->last_sequence = draft.head.sequence;
    assert_int_equal(kit_take(scene->kit, &draft), REASON_NONE);
}

/* --- the order ------------------------------------------------------------------------------- */

static void set_kind(struct scene *scene, str value)
{
    scene->draft.head.kind = (uint64_t)number_of(value);
}

static void set_class(struct scene *scene, str value)
{
    scene->draft.head.order_class = (uint64_t)number_of(value);
}

static void set_issuer(struct scene *scene, str value)
{
    scene->draft.head.issuer = (uint64_t)number_of(value);
}

static void set_area(struct scene *scene, str value)
{
    scene->draft.head.area = list_of(scene, value);
}

static void set_devices(struct scene *scene, str value)
{
    scene->draft.head.devices = list_of(scene, value);
}

static void set_sequence(struct scene *scene, str value)
{
    scene->draft.head.sequence =
        str_is(value, S("same")) ? scene->last_sequence : (uint64_t)number_of(value);
}

static void set_version(struct scene *scene, str value)
{
    scene->draft.head.version = (uint64_t)number_of(value);
}

static void set_from(struct scene *scene, str value)
{
    scene->draft.head.not_before = time_of(value);
}

static void set_to(struct scene *scene, str value)
{
    scene->draft.head.expires = time_of(value);
}

static void set_id(struct scene *scene, str value)
{
    scene->draft.head.id = kit_id((uint8_t)number_of(value));
}

static void set_aim(struct scene *scene, str value)
{
    aim_at(&scene->draft, (uint8_t)number_of(value));
}

static void set_path(struct scene *scene, str value)
{
    scene->draft.placement.path = list_of(scene, value);
}

static void set_device(struct scene *scene, str value)
{
    /* The number stands first in both bodies that have one. */
    scene->draft.placement.device = (uint64_t)number_of(value);
    if (scene->draft.head.kind == ORDER_RETIRE) {
        scene->draft.retire.device = (uint64_t)number_of(value);
    }
}

static void set_placement_key(struct scene *scene, str value)
{
    scene->draft.placement.device_key.bytes[0] ^= (uint8_t)number_of(value);
}

static void set_zone(struct scene *scene, str value)
{
    scene->draft.placement.zone_s = number_of(value);
}

static void set_cap(struct scene *scene, str value)
{
    scene->draft.settings.gain_cap_mb = number_of(value);
}

static void set_drill_cap(struct scene *scene, str value)
{
    scene->draft.settings.drill_gain_mb = number_of(value);
}

static void set_items(struct scene *scene, str value)
{
    size_t count = 0;
    while (value.at != NULL && count < PLAN_ITEMS) {
        scene->items[count] = (struct wire_plan_item){.id = kit_id((uint8_t)(count + 1)),
                                                      .at = time_of(str_split(value, ',', &value)),
                                                      .ms = ITEM_MS,
                                                      .kind = PLAN_SILENCE,
                                                      .order_class = CLASS_ORDINARY,
                                                      .tier = TIER_COMMUNE};
        count++;
    }
    scene->draft.plan.items.at = scene->items;
    scene->draft.plan.items.count = count;
}

static void set_item_class(struct scene *scene, str value)
{
    scene->items[0].order_class = (uint64_t)number_of(value);
}

static void set_until(struct scene *scene, str value)
{
    scene->draft.plan.to = time_of(value);
}

static void set_body(struct scene *scene, str value)
{
    char *byte = arena_take(scene->kit->arena, 1);
    assert_non_null(byte);
    *byte = (char)strtol(value.at, NULL, 16);
    scene->draft.head.body = (str){byte, 1};
}

static void set_use(struct scene *scene, str value)
{
    scene->draft.use = str_is(value, S("cert")) ? COSE_CERT : COSE_REVOCATIONS;
}

static void set_flip(struct scene *scene, str value)
{
    (void)value;
    scene->flip = true;
}

static void set_cut(struct scene *scene, str value)
{
    (void)value;
    scene->cut = true;
}

static void set_junk(struct scene *scene, str value)
{
    (void)value;
    scene->junk = true;
}

static const struct word order_words[] = {
    {"kind", set_kind},       {"class", set_class},     {"issuer", set_issuer},
    {"area", set_area},       {"devices", set_devices}, {"seq", set_sequence},
    {"version", set_version}, {"from", set_from},       {"to", set_to},
    {"id", set_id},           {"aim", set_aim},         {"path", set_path},
    {"device", set_device},   {"zone", set_zone},       {"key", set_placement_key},
    {"cap", set_cap},         {"at", set_items},        {"item", set_item_class},
    {"until", set_until},     {"body", set_body},       {"drillcap", set_drill_cap},
    {"use", set_use},         {"flip", set_flip},       {"cut", set_cut},
    {"junk", set_junk},
};

static bool apply(struct scene *scene, const struct word *words, size_t count, str token)
{
    str value;
    str name = str_split(token, '=', &value);
    for (size_t i = 0; i < count; i++) {
        if (str_is(str_of(words[i].name), name)) {
            words[i].apply(scene, value);
            return true;
        }
    }
    return false;
}

static void set_before(struct scene *scene, str cell)
{
    while (cell.len > 0) {
        str token = str_split(cell, ' ', &cell);
        if (!apply(scene, before_words, COUNT_OF(before_words), token)) {
            take_before(scene, token);
        }
    }
}

static str make_order(struct scene *scene, str cell)
{
    int kind = index_of(kind_names, COUNT_OF(kind_names), str_split(cell, ' ', &cell));
    int key = index_of(key_names, COUNT_OF(key_names), str_split(cell, ' ', &cell));
    scene->draft = kit_draft_of(scene->kit, (enum order_kind)kind, (enum kit_key)key);
    while (cell.len > 0) {
        str token = str_split(cell, ' ', &cell);
        if (!apply(scene, order_words, COUNT_OF(order_words), token)) {
            fail_msg("\"%.*s\" is no word of an order", STR_ARG(token));
        }
    }
    return scene->junk ? kit_sign(scene->kit, COSE_ORDER, scene->draft.key, &wire_record_stop,
                                  &(struct wire_stop){.target = {{0}}})
                       : kit_order(scene->kit, &scene->draft);
}

static const char *judge(struct scene *scene, str cose)
{
    struct authority before = scene->kit->authority;
    struct authority_order order;
    bool again = false;
    char *bytes = arena_take(scene->kit->arena, cose.len);
    assert_non_null(bytes);
    memcpy(bytes, cose.at, cose.len);
    bytes[cose.len - 1] = (char)(bytes[cose.len - 1] ^ (scene->flip ? 1 : 0));
    enum log_reason reason = authority_judge(&scene->kit->authority, scene->clock, scene->now,
                                             (str){bytes, cose.len - (scene->cut ? 1 : 0)},
                                             scene->kit->arena, &order, &again);
    assert_memory_equal(&before, &scene->kit->authority, sizeof before);
    if (reason == REASON_NONE && !again) {
        authority_take(&scene->kit->authority, &order, scene->now);
    }
    return again ? "again" : reason_names[reason];
}

static void check_case(void *ctx, const struct cases_row *row)
{
    size_t *cases = ctx;
    struct scene scene = {.kit = kit_create_placed(), .clock = CLOCK_SURE, .now = KIT_NOW};
    set_before(&scene, row->cells[0]);
    const char *verdict = judge(&scene, make_order(&scene, row->cells[1]));
    if (!str_is(str_of(verdict), row->cells[2])) {
        fail_msg("%s:%zu: %s", row->path, row->line, verdict);
    }
    kit_destroy(scene.kit);
    (*cases)++;
}

static void judges_every_case(void **state)
{
    (void)state;
    size_t cases = 0;
    struct why why = {""};
    if (cases_each(LOA_SOURCE_DIR "/src/wire/authority.cases", 3, check_case, &cases, &why) != OK) {
        fail_msg("%s", why.text);
    }
}

static void says_that_it_was_taken_before(void **state)
{
    (void)state;
    struct authority_kit *kit = kit_create_placed();
    struct kit_draft draft = kit_draft_of(kit, ORDER_ALARM, KIT_COMMUNE_EMERGENCY);
    bool again = true;
    str cose = kit_order(kit, &draft);
    assert_int_equal(kit_judge(kit, cose, &again), REASON_NONE);
    assert_false(again);
    assert_int_equal(kit_take(kit, &draft), REASON_NONE);
    assert_int_equal(kit_judge(kit, cose, &again), REASON_NONE);
    assert_true(again);
    kit_destroy(kit);
}

/* Whom an all-stop silences. */
static void commands_its_equals_and_those_below(void **state)
{
    (void)state;
    struct authority_target commune = {.tier = TIER_COMMUNE, .order_class = CLASS_EMERGENCY};
    struct authority_target province = {.tier = TIER_PROVINCE, .order_class = CLASS_EMERGENCY};
    struct authority_target drill = {.tier = TIER_PROVINCE, .order_class = CLASS_DRILL};
    assert_true(authority_commands(&commune, &commune));
    assert_true(authority_commands(&province, &commune));
    assert_false(authority_commands(&commune, &province));
    assert_false(authority_commands(&drill, &commune));
    assert_true(authority_commands(&drill, &drill));
    assert_true(authority_commands(&province, &drill));
}

static void knows_how_long_an_order_may_be(void **state)
{
    (void)state;
    assert_int_equal(authority_longest(ORDER_ALARM, CLASS_EMERGENCY), USEC_DAY);
    assert_int_equal(authority_longest(ORDER_ALARM, CLASS_DRILL), 2 * USEC_HOUR);
    assert_int_equal(authority_longest(ORDER_ALARM, CLASS_PRIORITY), 0);
    assert_int_equal(authority_longest(ORDER_PLAN, CLASS_EMERGENCY), 0);
    assert_int_equal(authority_longest(ORDER_PLAN, (enum order_class)31), 0);
    assert_int_equal(authority_longest((enum order_kind)0, CLASS_ORDINARY), 0);
    assert_int_equal(authority_longest(ORDER_LIVE, CLASS_PRIORITY), 12 * USEC_HOUR);
    assert_int_equal(authority_longest(ORDER_LIVE, CLASS_EMERGENCY), 0);
    assert_int_equal(authority_longest((enum order_kind)11, CLASS_ORDINARY), 0);
    assert_true(authority_is_versioned(ORDER_PLAN));
    assert_false(authority_is_versioned(ORDER_ALARM));
    assert_false(authority_is_versioned((enum order_kind)0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(judges_every_case),
        cmocka_unit_test(says_that_it_was_taken_before),
        cmocka_unit_test(commands_its_equals_and_those_below),
        cmocka_unit_test(knows_how_long_an_order_may_be),
    };
    return cmocka_run_group_tests_name("wire: authority", tests, NULL, NULL);
}
