/* docs/protocol/examples.md is composed here from real values, keys and signatures, and compared
 * with what stands there; `make golden T=example` writes it anew. Then the page is read as a
 * stranger reads it: every block of hex is decoded and encoded again. */
#include "wire/example_testing.h"

#include "base/file.h"
#include "base/testing.h"
#include "wire/authority.h"
#include "wire/key_use.h"
#include "wire/log_chain.h"
#include "wire/proof.h"

#include <sodium.h>

enum { PAGE_MOST = 1 << 20, DEVICE = 7, ENTRIES = 2 };

static const char path[] = LOA_SOURCE_DIR "/docs/protocol/examples.md";

enum key { KEY_OF_ROOT = 1, KEY_OF_PROVINCE = 2, KEY_OF_COMMUNE = 3, KEY_OF_DEVICE = 4 };

struct key_pair {
    uint8_t secret[COSE_SECRET_SIZE];
    hash key;
};

struct page {
    struct buf out;
    struct arena *arena;
    struct key_pair keys[5];
    usec now;
};

static wire_id id_of(uint8_t number)
{
    wire_id id;
    memset(id.bytes, number, sizeof id.bytes);
    return id;
}

static hash hash_full_of(uint8_t number)
{
    hash value;
    memset(value.bytes, number, sizeof value.bytes);
    return value;
}

static struct page *page_create(void)
{
    struct page *page = mem_take(sizeof *page);
    buf_init(&page->out, PAGE_MOST);
    assert_ok(arena_create(PAGE_MOST, &page->arena));
    assert_true(usec_parse(S("2026-11-25T05:00:00Z"), &page->now));
    for (uint8_t i = 1; i < COUNT_OF(page->keys); i++) {
        uint8_t seed[crypto_sign_SEEDBYTES];
        memset(seed, i, sizeof seed);
        assert_int_equal(
            crypto_sign_seed_keypair(page->keys[i].key.bytes, page->keys[i].secret, seed), 0);
    }
    return page;
}

static void page_destroy(struct page *page)
{
    buf_finish(&page->out);
    arena_destroy(page->arena);
    mem_give(page);
}

/* --- pieces of the page ---------------------------------------------------------------------- */

static void say(struct page *page, const char *text)
{
    buf_add_text(&page->out, text);
}

static void begin(struct page *page, const char *what, const char *name)
{
    buf_add_format(&page->out, "\n```hex %s%s%s\n", what, name[0] == '\0' ? "" : " ", name);
}

static void end(struct page *page)
{
    say(page, "```\n");
}

static void show_bytes(struct page *page, const char *what, const void *bytes, size_t size)
{
    begin(page, what, "");
    example_rows(&page->out, 0, (str){bytes, size});
    end(page);
}

static str write_record(struct page *page, const struct wire_record *record, const void *value)
{
    AUTO(buf_finish) struct buf bytes = {0};
    buf_init(&bytes, WIRE_MESSAGE_MOST);
    assert_ok(wire_record_write(record, value, &bytes));
    return arena_str(page->arena, buf_str(&bytes));
}

static str show_record(struct page *page, const char *remark, const struct wire_record *record,
                       const void *value)
{
    str bytes = write_record(page, record, value);
    buf_add_format(&page->out, "\n%s\n", remark);
    begin(page, "record", record->name);
    example_record(&page->out, record, bytes);
    end(page);
    return bytes;
}

static void show_message(struct page *page, const char *remark, const struct wire_said *said)
{
    AUTO(buf_finish) struct buf bytes = {0};
    const struct wire_message *row = wire_message_of((uint64_t)said->kind);
    buf_init(&bytes, WIRE_MESSAGE_MOST);
    assert_ok(wire_say(said, &bytes));
    buf_add_format(&page->out, "\n### %d %s\n\n%s\n", (int)said->kind, row->name, remark);
    begin(page, "message", row->name);
    example_message(&page->out, said->kind, buf_str(&bytes));
    end(page);
}

static str sign(struct page *page, enum cose_use use, enum key key, str payload)
{
    AUTO(buf_finish) struct buf cose = {0};
    buf_init(&cose, WIRE_MESSAGE_MOST);
    assert_ok(cose_sign(use, payload, page->keys[key].secret, &cose));
    return arena_str(page->arena, buf_str(&cose));
}

