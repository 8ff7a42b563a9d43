/* PostgreSQL's binary format, read and written byte by byte with bounds. */
#include "store/pg_value.h"

unsigned pg_type(enum db_type type)
{
    switch (type) {
    case DB_I64:
    case DB_USEC:
    case DB_DAY:
        return PG_INT8;
    case DB_STR:
        return PG_TEXT;
    case DB_BYTES:
    case DB_HASH:
        return PG_BYTEA;
    case DB_BOOL:
        return PG_BOOL;
    case DB_DOUBLE:
        return PG_FLOAT8;
    }
    return PG_UNKNOWN;
}

unsigned pg_array_type(enum db_type type)
{
    enum { BOOL_ARRAY = 1000, BYTEA_ARRAY = 1001, TEXT_ARRAY = 1009, INT8_ARRAY = 1016 };
    enum { FLOAT8_ARRAY = 1022 };
    switch (type) {
    case DB_I64:
    case DB_USEC:
    case DB_DAY:
        return INT8_ARRAY;
    case DB_STR:
        return TEXT_ARRAY;
    case DB_BYTES:
    case DB_HASH:
        return BYTEA_ARRAY;
    case DB_BOOL:
        return BOOL_ARRAY;
    case DB_DOUBLE:
        return FLOAT8_ARRAY;
    }
    return PG_UNKNOWN;
}

static bool is_whole(unsigned type)
{
    return type == PG_INT8 || type == PG_INT4 || type == PG_INT2;
}

bool pg_type_fits(unsigned type, enum db_type declared)
{
    switch (declared) {
    case DB_I64:
    case DB_USEC:
    case DB_DAY:
        return is_whole(type);
    case DB_BOOL:
        return type == PG_BOOL || is_whole(type);
    case DB_STR:
        return type == PG_TEXT || type == PG_VARCHAR || type == PG_NAME || type == PG_UNKNOWN;
    case DB_BYTES:
    case DB_HASH:
        return type == PG_BYTEA;
    case DB_DOUBLE:
        return type == PG_FLOAT8 || type == PG_FLOAT4 || is_whole(type);
    }
    return false;
}

static void put_big(uint64_t number, unsigned char *to, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        to[i] = (unsigned char)(number >> (8 * (size - 1 - i)));
    }
}

static uint64_t get_big(str bytes)
{
    uint64_t number = 0;
    for (size_t i = 0; i < bytes.len; i++) {
        number = number << 8 | (unsigned char)bytes.at[i];
    }
    return number;
}

/* A value as bytes; numbers are written into `number`. */
static str value_bytes(const struct db_field *field, const struct db_value *value,
                       unsigned char number[8])
{
    uint64_t bits = (uint64_t)value->number;
    switch (value->kind) {
    case DB_VALUE_NULL:
        return STR_NONE;
    case DB_VALUE_TEXT:
    case DB_VALUE_BYTES:
        return value->bytes.at == NULL ? S("") : value->bytes;
    case DB_VALUE_DOUBLE:
        memcpy(&bits, &value->real, sizeof bits);
        break;
    case DB_VALUE_INT:
        break;
    }
    if (field->type == DB_BOOL) {
        number[0] = (unsigned char)bits;
        return (str){(const char *)number, 1};
    }
    put_big(bits, number, 8);
    return (str){(const char *)number, 8};
}

errc pg_params_fill(const struct db_statement *statement, const void *in, struct pg_params *params,
                    struct why *why)
{
    for (size_t i = 0; i < statement->in_count; i++) {
        const struct db_field *field = &statement->in[i];
        struct db_value value = {.kind = DB_VALUE_NULL};
        TRY(db_field_write(field, in, &value, why));
        str bytes = value_bytes(field, &value, params->numbers[i]);
        params->values[i] = bytes.at;
        params->lengths[i] = (int)bytes.len;
        params->formats[i] = 1;
    }
    return OK;
}

static void add_big(struct buf *out, uint32_t number)
{
    unsigned char bytes[4];
    put_big(number, bytes, sizeof bytes);
    buf_add(out, (str){(const char *)bytes, sizeof bytes});
}

errc pg_array_fill(const struct db_statement *statement, size_t field,
                   const struct db_batch_rows *rows, struct buf *out, struct why *why)
{
    const struct db_field *column = &statement->in[field];
    add_big(out, 1); /* dimensions */
    add_big(out, column->nullable ? 1 : 0);
    add_big(out, pg_type(column->type));
    add_big(out, (uint32_t)rows->count);
    add_big(out, 1); /* the first index */
    for (size_t i = 0; i < rows->count; i++) {
        const unsigned char *in = (const unsigned char *)rows->in + i * statement->in_size;
        unsigned char number[8];
        struct db_value value = {.kind = DB_VALUE_NULL};
        TRY(db_field_write(column, in, &value, why));
        str bytes = value_bytes(column, &value, number);
        add_big(out, bytes.at == NULL ? UINT32_MAX : (uint32_t)bytes.len);
        buf_add(out, bytes);
    }
    errc rc = buf_check(out);
    return rc == OK ? OK : fail(why, rc, "the column %s of a batch is too large", column->name);
}

static errc read_float4(str bytes, struct db_value *value)
{
    uint32_t bits = (uint32_t)get_big(bytes);
    float real = 0;
    memcpy(&real, &bits, sizeof real);
    value->kind = DB_VALUE_DOUBLE;
    value->real = (double)real;
    return OK;
}

errc pg_value_read(unsigned type, str bytes, struct db_value *ret_value, struct why *why)
{
    uint64_t bits = bytes.len <= 8 ? get_big(bytes) : 0;
    ret_value->kind = DB_VALUE_INT;
    if (type == PG_INT8 && bytes.len == 8) {
        ret_value->number = (int64_t)bits;
    } else if (type == PG_INT4 && bytes.len == 4) {
        ret_value->number = (int32_t)(uint32_t)bits;
    } else if (type == PG_INT2 && bytes.len == 2) {
        ret_value->number = (int16_t)(uint16_t)bits;
    } else if (type == PG_BOOL && bytes.len == 1) {
        ret_value->number = bits != 0 ? 1 : 0;
    } else if (type == PG_FLOAT4 && bytes.len == 4) {
        return read_float4(bytes, ret_value);
    } else if (type == PG_FLOAT8 && bytes.len == 8) {
        ret_value->kind = DB_VALUE_DOUBLE;
        memcpy(&ret_value->real, &bits, sizeof ret_value->real);
    } else if (type == PG_BYTEA || pg_type_fits(type, DB_STR)) {
        ret_value->kind = type == PG_BYTEA ? DB_VALUE_BYTES : DB_VALUE_TEXT;
        ret_value->bytes = bytes;
    } else {
        return fail(why, ERR_CORRUPT, "a value of type %u with %zu bytes", type, bytes.len);
    }
    return OK;
}
