/* Who is it? The key is proved first; everything that is asked of memory or store comes after. */
#include "gate/gate_inside.h"

#include "wire/proof.h"

/* What it said of itself, kept for as long as it may be needed. */
static void keep_words(struct gate_session *session, const struct wire_attach *attach)
{
    size_t used = 0;
    session->intro->attach = *attach;
    str *texts[] = {&session->intro->attach.model, &session->intro->attach.serial,
                    &session->intro->attach.program, &session->intro->attach.claim};
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        size_t len = texts[i]->len;
        if (len == 0 || used + len > sizeof session->intro->words) {
            *texts[i] = STR_NONE;
            continue;
        }
        memcpy(session->intro->words + used, texts[i]->at, len);
        *texts[i] = (str){session->intro->words + used, len};
        used += len;
    }
}

static bool is_proved(const struct gate_session *session, const struct wire_attach *attach)
{
    struct proof_facts facts = {.nonce = session->intro->nonce,
                                .channel = session->intro->channel,
                                .version = attach->version,
                                .boot = attach->boot};
    return proof_check(&facts, &attach->proof, attach->device_key);
}

void attach_handle(struct gate_session *session, const struct wire_attach *attach)
{
    struct gate *gate = session->gate;
    usec now = loop_now(gate->config.loop);
    if (attach->version != WIRE_VERSION) {
        session_bye(session, BYE_VERSION, USEC_HOUR);
        return;
    }
    if (!is_proved(session, attach)) {
        gate->counters.refused++;
        session_bye(session, BYE_PROOF, USEC_MINUTE);
        return;
    }
    usec wait = liars_wait(gate->liars, attach->device_key, now);
    if (wait > 0) {
        session_bye(session, BYE_PROTOCOL, wait);
        return;
    }
    session->is_proved = true;
    session->key = attach->device_key;
    session->boot = attach->boot;
    session->link = (enum device_link)attach->link;
    session->said_device = attach->device;
    keep_words(session, attach);
    struct gate_session *before = session_claim_key(session);
    if (before != NULL) {
        session_bye(before, BYE_ELSEWHERE, 0);
    }
    attach_look(session);
}

static void take_place(struct gate_session *session, const struct presence_key *found)
{
    session->device = found->id;
    session->is_accepted = found->state == DEVICE_IS_ACCEPTED;
    session->is_retired = found->state == DEVICE_IS_RETIRED || found->state == DEVICE_IS_REPLACED;
    session->path_count = 0;
    for (size_t i = 0; i < found->place.path_count && i < SESSION_PATH; i++) {
        session->path[session->path_count++] = (uint64_t)found->place.path[i];
    }
}

/* People who wait for it at its box see that it is there. */
static void show_stranger(struct gate_session *session, int64_t id)
{
    const struct gate_config *config = &session->gate->config;
    struct presence_attach attach = {
        .boot = session->boot, .link = session->link, .beat = config->beat};
    if (session->waits_as == 0) {
        session->waits_as = id;
        presence_attached(config->ports.presence, id, &attach, loop_now(config->loop));
    }
}

/* Called again for as long as it waits. */
void attach_look(struct gate_session *session)
{
    struct gate *gate = session->gate;
    struct presence_key found;
    bool is_known = presence_by_key(gate->config.ports.presence, session->key, &found);
    bool has_met = session->stage == SESSION_WAITING;
    if (!is_known || found.state == DEVICE_IS_PENDING) {
        if (!has_met) {
            meet_start(session);
        } else if (is_known) {
            show_stranger(session, found.id);
        }
        return;
    }
    take_place(session, &found);
    if (session->said_device != 0 && session->said_device != (uint64_t)session->device) {
        session_lies(session, LIE_OTHER_ID, "says that it is another device");
        return;
    }
    if (has_met) {
        gate->counters.strangers--;
    }
    session_claim_device(session);
    join_start(session);
}