static str show_signed(struct page *page, const char *remark, enum cose_use use, enum key key,
                       str payload)
{
    static const char *const uses[] = {"order", "cert", "revocations"};
    str cose = sign(page, use, key, payload);
    buf_add_format(&page->out, "\n%s\n", remark);
    begin(page, "sign1", uses[use]);
    example_rows(&page->out, 0, cose);
    end(page);
    return cose;
}

/* --- keys, proof, trust ---------------------------------------------------------------------- */

static void show_keys(struct page *page)
{
    static const char *const names[] = {"", "root", "province, daily", "commune, emergency",
                                        "device"};
    say(page,
        "\n## Keys\n\nEach secret key (RFC 8032) is 32 times the same byte, so that anybody can "
        "sign these examples anew.\n\n| key | secret | public | key id |\n| --- | --- | --- "
        "| --- |\n");
    for (size_t i = 1; i < COUNT_OF(names); i++) {
        char text[HASH_TEXT_SIZE];
        hash_text(page->keys[i].key, text);
        buf_add_format(&page->out, "| %s | 32 × `%02zx` | `%s` | `", names[i], i, text);
        buf_add_hex(&page->out, kid_of(page->keys[i].key).bytes, WIRE_KID_SIZE);
        say(page, "` |\n");
    }
}

static struct proof_facts facts_of(void)
{
    return (struct proof_facts){.nonce = hash_full_of(0x11),
                                .channel = hash_full_of(0x22),
                                .version = 1,
                                .boot = id_of(0x33)};
}

static void show_proof(struct page *page)
{
    char fingerprint[FINGERPRINT_SIZE];
    struct proof_facts facts = facts_of();
    wire_signature proof = proof_make(&facts, page->keys[KEY_OF_DEVICE].secret);
    fingerprint_write(page->keys[KEY_OF_DEVICE].key, fingerprint);
    buf_add_format(&page->out,
                   "\n## Proof and fingerprint\n\nThe device key above has the fingerprint "
                   "`%s`.\n\nThe proof for nonce 32 × `11`, channel 32 × `22`, version 1 and boot "
                   "16 × `33`:\n",
                   fingerprint);
    show_bytes(page, "proof", proof.bytes, sizeof proof.bytes);
}

static struct wire_cert cert_of(const struct page *page, enum key key)
{
    bool province = key == KEY_OF_PROVINCE;
    uint64_t tier = province ? TIER_PROVINCE : TIER_COMMUNE;
    struct key_limits limits = key_use_limits(province ? KEY_DAILY : KEY_EMERGENCY, tier);
    return (struct wire_cert){.key = page->keys[key].key,
                              .unit = province ? 1 : 100,
                              .tier = tier,
                              .classes = limits.classes,
                              .kinds = limits.kinds,
                              .from = page->now - USEC_DAY,
                              .to = page->now + 365 * USEC_DAY,
                              .serial = (uint64_t)key};
}

static void show_trust(struct page *page, struct wire_trust *ret_trust)
{
    str *certs = arena_take_array(page->arena, 2, sizeof *certs);
    struct wire_cert province = cert_of(page, KEY_OF_PROVINCE);
    struct wire_cert commune = cert_of(page, KEY_OF_COMMUNE);
    struct wire_revocations revocations = {
        .version = 2, .at = page->now - USEC_DAY, .keys = S("\x01\x02\x03\x04\x05\x06\x07\x08")};
    say(page, "\n## Certificates and revocations\n");
    str payload = show_record(page, "A commune's emergency key (class 3, kinds 5, 6 and 7):",
                              &wire_record_cert, &commune);
    certs[1] = show_signed(page, "As the root signs it:", COSE_CERT, KEY_OF_ROOT, payload);
    certs[0] = sign(page, COSE_CERT, KEY_OF_ROOT, write_record(page, &wire_record_cert, &province));
    payload = show_record(page, "One key is revoked:", &wire_record_revocations, &revocations);
    *ret_trust = (struct wire_trust){
        .version = 3,
        .revocations =
            show_signed(page, "As the root signs it:", COSE_REVOCATIONS, KEY_OF_ROOT, payload),
        .certs = {certs, 2}};
}

/* --- orders ---------------------------------------------------------------------------------- */

