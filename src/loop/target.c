/* Origin form ("/a?b=c") and absolute form ("https://host/a?b=c"); the other two are of no use to
 * us. A path segment may not be empty, "." or "..", encoded or not: browsers never send one. */
#include "loop/target.h"

#include "base/text.h"

static int hex_value(char byte)
{
    if (byte >= '0' && byte <= '9') {
        return byte - '0';
    }
    if (byte >= 'a' && byte <= 'f') {
        return byte - 'a' + 10;
    }
    if (byte >= 'A' && byte <= 'F') {
        return byte - 'A' + 10;
    }
    return -1;
}

/* Visible ASCII without '#'; everything else has to come percent-encoded. */
static bool is_target_text(str text)
{
    for (size_t i = 0; i < text.len; i++) {
        unsigned char byte = (unsigned char)text.at[i];
        if (byte <= 0x20 || byte >= 0x7f || byte == '#') {
            return false;
        }
    }
    return true;
}

static errc decode(str text, bool plus_is_blank, struct arena *arena, str *ret_text)
{
    char *out = arena_take(arena, text.len + 1);
    if (out == NULL) {
        return ERR_NO_MEMORY;
    }
    size_t len = 0;
    for (size_t i = 0; i < text.len; i++) {
        char byte = text.at[i];
        if (byte == '+' && plus_is_blank) {
            byte = ' ';
        } else if (byte == '%') {
            int high = i + 2 < text.len ? hex_value(text.at[i + 1]) : -1;
            int low = i + 2 < text.len ? hex_value(text.at[i + 2]) : -1;
            if (high < 0 || low < 0) {
                return ERR_BAD_REQUEST;
            }
            byte = (char)(high * 16 + low);
            i += 2;
        }
        if (byte == 0) {
            return ERR_BAD_REQUEST;
        }
        out[len] = byte;
        len++;
    }
    *ret_text = (str){out, len};
    return text_is_utf8(*ret_text) ? OK : ERR_BAD_REQUEST;
}

static bool is_encoded_slash(str raw)
{
    for (size_t i = 0; i + 2 < raw.len; i++) {
        if (raw.at[i] == '%' && raw.at[i + 1] == '2' && (raw.at[i + 2] | 0x20) == 'f') {
            return true;
        }
    }
    return false;
}

static bool is_proper_path(str path)
{
    for (size_t i = 0; i < path.len; i++) {
        unsigned char byte = (unsigned char)path.at[i];
        if (byte < 0x20 || byte == 0x7f || byte == '\\') {
            return false;
        }
    }
    str rest = str_cut(path, 1, path.len);
    while (rest.at != NULL && rest.len > 0) {
        str segment = str_split(rest, '/', &rest);
        if (segment.len == 0 || str_is(segment, S(".")) || str_is(segment, S(".."))) {
            return false;
        }
    }
    return true;
}

static errc parse_query(struct target *target, size_t most, struct arena *arena)
{
    if (target->query.len == 0) {
        return OK;
    }
    size_t count = 1;
    for (size_t i = 0; i < target->query.len; i++) {
        count += target->query.at[i] == '&';
    }
    if (count > most) {
        return ERR_TOO_BIG;
    }
    target->params = arena_take_array(arena, count, sizeof *target->params);
    if (target->params == NULL) {
        return ERR_NO_MEMORY;
    }
    str rest = target->query;
    while (rest.at != NULL) {
        str value;
        str pair = str_split(rest, '&', &rest);
        if (pair.len == 0) {
            continue;
        }
        str name = str_split(pair, '=', &value);
        struct param *param = &target->params[target->param_count];
        TRY(decode(name, true, arena, &param->name));
        TRY(decode(value, true, arena, &param->value));
        target->param_count++;
    }
    return OK;
}

/* Leaves the path and query in *text; false when it has neither of the two forms. */
static bool cut_authority(str *text, str *ret_authority)
{
    size_t scheme = 0;
    if (str_is_fold(str_cut(*text, 0, 7), S("http://"))) {
        scheme = 7;
    } else if (str_is_fold(str_cut(*text, 0, 8), S("https://"))) {
        scheme = 8;
    }
    if (scheme > 0) {
        size_t end = scheme;
        while (end < text->len && text->at[end] != '/' && text->at[end] != '?') {
            end++;
        }
        *ret_authority = str_cut(*text, scheme, end);
        *text = str_cut(*text, end, text->len);
    }
    return text->len > 0 && text->at[0] == '/';
}

errc target_parse(str text, size_t params_most, struct arena *arena, struct target *ret_target)
{
    struct target target = {.authority = STR_NONE};
    if (!is_target_text(text) || !cut_authority(&text, &target.authority)) {
        return ERR_BAD_REQUEST;
    }
    if (target.authority.at != NULL && !target_is_host(target.authority)) {
        return ERR_BAD_REQUEST;
    }
    target.raw = text;
    str raw_path = str_split(text, '?', &target.query);
    if (is_encoded_slash(raw_path)) {
        return ERR_BAD_REQUEST;
    }
    TRY(decode(raw_path, false, arena, &target.path));
    if (!is_proper_path(target.path)) {
        return ERR_BAD_REQUEST;
    }
    TRY(parse_query(&target, params_most, arena));
    *ret_target = target;
    return OK;
}

static bool is_port(str text)
{
    uint64_t port;
    return text.len > 0 && text.len <= 5 && str_to_u64(text, &port) && port <= 65535;
}

bool target_is_host(str text)
{
    size_t end = 0;
    if (text.len > 0 && text.at[0] == '[') {
        while (end < text.len && text.at[end] != ']') {
            char byte = text.at[end];
            if (end > 0 && hex_value(byte) < 0 && byte != ':' && byte != '.') {
                return false;
            }
            end++;
        }
        if (end < 3 || end == text.len) {
            return false;
        }
        end++;
    } else {
        while (end < text.len && text.at[end] != ':') {
            char byte = (char)(text.at[end] | 0x20);
            bool letter = byte >= 'a' && byte <= 'z';
            bool digit = text.at[end] >= '0' && text.at[end] <= '9';
            if (!letter && !digit && text.at[end] != '-' && text.at[end] != '.' &&
                text.at[end] != '_') {
                return false;
            }
            end++;
        }
        if (end == 0 || end > 253) {
            return false;
        }
    }
    return end == text.len || (text.at[end] == ':' && is_port(str_cut(text, end + 1, text.len)));
}
