/* A folder beside the database, or an S3-compatible store. */
#include "server/media_place.h"

#include "base/file.h"

static errc read_secret(struct media_place *place, const char *path, struct why *why)
{
    AUTO(buf_finish) struct buf text;
    buf_init(&text, sizeof place->secret - 1);
    TRY(file_read(path, sizeof place->secret - 1, &text, why));
    if (!str_to_array(str_trim(buf_str(&text)), place->secret, sizeof place->secret)) {
        return fail(why, ERR_INVALID, "%s is too long for a secret", path);
    }
    return OK;
}

errc media_place_of(const struct app *app, struct media_place *ret_place, struct why *why)
{
    const struct settings *settings = &app->settings;
    struct media_place *place = ret_place;
    ignore_int(snprintf(place->folder, sizeof place->folder, "%s/media", app_folder(app)));
    place->config = (struct media_config){.kind = MEDIA_FOLDER, .folder = place->folder};
    if (settings_number(settings, SETTING_KEY_media) == 1) {
        TRY(read_secret(place, settings_text(settings, SETTING_KEY_s3_secret_file), why));
        place->config.kind = MEDIA_S3;
        place->config.s3 = (struct media_s3_config){
            .endpoint = settings_text(settings, SETTING_KEY_s3_endpoint),
            .bucket = settings_text(settings, SETTING_KEY_s3_bucket),
            .region = settings_text(settings, SETTING_KEY_s3_region),
            .key_id = settings_text(settings, SETTING_KEY_s3_access_key),
            .secret = place->secret,
        };
    }
    return OK;
}