static void show_daily_bodies(struct page *page)
{
    static const uint64_t units[] = {1, 10, 100, 1000};
    struct wire_placement placement = {.device = DEVICE,
                                       .device_key = page->keys[KEY_OF_DEVICE].key,
                                       .path = {units, COUNT_OF(units)},
                                       .name = S("Cụm loa Nà Sản"),
                                       .zone_s = 25200};
    struct wire_settings settings = {.volume = 80,
                                     .gain_cap_mb = -300,
                                     .relay_lead_ms = 1500,
                                     .fetch_from_min = 60,
                                     .fetch_to_min = 240,
                                     .month_budget_kb = 500000,
                                     .self_test_min = 180};
    struct wire_plan_item items[] = {{.id = id_of(0x41),
                                      .at = page->now + USEC_HOUR,
                                      .ms = 900000,
                                      .kind = PLAN_MEDIA,
                                      .order_class = CLASS_ORDINARY,
                                      .tier = TIER_COMMUNE,
                                      .media = hash_full_of(0x51),
                                      .bytes = 1800000,
                                      .rules = PLAN_RESUMES,
                                      .title = S("Bản tin xã")},
                                     {.id = id_of(0x42),
                                      .at = page->now + 2 * USEC_HOUR,
                                      .ms = 60000,
                                      .kind = PLAN_SILENCE,
                                      .order_class = CLASS_ORDINARY,
                                      .tier = TIER_COMMUNE}};
    struct wire_plan plan = {
        .from = page->now, .to = page->now + 8 * USEC_DAY, .items = {items, COUNT_OF(items)}};
    show_record(page, "Body of kind 1:", &wire_record_placement, &placement);
    show_record(page, "Body of kind 2:", &wire_record_settings, &settings);
    show_record(page, "Body of kind 3:", &wire_record_plan, &plan);
}

static void show_other_bodies(struct page *page)
{
    struct wire_clip clip = {
        .number = 1, .language = S("vi"), .media = hash_full_of(0x52), .bytes = 40000, .ms = 20000};
    struct wire_clips clips = {.items = {&clip, 1}};
    struct wire_stop stop = {.target = id_of(0x61)};
    struct wire_release release = {.target = id_of(0x62)};
    struct wire_action action = {.what = ACTION_TEST_TONE, .ms = 3000};
    struct wire_retire retire = {.device = DEVICE};
    show_record(page, "Body of kind 4:", &wire_record_clips, &clips);
    show_record(page, "Body of kind 6, for one alarm:", &wire_record_stop, &stop);
    show_record(page, "Body of kind 6, for everything:", &wire_record_stop, &(struct wire_stop){0});
    show_record(page, "Body of kind 7:", &wire_record_release, &release);
    show_record(page, "Body of kind 8:", &wire_record_action, &action);
    show_record(page, "Body of kind 9:", &wire_record_retire, &retire);
    show_record(page, "Body of kind 10, somebody speaks:", &wire_record_live,
                &(struct wire_live){.stream = 77,
                                    .fallback = hash_full_of(0x54),
                                    .fallback_bytes = 9000,
                                    .language = S("vi"),
                                    .title = S("Họp thôn")});
    show_record(page, "Body of kind 10, it is over:", &wire_record_live,
                &(struct wire_live){.replaces = id_of(0x64)});
}

static str show_alarm(struct page *page)
{
    static const uint64_t area[] = {100};
    struct wire_voice voice = {
        .language = S("vi"), .media = hash_full_of(0x53), .bytes = 24000, .ms = 12000};
    struct wire_alarm alarm = {.signal = SIGNAL_SIREN,
                               .clip = 1,
                               .voices = {&voice, 1},
                               .times = 3,
                               .pause_ms = 2000,
                               .again_s = 300,
                               .text = S("Lũ quét! Lên chỗ cao ngay!")};
    say(page, "\n## An order\n");
    str body = show_record(page, "The body of an alarm, kind 5:", &wire_record_alarm, &alarm);
    struct wire_order order = {.id = id_of(0x61),
                               .kind = ORDER_ALARM,
                               .order_class = CLASS_EMERGENCY,
                               .issuer = 100,
                               .area = {area, COUNT_OF(area)},
                               .sequence = 17,
                               .not_before = page->now,
                               .expires = page->now + USEC_HOUR,
                               .body = body};
    str payload = show_record(page, "Its signed head:", &wire_record_order, &order);
    str cose = show_signed(page, "As the commune signs it:", COSE_ORDER, KEY_OF_COMMUNE, payload);
    say(page, "\n### Bodies of the other kinds\n");
    show_daily_bodies(page);
    show_other_bodies(page);
    return cose;
}

/* --- the log --------------------------------------------------------------------------------- */

