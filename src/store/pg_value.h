/* Values in PostgreSQL's binary format: numbers in network order, texts as they are, arrays with
 * their header. Only what the declared types need. */
#ifndef LOA_STORE_PG_VALUE_H
#define LOA_STORE_PG_VALUE_H

#include "store/db_impl.h"

enum {
    PG_BOOL = 16,
    PG_BYTEA = 17,
    PG_NAME = 19,
    PG_INT8 = 20,
    PG_INT2 = 21,
    PG_INT4 = 23,
    PG_TEXT = 25,
    PG_FLOAT4 = 700,
    PG_FLOAT8 = 701,
    PG_UNKNOWN = 705,
    PG_VARCHAR = 1043,
    PG_BATCH_BYTES = 64 * 1024 * 1024, /* of one column of a batch */
};

unsigned pg_type(enum db_type type);       /* of a parameter */
unsigned pg_array_type(enum db_type type); /* of a column of a batch */
bool pg_type_fits(unsigned type, enum db_type declared);

/* Parameters of one execution; their bytes live in `numbers` or in the caller's struct. */
struct pg_params {
    const char *values[DB_FIELDS];
    int lengths[DB_FIELDS];
    int formats[DB_FIELDS];
    unsigned char numbers[DB_FIELDS][8];
};
CHECKED errc pg_params_fill(const struct db_statement *statement, const void *in,
                            struct pg_params *params, struct why *why);

/* A column of `rows` as a one-dimensional array. */
CHECKED errc pg_array_fill(const struct db_statement *statement, size_t field,
                           const struct db_batch_rows *rows, struct buf *out, struct why *why);

/* A field of a result; `type` is the column's. */
CHECKED errc pg_value_read(unsigned type, str bytes, struct db_value *ret_value, struct why *why);

#endif
