/* SPDX-License-Identifier: MIT */
/* Raw name or HTTP? */
#include "apps/fileget/http_sniff.h"

#include "apps/fileget/http_head.h"

/* How far the front of the line matches; from SNIFF_SPACE on, one more for each byte of "http". */
enum { SNIFF_BEGIN, SNIFF_TOKEN, SNIFF_SPACE, SNIFF_HTTP = SNIFF_SPACE + 4, SNIFF_NO };

static bool front_matches(struct http_sniff *sniff, uint8_t byte)
{
    static const char http[] = "http";
    unsigned state = sniff->state;

    if (state == SNIFF_BEGIN || state == SNIFF_TOKEN) {
        if (http_is_token_byte(byte)) {
            state = SNIFF_TOKEN;
        } else {
            state = byte == ' ' && state == SNIFF_TOKEN ? SNIFF_SPACE : SNIFF_NO;
        }
    } else if (state < SNIFF_HTTP) {
        if (state == SNIFF_SPACE && (byte == '/' || byte == '*')) {
            return true;
        }
        state = byte == (uint8_t)http[state - SNIFF_SPACE] ? state + 1 : SNIFF_NO;
    }
    sniff->state = (uint8_t)state;
    return state == SNIFF_HTTP;
}

static bool version_matches(struct http_sniff *sniff, uint8_t byte)
{
    static const char version[] = " HTTP/";

    if (byte == (uint8_t)version[sniff->version]) {
        sniff->version++;
    } else {
        sniff->version = byte == ' ' ? 1 : 0; /* only its first byte is a space */
    }
    return sniff->version == sizeof version - 1;
}

bool http_sniff_byte(struct http_sniff *sniff, uint8_t byte)
{
    bool by_version = version_matches(sniff, byte);
    bool by_front = front_matches(sniff, byte);

    if (byte < ' ' || byte == 0x7f || byte == 0xff) {
        sniff->dirty = true;
    }
    return by_version || by_front;
}

bool http_sniff_may_be(const struct http_sniff *sniff, const uint8_t *line, size_t n)
{
    if (sniff->dirty) {
        return false;
    }
    if (sniff->version > 0 || (sniff->state >= SNIFF_SPACE && sniff->state < SNIFF_HTTP)) {
        return true;
    }
    for (size_t i = 0; i < COUNT_OF(http_methods); i++) {
        size_t same = 0;

        while (same < n && http_methods[i][same] != '\0'
               && line[same] == (uint8_t)http_methods[i][same]) {
            same++;
        }
        if (same == n || (http_methods[i][same] == '\0' && line[same] == ' ')) {
            return true;
        }
    }
    return false;
}
