/* Any file of named statements: refused with a line, or read so that every statement has a text for
 * both databases without a parameter left by name. */
#include "../../tools/gen/sql_parse.c"
#include "../../tools/gen/sql_text.c"

#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct sql_file file;
    struct sql_error error = {0};
    bool good = sql_parse((const char *)data, size, &file, &error);
    if (!good && (error.line < 1 || error.text[0] == '\0')) {
        abort();
    }
    for (size_t i = 0; good && i < file.count; i++) {
        const struct sql_statement *statement = file.list[i];
        if (!statement->has[SQL_SQLITE] || !statement->has[SQL_POSTGRESQL] ||
            statement->remark[0] == '\0' || strlen(sql_type_name(SQL_DAY)) != 3) {
            abort();
        }
    }
    sql_finish(&file);
    return 0;
}
