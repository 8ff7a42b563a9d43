/* Answers: headers that every one carries, errors in the user's language, pages. */
#ifndef LOA_CONSOLE_REPLY_H
#define LOA_CONSOLE_REPLY_H

#include "console/console_inside.h"

/* Before there is an ask. */
void reply_error_early(struct console *console, struct http_request *request, errc rc);
void reply_text(struct console *console, struct http_request *request, str text, str type);
/* The asset at the address; else the console's page, whose script finds its own way. */
void reply_page(struct console *console, struct http_request *request);
/* The outcome of an ask; the request and the ask are gone afterwards. */
void reply_ask(struct console *console, http_id id, struct ask *ask, errc rc,
               const struct why *why);
/* Where a request really comes from, and whether its way was encrypted: a proxy of ours may say. */
str reply_address(const struct console *console, struct http_request *request);
bool reply_is_tls(const struct console *console, struct http_request *request);
enum words_language reply_language(const struct console *console, struct http_request *request);

#endif
