/* The fleet as a table for spreadsheets: CSV, or a workbook written row by row, so that ten
 * thousand devices take no more memory than ten. Numbers are numbers; no text becomes a formula. */
#include "base/csv.h"
#include "base/file.h"
#include "console/fleet_json.h"
#include "console/sheet.h"
#include "console/steps.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

enum { SPILL_AT = 256 * 1024, PATH_ROOM = 600 };

/* A cell is a text or a number; `is_empty` when nobody knows. */
struct cell {
    bool is_number;
    bool is_empty;
    double number;
    str text;
};

/* Headings are words of the catalogue: export.device.<name>. */
enum column {
#define COLUMN(NAME, name) COLUMN_##NAME,
#define COLUMNS_OF_DEVICES                                                                         \
    COLUMN(ID, id)                                                                                 \
    COLUMN(NAME, name)                                                                             \
    COLUMN(KIND, kind)                                                                             \
    COLUMN(LIVE, live)                                                                             \
    COLUMN(FAULTS, faults)                                                                         \
    COLUMN(UNIT, unit)                                                                             \
    COLUMN(STATION, station)                                                                       \
    COLUMN(CLUSTER, cluster)                                                                       \
    COLUMN(LATITUDE, latitude)                                                                     \
    COLUMN(LONGITUDE, longitude)                                                                   \
    COLUMN(HEARD, heard_at)                                                                        \
    COLUMN(SOUND, sound)                                                                           \
    COLUMN(VOLUME, volume)                                                                         \
    COLUMN(LINK, link)                                                                             \
    COLUMN(SIGNAL, signal_dbm)                                                                     \
    COLUMN(CLOCK, clock_error_ms)                                                                  \
    COLUMN(SUPPLY, supply_v)                                                                       \
    COLUMN(SIM, sim_number)                                                                        \
    COLUMN(OPERATOR, sim_operator)                                                                 \
    COLUMN(TRAFFIC, traffic_mb)                                                                    \
    COLUMN(BUDGET, budget_mb)                                                                      \
    COLUMN(SERIAL, serial)                                                                         \
    COLUMN(MODEL, model)                                                                           \
    COLUMN(FINGERPRINT, fingerprint)
    COLUMNS_OF_DEVICES
#undef COLUMN
        COLUMN_COUNT
};

static const char *const headings[] = {
#define COLUMN(NAME, name) #name,
    COLUMNS_OF_DEVICES
#undef COLUMN
};

struct exporting {
    struct ask *ask;
    struct arena *arena;
    struct presence_lines lines;
    struct cell cells[COLUMN_COUNT];
};

static struct cell text_cell(str text)
{
    return (struct cell){.is_empty = text.len == 0, .text = text};
}

static struct cell number_cell(bool known, double number)
{
    return (struct cell){.is_number = true, .is_empty = !known, .number = number};
}

static str word(struct exporting *exporting, const char *family, const char *name)
{
    return ask_word(exporting->ask, family, str_of(name));
}

static str faults_text(struct exporting *exporting, uint32_t faults)
{
    AUTO(buf_finish) struct buf text;
    buf_init(&text, 4096);
    for (size_t i = 0; i < FAULT_KINDS; i++) {
        if ((faults & fault_at(i)) == 0) {
            continue;
        }
        if (text.len > 0) {
            buf_add(&text, S(", "));
        }
        buf_add(&text, word(exporting, "fault.", fault_name(fault_at(i))));
    }
    return arena_str(exporting->arena, buf_str(&text));
}

static str instant_text(struct exporting *exporting, usec instant)
{
    if (instant == 0) {
        return STR_NONE;
    }
    struct clock_time at = usec_clock(instant, exporting->ask->house->zone);
    return arena_format(exporting->arena, "%04d-%02d-%02d %02d:%02d:%02d", at.date.year,
                        at.date.month, at.date.mday, at.hour, at.minute, at.second);
}

static str unit_text(const struct exporting *exporting, unit_id unit)
{
    struct unit_line line;
    struct tree today = forest_at(exporting->ask->forest, exporting->ask->today);
    return tree_line(today, unit, &line) ? line.name : STR_NONE;
}

