/* Messages, feeds and signatures from strangers: what is read can be written and read again. */
#include "cap/cap.h"
#include "cap/cap_feed.h"
#include "cap/cap_seal.h"

static void check_again(const struct cap_message *message, struct arena *arena)
{
    AUTO(buf_finish) struct buf text;
    struct cap_message again;
    struct why why;
    buf_init(&text, 8 * CAP_SIZE_MOST);
    cap_write(message, 7 * USEC_HOUR, &text);
    if (buf_check(&text) != OK) {
        abort();
    }
    errc rc = cap_read(buf_str(&text), arena, &again, &why);
    if (rc != OK && rc != ERR_TOO_BIG && rc != ERR_NO_MEMORY) {
        fprintf(stderr, "%s\n%.*s\n", why.text, STR_ARG(buf_str(&text)));
        abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct cap_message message;
    struct cap_feed feed;
    struct why why;
    enum cap_signature signature = CAP_SIGNATURE_NONE;
    AUTO(arena_close) struct arena *arena = NULL;
    str xml = {(const char *)data, size};
    if (arena_create(64 * 1024 * 1024, &arena) != OK) {
        return 0;
    }
    if (cap_read(xml, arena, &message, &why) == OK) {
        check_again(&message, arena);
    }
    ignore(cap_feed_read(xml, arena, &feed, &why));
    if (cap_verify(xml, S(""), 0, &signature, &why) == OK && signature == CAP_SIGNATURE_GOOD) {
        abort();
    }
    return 0;
}
