/* The post office: gives letters to push services and to the mail server, and says of each how it
 * fared. Waits for the network, so it belongs on a thread of its own; one post office for one
 * thread.
 *
 * What browsers name is dialled only where it is https, on the open Internet and itself the end of
 * the way: no redirect is followed, and the address is judged at the moment of dialling. */
#ifndef LOA_DUTY_POST_H
#define LOA_DUTY_POST_H

#include "duty/letter.h"

struct post;

struct post_config {
    struct push_pair pair;
    bool has_pair;
    const char *push_contact; /* "mailto:…" or "https://…"; empty: none is given */
    const char *push_ca_file; /* empty: the system's */
    bool push_loopback;       /* this machine too, for trying out */
    const char *mail_server;  /* "smtp://host:port", "smtps://host:port"; empty: no mail */
    const char *mail_from;
    const char *mail_from_name;
    const char *mail_user; /* empty: without signing in */
    const char *mail_password;
    const char *mail_ca_file;
    bool mail_tls; /* smtp:// only after STARTTLS */
    struct entropy entropy;
};

/* Once in a program, before threads. */
CHECKED errc post_begin(struct why *why);
CHECKED errc post_create(struct post **ret_post, struct why *why);
void post_destroy(struct post *post); /* accepts null */

/* All at the same time, none longer than POST_SECONDS. `results` has room for each letter. Any
 * thread may call post_stop, upon which what is under way ends as LETTER_LATER. */
enum { POST_SECONDS = 20 };
void post_send(struct post *post, const struct post_config *config, const struct letters *letters,
               usec now, struct letter_result *results);
void post_stop(struct post *post);

/* Pure: what an answer means. */
enum letter_outcome post_push_outcome(long status);
enum letter_outcome post_mail_outcome(long reply); /* 0: it did not come so far */

#endif
