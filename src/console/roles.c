/* GET /roles: the table of roles and rights as people see it. */
#include "console/ask.h"
#include "console/steps.h"

static void write_role(struct ask *ask, enum role role)
{
    str name = str_of(role_name(role));
    json_object(&ask->json);
    json_str_at(&ask->json, "role", name);
    json_str_at(&ask->json, "title", ask_word(ask, "role.", name));
    str about = arena_format(ask->arena, "%.*s.about", STR_ARG(name));
    json_str_at(&ask->json, "about", ask_word(ask, "role.", about));
    json_array_at(&ask->json, "rights");
    for (int i = 0; i < RIGHT_COUNT; i++) {
        if ((role_rights(role) & RIGHT_BIT(i)) != 0) {
            json_text(&ask->json, right_name((enum right)i));
        }
    }
    json_end(&ask->json);
    json_end(&ask->json);
}

errc api_roles_list(struct ask *ask, struct why *why)
{
    (void)why;
    json_object(&ask->json);
    json_array_at(&ask->json, "items");
    for (int i = 0; i < ROLE_COUNT; i++) {
        write_role(ask, (enum role)i);
    }
    json_end(&ask->json);
    json_array_at(&ask->json, "rights");
    for (int i = 0; i < RIGHT_COUNT; i++) {
        if (right_how((enum right)i) != RIGHT_OVER_UNIT) {
            continue;
        }
        str name = str_of(right_name((enum right)i));
        json_object(&ask->json);
        json_str_at(&ask->json, "right", name);
        json_str_at(&ask->json, "title", ask_word(ask, "right.", name));
        json_end(&ask->json);
    }
    json_end(&ask->json);
    json_end(&ask->json);
    return OK;
}
