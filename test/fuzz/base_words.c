/* A catalogue of any bytes is refused with a reason, or every key of it can be written; so can
 * any Accept-Language be read. */
#include "base/base.h"
#include "base/crash.h"
#include "base/words.h"

struct visit {
    const struct words *words;
    struct buf out;
};

static void write_key(void *ctx, str key)
{
    struct visit *visit = ctx;
    const struct words_arg args[] = {{"name", S("{name}")}, {"count", S("3")}};
    ENSURE(words_has(visit->words, WORDS_VI, key));
    buf_clear(&visit->out);
    words_write(visit->words, WORDS_EN, key, args, COUNT_OF(args), &visit->out);
    ENSURE(visit->out.len > 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    str text = {(const char *)data, size};
    struct words *words = NULL;
    struct why why = {""};
    ignore_int(words_language_of(text));
    if (size > 64 * 1024) {
        return 0;
    }
    if (words_create(text, S("a = x {name}"), &words, &why) != OK) {
        ENSURE(why.text[0] != '\0' && words == NULL);
        return 0;
    }
    struct visit visit = {.words = words};
    buf_init(&visit.out, 16 << 20);
    words_each(words, WORDS_VI, write_key, &visit);
    buf_finish(&visit.out);
    words_destroy(words);
    return 0;
}
