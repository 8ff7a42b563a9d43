/* A document with everything in it, for tests. */
#ifndef LOA_DOCUMENT_DOCUMENT_TESTING_H
#define LOA_DOCUMENT_DOCUMENT_TESTING_H

#include "document/document.h"

/* What fontconfig keeps for the life of a process is no leak of ours. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
    return "leak:libfontconfig\n";
}

#define RUN(words)                                                                                 \
    {                                                                                              \
        .text = { words, sizeof(words) - 1 }                                                       \
    }
#define BOLD(words)                                                                                \
    {                                                                                              \
        .text = {words, sizeof(words) - 1}, .bold = true                                           \
    }
#define TEXT(...)                                                                                  \
    {                                                                                              \
        .runs = (const struct doc_run[]){__VA_ARGS__},                                             \
        .count = sizeof((const struct doc_run[]){__VA_ARGS__}) / sizeof(struct doc_run)            \
    }
#define CELL(words, where)                                                                         \
    {                                                                                              \
        .text = TEXT(RUN(words)), .align = where                                                   \
    }

static const struct doc_cell sample_head[] = {CELL("TT", DOC_CENTRE), CELL("Nội dung", DOC_CENTRE),
                                              CELL("Năm 2023", DOC_CENTRE),
                                              CELL("Năm 2024", DOC_CENTRE)};
static const struct doc_cell sample_group[] = {CELL("I", DOC_CENTRE),
                                               {.text = TEXT(BOLD("CẤP XÃ")), .columns = 3}};
static const struct doc_cell sample_line[] = {
    CELL("1", DOC_CENTRE), CELL("Xã có truyền thanh đến thôn & bản <mọi nơi>", DOC_LEFT),
    CELL("68,8%", DOC_RIGHT), CELL("–", DOC_RIGHT)};

enum { SAMPLE_ROWS = 82 };

/* A table that is longer than a page. */
static const struct doc_table *sample_table(struct arena *arena)
{
    static const int widths[] = {1, 6, 2, 2};
    struct doc_row *rows = arena_take_array(arena, SAMPLE_ROWS, sizeof *rows);
    struct doc_table *table = arena_take(arena, sizeof *table);
    rows[0] = (struct doc_row){sample_head, 4, true};
    rows[1] = (struct doc_row){sample_group, 2, false};
    for (size_t i = 2; i < SAMPLE_ROWS; i++) {
        rows[i] = (struct doc_row){sample_line, 4, false};
    }
    *table = (struct doc_table){widths, 4, rows, SAMPLE_ROWS};
    return table;
}

static const struct doc_text sample_notes[] = {TEXT(RUN("Số đo từ thiết bị đến hết ngày 31/5."))};

static const struct doc_block sample_words[] = {
    {.kind = DOC_PARAGRAPH,
     .text = TEXT(RUN("Sở báo cáo việc phát thanh ở cơ sở trong sáu tháng đầu năm như sau:"))},
    {.kind = DOC_HEADING, .text = TEXT(RUN("1. Kết quả"))},
    {.kind = DOC_PARAGRAPH,
     .text = TEXT(RUN("Đến nay "), BOLD("22"), {.text = {" xã", 4}, .note = 1},
                  RUN(" đã được khảo sát; nguồn vốn "),
                  {.text = {"11.500.000.000", 14}, .is_edited = true},
                  RUN(" đồng chưa giải ngân. Các thôn nghe được chương trình của tỉnh, của xã vào"
                      " buổi sáng và buổi chiều, nơi chưa có sóng di động dùng thẻ nhớ."))},
    {.kind = DOC_LANDSCAPE},
    {.kind = DOC_TABLE, .text = TEXT(RUN("Chỉ tiêu theo năm"))},
    {.kind = DOC_PORTRAIT},
    {.kind = DOC_HEADING, .text = TEXT(RUN("2. Nhiệm vụ"))},
    {.kind = DOC_PARAGRAPH, .text = TEXT(RUN("Tiếp tục nâng cấp đài truyền thanh xã./."))},
    {.kind = DOC_ANNEX, .text = TEXT(RUN("PHỤ LỤC"))},
    {.kind = DOC_PARAGRAPH, .text = TEXT(RUN("Nguồn của từng số liệu."))},
};

static const str sample_recipients[] = {
    {"UBND tỉnh", 10}, {"Các phòng, đơn vị thuộc Sở", 34}, {"Lưu: VT", 8}};

static struct document sample_document(struct arena *arena)
{
    struct doc_block *blocks = arena_take(arena, sizeof sample_words);
    memcpy(blocks, sample_words, sizeof sample_words);
    for (size_t i = 0; i < COUNT_OF(sample_words); i++) {
        blocks[i].table = blocks[i].kind == DOC_TABLE ? sample_table(arena) : NULL;
    }
    struct document document = {.blocks = blocks,
                                .block_count = COUNT_OF(sample_words),
                                .notes = sample_notes,
                                .note_count = COUNT_OF(sample_notes),
                                .recipient_count = COUNT_OF(sample_recipients)};
    str *recipients = arena_take(arena, sizeof sample_recipients);
    for (size_t i = 0; i < COUNT_OF(sample_recipients); i++) {
        recipients[i] = str_of(sample_recipients[i].at);
    }
    document.recipients = recipients;
    document.head = (struct doc_head){.above = S("UBND TỈNH LAM GIANG"),
                                      .agency = S("SỞ THÔNG TIN VÀ TRUYỀN THÔNG"),
                                      .number = 5,
                                      .symbol = S("BC-STTTT"),
                                      .place = S("Lam Giang"),
                                      .date = 19759, /* 2024-02-06 */
                                      .type = S("BÁO CÁO"),
                                      .about = S("Kết quả phát thanh ở cơ sở 6 tháng đầu năm\n"
                                                 "và nhiệm vụ 6 tháng cuối năm 2024")};
    document.sign = (struct doc_sign){S("KT. GIÁM ĐỐC"), S("PHÓ GIÁM ĐỐC"), S("Trần Thị Mai")};
    return document;
}

#endif
