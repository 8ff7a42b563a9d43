/* See speech_word.h. */
#include "sounds/speech_word.h"

#include "people/audit.h"
#include "sounds/speech_word_sql.h"

/* Rows come by word: only the last one kept can be the same. */
static void merge(struct speech_word *words, size_t *count, const struct speech_word_rows_row *row,
                  struct tree tree)
{
    struct speech_word *last = *count == 0 ? NULL : &words[*count - 1];
    struct speech_word here = {row->unit_id, row->word, row->reading};
    if (last == NULL || !str_is(last->word, row->word)) {
        words[(*count)++] = here;
    } else if (tree_covers(tree, last->unit, row->unit_id)) {
        *last = here;
    }
}

errc speech_words_of(const struct sound_desk *desk, struct db *db, unit_id unit,
                     struct speech_words *ret_words, struct why *why)
{
    struct tree tree = forest_at(desk->forest, desk->actor->today);
    struct speech_word_rows_row *rows = NULL;
    size_t row_count = 0;
    size_t count = 0;
    TRY(speech_word_rows_all(db, desk->arena, &rows, &row_count, why));
    struct speech_word *words = arena_take_array(desk->arena, row_count + 1, sizeof *words);
    if (words == NULL) {
        return ERR_NO_MEMORY;
    }
    for (size_t i = 0; i < row_count; i++) {
        if (tree_covers(tree, rows[i].unit_id, unit)) {
            merge(words, &count, &rows[i], tree);
        }
    }
    *ret_words = (struct speech_words){words, count};
    return OK;
}

static bool is_twice(const struct speech_words *words, size_t index)
{
    for (size_t i = 0; i < index; i++) {
        if (str_is(words->at[i].word, words->at[index].word)) {
            return true;
        }
    }
    return false;
}

static errc put_all(struct db *db, unit_id unit, const struct speech_words *words, struct why *why)
{
    struct speech_word_rows_drop_in gone = {unit};
    TRY(speech_word_rows_drop(db, &gone, NULL, why));
    for (size_t i = 0; i < words->count; i++) {
        struct speech_word_row_add_in in = {unit, words->at[i].word, words->at[i].reading};
        TRY(speech_word_row_add(db, &in, NULL, why));
    }
    return OK;
}

errc speech_words_put(const struct sound_desk *desk, struct db *db, unit_id unit,
                      const struct speech_words *words, struct why *why)
{
    struct audit_entry entry = {
        .actor = desk->actor,
        .action = "speech_words_changed",
        .subject_kind = "unit",
        .subject_id = unit,
        .subject_name = S(""),
        .subject_unit_id = unit,
    };
    TRY(sound_desk_may(desk, unit));
    if (words->count > SPEECH_WORDS_MOST) {
        return bad_field(desk->bad, "items", "too_long");
    }
    for (size_t i = 0; i < words->count; i++) {
        if (is_twice(words, i)) {
            return bad_field(desk->bad, "items", "twice");
        }
    }
    TRY(put_all(db, unit, words, why));
    TRY(db_announce(db, "speech_words", why));
    return audit_append(db, &entry, why);
}
