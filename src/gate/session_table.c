/* Sessions by slot, by key and by device. A slot that is used again has a new generation. */
#include "gate/gate_inside.h"

static uint64_t key_number(hash key)
{
    uint64_t number = 0;
    memcpy(&number, key.bytes, sizeof number);
    return number == 0 ? 1 : number;
}

errc session_table_create(struct gate *gate)
{
    size_t most = gate->config.devices_most;
    gate->sessions = mem_take_array(most, sizeof(struct gate_session *));
    gate->generations = mem_take_array(most, sizeof(uint32_t));
    gate->free_slots = mem_take_array(most, sizeof(uint32_t));
    slot_map_init(&gate->by_key, most, entropy_u64(gate->config.entropy));
    slot_map_init(&gate->by_device, most, entropy_u64(gate->config.entropy));
    return OK;
}

void session_drop_intro(struct gate_session *session)
{
    mem_give(session->intro);
    session->intro = NULL;
}

void session_table_destroy(struct gate *gate)
{
    for (size_t i = 0; i < gate->slot_most; i++) {
        if (gate->sessions[i] != NULL) {
            session_drop_intro(gate->sessions[i]);
            mem_give(gate->sessions[i]);
        }
    }
    mem_give(gate->sessions);
    mem_give(gate->generations);
    mem_give(gate->free_slots);
    slot_map_finish(&gate->by_key);
    slot_map_finish(&gate->by_device);
}

struct gate_session *session_take(struct gate *gate)
{
    uint32_t slot = 0;
    if (gate->free_count > 0) {
        slot = gate->free_slots[--gate->free_count];
    } else if (gate->slot_most < gate->config.devices_most) {
        slot = (uint32_t)gate->slot_most++;
    } else {
        return NULL;
    }
    struct gate_session *session = mem_take(sizeof *session);
    session->gate = gate;
    session->intro = mem_take(sizeof *session->intro);
    session->id = (struct session_id){slot, ++gate->generations[slot]};
    gate->sessions[slot] = session;
    return session;
}

static bool is_held_by(const struct slot_map *map, uint64_t key, uint32_t slot)
{
    uint32_t found = 0;
    return slot_map_get(map, key, &found) && found == slot;
}

void session_free(struct gate_session *session)
{
    struct gate *gate = session->gate;
    uint32_t slot = session->id.slot;
    if (is_held_by(&gate->by_key, key_number(session->key), slot)) {
        slot_map_drop(&gate->by_key, key_number(session->key));
    }
    if (session->device != 0 && is_held_by(&gate->by_device, (uint64_t)session->device, slot)) {
        slot_map_drop(&gate->by_device, (uint64_t)session->device);
    }
    gate->sessions[slot] = NULL;
    gate->free_slots[gate->free_count++] = slot;
    mem_give(session->intro);
    mem_give(session);
}

struct gate_session *session_of(struct gate *gate, struct session_id id)
{
    bool stands = id.slot < gate->slot_most && gate->generations[id.slot] == id.generation;
    return stands ? gate->sessions[id.slot] : NULL;
}

static struct gate_session *find(struct gate *gate, const struct slot_map *map, uint64_t key)
{
    uint32_t slot = 0;
    return slot_map_get(map, key, &slot) ? gate->sessions[slot] : NULL;
}

struct gate_session *session_of_device(struct gate *gate, int64_t device)
{
    return device == 0 ? NULL : find(gate, &gate->by_device, (uint64_t)device);
}

struct gate_session *session_of_key(struct gate *gate, hash key)
{
    return find(gate, &gate->by_key, key_number(key));
}

struct gate_session *session_claim_key(struct gate_session *session)
{
    struct gate *gate = session->gate;
    struct gate_session *before = session_of_key(gate, session->key);
    slot_map_put(&gate->by_key, key_number(session->key), session->id.slot);
    return before == session ? NULL : before;
}

void session_claim_device(struct gate_session *session)
{
    slot_map_put(&session->gate->by_device, (uint64_t)session->device, session->id.slot);
}
