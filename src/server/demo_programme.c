/* A newcomer shall hear something within a minute or two: besides the programmes of an ordinary day
 * there is a trial that returns every two minutes of the first hours. */
#include "server/demo_programme.h"

#include "base/csv.h"
#include "broadcast/clip.h"
#include "broadcast/media_item.h"
#include "broadcast/schedule.h"
#include "server/embedded.h"
#include "server/media_place.h"

enum {
    CELLS_MOST = 256 * 1024,
    DEMO_CLIPS = 32,
    ITEMS_MOST = 8,
    TRIAL_EVERY_S = 120,
    TRIAL_TIMES = 60,
    FIRST_CALM = 6 /* number of the first clip whose signal is no siren */
};

/* Columns of clips.csv, in their order. */
enum column { COLUMN_NAME, COLUMN_NUMBER, COLUMN_LANGUAGE, COLUMN_TITLE, COLUMN_TEXT, COLUMNS };

/* Columns of programmes.csv, in their order. */
enum programme_column {
    PROGRAMME_COLUMN_WHAT,
    PROGRAMME_COLUMN_UNIT,
    PROGRAMME_COLUMN_NAME,
    PROGRAMME_COLUMN_CLASS,
    PROGRAMME_COLUMN_START,
    PROGRAMME_COLUMN_AGAIN,
    PROGRAMME_COLUMN_CLIPS,
    PROGRAMME_COLUMNS,
};

/* The files, by the names that stand in clips.csv. */
static const struct {
    const char *name;
    str (*bytes)(void);
} files[] = {
    {"opening", embedded_opening_opus}, {"closing", embedded_closing_opus},
    {"hello", embedded_hello_opus},     {"weather", embedded_weather_opus},
    {"vaccine", embedded_vaccine_opus}, {"cleaning", embedded_cleaning_opus},
    {"flood", embedded_flood_opus},     {"landslide", embedded_landslide_opus},
    {"storm", embedded_storm_opus},     {"fire", embedded_fire_opus},
    {"dam", embedded_dam_opus},         {"epidemic", embedded_epidemic_opus},
    {"missing", embedded_missing_opus}, {"all_clear", embedded_all_clear_opus},
    {"drill", embedded_drill_opus},
};

struct demo_clip {
    str name;
    struct media_item item;
};

struct composing {
    struct db *db;
    struct desk desk;
    struct bad_field bad;
    struct broadcast_policy policy;
    struct tree today;
    struct demo_clip clips[DEMO_CLIPS];
    size_t count;
};

/* Bytes of a clip, or none. */
static str clip_bytes(str name)
{
    for (size_t i = 0; i < COUNT_OF(files); i++) {
        if (str_is(str_of(files[i].name), name)) {
            return files[i].bytes();
        }
    }
    return STR_NONE;
}

bool demo_clip_media(str name, hash *ret_media)
{
    str bytes = clip_bytes(name);
    if (bytes.at == NULL) {
        return false;
    }
    *ret_media = hash_of(bytes);
    return true;
}

errc demo_sounds_keep(const struct app *app, struct why *why)
{
    AUTO(media_closer) struct media *media = NULL;
    struct media_place place;
    TRY(media_place_of(app, &place, why));
    TRY(media_open(&place.config, &media, why));
    for (size_t i = 0; i < COUNT_OF(files); i++) {
        struct media_put *put = NULL;
        struct media_info info;
        TRY(media_put_begin(media, &put, why));
        errc rc = media_put_add(put, files[i].bytes(), why);
        if (rc != OK) {
            media_put_cancel(put);
            return rc;
        }
        TRY(media_put_end(put, NULL, &info, why));
    }
    return OK;
}

/* Those with a number are kept on every device for emergencies. */
static errc keep_clip(const struct composing *composing, const struct csv *csv,
                      const struct media_item *item, struct why *why)
{
    int64_t number = 0;
    if (!str_to_i64(csv->cells[COLUMN_NUMBER], &number)) {
        return fail(why, ERR_BAD_CSV, "demo clips, line %zu", csv->line);
    }
    struct clip clip = {.unit = item->unit,
                        .number = (int)number,
                        .language = item->language,
                        .title = item->title,
                        .text = csv->cells[COLUMN_TEXT],
                        .signal = number < FIRST_CALM ? SIGNAL_SIREN : SIGNAL_CHIME,
                        .media = item->media};
    return number == 0 ? OK : clip_put(&composing->desk, composing->db, &clip, why);
}

