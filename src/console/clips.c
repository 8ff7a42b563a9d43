/* Clips that devices keep for the day when nothing can be fetched. */
#include "broadcast/clip.h"

#include "broadcast/alarm.h"
#include "console/air_json.h"
#include "console/steps.h"

static void write_clip(struct ask *ask, const struct clip *clip)
{
    struct json_out *out = &ask->json;
    json_object(out);
    air_unit_at(ask, "unit", clip->unit);
    json_i64_at(out, "number", clip->number);
    json_str_at(out, "language", clip->language);
    json_str_at(out, "title", clip->title);
    json_str_at(out, "text", clip->text);
    json_text_at(out, "signal", alarm_signal_name(clip->signal));
    air_hash_at(out, "media", clip->media);
    json_i64_at(out, "ms", clip->ms);
    json_end(out);
}

static errc show(struct ask *ask, unit_id unit, struct why *why)
{
    struct desk desk = ask_desk(ask);
    struct clips clips;
    TRY(clip_list(&desk, ask->db, unit, &clips, why));
    ask_list_begin(ask);
    for (size_t i = 0; i < clips.count; i++) {
        write_clip(ask, &clips.at[i]);
    }
    ask_list_end_at(ask, 0);
    return OK;
}

errc api_clips_list(struct ask *ask, struct why *why)
{
    unit_id unit = 0;
    TRY(air_query_unit(ask, &unit));
    return show(ask, unit, why);
}

errc api_clips_put(struct ask *ask, struct why *why)
{
    static const char *const fields[] = {"unit_id", "number", "language", "title",
                                         "text",    "signal", "media",    NULL};
    AUTO(json_in_finish) struct json_in in = {.root = NULL};
    struct desk desk = ask_desk(ask);
    struct clip clip = {.text = S("")};
    str signal = S("chime");
    int64_t number = 0;
    bool given = false;
    TRY(ask_body(ask, fields, &in, why));
    TRY(json_in_i64(in.root, "unit_id", 1, INT64_MAX, &clip.unit, &ask->bad));
    TRY(json_in_i64(in.root, "number", 1, 255, &number, &ask->bad));
    TRY(json_in_str(in.root, "language", 2, LANGUAGE_MOST, &clip.language, &ask->bad));
    TRY(json_in_str(in.root, "title", 1, ALARM_TITLE_MOST, &clip.title, &ask->bad));
    if (json_in_has(in.root, "text")) {
        TRY(json_in_lines(in.root, "text", 0, CLIP_TEXT_MOST, &clip.text, &ask->bad));
    }
    TRY(ask_optional_str(ask, in.root, "signal", 16, &given, &signal));
    TRY(air_take_hash(ask, in.root, "media", &clip.media));
    clip.number = (int)number;
    if (!alarm_signal_parse(signal, &clip.signal)) {
        return bad_field(&ask->bad, "signal", "unknown");
    }
    TRY(clip_put(&desk, ask->db, &clip, why));
    return show(ask, clip.unit, why);
}
