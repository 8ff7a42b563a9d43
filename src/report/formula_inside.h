/* What reading and running of formulas share. */
#ifndef LOA_REPORT_FORMULA_INSIDE_H
#define LOA_REPORT_FORMULA_INSIDE_H

#include "report/formula.h"

enum formula_op {
    OP_NUMBER, /* puts `number` */
    OP_USE,    /* puts the value of use `count` */
    OP_MINUS,  /* takes one, puts one; and so on */
    OP_NOT,
    OP_KNOWN,
    OP_ROUND, /* to `count` decimals */
    OP_PLUS,
    OP_LESS,
    OP_TIMES,
    OP_OVER,
    OP_SAME,
    OP_OTHER,
    OP_BELOW,
    OP_AT_MOST,
    OP_ABOVE,
    OP_AT_LEAST,
    OP_AND,
    OP_OR,
    OP_ELSE,
    OP_IF,  /* takes three */
    OP_SUM, /* takes `count` */
    OP_COUNT,
    OP_MIN,
    OP_MAX,
};

struct formula_step {
    enum formula_op op;
    size_t count;
    figure number;
};

enum token_kind {
    TOKEN_END,
    TOKEN_NUMBER,
    TOKEN_NAME,
    TOKEN_TEXT, /* without its quotes */
    TOKEN_SIGN, /* one of the signs, of one or two bytes */
    TOKEN_WRONG,
};

struct token {
    enum token_kind kind;
    size_t at;
    str text;
    figure number;
};

struct token formula_token(str text, size_t from, size_t *ret_next);

#endif
