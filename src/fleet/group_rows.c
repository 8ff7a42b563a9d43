/* Groups in the store. */
#include "fleet/group.h"

#include "fleet/fleet_inside.h"
#include "fleet/group_sql.h"
#include "people/audit.h"
#include "store/db.h"

errc group_list(struct db *db, const struct fleet_job *job, struct groups *ret_groups,
                struct why *why)
{
    struct groups_all_row *rows = NULL;
    size_t count = 0;
    size_t kept = 0;
    TRY(groups_all_all(db, job->arena, &rows, &count, why));
    struct group *groups = arena_take_array(job->arena, count + 1, sizeof *groups);
    if (groups == NULL) {
        return ERR_NO_MEMORY;
    }
    for (size_t i = 0; i < count; i++) {
        if (fleet_sees(job, rows[i].unit_id)) {
            groups[kept++] = (struct group){.id = rows[i].id,
                                            .unit = rows[i].unit_id,
                                            .is_zone = str_is(rows[i].kind, S("zone")),
                                            .name = rows[i].name,
                                            .devices = rows[i].devices};
        }
    }
    *ret_groups = (struct groups){groups, kept};
    return OK;
}

static errc write_group(struct db *db, const struct fleet_job *job, const struct group_draft *draft,
                        int64_t *ret_id, struct why *why)
{
    struct fleet_keys keys;
    struct group_add_row row;
    str kind = draft->is_zone ? S("zone") : S("group");
    TRY(fleet_keys_make(job->arena, draft->name, S(""), &keys, why));
    if (draft->id != 0) {
        struct group_set_in in = {draft->id, draft->unit, kind, keys.name, keys.sort};
        *ret_id = draft->id;
        return group_set(db, &in, NULL, why);
    }
    struct group_add_in in = {draft->unit, kind, keys.name, keys.sort, job->actor->now};
    TRY(group_add(db, &in, job->arena, &row, why));
    *ret_id = row.id;
    return OK;
}

/* Members are devices that the actor sees; who may write the group may gather what he sees. */
static errc write_members(struct db *db, const struct fleet_job *job,
                          const struct group_draft *draft, int64_t id, struct why *why)
{
    TRY(group_members_drop(db, &(struct group_members_drop_in){id}, NULL, why));
    for (size_t i = 0; i < draft->device_count; i++) {
        struct device device;
        struct group_member_add_in in = {id, draft->devices[i]};
        errc rc = device_read(db, job, draft->devices[i], &device, why);
        if (rc == ERR_NOT_FOUND || (rc == OK && device.state != DEVICE_IS_ACCEPTED)) {
            return fleet_field(job, "devices", "not_found", why);
        }
        TRY(rc);
        TRY(group_member_add(db, &in, NULL, why));
    }
    return OK;
}

errc group_put(struct db *db, const struct fleet_job *job, const struct group_draft *draft,
               int64_t *ret_id, struct why *why)
{
    int64_t id = draft->id;
    int64_t version = 0;
    TRY(audit_hold(db, why));
    TRY(fleet_check_name(job, "name", draft->name, why));
    TRY(fleet_check_unit(job, "unit_id", RIGHT_FLEET_WRITE, draft->unit, why));
    if (id != 0) {
        struct group_by_id_row row;
        TRY(group_by_id(db, &(struct group_by_id_in){id}, job->arena, &row, why));
        TRY(fleet_may(job, RIGHT_FLEET_WRITE, row.unit_id, why));
    }
    TRY(fleet_bump(db, job, &version, why));
    TRY(write_group(db, job, draft, &id, why));
    TRY(group_touch_members(db, &(struct group_touch_members_in){id, version}, NULL, why));
    TRY(write_members(db, job, draft, id, why));
    TRY(group_touch_members(db, &(struct group_touch_members_in){id, version}, NULL, why));
    AUTO(fleet_story_close) struct fleet_story story = {.text = {.at = NULL}};
    struct fleet_tale tale = {.action = draft->id != 0 ? "group_changed" : "group_created",
                              .kind = "device_group",
                              .id = id,
                              .name = draft->name,
                              .unit = draft->unit,
                              .before = STR_NONE};
    fleet_story_begin(&story);
    json_i64_at(&story.json, "devices", (int64_t)draft->device_count);
    TRY(fleet_story_end(&story, job->arena, &tale.after));
    TRY(fleet_tell(db, job, "devices", &tale, why));
    *ret_id = id;
    return OK;
}

static errc change_member(struct db *db, int64_t group, int64_t device, bool in, int64_t version,
                          struct why *why)
{
    struct group_member_add_in add = {group, device};
    struct group_member_drop_in drop = {group, device};
    TRY(in ? group_member_add(db, &add, NULL, why) : group_member_drop(db, &drop, NULL, why));
    return group_member_touch(db, &(struct group_member_touch_in){device, version}, NULL, why);
}

static errc tell_members(struct db *db, const struct fleet_job *job,
                         const struct group_by_id_row *group, size_t count, bool in,
                         struct why *why)
{
    AUTO(fleet_story_close) struct fleet_story story = {.text = {.at = NULL}};
    struct fleet_tale tale = {.action = "group_changed",
                              .kind = "device_group",
                              .id = group->id,
                              .name = group->name,
                              .unit = group->unit_id,
                              .before = STR_NONE};
    fleet_story_begin(&story);
    json_i64_at(&story.json, in ? "added" : "dropped", (int64_t)count);
    TRY(fleet_story_end(&story, job->arena, &tale.after));
    return fleet_tell(db, job, "devices", &tale, why);
}

errc group_change_members(struct db *db, const struct fleet_job *job, int64_t id,
                          struct device_ids ids, bool in, struct device_batch *ret_batch,
                          struct why *why)
{
    struct group_by_id_row group;
    struct device_batch batch = {.changed = 0};
    int64_t version = 0;
    TRY(audit_hold(db, why));
    TRY(group_by_id(db, &(struct group_by_id_in){id}, job->arena, &group, why));
    TRY(fleet_may(job, RIGHT_FLEET_WRITE, group.unit_id, why));
    TRY(fleet_bump(db, job, &version, why));
    for (size_t i = 0; i < ids.count; i++) {
        struct device device;
        errc rc = device_read(db, job, ids.at[i], &device, why);
        if (rc != OK && rc != ERR_NOT_FOUND) {
            return rc;
        }
        bool may = rc == OK && device.state == DEVICE_IS_ACCEPTED &&
                   fleet_may(job, RIGHT_FLEET_WRITE, device.unit, NULL) == OK;
        batch.skipped += may ? 0 : 1;
        batch.changed += may ? 1 : 0;
        TRY(may ? change_member(db, id, ids.at[i], in, version, why) : OK);
    }
    TRY(tell_members(db, job, &group, batch.changed, in, why));
    *ret_batch = batch;
    return OK;
}

errc group_list_of(struct db *db, const struct fleet_job *job, int64_t device,
                   struct groups *ret_groups, struct why *why)
{
    struct group_names_of_row *rows = NULL;
    size_t count = 0;
    TRY(group_names_of_all(db, &(struct group_names_of_in){device}, job->arena, &rows, &count,
                           why));
    struct group *groups = arena_take_array(job->arena, count + 1, sizeof *groups);
    if (groups == NULL) {
        return ERR_NO_MEMORY;
    }
    for (size_t i = 0; i < count; i++) {
        groups[i] = (struct group){.id = rows[i].id, .name = rows[i].name};
    }
    *ret_groups = (struct groups){groups, count};
    return OK;
}