static struct wire_log show_log(struct page *page)
{
    struct wire_log_entry entries[ENTRIES] = {
        {.seq = 1, .at = page->now, .kind = LOG_BOOT, .clock = CLOCK_SURE, .value = 1, .boot = 1},
        {.seq = 2,
         .at = page->now + USEC_SECOND,
         .kind = LOG_ALARM_PLAYING,
         .subject = id_of(0x61),
         .clock = CLOCK_SURE,
         .value = 24000,
         .boot = 1},
    };
    str *bytes = arena_take_array(page->arena, ENTRIES, sizeof *bytes);
    struct log_chain chain = log_chain_start(page->keys[KEY_OF_DEVICE].key);
    struct wire_log log = {.first = 1, .before = chain.head, .entries = {bytes, ENTRIES}};
    say(page, "\n## The log\n\nHead 0 of the device key above:\n");
    show_bytes(page, "head 0", chain.head.bytes, sizeof chain.head.bytes);
    for (size_t i = 0; i < ENTRIES; i++) {
        bytes[i] = show_record(page, i == 0 ? "Entry 1:" : "Entry 2:", &wire_record_log_entry,
                               &entries[i]);
        log_chain_add(&chain, bytes[i]);
        say(page, i == 0 ? "\nHead 1:\n" : "\nHead 2:\n");
        show_bytes(page, i == 0 ? "head 1" : "head 2", chain.head.bytes, sizeof chain.head.bytes);
    }
    log.signature = log_chain_sign(&chain, DEVICE, page->keys[KEY_OF_DEVICE].secret);
    say(page, "\nThe signature of device 7 over them stands in message 15 below.\n");
    return log;
}

/* --- messages -------------------------------------------------------------------------------- */

static void show_greeting(struct page *page)
{
    struct proof_facts facts = facts_of();
    show_message(page, "The server begins.",
                 &(struct wire_said){.kind = WIRE_HELLO,
                                     .hello = {.version_least = 1,
                                               .version_most = 1,
                                               .nonce = facts.nonce,
                                               .now = page->now}});
    show_message(
        page, "Not now: come back in half a minute at the earliest.",
        &(struct wire_said){.kind = WIRE_BYE, .bye = {.reason = BYE_FULL, .again_ms = 30000}});
    show_message(page, "A new loudspeaker with the proof above.",
                 &(struct wire_said){
                     .kind = WIRE_ATTACH,
                     .attach = {.version = 1,
                                .device_key = page->keys[KEY_OF_DEVICE].key,
                                .proof = proof_make(&facts, page->keys[KEY_OF_DEVICE].secret),
                                .boot = facts.boot,
                                .kind = DEVICE_SPEAKER,
                                .model = S("Loa mẫu"),
                                .serial = S("LM-0001"),
                                .program = S("loa-agent 0.1.0"),
                                .abilities = ABILITY_RELAY | ABILITY_CAPTURE,
                                .claim = S("K7PF-2M9Q"),
                                .link = LINK_4G}});
    show_message(page, "Known and accepted.",
                 &(struct wire_said){.kind = WIRE_ATTACHED,
                                     .attached = {.device = DEVICE,
                                                  .state_version = 42,
                                                  .trust_version = 3,
                                                  .beat_ms = 45000,
                                                  .time_every_ms = 160000}});
    show_message(
        page, "A person has accepted it.",
        &(struct wire_said){.kind = WIRE_ENROL,
                            .enrol = {.device = DEVICE, .root = page->keys[KEY_OF_ROOT].key}});
}

static void show_state(struct page *page, const struct wire_trust *trust, str alarm)
{
    static wire_id ids[2];
    ids[0] = id_of(0x61);
    ids[1] = id_of(0x63);
    show_message(page, "The revocations above and two certificates.",
                 &(struct wire_said){.kind = WIRE_TRUST, .trust = *trust});
    show_message(page, "The alarm above.",
                 &(struct wire_said){.kind = WIRE_ORDER, .order_sent = {.cose = alarm}});
    show_message(
        page, "What is in force.",
        &(struct wire_said){.kind = WIRE_STATE,
                            .state = {.version = 42, .trust_version = 3, .orders = {ids, 2}}});
    show_message(page, "One of them is missing here.",
                 &(struct wire_said){.kind = WIRE_WANT, .want = {.orders = {&ids[1], 1}}});
    show_message(page, "All of it is durable here.",
                 &(struct wire_said){.kind = WIRE_REPORT,
                                     .report = {.state_version = 42, .trust_version = 3}});
}

