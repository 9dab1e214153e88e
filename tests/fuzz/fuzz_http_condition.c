/* SPDX-License-Identifier: MIT */
/*
 * Conditional requests, whole heads of them, against RFC 9110 section 13 worked out on what was
 * meant to be asked.
 *
 * Input: 24 bytes, the version of the file and the date; then for each field a byte that says which
 * it is, and for each of its elements a byte that says what stands there.
 */
#include "apps/fileget/http_condition.h"

#include <string.h>

#include "apps/fileget/http_date.h"
#include "tests/fuzz/fuzz.h"

enum { HEAD_MAX = CFG_FILEGET_HEAD_BYTES, ELEMENTS_MAX = 2, FIELDS_MAX = 4 };

/* What an element can be. */
enum element {
    ELEMENT_OWN,       /* the file's entity tag */
    ELEMENT_OWN_WEAK,
    ELEMENT_OTHER,     /* that of another version */
    ELEMENT_ANY,       /* an asterisk */
    ELEMENT_COMMA,     /* a tag with a comma in it */
    ELEMENT_LONG,      /* more than is kept */
    ELEMENT_SAME_DATE, /* of the file */
    ELEMENT_BEFORE,    /* a second before it */
    ELEMENT_AFTER,
    ELEMENT_BYTES,     /* bytes of the input */
    ELEMENTS
};

struct known {
    bool match;
    bool match_hit;
    bool none_match;
    bool none_match_hit;
    unsigned modified; /* how many fields there were */
    bool modified_hit;
    unsigned unmodified;
    bool unmodified_hit;
    unsigned range;
    bool range_hit;
    bool unknown; /* an element of bytes: what it means is not known here */
};

struct scene {
    struct http_version version;
    int64_t now;
    struct known known;
    struct text text;
    char bytes[HEAD_MAX + 600];
};

static void put_element(struct scene *scene, enum element element, struct fuzz_input *input)
{
    struct http_version other = scene->version;
    int64_t date = scene->version.modified_s;
    size_t n = 0;
    date += element == ELEMENT_AFTER ? 1 : element == ELEMENT_BEFORE ? -1 : 0;
    switch (element) {
    case ELEMENT_OWN:
        http_tag_put(&scene->text, &other);
        break;
    case ELEMENT_OWN_WEAK:
        text_put(&scene->text, "W/");
        http_tag_put(&scene->text, &other);
        break;
    case ELEMENT_OTHER:
        other.modified_ns ^= 1;
        http_tag_put(&scene->text, &other);
        break;
    case ELEMENT_ANY:
        text_put_char(&scene->text, '*');
        break;
    case ELEMENT_COMMA:
        text_put(&scene->text, "\"a,*,b\"");
        break;
    case ELEMENT_LONG:
        http_tag_put(&scene->text, &other);
        text_put_padded(&scene->text, 0, 20, '.');
        for (unsigned i = 0; i < CFG_FILEGET_FIELD_BYTES / 10; i++) {
            text_put_padded(&scene->text, 0, 10, '.');
        }
        break;
    case ELEMENT_SAME_DATE:
    case ELEMENT_BEFORE:
    case ELEMENT_AFTER:
        if (date_is_known(date)) {
            http_date_put(&scene->text, date);
        }
        break;
    case ELEMENT_BYTES:
    case ELEMENTS:
        for (const uint8_t *bytes = fuzz_bytes(input, 1 + fuzz_byte(input) % 40u, &n); n > 0; n--) {
            bool right = (*bytes >= ' ' || *bytes == '\t') && *bytes != 0x7f;
            text_put_char(&scene->text, right ? (char)*bytes : '"');
            bytes++;
        }
        scene->known.unknown = true;
        break;
    }
}

/* What an element of If-Match and If-None-Match comes to. */
static void note_tag(struct known *known, bool none, enum element element)
{
    bool hit = element == ELEMENT_OWN || element == ELEMENT_ANY ||
               (none && element == ELEMENT_OWN_WEAK);
    if (none) {
        known->none_match_hit = known->none_match_hit || hit;
    } else {
        known->match_hit = known->match_hit || hit;
    }
}

/* A date counts when it can be written at all, and when it is the only one. */
static void note_date(struct scene *scene, enum http_field field, enum element element)
{
    struct known *known = &scene->known;
    int64_t file = scene->version.modified_s;
    bool is_date = element == ELEMENT_SAME_DATE || element == ELEMENT_BEFORE ||
                   element == ELEMENT_AFTER;
    int64_t date = file + (element == ELEMENT_AFTER ? 1 : element == ELEMENT_BEFORE ? -1 : 0);
    is_date = is_date && date_is_known(date);
    if (field == HTTP_FIELD_IF_MODIFIED) {
        known->modified_hit = is_date && file <= date && known->modified == 0;
        known->modified++;
    } else if (field == HTTP_FIELD_IF_UNMODIFIED) {
        known->unmodified_hit = is_date && file > date && known->unmodified == 0;
        known->unmodified++;
    } else {
        bool strong = element == ELEMENT_OWN ||
                      (is_date && date == file && scene->now >= date + 2);
        known->range_hit = strong && known->range == 0;
        known->range++;
    }
}

