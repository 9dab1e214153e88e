/* SPDX-License-Identifier: MIT */
/* The request line of HTTP: method, target and version (RFC 9112 section 3), and hosts. */
#include <string.h>

#include "apps/fileget/http_head.h"
#include "core/name.h"

enum { VERSION_BYTES = 8 }; /* "HTTP/1.1" */

static bool is_one_of(uint8_t byte, const char *set)
{
    for (; *set != '\0'; set++) {
        if (byte == (uint8_t)*set) {
            return true;
        }
    }
    return false;
}

/* The letters, the digits, and !#$%&'*+-.^_`|~ */
const uint32_t http_token_bits[4] = {0, 0x03ff6cfa, 0xc7fffffe, 0x57ffffff};

uint8_t http_lower(uint8_t byte)
{
    return byte >= 'A' && byte <= 'Z' ? (uint8_t)(byte + ('a' - 'A')) : byte;
}

bool http_same(const uint8_t *bytes, const char *lower, size_t n)
{
    size_t i = 0;

    while (i < n && http_lower(bytes[i]) == (uint8_t)lower[i]) {
        i++;
    }
    return i == n;
}

bool http_equal(const uint8_t *bytes, size_t n, const char *lower)
{
    return n == strlen(lower) && http_same(bytes, lower, n);
}

/* ---- Hosts --------------------------------------------------------------------------------- */

enum host_state { HOST_BEGIN, HOST_NAME, HOST_LITERAL, HOST_LITERAL_END, HOST_PORT, HOST_AFTER };

static bool is_digit(uint8_t byte)
{
    return byte >= '0' && byte <= '9';
}

static bool is_host_byte(uint8_t byte)
{
    return http_is_token_byte(byte) && !is_one_of(byte, "#^`|");
}

static bool host_move(uint8_t *state, enum host_state to)
{
    *state = (uint8_t)to;
    return true;
}

bool http_host_step(uint8_t *state, uint8_t byte)
{
    enum host_state now = (enum host_state)*state;

    if (byte == ' ' || byte == '\t') {
        return now != HOST_LITERAL && host_move(state, HOST_AFTER);
    }
    switch (now) {
    case HOST_BEGIN:
        if (byte == '[') {
            return host_move(state, HOST_LITERAL);
        }
        return byte != ':' && is_host_byte(byte) && host_move(state, HOST_NAME);
    case HOST_NAME:
        if (byte == ':') {
            return host_move(state, HOST_PORT);
        }
        return is_host_byte(byte) || is_one_of(byte, "(),;=");
    case HOST_LITERAL:
        if (byte == ']') {
            return host_move(state, HOST_LITERAL_END);
        }
        return byte == ':' || is_host_byte(byte);
    case HOST_LITERAL_END:
        return byte == ':' && host_move(state, HOST_PORT);
    case HOST_PORT:
        return is_digit(byte);
    case HOST_AFTER:
        return false;
    }
    return false;
}

bool http_host_whole(uint8_t state)
{
    return state != HOST_LITERAL;
}

/* ---- The target ---------------------------------------------------------------------------- */

/* Skips "http://host" in front of a path (RFC 9112 section 3.2.2). False: not of that form. */
static bool skip_authority(const char **target, size_t *n)
{
    static const char scheme[] = "http://";
    const size_t scheme_bytes = sizeof scheme - 1;
    uint8_t state = 0;
    size_t i = scheme_bytes;

    if (*n <= scheme_bytes || !http_equal((const uint8_t *)*target, scheme_bytes, scheme)) {
        return false;
    }
    while (i < *n && (*target)[i] != '/' && (*target)[i] != '?') {
        if (!http_host_step(&state, (uint8_t)(*target)[i])) {
            return false;
        }
        i++;
    }
    *target += i;
    *n -= i;
    return i > scheme_bytes && http_host_whole(state);
}

/* The end of the path in a target of n bytes: where the query begins, if there is one. */
static size_t path_span(const char *target, size_t n)
{
    const char *query = memchr(target, '?', n);

    return query != NULL ? (size_t)(query - target) : n;
}

/* Puts the query behind the name, where there is room. No name holds a NUL. */
static void query_keep(struct http_head *head, uint8_t *buffer, const char *query, size_t n)
{
    if ((head->facts & HTTP_DIRECTORY) == 0 && head->held + 1 + n <= FILEGET_NAME_BYTES) {
        memmove(buffer + head->held + 1, query, n);
        buffer[head->held] = '\0';
        head->held = (uint16_t)(head->held + 1 + n);
    }
}

size_t http_head_name_bytes(const struct http_head *head, const uint8_t *buffer)
{
    const uint8_t *end = memchr(buffer, '\0', head->held);

    return end != NULL ? (size_t)(end - buffer) : head->held;
}

