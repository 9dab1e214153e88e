/* SPDX-License-Identifier: MIT */
/* URLs as people write them and as servers redirect to them. */
#include "apps/get/get_url.h"

#include <string.h>

#include "core/name.h"

enum {
    HTTP_PORT = 80,
    RAW_PORT = 8080, /* linnet's own */
    AUTHORITY_BYTES = TARGET_HOST_BYTES + 16
};

static bool is_alpha(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_hex(char c)
{
    return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

static bool is_control(char c)
{
    return (unsigned char)c < 0x20 || c == 0x7f;
}

static bool has_control(const char *bytes, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (is_control(bytes[i])) {
            return true;
        }
    }
    return false;
}

static bool is_one_of(char c, const char *set)
{
    return c != '\0' && strchr(set, c) != NULL;
}

/* How many bytes come before the first one of the set. */
static size_t span(const char *bytes, size_t n, const char *set)
{
    size_t i = 0;
    while (i < n && !is_one_of(bytes[i], set)) {
        i++;
    }
    return i;
}

/* ---- The path ------------------------------------------------------------------------------ */

static bool path_put(struct get_url *url, char c)
{
    if (url->path_bytes == sizeof url->path) {
        return false;
    }
    url->path[url->path_bytes++] = c;
    return true;
}

static bool path_put_escape(struct get_url *url, char c)
{
    static const char digits[] = "0123456789ABCDEF";
    unsigned byte = (unsigned char)c;
    return path_put(url, '%') && path_put(url, digits[byte >> 4]) &&
           path_put(url, digits[byte & 15]);
}

/* Appends n bytes; those that cannot stand in a request line, and a percent sign that begins no
 * escape, are encoded. */
static bool path_put_encoded(struct get_url *url, const char *bytes, size_t n)
{
    const char *reserved = url->scheme == GET_RAW ? " \"<>\\^`{|}#?" : " \"<>\\^`{|}#";
    for (size_t i = 0; i < n; i++) {
        bool escape = bytes[i] == '%' && i + 2 < n && is_hex(bytes[i + 1]) && is_hex(bytes[i + 2]);
        bool plain = (unsigned char)bytes[i] < 0x7f && !is_one_of(bytes[i], reserved) &&
                     (bytes[i] != '%' || escape);
        if (!(plain ? path_put(url, bytes[i]) : path_put_escape(url, bytes[i]))) {
            return false;
        }
    }
    return true;
}

/* RFC 3986 section 5.2.4, for a path that begins with a slash. */
static void path_remove_dots(struct get_url *url)
{
    char *path = url->path;
    size_t n = url->path_bytes;
    size_t out = 0;
    size_t at = 0;
    CHECK(n > 0 && path[0] == '/');
    while (at < n) {
        size_t end = at + 1 + span(path + at + 1, n - at - 1, "/");
        size_t bytes = end - at - 1;
        bool up = bytes == 2 && path[at + 1] == '.' && path[at + 2] == '.';
        if (up || (bytes == 1 && path[at + 1] == '.')) {
            while (up && out > 0) {
                out--;
                up = path[out] != '/';
            }
            if (end == n) {
                path[out++] = '/';
            }
        } else {
            memmove(path + out, path + at, end - at);
            out += end - at;
        }
        at = end;
    }
    url->path_bytes = (uint16_t)out;
}

/* Puts "path?query#fragment" behind what of the path is there. */
static enum get_url_result path_read(struct get_url *url, const char *bytes, size_t n)
{
    bool raw = url->scheme == GET_RAW;
    size_t path_bytes = raw ? n : span(bytes, n, "?#");
    if (!path_put_encoded(url, bytes, path_bytes)) {
        return GET_URL_LONG;
    }
    if (raw) {
        return GET_URL_OK;
    }
    path_remove_dots(url);
    bytes += path_bytes;
    n = span(bytes, n - path_bytes, "#");
    if (n > 0 && !(path_put(url, '?') && path_put_encoded(url, bytes + 1, n - 1))) {
        return GET_URL_LONG;
    }
    return GET_URL_OK;
}

/* ---- The host ------------------------------------------------------------------------------ */

/* Letters of names and of IPv6 literals with a zone; what a resolver or a Host field might take
 * for something else is left out. */
static bool host_right(const char *host)
{
    bool literal = strchr(host, ':') != NULL;
    const char *zone = strchr(host, '%');
    if (zone != NULL && strchr(zone + 1, '%') != NULL) {
        return false;
    }
    for (const char *at = host; *at != '\0'; at++) {
        if (!is_alpha(*at) && !is_digit(*at) && !is_one_of(*at, literal ? "-._~:%" : "-._")) {
            return false;
        }
    }
    return true;
}

/* Reads HOST[:PORT]; a zone may have its percent sign encoded (RFC 6874). */
static bool authority_read(struct get_url *url, const char *bytes, size_t n)
{
    char authority[AUTHORITY_BYTES];
    size_t used = 0;
    for (size_t i = 0; i < n; i++) {
        if (used + 1 == sizeof authority) {
            return false;
        }
        authority[used++] = bytes[i];
        if (bytes[0] == '[' && bytes[i] == '%' && i + 2 < n && bytes[i + 1] == '2' &&
            bytes[i + 2] == '5') {
            i += 2;
        }
    }
    authority[used] = '\0';
    url->target.port = url->scheme == GET_RAW ? RAW_PORT : HTTP_PORT;
    return target_read(authority, &url->target) && host_right(url->target.host);
}

/* Reads what comes behind the scheme's "//". */
static enum get_url_result location_read(struct get_url *url, const char *bytes, size_t n)
{
    size_t authority_bytes = span(bytes, n, url->scheme == GET_RAW ? "/" : "/?#");
    if (!authority_read(url, bytes, authority_bytes)) {
        return GET_URL_HOST;
    }
    bytes += authority_bytes;
    n -= authority_bytes;
    url->path[0] = '/';
    url->path_bytes = 1;
    if (n > 0 && bytes[0] == '/') {
        bytes++;
        n--;
    }
    return path_read(url, bytes, n);
}

/* ---- The whole ----------------------------------------------------------------------------- */

/* The length of a scheme at the front, without its colon; 0: there is none. */
static size_t scheme_span(const char *bytes, size_t n)
{
    size_t i = 0;
    while (i < n && (is_alpha(bytes[i]) ||
                     (i > 0 && (is_digit(bytes[i]) || is_one_of(bytes[i], "+-."))))) {
        i++;
    }
    return i < n && bytes[i] == ':' ? i : 0;
}

static bool scheme_is(const char *bytes, size_t n, const char *lower)
{
    size_t i = 0;
    while (i < n && (bytes[i] | 0x20) == lower[i]) {
        i++; /* ends at the name's NUL: no letter becomes one */
    }
    return i == n && lower[i] == '\0';
}

enum get_url_result get_url_read(const char *bytes, size_t n, struct get_url *url)
{
    size_t scheme = scheme_span(bytes, n);
    bool given = scheme > 0 && n - scheme >= 3 && memcmp(bytes + scheme, "://", 3) == 0;
    if (has_control(bytes, n)) {
        return GET_URL_BYTE;
    }
    url->scheme = GET_HTTP;
    if (!given) {
        return location_read(url, bytes, n);
    }
    if (scheme_is(bytes, scheme, "raw")) {
        url->scheme = GET_RAW;
    } else if (!scheme_is(bytes, scheme, "http")) {
        return GET_URL_SCHEME;
    }
    return location_read(url, bytes + scheme + 3, n - scheme - 3);
}

enum get_url_result get_url_follow(struct get_url *url, const char *reference, size_t n)
{
    CHECK(url->scheme == GET_HTTP);
    size_t scheme = scheme_span(reference, n);
    if (has_control(reference, n)) {
        return GET_URL_BYTE;
    }
    if (scheme > 0) {
        bool http = scheme_is(reference, scheme, "http") && n - scheme >= 3 &&
                    memcmp(reference + scheme, "://", 3) == 0;
        return http ? location_read(url, reference + scheme + 3, n - scheme - 3) : GET_URL_SCHEME;
    }
    if (n >= 2 && reference[0] == '/' && reference[1] == '/') {
        return location_read(url, reference + 2, n - 2);
    }
    if (n == 0 || reference[0] == '#') {
        return GET_URL_OK;
    }
    url->path_bytes = (uint16_t)span(url->path, url->path_bytes, "?");
    CHECK(url->path_bytes > 0 && url->path[0] == '/');
    if (reference[0] == '/') {
        url->path_bytes = 0;
    } else if (reference[0] != '?') {
        while (url->path[url->path_bytes - 1] != '/') {
            url->path_bytes--;
        }
    }
    return path_read(url, reference, n);
}

const char *get_url_fault(enum get_url_result result)
{
    switch (result) {
    case GET_URL_OK:
        return "";
    case GET_URL_SCHEME:
        return "of a kind that get does not speak: there are http:// and raw://";
    case GET_URL_HOST:
        return "without a host and port that can be reached";
    case GET_URL_BYTE:
        return "with a control byte in it";
    case GET_URL_LONG:
        return "too long";
    }
    return "";
}

void get_url_put_host(struct text *text, const struct get_url *url)
{
    const char *host = url->target.host;
    bool literal = strchr(host, ':') != NULL;
    size_t n = span(host, strlen(host), "%");
    text_put(text, literal ? "[" : "");
    text_put_bytes(text, host, n);
    text_put(text, literal ? "]" : "");
    if (url->target.port != HTTP_PORT) {
        text_put_char(text, ':');
        text_put_number(text, url->target.port);
    }
}

void get_url_put(struct text *text, const struct get_url *url)
{
    const char *host = url->target.host;
    bool literal = strchr(host, ':') != NULL;
    size_t n = span(host, strlen(host), "%");
    text_put(text, url->scheme == GET_RAW ? "raw://" : "http://");
    text_put(text, literal ? "[" : "");
    text_put_bytes(text, host, n);
    text_put(text, host[n] != '\0' ? "%25" : "");
    text_put(text, host[n] != '\0' ? host + n + 1 : "");
    text_put(text, literal ? "]" : "");
    if (url->target.port != (url->scheme == GET_RAW ? RAW_PORT : HTTP_PORT)) {
        text_put_char(text, ':');
        text_put_number(text, url->target.port);
    }
    text_put_bytes(text, url->path, url->path_bytes);
}

/* ---- Names --------------------------------------------------------------------------------- */

bool get_url_name(const struct get_url *url, char *name, size_t capacity)
{
    size_t end = span(url->path, url->path_bytes, "?");
    size_t begin = end;
    CHECK(end > 0 && url->path[0] == '/');
    while (url->path[begin - 1] != '/') {
        begin--;
    }
    size_t n = end - begin;
    if (n + 1 > capacity) {
        return false;
    }
    memcpy(name, url->path + begin, n);
    if (!name_decode(name, &n) || n == 0 || has_control(name, n) || memchr(name, '/', n) != NULL) {
        return false;
    }
    name[n] = '\0';
    return strcmp(name, ".") != 0 && strcmp(name, "..") != 0;
}

bool get_url_raw_name(const struct get_url *url, char *name, size_t *n)
{
    CHECK(url->path_bytes > 0);
    *n = url->path_bytes - 1u;
    memcpy(name, url->path + 1, *n);
    return *n > 0 && name_decode(name, n) && !has_control(name, *n);
}