static void fill_texts(struct exporting *exporting, const struct presence_line *line)
{
    struct cell *cells = exporting->cells;
    cells[COLUMN_NAME] = text_cell(line->name);
    cells[COLUMN_KIND] = text_cell(word(exporting, "device.kind.", device_kind_name(line->kind)));
    cells[COLUMN_LIVE] =
        text_cell(word(exporting, "device.live.", presence_state_name(line->presence)));
    cells[COLUMN_FAULTS] = text_cell(faults_text(exporting, line->faults));
    cells[COLUMN_UNIT] = text_cell(unit_text(exporting, line->unit));
    cells[COLUMN_STATION] = text_cell(line->station_name);
    cells[COLUMN_CLUSTER] = text_cell(line->cluster_name);
    cells[COLUMN_HEARD] = text_cell(instant_text(exporting, line->heard_utc));
    cells[COLUMN_LINK] = text_cell(S(""));
    cells[COLUMN_SIM] = text_cell(line->sim_number);
    cells[COLUMN_OPERATOR] = text_cell(line->sim_operator);
    cells[COLUMN_SERIAL] = text_cell(line->serial);
    cells[COLUMN_MODEL] = text_cell(line->model);
    cells[COLUMN_FINGERPRINT] = text_cell(line->fingerprint);
}

static void fill_status(struct exporting *exporting, const struct presence_line *line)
{
    struct cell *cells = exporting->cells;
    const struct wire_status *status = &line->status;
    bool told = line->has_status;
    double traffic = (double)(status->bytes_in + status->bytes_out) / 1e6;
    cells[COLUMN_SOUND] = text_cell(
        told ? word(exporting, "device.sound.", fleet_sound_name(status->sound)) : STR_NONE);
    cells[COLUMN_VOLUME] = number_cell(told, (double)status->volume);
    cells[COLUMN_LINK] =
        text_cell(told ? word(exporting, "device.link.", fleet_link_name(status->link)) : STR_NONE);
    cells[COLUMN_SIGNAL] = number_cell(told && status->signal_dbm != 0, (double)status->signal_dbm);
    cells[COLUMN_CLOCK] = number_cell(told, (double)status->clock_error_us / 1000.0);
    cells[COLUMN_SUPPLY] =
        number_cell(told && status->supply_mv != 0, (double)status->supply_mv / 1000.0);
    cells[COLUMN_TRAFFIC] = number_cell(told, traffic);
    cells[COLUMN_BUDGET] =
        number_cell(line->month_budget_kb != 0, (double)line->month_budget_kb / 1000.0);
}

static void fill_cells(struct exporting *exporting, const struct presence_line *line)
{
    struct cell *cells = exporting->cells;
    fill_texts(exporting, line);
    fill_status(exporting, line);
    cells[COLUMN_ID] = number_cell(true, (double)line->id);
    cells[COLUMN_LATITUDE] = number_cell(line->has_position, line->latitude);
    cells[COLUMN_LONGITUDE] = number_cell(line->has_position, line->longitude);
}

/* --- CSV ---------------------------------------------------------------------------------------
 */

static void write_csv_cell(struct buf *out, const struct cell *cell, bool first)
{
    char number[32] = "";
    if (cell->is_number && !cell->is_empty) {
        ignore_int(snprintf(number, sizeof number, "%.10g", cell->number));
    }
    csv_write_cell(out, cell->is_number ? str_of(number) : cell->text, first);
}

static errc write_csv(struct exporting *exporting, struct why *why)
{
    struct ask *ask = exporting->ask;
    buf_add(&ask->out, S("\xef\xbb\xbf")); /* spreadsheets take it for UTF-8 only with this mark */
    for (size_t i = 0; i < COLUMN_COUNT; i++) {
        csv_write_cell(&ask->out, word(exporting, "export.device.", headings[i]), i == 0);
    }
    csv_write_end(&ask->out);
    for (size_t i = 0; i < exporting->lines.count; i++) {
        fill_cells(exporting, &exporting->lines.at[i]);
        for (size_t k = 0; k < COLUMN_COUNT; k++) {
            write_csv_cell(&ask->out, &exporting->cells[k], k == 0);
        }
        csv_write_end(&ask->out);
        TRY(ask->out.len < SPILL_AT ? buf_check(&ask->out) : ask_spill(ask, why));
    }
    return ask_spill(ask, why);
}

