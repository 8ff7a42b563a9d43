/* Steps as JSON, in and out. Reading is strict: an unknown field, a unit that is neither an id nor
 * a code, a share that is not a fraction, a name with a control character, all stop at the field.
 */
#include "people/reform.h"

struct reading {
    struct tree eve;
    struct arena *arena;
    struct bad_field *bad;
    size_t step; /* from 0 */
};

/* Says which step: the field's own name is put behind it. */
static errc in_step(const struct reading *run, errc rc)
{
    if (rc != ERR_INVALID && rc != ERR_UNKNOWN_FIELD) {
        return rc;
    }
    struct bad_field own = *run->bad;
    char text[160];
    ignore_int(snprintf(text, sizeof text, "steps[%zu].%s", run->step, own.name));
    ignore_int(str_to_array(str_cut(str_of(text), 0, sizeof run->bad->name - 1), run->bad->name,
                            sizeof run->bad->name));
    return rc;
}

static errc keep(const struct reading *run, str text, str *ret_text)
{
    str kept = arena_str(run->arena, text);
    if (kept.at == NULL) {
        return ERR_NO_MEMORY;
    }
    *ret_text = kept;
    return OK;
}

static errc read_unit(const struct reading *run, const struct json_value *object, const char *key,
                      unit_id *ret_unit)
{
    struct bad_field not_a_code;
    str code = STR_NONE;
    if (json_in_str(object, key, 1, UNIT_CODE_MOST, &code, &not_a_code) != OK) {
        return json_in_i64(object, key, -REFORM_STEPS_MOST, INT64_MAX, ret_unit, run->bad);
    }
    unit_id unit = tree_by_code(run->eve, -1, code);
    if (unit == 0) {
        return bad_field(run->bad, key, "unit_unknown");
    }
    *ret_unit = unit;
    return OK;
}

/* A unit that is there: only a parent may be a step's new unit. */
static errc read_old_unit(const struct reading *run, const struct json_value *object,
                          const char *key, unit_id *ret_unit)
{
    unit_id unit = 0;
    TRY(read_unit(run, object, key, &unit));
    if (unit <= 0) {
        return bad_field(run->bad, key, "unit_unknown");
    }
    *ret_unit = unit;
    return OK;
}

static errc read_kind(const struct reading *run, const struct json_value *object, int *ret_kind)
{
    str name = STR_NONE;
    TRY(json_in_str(object, "kind", 1, TIER_NAME_SIZE, &name, run->bad));
    int kind = kind_find(forest_tiers(run->eve.forest), name);
    if (kind < 0) {
        return bad_field(run->bad, "kind", "kind_unknown");
    }
    *ret_kind = kind;
    return OK;
}

static errc read_name(const struct reading *run, const struct json_value *object, str *ret_name)
{
    str name = STR_NONE;
    TRY(json_in_str(object, "name", 1, UNIT_NAME_MOST, &name, run->bad));
    if (!unit_name_is_fit(name)) {
        return bad_field(run->bad, "name", "name_unfit");
    }
    return keep(run, name, ret_name);
}

static errc read_code(const struct reading *run, const struct json_value *object, str *ret_code)
{
    str code = S("");
    if (json_in_has(object, "code")) {
        TRY(json_in_str(object, "code", 0, UNIT_CODE_MOST, &code, run->bad));
    }
    if (!unit_code_is_fit(code)) {
        return bad_field(run->bad, "code", "code_unfit");
    }
    return keep(run, code, ret_code);
}

static errc read_into(const struct reading *run, const struct json_value *object,
                      struct reform_step *step)
{
    const struct json_value *into = json_in_get(object, "into");
    if (!json_in_is_object(into)) {
        return bad_field(run->bad, "into", into == NULL ? "missing" : "wrong_type");
    }
    static const char *const keys[] = {"tier", "kind", "name", "code", "parent_id", NULL};
    TRY(json_in_only(into, keys, run->bad));
    TRY(read_kind(run, into, &step->kind));
    TRY(read_name(run, into, &step->name));
    TRY(read_code(run, into, &step->code));
    if (json_in_has(into, "parent_id")) {
        TRY(read_unit(run, into, "parent_id", &step->parent));
    }
    if (!json_in_has(into, "tier")) {
        return OK;
    }
    str tier = STR_NONE;
    TRY(json_in_str(into, "tier", 1, TIER_NAME_SIZE, &tier, run->bad));
    const struct tier_set *tiers = forest_tiers(run->eve.forest);
    if (tier_find(tiers, tier) != tiers->kinds[step->kind].tier) {
        return bad_field(run->bad, "tier", "kind_of_other_tier");
    }
    return OK;
}

