/* Who is called, in which order; see roster.h. */
#include "duty/roster.h"

#include "people/unit_sight.h"

errc duty_may(const struct duty_job *job, enum right right, unit_id unit)
{
    struct right_view view = unit_right_view(job->forest);
    struct unit_sight sight = {job->forest, job->actor, RIGHT_UNITS_READ};
    if (job->actor->account_id == 0 || actor_may(job->actor, right, unit, &view)) {
        return forest_knows(job->forest, unit) ? OK : ERR_NOT_FOUND;
    }
    return unit_may_see(&sight, unit) ? ERR_FORBIDDEN : ERR_NOT_FOUND;
}

static bool is_called(const struct reach *reach, int64_t account)
{
    for (size_t i = 0; i < reach->count; i++) {
        for (size_t j = 0; j < reach->steps[i].count; j++) {
            if (reach->steps[i].people[j].account == account) {
                return true;
            }
        }
    }
    return false;
}

/* One step of those who are not called earlier; none when nobody is left. */
struct stepping {
    struct reach *reach;
    struct reach_person *people;
    size_t count;
};

static void begin_step(struct stepping *stepping, struct reach_person *room, int rank)
{
    struct reach *reach = stepping->reach;
    stepping->people = room;
    stepping->count = 0;
    reach->steps[reach->count++] = (struct reach_step){.rank = rank, .people = room};
}

static void call(struct stepping *stepping, const struct reach_person *person)
{
    struct reach *reach = stepping->reach;
    if (!is_called(reach, person->account)) {
        stepping->people[stepping->count++] = *person;
        reach->steps[reach->count - 1].count = stepping->count;
    }
}

static void end_step(const struct stepping *stepping)
{
    if (stepping->count == 0) {
        stepping->reach->count--;
    }
}

errc reach_order(const struct reach_crowd *shifts, const struct reach_crowd *rights,
                 struct arena *arena, struct reach *ret_reach)
{
    struct reach reach = {.count = 0};
    struct stepping stepping = {.reach = &reach};
    struct reach_person *room =
        arena_take_array(arena, shifts->count + rights->count + 1, sizeof *room);
    size_t i = 0;
    if (room == NULL) {
        return ERR_NO_MEMORY;
    }
    while (i < shifts->count) {
        int rank = shifts->at[i].rank;
        begin_step(&stepping, room, rank);
        for (; i < shifts->count && shifts->at[i].rank == rank; i++) {
            call(&stepping, &shifts->at[i]);
        }
        end_step(&stepping);
        room += stepping.count;
    }
    begin_step(&stepping, room, SHIFT_RANK_MOST + 1);
    for (size_t j = 0; j < rights->count; j++) {
        call(&stepping, &rights->at[j]);
    }
    end_step(&stepping);
    *ret_reach = reach;
    return OK;
}
