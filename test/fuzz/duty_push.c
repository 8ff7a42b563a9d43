/* What a browser says when it subscribes: an address that may be dialled or not, a key that is a
 * point or not; what is let in can be sealed for. And whatever stands in a person's profile or in a
 * title makes no header, no tag and no command of a letter. */
#include "duty/push.h"

#include "base/crash.h"
#include "duty/mail.h"

static void fuzz_endpoint(str text)
{
    str origin = STR_NONE;
    if (!push_origin(text, &origin)) {
        return;
    }
    ENSURE(text.len <= PUSH_ENDPOINT_MOST && str_starts(text, origin));
    ENSURE(str_starts(origin, S("https://")) && !str_has(origin, '@'));
    for (size_t i = 0; i < text.len; i++) {
        ENSURE(text.at[i] > ' ' && text.at[i] <= '~');
    }
}

static void fuzz_key(str bytes)
{
    struct push_target target = {.auth = {1}};
    struct push_once once;
    struct entropy_seed seed = {3};
    AUTO(buf_finish) struct buf out;
    buf_init(&out, 4096);
    if (bytes.len < PUSH_PUBLIC_SIZE) {
        ENSURE(!push_key_is_fit(bytes));
        return;
    }
    str key = str_cut(bytes, 0, PUSH_PUBLIC_SIZE);
    memcpy(target.public_key, key.at, PUSH_PUBLIC_SIZE);
    ENSURE(push_once_make(entropy_seeded(&seed), &once, NULL) == OK);
    struct push_text text = {S("{}"), push_pad_for(2)};
    ENSURE(!push_key_is_fit(key) || push_seal(&target, &once, &text, &out, NULL) == OK);
}

static void fuzz_letter(str text)
{
    AUTO(buf_finish) struct buf out;
    struct mail mail = {.from_name = text,
                        .from = S("loa@tinh.example"),
                        .to = S("mai@xa.example"),
                        .subject = text,
                        .text = text,
                        .html = text,
                        .id = S("loa-1")};
    buf_init(&out, MAIL_MOST);
    if (mail_address_is_fit(text)) {
        ENSURE(!str_has(text, '\r') && !str_has(text, '\n') && !str_has(text, '>') &&
               !str_has(text, ' '));
    }
    if (mail_write(&mail, &out) != OK) {
        return;
    }
    for (size_t i = 0; i < out.len; i++) {
        bool ends = i > 0 && out.at[i] == '\n' && out.at[i - 1] == '\r';
        ENSURE((out.at[i] >= ' ' && out.at[i] <= '~') || out.at[i] == '\r' || ends);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0 || size > 16 * 1024) {
        return 0;
    }
    str rest = {(const char *)data + 1, size - 1};
    switch (data[0] % 3) {
    case 0:
        fuzz_endpoint(rest);
        break;
    case 1:
        fuzz_key(rest);
        break;
    default:
        fuzz_letter(rest);
    }
    return 0;
}