static errc take_clip(struct composing *composing, const struct csv *csv, struct why *why)
{
    struct arena *arena = composing->desk.arena;
    str bytes = clip_bytes(csv->cells[COLUMN_NAME]);
    struct opus_facts facts = {.ms = 0};
    if (csv->cell_count != COLUMNS || bytes.at == NULL || composing->count == DEMO_CLIPS) {
        return fail(why, ERR_BAD_CSV, "demo clips, line %zu", csv->line);
    }
    TRY(opus_file_read(bytes, &facts, why));
    struct demo_clip *clip = &composing->clips[composing->count++];
    *clip = (struct demo_clip){.name = arena_str(arena, csv->cells[COLUMN_NAME]),
                               .item = {.media = hash_of(bytes),
                                        .unit = tree_by_code(composing->today, -1, S("97")),
                                        .title = arena_str(arena, csv->cells[COLUMN_TITLE]),
                                        .language = arena_str(arena, csv->cells[COLUMN_LANGUAGE]),
                                        .ms = facts.ms,
                                        .bytes = facts.bytes}};
    TRY(media_item_add(&composing->desk, composing->db, &clip->item, &clip->item.id, why));
    return keep_clip(composing, csv, &clip->item, why);
}

/* Every row of a table but its headings. */
static errc take_rows(struct composing *composing, str table,
                      errc (*take)(struct composing *composing, const struct csv *csv,
                                   struct why *why),
                      struct why *why)
{
    AUTO(arena_close) struct arena *cells = NULL;
    struct csv csv;
    bool more = true;
    TRY(arena_create(CELLS_MOST, &cells));
    TRY(csv_open(table, cells, &csv, why));
    TRY(csv_next(&csv, &more, why));
    for (;;) {
        TRY(csv_next(&csv, &more, why));
        if (!more) {
            return OK;
        }
        TRY(fail_in(why, take(composing, &csv, why), "%.*s (%s %s)", STR_ARG(csv.cells[2]),
                    composing->bad.name, composing->bad.code));
    }
}

/* The clips named in a cell, one after the other, on every day. */
static errc take_items(const struct composing *composing, str names,
                       struct programme_item items[ITEMS_MOST], size_t *ret_count, struct why *why)
{
    size_t count = 0;
    while (names.at != NULL) {
        str name = str_split(names, ' ', &names);
        const struct media_item *found = NULL;
        for (size_t i = 0; i < composing->count; i++) {
            if (str_is(composing->clips[i].name, name)) {
                found = &composing->clips[i].item;
            }
        }
        if (found == NULL || count == ITEMS_MOST) {
            return fail(why, ERR_NOT_FOUND, "no demo clip %.*s", STR_ARG(name));
        }
        items[count] = (struct programme_item){.on = DAY_FIRST,
                                               .position = (int)count,
                                               .language = S(""),
                                               .media = found->media,
                                               .ms = found->ms,
                                               .bytes = found->bytes,
                                               .title = found->title};
        count++;
    }
    *ret_count = count;
    return OK;
}

static struct programme programme_of_row(const struct composing *composing, const struct csv *csv)
{
    return (struct programme){
        .unit = tree_by_code(composing->today, -1, csv->cells[PROGRAMME_COLUMN_UNIT]),
        .name = csv->cells[PROGRAMME_COLUMN_NAME],
        .kind = PROGRAMME_ITEMS,
        .order_class = str_is(csv->cells[PROGRAMME_COLUMN_CLASS], S("priority")) ? CLASS_PRIORITY
                                                                                 : CLASS_ORDINARY,
        .when = {.every = 1, .from = composing->desk.actor->today, .to = DAY_OPEN},
        .source = S(""),
    };
}