/* --- workbook ----------------------------------------------------------------------------------
 */

static void write_row(struct exporting *exporting, struct sheet *sheet, size_t row)
{
    for (size_t i = 0; i < COLUMN_COUNT; i++) {
        const struct cell *cell = &exporting->cells[i];
        if (cell->is_empty) {
            continue;
        }
        if (cell->is_number) {
            sheet_write_number(sheet, row, i, cell->number);
        } else {
            sheet_write_text(sheet, row, i, cell->text);
        }
    }
}

static void write_rows(struct exporting *exporting, struct sheet *sheet)
{
    for (size_t i = 0; i < COLUMN_COUNT; i++) {
        sheet_write_text(sheet, 0, i, word(exporting, "export.device.", headings[i]));
    }
    for (size_t i = 0; i < exporting->lines.count; i++) {
        fill_cells(exporting, &exporting->lines.at[i]);
        write_row(exporting, sheet, i + 1);
    }
}

/* The library writes by name; the name is gone before anybody else could open it. */
static errc take_file(struct ask *ask, const char *path, struct why *why)
{
    ask_drop_file(ask);
    ask->file = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    int error = errno;
    ignore_int(unlink(path));
    if (ask->file < 0) {
        return fail_errno(why, error, "the workbook %s", path);
    }
    off_t size = lseek(ask->file, 0, SEEK_END);
    if (size < 0 || lseek(ask->file, 0, SEEK_SET) != 0) {
        return fail_errno(why, errno, "the workbook %s", path);
    }
    ask->file_size = (uint64_t)size;
    return OK;
}

static errc write_workbook(struct exporting *exporting, struct why *why)
{
    struct ask *ask = exporting->ask;
    const char *folder = ask->house->folder;
    char path[PATH_ROOM];
    struct sheet *sheet = NULL;
    ignore_int(snprintf(path, sizeof path, "%s/export-%016llx.xlsx", folder,
                        (unsigned long long)entropy_u64(ask->house->entropy)));
    TRY(sheet_create(path, folder, &sheet, why));
    write_rows(exporting, sheet);
    TRY(sheet_close(sheet, why));
    return take_file(ask, path, why);
}

static errc gather(struct exporting *exporting)
{
    struct ask *ask = exporting->ask;
    struct presence_filter filter;
    TRY(ask_fleet_filter(ask, RIGHT_FLEET_READ, &filter));
    filter.side = filter.side == PRESENCE_WAITING ? PRESENCE_IN_USE : filter.side;
    filter.limit = 0;
    filter.after = 0;
    TRY(arena_create(FLEET_ANSWER_ARENA, &exporting->arena));
    return presence_list(ask->house->ports.presence, &filter, exporting->arena, &exporting->lines);
}

errc api_devices_export(struct ask *ask, struct why *why)
{
    struct exporting exporting = {.ask = ask};
    str format = STR_NONE;
    TRY(ask_query(ask, "format", &format));
    bool workbook = str_is(format, S("xlsx"));
    if (!workbook && format.at != NULL && !str_is(format, S("csv"))) {
        return bad_field(&ask->bad, "format", "unknown");
    }
    ask->type = workbook ? "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
                         : "text/csv; charset=utf-8";
    ask->filename =
        workbook ? "attachment; filename=\"devices.xlsx\"" : "attachment; filename=\"devices.csv\"";
    errc rc = gather(&exporting);
    if (rc == OK) {
        rc = workbook ? write_workbook(&exporting, why) : write_csv(&exporting, why);
    }
    arena_destroy(exporting.arena);
    return rc;
}