static void put_field(struct scene *scene, struct fuzz_input *input)
{
    static const char *const names[] = {"If-Match", "If-None-Match", "If-Modified-Since",
                                        "If-Unmodified-Since", "If-Range"};
    uint8_t what = fuzz_byte(input);
    unsigned which = what % COUNT_OF(names);
    enum http_field field = (enum http_field)(HTTP_FIELD_IF_MATCH + which);
    bool list = which < 2;
    unsigned count = list ? (what >> 4) % (ELEMENTS_MAX + 1u) : 1;
    text_put(&scene->text, names[which]);
    text_put(&scene->text, what & 8 ? ":" : ": ");
    scene->known.match = scene->known.match || which == 0; /* also where the list is empty */
    scene->known.none_match = scene->known.none_match || which == 1;
    for (unsigned i = 0; i < count; i++) {
        enum element element = (enum element)(fuzz_byte(input) % ELEMENTS);
        text_put(&scene->text, i > 0 ? (what & 8 ? "," : " ,\t") : "");
        size_t before = scene->text.n;
        put_element(scene, element, input);
        if (list && scene->text.n > before) {
            note_tag(&scene->known, which == 1, element);
        } else if (!list) {
            note_date(scene, field, element);
        }
    }
    text_put(&scene->text, "\r\n");
}

/* RFC 9110 section 13.2.2. */
static enum http_status expected(const struct known *known)
{
    if (known->match && !known->match_hit) {
        return HTTP_CONDITION_FAILED;
    }
    if (!known->match && known->unmodified_hit) {
        return HTTP_CONDITION_FAILED;
    }
    if (known->none_match) {
        return known->none_match_hit ? HTTP_NOT_MODIFIED : HTTP_NONE;
    }
    return known->modified_hit ? HTTP_NOT_MODIFIED : HTTP_NONE;
}

/* The entity tag can be read back, and differs where the versions do. */
static void check_tag(const struct http_version *version, uint64_t change)
{
    char bytes[2][HTTP_TAG_BYTES];
    struct text text[2];
    struct http_version other = *version;
    other.size_bytes ^= change;
    other.modified_s ^= (int64_t)(change >> 8 & 0xff);
    bool same = other.size_bytes == version->size_bytes && other.modified_s == version->modified_s;
    for (unsigned i = 0; i < 2; i++) {
        text_begin(&text[i], bytes[i], sizeof bytes[i]);
        http_tag_put(&text[i], i == 0 ? version : &other);
        REQUIRE(!text[i].cut && bytes[i][0] == '"' && bytes[i][text[i].n - 1] == '"');
        REQUIRE(memchr(bytes[i] + 1, '"', text[i].n - 2) == NULL);
    }
    bool equal = text[0].n == text[1].n && memcmp(bytes[0], bytes[1], text[0].n) == 0;
    REQUIRE(equal == same);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    static struct scene scene;
    static uint8_t buffer[CFG_CONN_BUFFER_BYTES];
    struct fuzz_input input = {bytes, n};
    struct http_head head;
    enum http_event event = HTTP_MORE;
    memset(&scene.known, 0, sizeof scene.known);
    scene.version.size_bytes = fuzz_number(&input, 8);
    scene.version.modified_s = (int64_t)(fuzz_number(&input, 6) & UINT64_C(0x3fffffffff));
    scene.version.modified_ns = (uint32_t)fuzz_number(&input, 4) % 1000000000u;
    scene.now = scene.version.modified_s + (int64_t)(fuzz_number(&input, 4) & 0xffffff) - 8;
    uint64_t change = fuzz_number(&input, 2);
    if (change % 4 == 1) { /* not every time: it takes as long as a field */
        check_tag(&scene.version, change);
    }
    text_begin(&scene.text, scene.bytes, HEAD_MAX - 2);
    text_put(&scene.text, "GET /a HTTP/1.0\r\n");
    for (unsigned i = 0; i < FIELDS_MAX && input.n > 0; i++) {
        put_field(&scene, &input);
    }
    if (scene.text.cut) {
        return 0;
    }
    memcpy(scene.bytes + scene.text.n, "\r\n", 2);
    http_head_begin(&head, 0);
    for (size_t at = 0, all = scene.text.n + 2, taken; at < all; at += taken) {
        REQUIRE(event == HTTP_MORE || event == HTTP_CONDITION);
        event = http_head_feed(&head, buffer, (const uint8_t *)scene.bytes + at, all - at, false,
                               &taken);
        if (event == HTTP_CONDITION) {
            http_condition_note(&head, buffer, &scene.version, scene.now);
        }
    }
    REQUIRE(event == HTTP_END);
    enum http_status status = http_condition_status(&head);
    bool holds = http_condition_range_holds(&head);
    REQUIRE(status == HTTP_NONE || status == HTTP_CONDITION_FAILED || status == HTTP_NOT_MODIFIED);
    if (!scene.known.unknown) {
        REQUIRE(status == expected(&scene.known));
        REQUIRE(holds == (scene.known.range == 0 || scene.known.range_hit));
    }
    return 0;
}