const char *http_head_query(const struct http_head *head, const uint8_t *buffer, size_t *n)
{
    size_t name_bytes = http_head_name_bytes(head, buffer);

    *n = name_bytes < head->held ? head->held - name_bytes - 1 : 0;
    return name_bytes < head->held ? (const char *)buffer + name_bytes + 1 : NULL;
}

/* Turns the target into a name at the front of the buffer, and the query behind it. */
static enum http_status target_read(struct http_head *head, uint8_t *buffer, const char *target,
                                    size_t target_bytes, bool dot_files)
{
    char *name = (char *)buffer;
    size_t path_bytes;
    size_t n;
    enum name_result result;
    bool directory = false;

    if (target[0] != '/' && !skip_authority(&target, &target_bytes)) {
        return HTTP_BAD_REQUEST;
    }
    if (memchr(target, '#', target_bytes) != NULL) {
        return HTTP_BAD_REQUEST;
    }
    n = path_span(target, target_bytes);
    path_bytes = n;
    memmove(name, target, n);
    if (!name_decode(name, &n)) {
        return HTTP_BAD_REQUEST;
    }
    result = name_confine(name, &n, dot_files, &directory);
    if (result == NAME_MALFORMED) {
        return HTTP_BAD_REQUEST;
    }
    if (result == NAME_REFUSED) {
        head->facts |= HTTP_REFUSED;
        n = 0;
    }
    if (n > FILEGET_NAME_BYTES) {
        return HTTP_NAME_TOO_LONG;
    }
    head->facts |= directory ? HTTP_DIRECTORY : 0;
    head->held = (uint16_t)n;
    if (path_bytes < target_bytes) {
        query_keep(head, buffer, target + path_bytes + 1, target_bytes - path_bytes - 1);
    }
    return HTTP_NONE;
}

/* ---- The line ------------------------------------------------------------------------------ */

const char http_methods[HTTP_METHODS][HTTP_METHOD_BYTES] = {
    "GET", "HEAD", "OPTIONS", "POST", "PUT", "DELETE", "CONNECT", "TRACE", "PATCH"};

static enum http_method method_of(const uint8_t *bytes, size_t n)
{
    for (size_t i = 0; i < COUNT_OF(http_methods); i++) {
        size_t same = 0;

        while (same < n && http_methods[i][same] == (char)bytes[same]) {
            same++; /* ends at the name's NUL: no token holds one */
        }
        if (same == n && http_methods[i][same] == '\0') {
            return i == 0 ? HTTP_GET : i == 1 ? HTTP_HEAD : HTTP_OTHER;
        }
    }
    return HTTP_UNKNOWN;
}

/* "HTTP/1.x"; a later 1.x is read as 1.1 (RFC 9110 section 2.5). */
static enum http_status version_read(struct http_head *head, const uint8_t *bytes, size_t n)
{
    if (n != VERSION_BYTES || memcmp(bytes, "HTTP/", 5) != 0 || !is_digit(bytes[5])
        || bytes[6] != '.' || !is_digit(bytes[7])) {
        return HTTP_BAD_REQUEST;
    }
    if (bytes[5] != '1') {
        return HTTP_VERSION_UNKNOWN;
    }
    head->facts |= bytes[7] != '0' ? HTTP_IS_11 : 0;
    return HTTP_NONE;
}

enum http_status http_line_read(struct http_head *head, uint8_t *buffer, bool dot_files)
{
    size_t n = head->held;
    size_t method_bytes = 0;
    size_t target_bytes;
    const uint8_t *target;
    enum http_status status;

    while (method_bytes < n && http_is_token_byte(buffer[method_bytes])) {
        method_bytes++;
    }
    if (method_bytes == 0 || method_bytes == n || buffer[method_bytes] != ' ') {
        return HTTP_BAD_REQUEST;
    }
    target = buffer + method_bytes + 1;
    target_bytes = 0;
    while (method_bytes + 1 + target_bytes < n && target[target_bytes] > ' '
           && target[target_bytes] != 0x7f) {
        target_bytes++;
    }
    if (target_bytes == 0 || method_bytes + 1 + target_bytes == n || target[target_bytes] != ' ') {
        return HTTP_BAD_REQUEST;
    }
    status = version_read(head, target + target_bytes + 1, n - method_bytes - target_bytes - 2);
    if (status != HTTP_NONE) {
        return status;
    }
    head->method = (uint8_t)method_of(buffer, method_bytes);
    if (head->method != HTTP_GET && head->method != HTTP_HEAD) {
        head->held = 0; /* it will be refused, whatever its target is */
        return HTTP_NONE;
    }
    return target_read(head, buffer, (const char *)target, target_bytes, dot_files);
}
