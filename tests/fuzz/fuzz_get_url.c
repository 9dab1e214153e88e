/* SPDX-License-Identifier: MIT */
/*
 * get's URLs: whatever was read can be printed and read again as the same, its path can stand in a
 * request line and holds no dot segment, and a file's name made of it is a plain one.
 *
 * Input: a byte, the length of the URL; the URL; the rest is a redirect's reference.
 */
#include "apps/get/get_url.h"

#include <string.h>

#include "tests/fuzz/fuzz.h"

enum { TEXT_MAX = CFG_GET_URL_BYTES + TARGET_HOST_BYTES + 32 };

static bool is_printable(const char *bytes, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (bytes[i] <= ' ' || bytes[i] > '~') {
            return false;
        }
    }
    return true;
}

/* No component "." or ".." before the query. */
static void check_dots(const char *path, size_t n)
{
    size_t begin = 1;
    for (size_t end = 1; end <= n; end++) {
        bool query = end < n && path[end] == '?';
        if (end == n || path[end] == '/' || query) {
            size_t length = end - begin;
            REQUIRE(!(length == 1 && path[begin] == '.'));
            REQUIRE(!(length == 2 && path[begin] == '.' && path[begin + 1] == '.'));
            begin = end + 1;
        }
        if (query) {
            return;
        }
    }
}

static void check_names(const struct get_url *url)
{
    static char name[CFG_GET_URL_BYTES];
    size_t n = 0;
    name[sizeof name - 1] = '#';
    if (get_url_name(url, name, 64)) {
        REQUIRE(memchr(name, '\0', 64) != NULL);
        n = strlen(name);
        REQUIRE(n > 0 && strchr(name, '/') == NULL);
        REQUIRE(strcmp(name, ".") != 0 && strcmp(name, "..") != 0);
        for (size_t i = 0; i < n; i++) {
            REQUIRE((uint8_t)name[i] >= ' ' && name[i] != 0x7f);
        }
    }
    if (url->scheme == GET_RAW && get_url_raw_name(url, name, &n)) {
        REQUIRE(n > 0 && n < url->path_bytes);
        for (size_t i = 0; i < n; i++) {
            REQUIRE((uint8_t)name[i] >= ' ' && name[i] != 0x7f);
        }
    }
}

static void check_host(const struct get_url *url)
{
    char bytes[TARGET_HOST_BYTES + 16];
    struct text text;
    size_t n = strlen(url->target.host);
    REQUIRE(n > 0 && url->target.port > 0 && is_printable(url->target.host, n));
    REQUIRE(strpbrk(url->target.host, "/?#@\\[]\"<> ") == NULL);
    text_begin(&text, bytes, sizeof bytes);
    get_url_put_host(&text, url);
    REQUIRE(!text.cut && memchr(bytes, '%', text.n) == NULL); /* a zone is of no use to others */
}

static void check(const struct get_url *url)
{
    static struct get_url again;
    char bytes[TEXT_MAX];
    struct text text;
    REQUIRE(url->path_bytes >= 1 && url->path_bytes <= CFG_GET_URL_BYTES);
    REQUIRE(url->path[0] == '/' && is_printable(url->path, url->path_bytes));
    REQUIRE(memchr(url->path, '#', url->path_bytes) == NULL);
    if (url->scheme == GET_HTTP) {
        check_dots(url->path, url->path_bytes);
    } else {
        REQUIRE(memchr(url->path, '?', url->path_bytes) == NULL);
    }
    check_host(url);
    check_names(url);
    text_begin(&text, bytes, sizeof bytes);
    get_url_put(&text, url);
    REQUIRE(!text.cut);
    const char *copy = (const char *)fuzz_copy(1, bytes, text.n);
    REQUIRE(get_url_read(copy, text.n, &again) == GET_URL_OK);
    REQUIRE(again.scheme == url->scheme && again.target.port == url->target.port);
    REQUIRE(strcmp(again.target.host, url->target.host) == 0);
    REQUIRE(again.path_bytes == url->path_bytes);
    REQUIRE(memcmp(again.path, url->path, url->path_bytes) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    static struct get_url url;
    struct fuzz_input input = {bytes, n};
    size_t wanted = fuzz_byte(&input);
    const uint8_t *given = fuzz_bytes(&input, wanted, &n);
    const char *copy = (const char *)fuzz_copy(0, given, n);
    enum get_url_result result = get_url_read(copy, n, &url);
    REQUIRE(result == GET_URL_OK || get_url_fault(result)[0] != '\0');
    if (result != GET_URL_OK) {
        return 0;
    }
    check(&url);
    if (url.scheme == GET_HTTP) {
        given = fuzz_bytes(&input, FUZZ_COPY_BYTES, &n);
        copy = (const char *)fuzz_copy(0, given, n);
        if (get_url_follow(&url, copy, n) == GET_URL_OK) {
            REQUIRE(url.scheme == GET_HTTP); /* nothing else is followed */
            check(&url);
        }
    }
    return 0;
}
