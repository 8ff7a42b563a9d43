/* Signatures: what we sign verifies; what was changed, moved, wrapped or signed by others does not.
 */
#include "cap/cap_seal.h"

#include "base/file.h"
#include "base/testing.h"

#define NOW ((usec)1784448000 * USEC_SECOND) /* 2026-07-19 */

struct seal {
    struct buf key;
    struct buf certificate;
    struct buf other_key;
    struct buf other;
    struct buf plain;
    struct buf sealed;
};

static int set_up(void **state)
{
    struct seal *seal = mem_take(sizeof *seal);
    struct buf *bufs = &seal->key;
    struct why why = {""};
    for (size_t i = 0; i < sizeof *seal / sizeof *bufs; i++) {
        buf_init(&bufs[i], CAP_SIZE_MOST);
    }
    assert_ok(cap_key_make(S("Loa Lam Giang"), NOW, 10, &seal->key, &seal->certificate, &why));
    assert_ok(cap_key_make(S("Kẻ khác"), NOW, 10, &seal->other_key, &seal->other, &why));
    assert_ok(
        file_read(LOA_SOURCE_DIR "/src/cap/examples/storm.xml", CAP_SIZE_MOST, &seal->plain, &why));
    assert_ok(cap_sign(buf_str(&seal->plain), buf_str(&seal->key), buf_str(&seal->certificate),
                       &seal->sealed, &why));
    *state = seal;
    return 0;
}

static int tear_down(void **state)
{
    struct seal *seal = *state;
    struct buf *bufs = &seal->key;
    for (size_t i = 0; i < sizeof *seal / sizeof *bufs; i++) {
        buf_finish(&bufs[i]);
    }
    mem_give(seal);
    return 0;
}

static errc verify(const struct buf *xml, str pinned, enum cap_signature *ret_signature)
{
    struct why why = {""};
    return cap_verify(buf_str(xml), pinned, NOW, ret_signature, &why);
}

static void changed(const struct buf *from, const char *what, const char *by, struct buf *out)
{
    const char *found = strstr(from->at, what);
    assert_non_null(found);
    size_t before = (size_t)(found - from->at);
    buf_init(out, CAP_SIZE_MOST);
    buf_add(out, str_cut(buf_str(from), 0, before));
    buf_add_text(out, by);
    buf_add(out, str_cut(buf_str(from), before + strlen(what), from->len));
}

static void believes_a_pinned_key(void **state)
{
    struct seal *seal = *state;
    AUTO(buf_finish) struct buf both;
    AUTO(arena_close) struct arena *arena = NULL;
    struct cap_message message;
    enum cap_signature signature = CAP_SIGNATURE_NONE;
    assert_ok(verify(&seal->sealed, buf_str(&seal->certificate), &signature));
    assert_int_equal(signature, CAP_SIGNATURE_GOOD);
    buf_init(&both, CAP_PEM_MOST);
    buf_add(&both, buf_str(&seal->other));
    buf_add(&both, buf_str(&seal->certificate));
    assert_ok(verify(&seal->sealed, buf_str(&both), &signature));
    assert_int_equal(signature, CAP_SIGNATURE_GOOD);
    assert_ok(verify(&seal->sealed, S(""), &signature));
    assert_int_equal(signature, CAP_SIGNATURE_UNKNOWN);
    assert_ok(verify(&seal->plain, buf_str(&both), &signature));
    assert_int_equal(signature, CAP_SIGNATURE_NONE);
    assert_ok(arena_create(1 << 20, &arena));
    assert_ok(cap_read(buf_str(&seal->sealed), arena, &message, NULL));
    assert_true(message.is_signed);
}

static void refuses_another_key_and_another_time(void **state)
{
    struct seal *seal = *state;
    enum cap_signature signature = CAP_SIGNATURE_NONE;
    struct why why = {""};
    assert_int_equal(verify(&seal->sealed, buf_str(&seal->other), &signature), ERR_INVALID);
    assert_int_equal(cap_verify(buf_str(&seal->sealed), buf_str(&seal->certificate),
                                NOW + 11 * 365 * USEC_DAY, &signature, &why),
                     ERR_INVALID);
    assert_int_equal(verify(&seal->sealed, S("no certificate"), &signature), ERR_INVALID);
}