static errc add_daily(struct composing *composing, const struct csv *csv, struct why *why)
{
    struct programme_item items[ITEMS_MOST];
    struct programme_repeat repeat = {.days_after = 0};
    struct programme programme = programme_of_row(composing, csv);
    int64_t start = 0;
    int64_t again = 0;
    int64_t id = 0;
    if (!str_to_i64(csv->cells[PROGRAMME_COLUMN_START], &start) ||
        !str_to_i64(csv->cells[PROGRAMME_COLUMN_AGAIN], &again)) {
        return fail(why, ERR_BAD_CSV, "demo programmes, line %zu", csv->line);
    }
    repeat.start_s = (int)again;
    programme.when.cadence = CADENCE_DAILY;
    programme.start_s = (int)start;
    programme.items = items;
    programme.repeats = &repeat;
    programme.repeat_count = again > 0 ? 1 : 0;
    str clips = csv->cells[PROGRAMME_COLUMN_CLIPS];
    TRY(take_items(composing, clips, items, &programme.item_count, why));
    return programme_add(&composing->desk, composing->db, &programme, &id, why);
}

/* From the minute after next on, every two minutes, also past midnight. */
static errc add_trial(struct composing *composing, const struct csv *csv, struct why *why)
{
    struct programme_item items[ITEMS_MOST];
    struct programme_repeat repeats[TRIAL_TIMES];
    struct programme programme = programme_of_row(composing, csv);
    int64_t second = (composing->desk.actor->now + composing->desk.zone) / USEC_SECOND % DAY_S;
    int first = (int)((second / 60 + 2) * 60);
    int64_t id = 0;
    programme.when.cadence = CADENCE_ONCE;
    programme.when.from += first / DAY_S;
    programme.when.to = programme.when.from + 1;
    programme.start_s = first % DAY_S;
    programme.items = items;
    programme.repeats = repeats;
    programme.repeat_count = TRIAL_TIMES;
    for (int i = 0; i < TRIAL_TIMES; i++) {
        int at = programme.start_s + (i + 1) * TRIAL_EVERY_S;
        repeats[i] = (struct programme_repeat){.days_after = at / DAY_S, .start_s = at % DAY_S};
    }
    str clips = csv->cells[PROGRAMME_COLUMN_CLIPS];
    TRY(take_items(composing, clips, items, &programme.item_count, why));
    return programme_add(&composing->desk, composing->db, &programme, &id, why);
}

/* A ward that was asked for quiet: no early mornings, short sessions, Sundays as they are. */
static errc add_rule(struct composing *composing, const struct csv *csv, struct why *why)
{
    static const struct rule_hours hours[] = {{5 * 3600, 21 * 3600 + 1800}};
    struct broadcast_rule rule = {
        .unit = tree_by_code(composing->today, -1, csv->cells[PROGRAMME_COLUMN_UNIT]),
        .name = csv->cells[PROGRAMME_COLUMN_NAME],
        .from = composing->desk.actor->today,
        .to = DAY_OPEN,
        .weekdays = EVERY_WEEKDAY & ~(1U << 6),
        .hours = hours,
        .hour_count = COUNT_OF(hours),
        .session_most_ms = 15 * 60 * 1000,
        .day_most_ms = 60 * 60 * 1000};
    struct rule_set set = {.unit = rule.unit, .rules = &rule, .rule_count = 1};
    return rule_set_put(&composing->desk, composing->db, &set, why);
}

static errc take_programme(struct composing *composing, const struct csv *csv, struct why *why)
{
    str what = csv->cells[PROGRAMME_COLUMN_WHAT];
    if (csv->cell_count != PROGRAMME_COLUMNS) {
        return fail(why, ERR_BAD_CSV, "demo programmes, line %zu", csv->line);
    }
    if (str_is(what, S("trial"))) {
        return add_trial(composing, csv, why);
    }
    return str_is(what, S("rule")) ? add_rule(composing, csv, why) : add_daily(composing, csv, why);
}

errc demo_programme(struct founding *founding, struct db *db, struct why *why)
{
    struct composing *composing = arena_take(founding->arena, sizeof *composing);
    if (composing == NULL) {
        return ERR_NO_MEMORY;
    }
    struct order_signing signing = signing_port(founding->app->signing);
    composing->db = db;
    composing->policy = broadcast_policy_default();
    composing->desk = (struct desk){.actor = &founding->actor,
                                    .forest = founding->forest,
                                    .policy = &composing->policy,
                                    .signing = &signing,
                                    .entropy = founding->app->entropy,
                                    .zone = app_zone(founding->app),
                                    .arena = founding->arena,
                                    .bad = &composing->bad};
    composing->today = forest_at(founding->forest, founding->actor.today);
    TRY(take_rows(composing, embedded_clips_csv(), take_clip, why));
    return take_rows(composing, embedded_programmes_csv(), take_programme, why);
}
