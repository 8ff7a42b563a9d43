/* A stick is read once when it appears, and the log goes back on it. */
#include "agent/agent_inside.h"

#include "agent/disk_folder.h"
#include "agent/stick.h"

enum { PATH_ROOM = 600 };

static enum log_reason port_trust(void *ctx, const struct wire_trust *trust)
{
    struct agent *agent = ctx;
    return session_trust(agent->session, agent_steady(agent), trust);
}

static enum log_reason port_order(void *ctx, str cose)
{
    struct agent *agent = ctx;
    return session_order(agent->session, agent_steady(agent), cose);
}

/* Only what some order in force names: a stick cannot fill a device. */
static bool port_is_needed(void *ctx, hash media)
{
    struct agent *agent = ctx;
    if (agent->wishes_at == 0) {
        agent_fetch_turn(agent);
    }
    for (size_t i = 0; i < agent->wish_count; i++) {
        if (hash_is(agent->wishes[i].media, media)) {
            return true;
        }
    }
    return false;
}

errc agent_stick(struct agent *agent, const struct disk *stick, struct why *why)
{
    struct stick_ports ports = {agent, port_trust, port_order};
    struct stick_device device = {
        .device = session_device(agent->session),
        .secret = agent->secret.bytes,
        .log = agent->log,
        .cache = agent->cache,
        .needs = {port_is_needed, agent},
    };
    struct stick_report report = {.orders = 0};
    size_t pieces = 0;
    errc rc = stick_read(stick, &ports, &device, &report, why);
    struct wire_log_entry entry = {.kind = LOG_STICK,
                                   .value = (int64_t)report.accepted,
                                   .reason = rc == OK ? REASON_NONE : REASON_MALFORMED};
    agent_note(agent, &entry, true);
    agent_wish_again(agent);
    agent->sound_at = 0;
    errc wrote = device.device == 0 ? OK : stick_write_log(stick, &device, &pieces, why);
    return rc == OK ? wrote : rc;
}

bool agent_stick_look(struct agent *agent, const char *folder, bool was_there)
{
    static const char *const folders[] = {"orders", "media", "logs", NULL};
    char path[PATH_ROOM];
    struct disk_folder *stick = NULL;
    ignore_int(snprintf(path, sizeof path, "%s/loa", folder));
    bool is_there = disk_folder_is_plain(path);
    if (is_there && !was_there && disk_folder_open(path, folders, &stick, NULL) == OK) {
        struct disk disk = disk_folder_disk(stick);
        ignore(agent_stick(agent, &disk, NULL)); /* the log says what came of it */
        disk_folder_close(stick);
    }
    return is_there;
}
