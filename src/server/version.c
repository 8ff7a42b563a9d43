/* The version and commit come from the build; the libraries say their own. */
#include "server/version.h"

#include "console/unit_json.h"

#include <nghttp2/nghttp2.h>
#include <openssl/crypto.h>
#include <sodium.h>
#include <sqlite3.h>
#include <uv.h>

struct component {
    const char *name;
    const char *version;
    const char *licence;
};

const char *version_text(void)
{
    return LOA_VERSION;
}

static void write_component(struct json_out *out, const struct component *component)
{
    json_object(out);
    json_text_at(out, "name", component->name);
    json_text_at(out, "version", component->version);
    json_text_at(out, "licence", component->licence);
    json_end(out);
}

static void write_components(struct json_out *out)
{
    const struct component components[] = {
        {"OpenSSL", OpenSSL_version(OPENSSL_VERSION_STRING), "Apache-2.0"},
        {"SQLite", sqlite3_libversion(), "public domain"},
        {"libuv", uv_version_string(), "MIT"},
        {"nghttp2", nghttp2_version(0)->version_str, "MIT"},
        {"libsodium", sodium_version_string(), "ISC"},
        {"libpq", LOA_PQ_VERSION, "PostgreSQL"},
    };
    json_array_at(out, "components");
    for (size_t i = 0; i < COUNT_OF(components); i++) {
        write_component(out, &components[i]);
    }
    json_end(out);
}

/* The highest unit that the asker stands over: the province, for most. */
static unit_id top_unit(const struct ask *ask)
{
    unit_id above[UNIT_DEPTH];
    struct tree tree = forest_at(ask->forest, ask->today);
    size_t count = tree_ancestors(tree, ask->actor.unit_id, above);
    int province = tier_find(forest_tiers(ask->forest), S("province"));
    for (size_t i = 0; i < count; i++) {
        struct unit_line line;
        if (tree_line(tree, above[i], &line) && line.tier == province) {
            return above[i];
        }
    }
    return ask->actor.unit_id;
}

void version_write_about(const struct app *app, usec uptime, struct ask *ask)
{
    struct json_out *out = &ask->json;
    bool postgresql = settings_number(&app->settings, SETTING_KEY_database) == 1;
    json_object(out);
    json_text_at(out, "name", "Loa");
    json_text_at(out, "version", LOA_VERSION);
    json_text_at(out, "commit", LOA_COMMIT);
    json_text_at(out, "built_at", LOA_BUILT);
    json_object_at(out, "database");
    json_text_at(out, "kind", postgresql ? "postgresql" : "sqlite");
    json_text_at(out, "version", postgresql ? LOA_PQ_VERSION : sqlite3_libversion());
    json_end(out);
    json_i64_at(out, "uptime_s", uptime / USEC_SECOND);
    unit_json_name_at(out, "province", forest_at(ask->forest, ask->today), top_unit(ask));
    json_text_at(out, "licence", "Apache-2.0");
    write_components(out);
    json_end(out);
}
