/* Who asks: the cookie's session, as the cache remembers it or as the store has it now, and the
 * actor that every change will be written down for. A request without a session is a stranger, who
 * has no account and no rights; number 0 would be the system itself and is never given here. */
#include "console/console_inside.h"
#include "console/unit_json.h"

static const struct session nobody = {.id = 0};

static str host_name(str host)
{
    size_t end = host.len;
    for (size_t i = host.len; i-- > 0 && host.at[i] != ']';) {
        if (host.at[i] == ':') {
            end = i;
            break;
        }
    }
    return str_cut(host, 0, end);
}

/* A security key is bound to the site's name; without a public address it is the one people typed.
 */
static struct webauthn_site site_of(const struct ask *ask)
{
    str origin = ask->house->public_origin;
    if (origin.len == 0) {
        origin = arena_format(ask->arena, "%s%.*s", ask->tls ? "https://" : "http://",
                              STR_ARG(ask->host));
    }
    str rest = STR_NONE;
    ignore_int(str_split(origin, '/', &rest).at == NULL);
    str host = str_cut(rest, 1, rest.len);
    return (struct webauthn_site){.rp_id = host_name(host), .origin = origin};
}

static void fill_setup(struct ask *ask)
{
    ask->setup = (struct account_setup){
        .policy = ask->policy,
        .key = ask->house->key,
        .site = site_of(ask),
        .view = unit_right_view(ask->forest),
        .entropy = ask->house->entropy,
        .issuer = ask->house->site_name,
    };
    ask->job = (struct account_job){
        .setup = &ask->setup, .actor = &ask->actor, .arena = ask->arena, .bad = &ask->bad};
}

static errc load(struct ask *ask, struct why *why)
{
    struct session *session = arena_take(ask->arena, sizeof *session);
    if (session == NULL) {
        return ERR_NO_MEMORY;
    }
    errc rc = session_load(ask->db, ask->token, ask->today, ask->arena, session, why);
    if (rc == ERR_SIGNED_OUT) {
        return OK;
    }
    TRY(rc);
    ask->session = session;
    ask->session_is_loaded = true;
    return OK;
}

errc who_find(struct ask *ask, bool fresh, struct why *why)
{
    bool known = ask->session != NULL && ask->session->id != 0 && !fresh;
    if (!known) {
        ask->session = &nobody;
        if (ask->token.at != NULL && session_token_is_text(ask->token)) {
            TRY(load(ask, why));
        }
    }
    ask->actor = session_actor(ask->session, ask->address, ask->agent, ask->now, ask->today);
    if (ask->session->id == 0) {
        ask->actor.account_id = ASK_STRANGER;
    } else {
        ask->language = words_language_of(str_of(ask->session->language));
    }
    fill_setup(ask);
    return OK;
}

/* Signing in needs no token: it is how one comes by it, and the Origin has been looked at. */
static bool wants_csrf(const struct ask *ask)
{
    const struct route *route = ask->match.route;
    bool signs_in =
        route->method == ROUTE_POST && str_is(str_of(route->path), S("/api/v1/session"));
    return ask->session->id != 0 && route->method != ROUTE_GET && !signs_in;
}

errc who_check(struct ask *ask, struct why *why)
{
    const struct route *route = ask->match.route;
    TRY(session_gate(ask->session, &ask->policy, route->right, ask->now, ask->today));
    if (wants_csrf(ask) && !session_csrf_is(ask->token, ask->csrf)) {
        return fail(why, ERR_BAD_CSRF, "the token is not this session's");
    }
    return OK;
}