/* A number as people type it, read as the decimal fraction it looks like, or "2/5". */
static errc read_share(const struct reading *run, const struct json_value *object, share *ret_share)
{
    struct bad_field not_a_text;
    str text = STR_NONE;
    char digits[32];
    if (json_in_str(object, "share", 1, 24, &text, &not_a_text) != OK) {
        double number = 0;
        TRY(json_in_double(object, "share", 0.0, 1.0, &number, run->bad));
        ignore_int(snprintf(digits, sizeof digits, "%.9f", number));
        text = str_of(digits);
    }
    if (!share_parse(text, ret_share) || ret_share->num == 0) {
        return bad_field(run->bad, "share", "share_unfit");
    }
    return OK;
}

static errc read_source(const struct reading *run, const struct json_value *object,
                        struct reform_source *ret_source)
{
    static const char *const keys[] = {"unit_id", "share", "rest", NULL};
    struct reform_source source = {.relation = LINK_PART, .share = SHARE_UNDECLARED};
    if (!json_in_is_object(object)) {
        return bad_field(run->bad, "from", "wrong_type");
    }
    TRY(json_in_only(object, keys, run->bad));
    TRY(read_old_unit(run, object, "unit_id", &source.unit));
    bool is_rest = false;
    if (json_in_has(object, "rest")) {
        TRY(json_in_bool(object, "rest", &is_rest, run->bad));
    }
    if (json_in_has(object, "share")) {
        TRY(read_share(run, object, &source.share));
    }
    if (is_rest && share_is_declared(source.share)) {
        return bad_field(run->bad, "share", "share_unfit");
    }
    if (is_rest) {
        source.relation = LINK_REST;
    } else if (source.share.num == 1 && source.share.den == 1) {
        source.relation = LINK_WHOLE;
    }
    *ret_source = source;
    return OK;
}

static errc read_merge(const struct reading *run, const struct json_value *object,
                       struct reform_step *step)
{
    static const char *const keys[] = {"op", "from", "into", "unit_id", NULL};
    TRY(json_in_only(object, keys, run->bad));
    const struct json_value *from = json_in_get(object, "from");
    if (!json_in_is_array(from) || json_in_count(from) == 0) {
        return bad_field(run->bad, "from", from == NULL ? "missing" : "wrong_type");
    }
    size_t count = json_in_count(from);
    if (count > REFORM_SOURCES_MOST) {
        return bad_field(run->bad, "from", "too_long");
    }
    struct reform_source *sources = arena_take_array(run->arena, count, sizeof *sources);
    if (sources == NULL) {
        return ERR_NO_MEMORY;
    }
    for (size_t i = 0; i < count; i++) {
        TRY(read_source(run, json_in_at(from, i), &sources[i]));
    }
    step->sources = sources;
    step->source_count = count;
    if (!json_in_has(object, "unit_id")) {
        return read_into(run, object, step);
    }
    if (json_in_has(object, "into")) {
        return bad_field(run->bad, "into", "unknown_field");
    }
    return read_old_unit(run, object, "unit_id", &step->unit);
}

static errc read_change(const struct reading *run, const struct json_value *object,
                        struct reform_step *step)
{
    static const char *const own[] = {[REFORM_RENAME] = "name",
                                      [REFORM_RECODE] = "code",
                                      [REFORM_REKIND] = "kind",
                                      [REFORM_MOVE] = "parent_id",
                                      [REFORM_END] = NULL};
    const char *keys[] = {"op", "unit_id", own[step->op], NULL};
    TRY(json_in_only(object, keys, run->bad));
    TRY(read_old_unit(run, object, "unit_id", &step->unit));
    switch (step->op) {
    case REFORM_RENAME:
        return read_name(run, object, &step->name);
    case REFORM_RECODE:
        return read_code(run, object, &step->code);
    case REFORM_REKIND:
        return read_kind(run, object, &step->kind);
    case REFORM_MOVE:
        return read_unit(run, object, "parent_id", &step->parent);
    case REFORM_END:
    case REFORM_MERGE:
    case REFORM_BEGIN:
        break;
    }
    return OK;
}

static errc read_op(const struct reading *run, const struct json_value *object,
                    enum reform_op *ret_op)
{
    str name = STR_NONE;
    if (!json_in_is_object(object)) {
        return bad_field(run->bad, "op", "wrong_type");
    }
    TRY(json_in_str(object, "op", 1, 16, &name, run->bad));
    for (int op = REFORM_MERGE; op <= REFORM_BEGIN; op++) {
        if (str_is(name, str_of(reform_op_name((enum reform_op)op)))) {
            *ret_op = (enum reform_op)op;
            return OK;
        }
    }
    return bad_field(run->bad, "op", "unknown_op");
}

