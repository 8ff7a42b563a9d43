/* Figures in the store; see unit_figure.h. */
#include "people/unit_figure.h"

#include "base/json_out.h"
#include "people/audit.h"
#include "people/unit_figure_sql.h"

errc unit_figure_list(struct db *db, unit_id unit, struct arena *arena,
                      struct unit_figures *ret_figures, struct why *why)
{
    struct unit_figures_of_in in = {unit};
    struct unit_figures_of_row *rows = NULL;
    size_t count = 0;
    TRY(unit_figures_of_all(db, &in, arena, &rows, &count, why));
    struct unit_figure *list = arena_take_array(arena, count + 1, sizeof *list);
    if (list == NULL) {
        return ERR_NO_MEMORY;
    }
    for (size_t i = 0; i < count; i++) {
        list[i] = (struct unit_figure){
            .from = rows[i].from_day, .value = rows[i].value, .source = rows[i].source};
        if (!unit_figure_parse(rows[i].kind, &list[i].kind)) {
            return ERR_CORRUPT;
        }
    }
    *ret_figures = (struct unit_figures){list, count};
    return OK;
}

static errc tell(struct db *db, const struct actor *actor, unit_id unit,
                 const struct unit_figure *figure, struct why *why)
{
    AUTO(buf_finish) struct buf after;
    struct json_out out;
    buf_init(&after, AUDIT_JSON_MOST);
    json_out_init(&out, &after);
    json_object(&out);
    json_text_at(&out, "kind", unit_figure_name(figure->kind));
    json_day_at(&out, "from", figure->from);
    json_i64_at(&out, "value", figure->value);
    json_str_at(&out, "source", figure->source);
    json_end(&out);
    struct audit_entry entry = {
        .actor = actor,
        .action = "unit_figure_changed",
        .subject_kind = "unit",
        .subject_id = unit,
        .subject_name = S(""),
        .subject_unit_id = unit,
        .after = buf_str(&after),
    };
    TRY(db_announce(db, "units", why));
    return audit_append(db, &entry, why);
}

errc unit_figure_put(struct db *db, const struct actor *actor, unit_id unit,
                     const struct unit_figure *figure, struct why *why)
{
    struct unit_figure_row_put_in in = {
        .unit_id = unit,
        .kind = str_of(unit_figure_name(figure->kind)),
        .from_day = figure->from,
        .value = figure->value,
        .source = figure->source.len == 0 ? S("") : figure->source,
        .has_changed_by = actor->account_id != 0,
        .changed_by = actor->account_id,
        .now_us = actor->now,
    };
    TRY(unit_figure_row_put(db, &in, NULL, why));
    return tell(db, actor, unit, figure, why);
}

errc unit_figure_sum(struct db *db, struct tree tree, enum unit_figure_kind kind,
                     struct unit_set units, struct arena *arena, struct unit_sum *ret_sum,
                     struct why *why)
{
    struct unit_figures_all_in in = {str_of(unit_figure_name(kind)), tree.on};
    struct unit_figures_all_row *rows = NULL;
    size_t row_count = 0;
    size_t value_count = 0;
    TRY(unit_figures_all_all(db, &in, arena, &rows, &row_count, why));
    struct unit_value *values = arena_take_array(arena, row_count + 1, sizeof *values);
    if (values == NULL) {
        return ERR_NO_MEMORY;
    }
    for (size_t i = 0; i < row_count; i++) {
        bool same = value_count > 0 && values[value_count - 1].unit == rows[i].unit_id;
        value_count += same ? 0 : 1;
        values[value_count - 1] = (struct unit_value){rows[i].unit_id, rows[i].value};
    }
    *ret_sum = unit_figure_add(tree, values, value_count, units);
    return OK;
}