static void show_beats(struct page *page)
{
    show_message(page, "The device's steady clock says 90 s.",
                 &(struct wire_said){.kind = WIRE_TIME_ASK, .time_ask = {.t1 = 90000000}});
    show_message(
        page, "Read and answered within 40 microseconds.",
        &(struct wire_said){
            .kind = WIRE_TIME_TELL,
            .time_tell = {.t1 = 90000000, .t2 = page->now + 12000, .t3 = page->now + 12040}});
    show_message(page, "Nothing is new.", &(struct wire_said){.kind = WIRE_BEAT});
    show_message(page, "It raises the alarm.",
                 &(struct wire_said){.kind = WIRE_STATUS,
                                     .status = {.state_version = 42,
                                                .trust_version = 3,
                                                .log_seq = 2,
                                                .sound = SOUND_ALARM,
                                                .playing = id_of(0x61),
                                                .playing_since = page->now + USEC_SECOND,
                                                .clock = CLOCK_SURE,
                                                .clock_error_us = 800,
                                                .volume = 80,
                                                .level_mb = -1800,
                                                .signal_dbm = -87,
                                                .bytes_in = 5000000,
                                                .bytes_out = 1200000,
                                                .disk_free_kb = 900000,
                                                .uptime_s = 90,
                                                .plan_until_s = 691200,
                                                .link = LINK_4G}});
}

static void show_log_messages(struct page *page, const struct wire_log *log)
{
    show_message(page, "Both entries above.", &(struct wire_said){.kind = WIRE_LOG, .log = *log});
    show_message(page, "They are durable at the server.",
                 &(struct wire_said){.kind = WIRE_LOG_KEPT, .log_kept = {.seq = 2}});
}

static void show_media(struct page *page)
{
    static hash pieces[2];
    pieces[0] = hash_full_of(0x71);
    pieces[1] = hash_full_of(0x72);
    show_message(
        page, "From byte 32768 on, at most 64 KiB now.",
        &(struct wire_said){
            .kind = WIRE_FETCH,
            .fetch = {.tag = 1, .media = hash_full_of(0x51), .from = 32768, .most = 65536}});
    show_message(
        page, "A medium of two pieces.",
        &(struct wire_said){
            .kind = WIRE_OUTLINE,
            .outline = {.tag = 1, .bytes = 40000, .piece_bytes = 32768, .pieces = {pieces, 2}}});
    show_message(page, "Some of its bytes.",
                 &(struct wire_said){.kind = WIRE_CHUNK,
                                     .chunk = {.tag = 1, .from = 32768, .bytes = S("OggS")}});
    show_message(page, "Ask again in two seconds.",
                 &(struct wire_said){.kind = WIRE_LATER,
                                     .later = {.tag = 1, .after_ms = 2000, .reason = LATER_BUSY}});
}

static void show_listening(struct page *page)
{
    static const str packets[1] = {{"\x08\x01\x02", 3}};
    show_message(page, "Somebody wants to hear this pole for a minute.",
                 &(struct wire_said){.kind = WIRE_LISTEN,
                                     .listen = {.tag = 1, .ms = 60000, .bitrate = 16000}});
    show_message(page, "One packet of 20 ms, the fifth.",
                 &(struct wire_said){
                     .kind = WIRE_SOUND,
                     .sound = {.tag = 1, .index = 4, .at = page->now, .packets = {packets, 1}}});
}

static void show_live(struct page *page)
{
    static const str packets[2] = {{"\x08\x01\x02", 3}, {"\x08\x03\x04", 3}};
    show_message(
        page, "It wants the stream of the live order above, and needs about half a second.",
        &(struct wire_said){.kind = WIRE_TUNE, .tune = {.stream = 77, .on = true, .need_ms = 480}});
    show_message(
        page, "It flows; a sample sounds 520 ms after its stamp.",
        &(struct wire_said){.kind = WIRE_TUNED,
                            .tuned = {.stream = 77, .state = LIVE_FLOWS, .delay_ms = 520}});
    show_message(page, "Two packets, the eleventh and the twelfth.",
                 &(struct wire_said){.kind = WIRE_LIVE_SOUND,
                                     .live_sound = {.stream = 77,
                                                    .index = 10,
                                                    .at = page->now + 200000,
                                                    .packets = {packets, 2}}});
}