static void refuses_what_was_changed(void **state)
{
    static const struct {
        const char *what;
        const char *by;
    } changes[] = {
        {"<severity>Severe", "<severity>Minor"},
        {"<status>Actual", "<status>Exercise"},
        {"97203", "97103"},
        {"</info>", "</info><info><category>Met</category><event>x</event><urgency>Past</urgency>"
                    "<severity>Minor</severity><certainty>Likely</certainty></info>"},
        {"<SignatureValue>", "<SignatureValue>A"},
        {"<DigestValue>", "<DigestValue>A"},
        {"URI=\"\"", "URI=\"#x\""},
        {"URI=\"\"", ""},
        {"xmldsig#enveloped-signature", "xmldsig#base64"},
        {"xmldsig-more#ecdsa-sha256", "xmldsig-more#ecdsa-sha1"},
        {"xmlenc#sha256", "xmldsig#sha1"},
        {"</SignedInfo>", "</SignedInfo><Object/>"},
        {"<Reference ", "<Reference URI=\"http://x.example/\"/><Reference "},
    };
    struct seal *seal = *state;
    for (size_t i = 0; i < COUNT_OF(changes); i++) {
        AUTO(buf_finish) struct buf text;
        enum cap_signature signature = CAP_SIGNATURE_NONE;
        changed(&seal->sealed, changes[i].what, changes[i].by, &text);
        errc rc = verify(&text, buf_str(&seal->certificate), &signature);
        if (rc != ERR_INVALID) {
            fail_msg("%s became %s: %d", changes[i].what, changes[i].by, (int)rc);
        }
    }
}

/* The signed message inside of another one, two signatures, a signature elsewhere. */
static void refuses_wrapping(void **state)
{
    struct seal *seal = *state;
    AUTO(buf_finish) struct buf twice;
    AUTO(buf_finish) struct buf wrapped;
    AUTO(buf_finish) struct buf moved;
    enum cap_signature signature = CAP_SIGNATURE_NONE;
    const char *from = strstr(seal->sealed.at, "<Signature ");
    const char *to = strstr(seal->sealed.at, "</Signature>");
    str text = {from, (size_t)(to - from) + strlen("</Signature>")};
    char *copy = mem_take(text.len + 16);
    ignore_int(snprintf(copy, text.len + 16, "%.*s</alert>", STR_ARG(text)));
    changed(&seal->sealed, "</alert>", copy, &twice);
    assert_int_equal(verify(&twice, buf_str(&seal->certificate), &signature), ERR_INVALID);
    buf_init(&wrapped, CAP_SIZE_MOST);
    buf_add_text(&wrapped, "<alert xmlns=\"urn:oasis:names:tc:emergency:cap:1.2\">");
    buf_add_text(&wrapped, strstr(seal->sealed.at, "<alert "));
    buf_add_text(&wrapped, "</alert>");
    assert_int_equal(verify(&wrapped, buf_str(&seal->certificate), &signature), ERR_INVALID);
    ignore_int(snprintf(copy, text.len + 16, "%.*s</info>", STR_ARG(text)));
    changed(&seal->plain, "</info>", copy, &moved);
    assert_int_equal(verify(&moved, buf_str(&seal->certificate), &signature), ERR_INVALID);
    mem_give(copy);
}

static void tells_about_certificates(void **state)
{
    struct seal *seal = *state;
    AUTO(arena_close) struct arena *arena = NULL;
    struct cap_certificate *list = NULL;
    struct why why = {""};
    size_t count = 0;
    assert_ok(arena_create(1 << 20, &arena));
    assert_ok(cap_certificates_read(buf_str(&seal->other), arena, &list, &count, &why));
    assert_int_equal(count, 1);
    assert_str(list[0].subject, S("CN = Kẻ khác"));
    assert_int_equal(list[0].fingerprint.len, 64);
    assert_true(list[0].from < NOW && NOW < list[0].until);
    assert_int_equal(cap_certificates_read(S(""), arena, &list, &count, &why), ERR_INVALID);
    assert_int_equal(cap_certificates_read(buf_str(&seal->key), arena, &list, &count, &why),
                     ERR_INVALID);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(believes_a_pinned_key),
        cmocka_unit_test(refuses_another_key_and_another_time),
        cmocka_unit_test(refuses_what_was_changed),
        cmocka_unit_test(refuses_wrapping),
        cmocka_unit_test(tells_about_certificates),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
