/* Ogg Opus of strangers: refused with its reason, or with a length that its bytes can hold. Pages
 * get right checksums first, so that what lies behind them is reached. */
#include "broadcast/opus_file.h"

#include "base/base.h"
#include "base/crash.h"

enum { HEAD = 27 };

static uint32_t sum_of(const uint8_t *at, size_t size)
{
    uint32_t sum = 0;
    for (size_t i = 0; i < size; i++) {
        sum ^= (uint32_t)at[i] << 24;
        for (int bit = 0; bit < 8; bit++) {
            sum = (sum & 0x80000000U) != 0 ? sum << 1 ^ 0x04c11db7U : sum << 1;
        }
    }
    return sum;
}

/* The length of a page that lies whole at the beginning; 0: none does. */
static size_t page_size(const uint8_t *at, size_t left)
{
    if (left < HEAD || left < (size_t)HEAD + at[26]) {
        return 0;
    }
    size_t size = (size_t)HEAD + at[26];
    for (size_t i = 0; i < at[26]; i++) {
        size += at[HEAD + i];
    }
    return size <= left ? size : 0;
}

static void seal(uint8_t *at, size_t left)
{
    for (size_t size = page_size(at, left); size > 0; size = page_size(at, left)) {
        memset(at + 22, 0, 4);
        uint32_t sum = sum_of(at, size);
        for (int i = 0; i < 4; i++) {
            at[22 + i] = (uint8_t)(sum >> (8 * i));
        }
        at += size;
        left -= size;
    }
}

static void check(str bytes)
{
    struct opus_facts facts;
    struct why why = {""};
    if (opus_file_read(bytes, &facts, &why) != OK) {
        ENSURE(str_has(str_of(why.text), ':'));
        return;
    }
    /* A byte of lacing is a packet at most, a packet at most 120 ms. */
    ENSURE(facts.ms > 0 && (uint64_t)facts.ms <= (uint64_t)bytes.len * 120);
    ENSURE(facts.channels == 1 || facts.channels == 2);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    check((str){(const char *)data, size});
    AUTO(buf_finish) struct buf copy;
    buf_init(&copy, size + 1);
    buf_add(&copy, (str){(const char *)data, size});
    if (copy.at != NULL) {
        seal((uint8_t *)copy.at, copy.len);
        check(buf_str(&copy));
    }
    return 0;
}
