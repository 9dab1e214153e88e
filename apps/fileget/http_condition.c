/* SPDX-License-Identifier: MIT */
/* Conditional requests. */
#include "apps/fileget/http_condition.h"

#include <string.h>

#include "apps/fileget/http_date.h"

/* A date says which version it is only when the file was not changed twice in its second
 * (RFC 9110 section 8.8.2.2): one so fresh might still be. */
enum { STRONG_DATE_S = 2 };

static void put_hex(struct text *text, uint64_t number)
{
    unsigned shift = 60;

    while (shift > 0 && number >> shift == 0) {
        shift -= 4;
    }
    for (;;) {
        text_put_char(text, "0123456789abcdef"[number >> shift & 15]);
        if (shift == 0) {
            return;
        }
        shift -= 4;
    }
}

void http_tag_put(struct text *text, const struct http_version *version)
{
    text_put_char(text, '"');
    put_hex(text, version->size_bytes);
    text_put_char(text, '-');
    put_hex(text, (uint64_t)version->modified_s);
    text_put_char(text, '-');
    put_hex(text, version->modified_ns);
    text_put_char(text, '"');
}

static bool is_tag(const uint8_t *bytes, size_t n, const struct http_version *version)
{
    char own[HTTP_TAG_BYTES];
    struct text text;

    text_begin(&text, own, sizeof own);
    http_tag_put(&text, version);
    CHECK(!text.cut);
    return n == text.n && memcmp(bytes, own, n) == 0;
}

static bool is_any(const uint8_t *bytes, size_t n)
{
    return n == 1 && bytes[0] == '*';
}

/* If-None-Match compares weakly: W/ makes no difference. */
static bool is_tag_weakly(const uint8_t *bytes, size_t n, const struct http_version *version)
{
    if (n > 2 && bytes[0] == 'W' && bytes[1] == '/') {
        return is_tag(bytes + 2, n - 2, version);
    }
    return is_tag(bytes, n, version);
}

/* Notes a date's outcome; one that is not a date, or is repeated, counts for nothing. */
static void note_date(struct http_head *head, uint32_t present, uint32_t hit, bool valid,
                      bool holds)
{
    bool repeated = (head->facts & present) != 0;

    head->facts &= ~hit;
    if (valid && holds && !repeated) {
        head->facts |= hit;
    }
    head->facts |= present;
}

void http_condition_note(struct http_head *head, const uint8_t *buffer,
                         const struct http_version *version, int64_t now)
{
    const uint8_t *value = buffer + head->held;
    size_t n = (head->facts & HTTP_CUT) != 0 ? 0 : head->piece;
    int64_t date = 0;
    bool valid;

    switch ((enum http_field)head->field) {
    case HTTP_FIELD_IF_MATCH:
        head->facts |= is_any(value, n) || is_tag(value, n, version) ? HTTP_IF_MATCH_HIT : 0;
        break;
    case HTTP_FIELD_IF_NONE_MATCH:
        head->facts |= is_any(value, n) || is_tag_weakly(value, n, version)
                           ? HTTP_IF_NONE_MATCH_HIT : 0;
        break;
    case HTTP_FIELD_IF_MODIFIED:
        valid = http_date_read((const char *)value, n, now, &date);
        note_date(head, HTTP_IF_MODIFIED, HTTP_IF_MODIFIED_HIT, valid,
                  version->modified_s <= date);
        break;
    case HTTP_FIELD_IF_UNMODIFIED:
        valid = http_date_read((const char *)value, n, now, &date);
        note_date(head, HTTP_IF_UNMODIFIED, HTTP_IF_UNMODIFIED_HIT, valid,
                  version->modified_s > date);
        break;
    case HTTP_FIELD_IF_RANGE:
        valid = is_tag(value, n, version)
                || (http_date_read((const char *)value, n, now, &date)
                    && date == version->modified_s && now >= date + STRONG_DATE_S);
        note_date(head, HTTP_IF_RANGE, HTTP_IF_RANGE_HIT, valid, true);
        break;
    case HTTP_FIELD_OTHER:
    case HTTP_FIELD_HOST:
    case HTTP_FIELD_LENGTH:
    case HTTP_FIELD_CODING:
    case HTTP_FIELD_CONNECTION:
    case HTTP_FIELD_EXPECT:
    case HTTP_FIELD_RANGE:
        CHECK(false);
        break;
    }
}

enum http_status http_condition_status(const struct http_head *head)
{
    uint32_t facts = head->facts;

    if ((facts & HTTP_IF_MATCH) != 0) {
        if ((facts & HTTP_IF_MATCH_HIT) == 0) {
            return HTTP_CONDITION_FAILED;
        }
    } else if ((facts & HTTP_IF_UNMODIFIED_HIT) != 0) {
        return HTTP_CONDITION_FAILED;
    }
    if ((facts & HTTP_IF_NONE_MATCH) != 0) {
        return (facts & HTTP_IF_NONE_MATCH_HIT) != 0 ? HTTP_NOT_MODIFIED : HTTP_NONE;
    }
    return (facts & HTTP_IF_MODIFIED_HIT) != 0 ? HTTP_NOT_MODIFIED : HTTP_NONE;
}

bool http_condition_range_holds(const struct http_head *head)
{
    return (head->facts & HTTP_IF_RANGE) == 0 || (head->facts & HTTP_IF_RANGE_HIT) != 0;
}
