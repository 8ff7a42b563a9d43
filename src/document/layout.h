/* Where things stand in an official document: Decree 30/2020/NĐ-CP, annex I. Lengths in points of
 * 1/72 inch, sizes of letters likewise. */
#ifndef LOA_DOCUMENT_LAYOUT_H
#define LOA_DOCUMENT_LAYOUT_H

#define LAYOUT_MM(mm) ((mm)*72.0 / 25.4)

#define LAYOUT_FONT_NAME "Times New Roman"
#define LAYOUT_FONT_HERE "Liberation Serif" /* of the same widths, and free */

#define LAYOUT_PAGE_SHORT LAYOUT_MM(210) /* A4 */
#define LAYOUT_PAGE_LONG LAYOUT_MM(297)
#define LAYOUT_TOP LAYOUT_MM(20)
#define LAYOUT_BOTTOM LAYOUT_MM(20)
#define LAYOUT_LEFT LAYOUT_MM(30)
#define LAYOUT_RIGHT LAYOUT_MM(15)
#define LAYOUT_NUMBER_FROM_TOP LAYOUT_MM(10) /* the page's number, in the middle of the margin */

#define LAYOUT_HEAD_LEFT 0.42 /* of the width: the issuer's half of the head */
#define LAYOUT_INDENT LAYOUT_MM(10)
#define LAYOUT_GAP 6.0     /* between paragraphs */
#define LAYOUT_SPACING 1.1 /* between lines */

enum {
    LAYOUT_SIZE_NATION = 12, /* Quốc hiệu, bold capitals */
    LAYOUT_SIZE_MOTTO = 13,  /* tiêu ngữ, bold */
    LAYOUT_SIZE_AGENCY = 12,
    LAYOUT_SIZE_NUMBER = 13,
    LAYOUT_SIZE_DATE = 13, /* italic */
    LAYOUT_SIZE_TYPE = 14, /* bold capitals */
    LAYOUT_SIZE_ABOUT = 14,
    LAYOUT_SIZE_BODY = 14,
    LAYOUT_SIZE_TABLE = 12,
    LAYOUT_SIZE_NOTE = 11,
    LAYOUT_SIZE_TO = 12, /* "Nơi nhận:", bold italic */
    LAYOUT_SIZE_RECIPIENT = 11,
    LAYOUT_SIZE_PAGE = 14,
};

#define LAYOUT_NATION "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
#define LAYOUT_MOTTO "Độc lập - Tự do - Hạnh phúc"
#define LAYOUT_TO "Nơi nhận:"
#define LAYOUT_NUMBER "Số: "
#define LAYOUT_DAY ", ngày "
#define LAYOUT_MONTH " tháng "
#define LAYOUT_YEAR " năm "

/* The rule below the issuer is between a third and a half of its length; the one below the motto
 * exactly as long as it; the one below the abstract short. */
#define LAYOUT_RULE_AGENCY 0.42
#define LAYOUT_RULE_ABOUT 0.33
#define LAYOUT_RULE_THICK 0.75

#endif
