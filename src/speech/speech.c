/* See speech.h. */
#include "speech/speech.h"

#include "base/text.h"

errc speech_read(str text, struct speech_list list, struct buf *out)
{
    (void)list;
    if (!text_is_utf8(text)) {
        return ERR_BAD_UTF8;
    }
    buf_add(out, text);
    return buf_check(out);
}