static errc read_step(const struct reading *run, const struct json_value *object,
                      struct reform_step *ret_step)
{
    struct reform_step step = {.kind = -1, .name = S(""), .code = S("")};
    TRY(read_op(run, object, &step.op));
    if (step.op == REFORM_MERGE) {
        TRY(read_merge(run, object, &step));
    } else if (step.op == REFORM_BEGIN) {
        static const char *const keys[] = {"op", "into", NULL};
        TRY(json_in_only(object, keys, run->bad));
        TRY(read_into(run, object, &step));
    } else {
        TRY(read_change(run, object, &step));
    }
    *ret_step = step;
    return OK;
}

errc reform_steps_parse(const struct json_value *array, struct tree eve, struct arena *arena,
                        struct reform_steps *ret_steps, struct bad_field *bad)
{
    if (!json_in_is_array(array)) {
        return bad_field(bad, "steps", array == NULL ? "missing" : "wrong_type");
    }
    size_t count = json_in_count(array);
    if (count > REFORM_STEPS_MOST) {
        return bad_field(bad, "steps", "too_long");
    }
    struct reform_step *steps = arena_take_array(arena, count, sizeof *steps);
    if (steps == NULL) {
        return ERR_NO_MEMORY;
    }
    for (size_t i = 0; i < count; i++) {
        struct reading run = {.eve = eve, .arena = arena, .bad = bad, .step = i};
        TRY(in_step(&run, read_step(&run, json_in_at(array, i), &steps[i])));
    }
    *ret_steps = (struct reform_steps){steps, count};
    return OK;
}

static void write_share(struct json_out *out, share value)
{
    struct buf text AUTO(buf_finish) = {.at = NULL};
    buf_init(&text, 64);
    share_write(value, &text);
    json_str_at(out, "share", buf_str(&text));
}

static void write_sources(struct json_out *out, const struct reform_step *step)
{
    json_array_at(out, "from");
    for (size_t i = 0; i < step->source_count; i++) {
        const struct reform_source *source = &step->sources[i];
        json_object(out);
        json_i64_at(out, "unit_id", source->unit);
        if (source->relation == LINK_REST) {
            json_bool_at(out, "rest", true);
        } else if (source->relation == LINK_WHOLE) {
            json_i64_at(out, "share", 1);
        } else if (share_is_declared(source->share)) {
            write_share(out, source->share);
        } else {
            json_null_at(out, "share");
        }
        json_end(out);
    }
    json_end(out);
}

static void write_into(struct json_out *out, const struct tier_set *tiers,
                       const struct reform_step *step)
{
    const struct kind *kind = &tiers->kinds[step->kind];
    json_object_at(out, "into");
    json_text_at(out, "tier", tiers->tiers[kind->tier].name);
    json_text_at(out, "kind", kind->name);
    json_str_at(out, "name", step->name);
    json_str_at(out, "code", step->code.len > 0 ? step->code : STR_NONE);
    if (step->parent == 0) {
        json_null_at(out, "parent_id");
    } else {
        json_i64_at(out, "parent_id", step->parent);
    }
    json_end(out);
}

static void write_step(struct json_out *out, const struct tier_set *tiers,
                       const struct reform_step *step)
{
    json_object(out);
    json_text_at(out, "op", reform_op_name(step->op));
    if (step->op == REFORM_MERGE) {
        write_sources(out, step);
    }
    if (step->unit != 0) {
        json_i64_at(out, "unit_id", step->unit);
    } else {
        write_into(out, tiers, step);
    }
    switch (step->op) {
    case REFORM_RENAME:
        json_str_at(out, "name", step->name);
        break;
    case REFORM_RECODE:
        json_str_at(out, "code", step->code.len > 0 ? step->code : STR_NONE);
        break;
    case REFORM_REKIND:
        json_text_at(out, "kind", tiers->kinds[step->kind].name);
        break;
    case REFORM_MOVE:
        json_i64_at(out, "parent_id", step->parent);
        break;
    case REFORM_MERGE:
    case REFORM_END:
    case REFORM_BEGIN:
        break;
    }
    json_end(out);
}

void reform_steps_write(struct json_out *out, const struct tier_set *tiers,
                        const struct reform_steps *steps)
{
    json_array(out);
    for (size_t i = 0; i < steps->count; i++) {
        write_step(out, tiers, &steps->steps[i]);
    }
    json_end(out);
}
