/* Accounts, roles held and sessions as the API writes them. */
#ifndef LOA_CONSOLE_ACCOUNT_JSON_H
#define LOA_CONSOLE_ACCOUNT_JSON_H

#include "console/ask.h"
#include "people/session_store.h"

struct account;

/* ACCOUNT_SELF and ACCOUNT of the API. */
void account_json_self(struct ask *ask, const struct account *account);
void account_json_full(struct ask *ask, const struct account *account);
/* "roles": [{"id","role","unit","from","to"}] */
void account_json_roles(struct ask *ask, struct grants grants);
/* The body of GET /session for this session (id 0: nobody), with the CSRF token of `token`. */
CHECKED errc account_json_session(struct ask *ask, const struct session *session, str token,
                                  struct why *why);
void account_json_sessions(struct ask *ask, const struct session_lines *lines);

#endif
