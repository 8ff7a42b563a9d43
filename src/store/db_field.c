/* Between a field of a struct and a value of a database. Types are checked on the way out as on
 * the way in: a column that holds what its declaration does not say is a corrupt row, never a
 * silently changed number. */
#include "store/db_impl.h"

#include "base/hash.h"
#include "base/text.h"

static void put(void *row, size_t at, const void *value, size_t size)
{
    memcpy((unsigned char *)row + at, value, size);
}

static void get(const void *in, size_t at, void *value, size_t size)
{
    memcpy(value, (const unsigned char *)in + at, size);
}

static bool is_text(const struct db_field *field)
{
    return field->type == DB_STR || field->type == DB_BYTES;
}

static errc misfit(const struct db_field *field, struct why *why)
{
    return fail(why, ERR_CORRUPT, "column %s does not hold what is declared", field->name);
}

static errc read_null(const struct db_field *field, void *row, struct why *why)
{
    if (!field->nullable) {
        return fail(why, ERR_CORRUPT, "column %s is null and not declared so", field->name);
    }
    if (is_text(field)) {
        put(row, field->at, &STR_NONE, sizeof(str));
    } else {
        put(row, field->has_at, &(bool){false}, sizeof(bool));
    }
    return OK;
}

static errc read_hash(const struct db_field *field, const struct db_value *value, void *row,
                      struct why *why)
{
    if (value->kind != DB_VALUE_BYTES || value->bytes.len != HASH_SIZE) {
        return misfit(field, why);
    }
    put(row, field->at, value->bytes.at, HASH_SIZE);
    return OK;
}

static errc read_double(const struct db_field *field, const struct db_value *value, void *row,
                        struct why *why)
{
    double real = value->kind == DB_VALUE_INT ? (double)value->number : value->real;
    if (value->kind != DB_VALUE_DOUBLE && value->kind != DB_VALUE_INT) {
        return misfit(field, why);
    }
    put(row, field->at, &real, sizeof real);
    return OK;
}

static errc read_number(const struct db_field *field, const struct db_value *value, void *row,
                        struct why *why)
{
    int64_t number = value->number;
    bool narrow = field->type == DB_DAY && (number < INT32_MIN || number > INT32_MAX);
    bool strange = field->type == DB_BOOL && number != 0 && number != 1;
    if (value->kind != DB_VALUE_INT || narrow || strange) {
        return misfit(field, why);
    }
    if (field->type == DB_DAY) {
        put(row, field->at, &(day){(day)number}, sizeof(day));
    } else if (field->type == DB_BOOL) {
        put(row, field->at, &(bool){number == 1}, sizeof(bool));
    } else {
        put(row, field->at, &number, sizeof number);
    }
    return OK;
}

static errc read_bytes(const struct db_field *field, const struct db_value *value, void *row,
                       struct why *why)
{
    bool fits =
        field->type == DB_STR ? value->kind == DB_VALUE_TEXT : value->kind == DB_VALUE_BYTES;
    if (!fits) {
        return misfit(field, why);
    }
    str text = value->bytes.at == NULL ? S("") : value->bytes;
    put(row, field->at, &text, sizeof text);
    return OK;
}

errc db_field_read(const struct db_field *field, const struct db_value *value, void *row,
                   struct why *why)
{
    if (value->kind == DB_VALUE_NULL) {
        return read_null(field, row, why);
    }
    if (field->nullable && !is_text(field)) {
        put(row, field->has_at, &(bool){true}, sizeof(bool));
    }
    switch (field->type) {
    case DB_STR:
    case DB_BYTES:
        return read_bytes(field, value, row, why);
    case DB_HASH:
        return read_hash(field, value, row, why);
    case DB_DOUBLE:
        return read_double(field, value, row, why);
    case DB_I64:
    case DB_USEC:
    case DB_BOOL:
    case DB_DAY:
        return read_number(field, value, row, why);
    }
    return misfit(field, why);
}

static bool is_absent(const struct db_field *field, const void *in)
{
    if (!field->nullable) {
        return false;
    }
    if (is_text(field)) {
        str text;
        get(in, field->at, &text, sizeof text);
        return text.at == NULL;
    }
    bool has;
    get(in, field->has_at, &has, sizeof has);
    return !has;
}

static errc write_text(const struct db_field *field, str text, struct db_value *value,
                       struct why *why)
{
    text = text.at == NULL ? S("") : text;
    if (field->type == DB_STR && (str_has(text, '\0') || !text_is_utf8(text))) {
        return fail(why, ERR_BAD_UTF8, "%s is not text", field->name);
    }
    if (text.len > INT32_MAX / 2) {
        return fail(why, ERR_TOO_BIG, "%s is larger than a column", field->name);
    }
    value->kind = field->type == DB_STR ? DB_VALUE_TEXT : DB_VALUE_BYTES;
    value->bytes = text;
    return OK;
}

errc db_field_write(const struct db_field *field, const void *in, struct db_value *ret_value,
                    struct why *why)
{
    if (is_absent(field, in)) {
        ret_value->kind = DB_VALUE_NULL;
        return OK;
    }
    str text;
    day date;
    bool flag;
    ret_value->kind = DB_VALUE_INT;
    switch (field->type) {
    case DB_STR:
    case DB_BYTES:
        get(in, field->at, &text, sizeof text);
        return write_text(field, text, ret_value, why);
    case DB_HASH:
        ret_value->kind = DB_VALUE_BYTES;
        ret_value->bytes = (str){(const char *)in + field->at, HASH_SIZE};
        return OK;
    case DB_DOUBLE:
        ret_value->kind = DB_VALUE_DOUBLE;
        get(in, field->at, &ret_value->real, sizeof ret_value->real);
        return OK;
    case DB_I64:
    case DB_USEC:
        get(in, field->at, &ret_value->number, sizeof ret_value->number);
        return OK;
    case DB_DAY:
        get(in, field->at, &date, sizeof date);
        ret_value->number = date;
        return OK;
    case DB_BOOL:
        get(in, field->at, &flag, sizeof flag);
        ret_value->number = flag ? 1 : 0;
        return OK;
    }
    return fail(why, ERR_INTERNAL, "%s has no type", field->name);
}
