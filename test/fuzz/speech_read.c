/* Reading aloud is total: whatever is text becomes text, of bounded length. */
#include "speech/speech.h"

#include "base/crash.h"
#include "base/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    AUTO(buf_finish) struct buf out;
    str text = {(const char *)data, size};
    struct speech_said said[] = {{S("Loa"), S("lo a")}, {S("5"), S("năm")}, {S("."), S("chấm")}};
    struct speech_list list = {said, size % 4 < 3 ? size % 4 : COUNT_OF(said)};
    buf_init(&out, (size + 1) * SPEECH_GROWTH);
    errc rc = speech_read(text, list, &out);
    if (rc == OK) {
        ENSURE(text_is_utf8(buf_str(&out)));
    } else {
        ENSURE(rc == ERR_BAD_UTF8 || rc == ERR_TOO_BIG || rc == ERR_NO_MEMORY || rc == ERR_INVALID);
    }
    return 0;
}
