/* SPDX-License-Identifier: MIT */
/* Name confinement. */
#include "core/name.h"

#include <string.h>

#include "core/text.h"
#include "core/utf8.h"

bool name_decode(char *bytes, size_t *n)
{
    size_t kept = 0;
    size_t i = 0;

    while (i < *n) {
        char c = bytes[i];

        if (c == '%') {
            if (i + 2 >= *n) {
                return false;
            }
            int high = text_hex_value(bytes[i + 1]);
            int low = text_hex_value(bytes[i + 2]);
            if (high < 0 || low < 0) {
                return false;
            }
            c = (char)(high * 16 + low);
            i += 2;
        }
        bytes[kept] = c;
        kept++;
        i++;
    }
    CHECK(kept <= *n);
    *n = kept;
    return true;
}

static bool byte_is_possible(char c)
{
    unsigned char byte = (unsigned char)c;

    return byte >= 0x20 && byte != 0x7f && byte != '\\';
}

/* Looks at a component, which ends at n or at a slash; *n is then its length. Where texts can be in
 * GBK, a backslash there can be half a character: the second byte after one of 0x81 and above. A
 * component that is UTF-8 holds no such halves. */
static bool component_is_possible(const char *bytes, size_t *n)
{
    bool halves = false;
    bool second = false;
    size_t i;

    for (i = 0; i < *n && bytes[i] != '/'; i++) {
        if (PORT_GBK != 0 && second && bytes[i] == '\\') {
            halves = true;
        } else if (!byte_is_possible(bytes[i])) {
            return false;
        }
        second = !second && (unsigned char)bytes[i] > 0x80;
    }
    *n = i;
    return !halves || !utf8_is_valid((const uint8_t *)bytes, i);
}

static bool bytes_are_possible(const char *bytes, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        size_t left = n - i;

        if (!component_is_possible(bytes + i, &left)) {
            return false;
        }
        i += left;
    }
    return true;
}

bool name_component_shown(const char *bytes, size_t n, bool dot_files)
{
    CHECK(n > 0);
    return bytes_are_possible(bytes, n) && (dot_files || bytes[0] != '.');
}

/* The length of a name of n bytes without its last component. */
static size_t without_last(const char *bytes, size_t n)
{
    CHECK(n > 0);
    while (n > 0 && bytes[n - 1] != '/') {
        n--;
    }
    return n > 0 ? n - 1 : 0;
}

static bool dot_components_allowed(const char *bytes, size_t n)
{
    static const char well_known[] = ".well-known";
    const size_t well_known_bytes = sizeof well_known - 1;
    size_t start = 0;

    for (size_t i = 0; i <= n; i++) {
        if (i < n && bytes[i] != '/') {
            continue;
        }
        if (start < i && bytes[start] == '.') {
            bool exempt = start == 0 && i == well_known_bytes
                          && memcmp(bytes, well_known, well_known_bytes) == 0;

            if (!exempt) {
                return false;
            }
        }
        start = i + 1;
    }
    return true;
}

/* Drops "." and doubled slashes and resolves "..", in place; the name can only become shorter. */
static enum name_result normalise(char *bytes, size_t *n, bool *directory)
{
    size_t kept = 0;
    size_t start = 0;

    *directory = true;
    for (size_t i = 0; i <= *n; i++) {
        size_t length = i - start;

        if (i < *n && bytes[i] != '/') {
            continue;
        }
        *directory = true;
        if (length == 2 && bytes[start] == '.' && bytes[start + 1] == '.') {
            if (kept == 0) {
                return NAME_REFUSED;
            }
            kept = without_last(bytes, kept);
        } else if (length > PORT_NAME_BYTES_MAX) {
            return NAME_REFUSED;
        } else if (length > 0 && !(length == 1 && bytes[start] == '.')) {
            if (kept > 0) {
                bytes[kept] = '/';
                kept++;
            }
            CHECK(kept <= start);
            memmove(bytes + kept, bytes + start, length);
            kept += length;
            *directory = false;
        }
        start = i + 1;
    }
    *n = kept;
    return NAME_OK;
}

enum name_result name_confine(char *bytes, size_t *n, bool dot_files, bool *directory)
{
    enum name_result result;

    if (!bytes_are_possible(bytes, *n)) {
        return NAME_MALFORMED;
    }
    result = normalise(bytes, n, directory);
    if (result == NAME_OK && !dot_files && !dot_components_allowed(bytes, *n)) {
        result = NAME_REFUSED;
    }
    return result;
}