static void compose(struct page *page)
{
    struct wire_trust trust;
    say(page, "# Worked examples\n\nComposed and compared by `src/wire/example_test.c`; "
              "`test/integration/test_protocol.py` reads them again without our code. In each "
              "block of hex, what follows `#` is a remark.\n");
    show_keys(page);
    show_proof(page);
    show_trust(page, &trust);
    str alarm = show_alarm(page);
    struct wire_log log = show_log(page);
    say(page, "\n## Messages\n");
    show_greeting(page);
    show_state(page, &trust, alarm);
    show_beats(page);
    show_log_messages(page, &log);
    show_media(page);
    show_listening(page);
    show_live(page);
    assert_ok(buf_check(&page->out));
}

static void stands_in_the_protocol_as_it_is(void **state)
{
    (void)state;
    AUTO(buf_finish) struct buf kept = {.ceiling = PAGE_MOST};
    struct page *page = page_create();
    struct why why = {""};
    compose(page);
    if (getenv("LOA_GOLDEN") != NULL) {
        assert_ok(file_write(path, buf_str(&page->out), 0644, &why));
    }
    assert_ok(file_read(path, PAGE_MOST, &kept, &why));
    if (!str_is(buf_str(&kept), buf_str(&page->out))) {
        fail_msg("%s: not what the code says now; `make golden T=example` writes it anew", path);
    }
    page_destroy(page);
}

/* --- as a stranger reads it ------------------------------------------------------------------ */

/* The bytes of the block whose first line has been read; *text goes on behind it. */
static void read_block(str *text, struct buf *bytes)
{
    buf_clear(bytes);
    for (;;) {
        str line = str_split(*text, '\n', text);
        if (str_starts(line, S("```"))) {
            return;
        }
        str hex = str_split(line, '#', &line);
        unsigned char row[64];
        size_t size = 0;
        assert_int_equal(sodium_hex2bin(row, sizeof row, hex.at, hex.len, " ", &size, NULL), 0);
        buf_add(bytes, (str){(const char *)row, size});
    }
}

static void check_message(str bytes, struct arena *arena)
{
    AUTO(buf_finish) struct buf again = {0};
    struct wire_said said;
    buf_init(&again, WIRE_MESSAGE_MOST);
    enum wire_from side = WIRE_FROM_SERVER;
    if (wire_hear(bytes, side, 1, arena, &said, NULL) != OK) {
        assert_ok(wire_hear(bytes, WIRE_FROM_DEVICE, 1, arena, &said, NULL));
    }
    assert_ok(wire_say(&said, &again));
    assert_str(buf_str(&again), bytes);
}

static void check_record(str name, str bytes, struct arena *arena)
{
    AUTO(buf_finish) struct buf again = {0};
    static const struct wire_record *const records[] = {
#define RECORD(name) &wire_record_##name,
#define FIELD(key, TYPE, name, NEED, most)
#define END(name)
#include "wire/records.def"
#undef RECORD
#undef FIELD
#undef END
    };
    union wire_any value;
    buf_init(&again, WIRE_MESSAGE_MOST);
    for (size_t i = 0; i < COUNT_OF(records); i++) {
        if (str_is(str_of(records[i]->name), name)) {
            assert_ok(wire_record_read(records[i], bytes, arena, &value, NULL));
            assert_ok(wire_record_write(records[i], &value, &again));
        }
    }
    assert_str(buf_str(&again), bytes);
}

static void is_read_and_written_again_without_a_difference(void **state)
{
    (void)state;
    AUTO(buf_finish) struct buf page = {.ceiling = PAGE_MOST};
    AUTO(buf_finish) struct buf bytes = {.ceiling = PAGE_MOST};
    AUTO(arena_close) struct arena *arena = NULL;
    size_t blocks = 0;
    assert_ok(arena_create(PAGE_MOST, &arena));
    assert_ok(file_read(path, PAGE_MOST, &page, NULL));
    str text = buf_str(&page);
    while (text.len > 0) {
        str line = str_split(text, '\n', &text);
        if (!str_starts(line, S("```hex "))) {
            continue;
        }
        str name;
        str what = str_split(str_cut(line, 7, line.len), ' ', &name);
        read_block(&text, &bytes);
        blocks++;
        if (str_is(what, S("message"))) {
            check_message(buf_str(&bytes), arena);
        } else if (str_is(what, S("record"))) {
            check_record(name, buf_str(&bytes), arena);
        }
    }
    assert_true(blocks > 40);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(stands_in_the_protocol_as_it_is),
        cmocka_unit_test(is_read_and_written_again_without_a_difference),
    };
    return cmocka_run_group_tests_name("wire: example", tests, NULL, NULL);
}
