/* See person.h. A province has a thousand accounts with a role or two: all of them are looked
 * through, those who stand at the unit or above it are kept. */
#include "people/person.h"

#include "people/account_rows.h"
#include "people/person_sql.h"

errc person_find(struct db *db, int64_t id, day today, struct arena *arena,
                 struct person *ret_person, struct why *why)
{
    struct person_by_id_row row;
    struct grants grants = {.count = 0};
    TRY(person_by_id(db, &(struct person_by_id_in){id}, arena, &row, why));
    TRY(account_grants(db, id, today, arena, &grants, why));
    *ret_person = (struct person){.id = id,
                                  .name = row.name,
                                  .unit = row.unit_id,
                                  .language = row.language,
                                  .email = row.email,
                                  .phone = row.phone,
                                  .grants = grants};
    return OK;
}

struct actor person_actor(const struct person *person, usec now, day today)
{
    return (struct actor){.account_id = person->id,
                          .unit_id = person->unit,
                          .name = person->name,
                          .login = S(""),
                          .grants = person->grants,
                          .address = S(""),
                          .agent = S(""),
                          .now = now,
                          .today = today};
}

/* People by how far above the unit they stand. */
struct finding {
    const struct people_query *query;
    struct arena *arena;
    struct person *at[UNIT_DEPTH + 1];
    size_t counts[UNIT_DEPTH + 1];
    unit_id path[UNIT_DEPTH + 1]; /* the unit, then those above it */
    size_t depth;
};

static void fill_path(struct finding *finding)
{
    struct tree tree = forest_at(finding->query->forest, finding->query->today);
    unit_id unit = finding->query->unit;
    while (unit != 0 && tree_has(tree, unit) && finding->depth <= UNIT_DEPTH) {
        finding->path[finding->depth++] = unit;
        unit = tree_parent(tree, unit);
    }
}

static str keep(const struct finding *finding, str text)
{
    return text.at == NULL ? STR_NONE : arena_str(finding->arena, text);
}

static bool is_there(const struct finding *finding, int64_t id, size_t *ret_level, size_t *ret_at)
{
    for (size_t level = 0; level < finding->depth; level++) {
        size_t count = finding->counts[level];
        if (count > 0 && finding->at[level][count - 1].id == id) {
            *ret_level = level;
            *ret_at = count - 1;
            return true;
        }
    }
    return false;
}

static void add(struct finding *finding, const struct people_granted_row *row, size_t level)
{
    size_t known = 0;
    size_t at = 0;
    if (is_there(finding, row->id, &known, &at)) {
        if (known <= level) {
            return;
        }
        finding->counts[known] = at; /* he stands nearer by another role */
    }
    if (finding->counts[level] == PEOPLE_MOST) {
        return;
    }
    finding->at[level][finding->counts[level]++] = (struct person){
        .id = row->id,
        .name = keep(finding, row->name),
        .unit = row->unit_id,
        .language = keep(finding, row->language),
        .email = keep(finding, row->email),
        .phone = keep(finding, row->phone),
    };
}

static errc on_granted(void *ctx, const struct people_granted_row *row)
{
    struct finding *finding = ctx;
    enum role role;
    if (!role_parse(row->role, &role) ||
        (role_rights(role) & RIGHT_BIT(finding->query->right)) == 0) {
        return OK;
    }
    for (size_t level = 0; level < finding->depth; level++) {
        if (finding->path[level] == row->grant_unit_id) {
            add(finding, row, level);
        }
    }
    return OK;
}

errc people_who_may(struct db *db, const struct people_query *query, struct arena *arena,
                    struct people *ret_people, struct why *why)
{
    struct finding finding = {.query = query, .arena = arena};
    size_t count = 0;
    fill_path(&finding);
    for (size_t level = 0; level < finding.depth; level++) {
        finding.at[level] = arena_take_array(arena, PEOPLE_MOST, sizeof(struct person));
        if (finding.at[level] == NULL) {
            return fail(why, ERR_NO_MEMORY, "no memory for people");
        }
    }
    TRY(people_granted(db, &(struct people_granted_in){query->today}, on_granted, &finding, why));
    struct person *all = arena_take_array(arena, PEOPLE_MOST, sizeof *all);
    if (all == NULL || arena_failed(arena)) {
        return fail(why, ERR_NO_MEMORY, "no memory for people");
    }
    for (size_t level = 0; level < finding.depth; level++) {
        for (size_t i = 0; i < finding.counts[level] && count < PEOPLE_MOST; i++) {
            all[count++] = finding.at[level][i];
        }
    }
    *ret_people = (struct people){all, count};
    return OK;
}
