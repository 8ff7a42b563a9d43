/* Numbers as Vietnamese says them: 15 mười lăm, 21 hai mươi mốt, 1.005 một nghìn không trăm linh
 * năm. */
#ifndef LOA_SPEECH_NUMBER_H
#define LOA_SPEECH_NUMBER_H

#include "base/base.h"

enum { NUMBER_DIGITS_MOST = 18 };

/* A word, with a blank before it where one is needed. */
void word_say(str word, struct buf *out);
/* Words with blanks between them. */
void number_say(uint64_t number, struct buf *out);
/* Digit by digit: "không chín một". */
void digits_say(str digits, struct buf *out);
/* A text of digits: as a number, or one by one when it begins with 0 or is too long. */
void figure_say(str digits, struct buf *out);
/* What stands behind the comma: "05" không năm, "25" hai mươi lăm, "1416" digit by digit. */
void fraction_say(str digits, struct buf *out);

#endif
