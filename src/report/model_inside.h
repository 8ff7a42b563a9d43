/* What the readers of a package share: taking fields so that an error knows where it is. */
#ifndef LOA_REPORT_MODEL_INSIDE_H
#define LOA_REPORT_MODEL_INSIDE_H

#include "base/json_in.h"
#include "report/model.h"

struct taking {
    struct arena *arena;
    struct model_problem *problem;
    char where[160]; /* of the object that is being read: "sets[0].criteria[2]." */
    size_t where_len;
};

struct taking_list {
    const char *key;
    size_t most;
    size_t size; /* of one item */
    errc (*take)(struct taking *taking, const struct json_value *object, void *item);
};

/* Notes the problem at a field of the object that is being read; ERR_INVALID. */
errc model_wrong(struct taking *taking, const char *key, const char *word);
errc model_wrong_at(struct model_problem *problem, const char *where, const char *word, str what);

/* Absent: empty. */
CHECKED errc take_list(struct taking *taking, const struct json_value *object,
                       const struct taking_list *list, void **ret_items, size_t *ret_count);
CHECKED errc take_text(struct taking *taking, const struct json_value *object, const char *key,
                       size_t most, str *ret_text);
CHECKED errc take_code(struct taking *taking, const struct json_value *object, const char *key,
                       str *ret_code); /* obligatory */
CHECKED errc take_name(struct taking *taking, const struct json_value *object,
                       struct model_words *ret_name); /* "name", obligatory */
CHECKED errc take_texts(struct taking *taking, const struct json_value *object, const char *key,
                        size_t most, struct model_texts *ret_texts);
CHECKED errc take_figure(struct taking *taking, const struct json_value *object, const char *key,
                         figure *ret_figure);
CHECKED errc take_number(struct taking *taking, const struct json_value *object, const char *key,
                         int64_t least, int64_t most, int64_t *number);
CHECKED errc take_bool(struct taking *taking, const struct json_value *object, const char *key,
                       bool *ret_value);
CHECKED errc take_day(struct taking *taking, const struct json_value *object, const char *key,
                      day *date); /* absent: as it was */
CHECKED errc take_only(struct taking *taking, const struct json_value *object,
                       const char *const *keys);
/* The index of a word in a list of words; absent: as it was. */
CHECKED errc take_word(struct taking *taking, const struct json_value *object, const char *key,
                       const char *const *words, int *choice);

/* After reading: what names what, and every formula. */
CHECKED errc model_check(struct arena *arena, struct model *model, struct model_problem *problem);

/* The words of a package, in the order of their enums; null-ended. */
extern const char *const model_type_words[];
extern const char *const model_roll_words[];

#endif
