/* SPDX-License-Identifier: MIT */
/* URLs: as people write them, as servers redirect to them, and the names that come of them. */
#include "apps/get/get_url.h"

#include <string.h>

#include "tests/check.h"

static enum get_url_result read_url(const char *text, struct get_url *url)
{
    memset(url, 0x55, sizeof *url);
    return get_url_read(text, strlen(text), url);
}

/* The URL as get_url_put has it; in static memory. */
static const char *shown(const struct get_url *url)
{
    static char bytes[CFG_GET_URL_BYTES + 512];
    struct text text;
    text_begin(&text, bytes, sizeof bytes - 1);
    get_url_put(&text, url);
    bytes[text.n] = '\0';
    return bytes;
}

static const char *host_field(const struct get_url *url)
{
    static char bytes[512];
    struct text text;
    text_begin(&text, bytes, sizeof bytes - 1);
    get_url_put_host(&text, url);
    bytes[text.n] = '\0';
    return bytes;
}

static const struct {
    const char *text;
    const char *url; /* NULL: refused, as `result` says */
    enum get_url_result result;
} read_rows[] = {
    {"http://h/a", "http://h/a", GET_URL_OK},
    {"http://h", "http://h/", GET_URL_OK},
    {"h/a", "http://h/a", GET_URL_OK},
    {"h", "http://h/", GET_URL_OK},
    {"h:8080/a", "http://h:8080/a", GET_URL_OK},
    {"http://h:80/a", "http://h/a", GET_URL_OK},
    {"HTTP://h/A", "http://h/A", GET_URL_OK},
    {"raw://h/a", "raw://h/a", GET_URL_OK},
    {"RaW://h:8080/a", "raw://h/a", GET_URL_OK},
    {"raw://h:80/a", "raw://h:80/a", GET_URL_OK},
    {"http://[::1]:81/a", "http://[::1]:81/a", GET_URL_OK},
    {"http://[::1]/a", "http://[::1]/a", GET_URL_OK},
    {"http://[fe80::1%25eth0]/a", "http://[fe80::1%25eth0]/a", GET_URL_OK},
    {"http://[fe80::1%eth0]:8/a", "http://[fe80::1%25eth0]:8/a", GET_URL_OK},
    {"127.0.0.1:8080/x/y", "http://127.0.0.1:8080/x/y", GET_URL_OK},
    {"fe80::1%25eth0/a", "http://[fe80::1%2525eth0]/a", GET_URL_OK}, /* the zone "25eth0" */
    {"http://[fe80::1%2525eth0]/a", "http://[fe80::1%2525eth0]/a", GET_URL_OK},
    {"http://h/a b", "http://h/a%20b", GET_URL_OK},
    {"http://h/\xe6\x96\x87", "http://h/%E6%96%87", GET_URL_OK},
    {"http://h/a%20b", "http://h/a%20b", GET_URL_OK},
    {"http://h/100%", "http://h/100%25", GET_URL_OK},
    {"http://h/%zz%4", "http://h/%25zz%254", GET_URL_OK},
    {"http://h/%4", "http://h/%254", GET_URL_OK},
    {"http://h/%4z", "http://h/%254z", GET_URL_OK},
    {"http://h/%af%AF%fa%FA%09%90", "http://h/%af%AF%fa%FA%09%90", GET_URL_OK},
    {"http://azAZ09/a", "http://azAZ09/a", GET_URL_OK},
    {"http://h/a?", "http://h/a?", GET_URL_OK},
    {"http://h/a\"<>\\^`{|}", "http://h/a%22%3C%3E%5C%5E%60%7B%7C%7D", GET_URL_OK},
    {"http://h/a#b", "http://h/a", GET_URL_OK},
    {"http://h/a?b c#d", "http://h/a?b%20c", GET_URL_OK},
    {"http://h?q", "http://h/?q", GET_URL_OK},
    {"http://h#q", "http://h/", GET_URL_OK},
    {"http://h/a?b?c", "http://h/a?b?c", GET_URL_OK},
    {"http://h/a?/../b", "http://h/a?/../b", GET_URL_OK},
    {"http://h/a?u=http://i/", "http://h/a?u=http://i/", GET_URL_OK},
    {"h/u=http://i/", "http://h/u=http://i/", GET_URL_OK},
    {"http://h/a/../b", "http://h/b", GET_URL_OK},
    {"http://h/../../b", "http://h/b", GET_URL_OK},
    {"http://h/./a/./b/.", "http://h/a/b/", GET_URL_OK},
    {"http://h/a/b/..", "http://h/a/", GET_URL_OK},
    {"http://h/..", "http://h/", GET_URL_OK},
    {"http://h/a/...", "http://h/a/...", GET_URL_OK},
    {"http://h/a/x./.x/b", "http://h/a/x./.x/b", GET_URL_OK},
    {"http://h//a", "http://h//a", GET_URL_OK},
    {"raw://h/a/../b", "raw://h/a/../b", GET_URL_OK},
    {"raw://h/a?b#c", "raw://h/a%3Fb%23c", GET_URL_OK},
    {"raw://h/C:\\x", "raw://h/C:%5Cx", GET_URL_OK},
    {"raw://h//etc", "raw://h//etc", GET_URL_OK},
    {"https://h/a", NULL, GET_URL_SCHEME},
    {"ftp://h/a", NULL, GET_URL_SCHEME},
    {"file:///etc/passwd", NULL, GET_URL_SCHEME},
    {"httpx://h/a", NULL, GET_URL_SCHEME},
    {"htt://h/a", NULL, GET_URL_SCHEME},
    {"xttp://h/a", NULL, GET_URL_SCHEME},
    {"x://h/a", NULL, GET_URL_SCHEME},
    {"a1://h/a", NULL, GET_URL_SCHEME},
    {"a+b-c.d1://h/a", NULL, GET_URL_SCHEME},
    {"ftp://", NULL, GET_URL_SCHEME},
    {"1a://h/a", NULL, GET_URL_HOST},
    {"://h/a", NULL, GET_URL_HOST},
    {"http:/xh/a", NULL, GET_URL_HOST},
    {"http://[::1%%b]/a", NULL, GET_URL_HOST},
    {"", NULL, GET_URL_HOST},
    {"http://", NULL, GET_URL_HOST},
    {"http:///a", NULL, GET_URL_HOST},
    {"/a", NULL, GET_URL_HOST},
    {"http://:80/a", NULL, GET_URL_HOST},
    {"http://h:/a", NULL, GET_URL_HOST},
    {"http://h:0/a", NULL, GET_URL_HOST},
    {"http://h:65536/a", NULL, GET_URL_HOST},
    {"http://h:8x/a", NULL, GET_URL_HOST},
    {"http://user@h/a", NULL, GET_URL_HOST},
    {"http://user:word@h/a", NULL, GET_URL_HOST},
    {"http://h h/a", NULL, GET_URL_HOST},
    {"http://h%0d/a", NULL, GET_URL_HOST},
    {"http://h\"/a", NULL, GET_URL_HOST},
    {"http://h\xc3\xa9/a", NULL, GET_URL_HOST},
    {"http://[::1/a", NULL, GET_URL_HOST},
    {"http://[::1]x/a", NULL, GET_URL_HOST},
    {"http://[::1%eth0 x]/a", NULL, GET_URL_HOST},
    {"http://[::1%a%b]/a", NULL, GET_URL_HOST},
    {"mailto:a", NULL, GET_URL_HOST},
    {"http://h/a\nb", NULL, GET_URL_BYTE},
    {"http://h/a\r\nHost: i", NULL, GET_URL_BYTE},
    {"http://h\t/a", NULL, GET_URL_BYTE},
    {"http://h/\x1b[2J", NULL, GET_URL_BYTE},
    {"http://h/\x7f", NULL, GET_URL_BYTE},
};

/* Hazard 79: nothing that could end the request line or begin another field comes through. */
static void test_read(void)
{
    for (size_t i = 0; i < COUNT_OF(read_rows); i++) {
        struct get_url url;
        enum get_url_result result = read_url(read_rows[i].text, &url);
        bool right = result == read_rows[i].result &&
                     (read_rows[i].url == NULL || strcmp(shown(&url), read_rows[i].url) == 0);
        if (!right) {
            printf("%s: %d %s\n", read_rows[i].text, (int)result,
                   result == GET_URL_OK ? shown(&url) : "");
        }
        EXPECT(right);
        EXPECT(result != GET_URL_OK || memchr(url.path, '\0', url.path_bytes) == NULL);
        EXPECT((get_url_fault(result)[0] == '\0') == (result == GET_URL_OK));
    }
}

static void test_host_field(void)
{
    static const struct {
        const char *text;
        const char *host;
    } rows[] = {
        {"http://h/a", "h"}, {"http://h:8080/a", "h:8080"}, {"http://[::1]/a", "[::1]"},
        {"http://[fe80::1%25eth0]:81/", "[fe80::1]:81"}, {"192.0.2.1:80", "192.0.2.1"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct get_url url;
        EXPECT(read_url(rows[i].text, &url) == GET_URL_OK);
        EXPECT(strcmp(host_field(&url), rows[i].host) == 0);
    }
}

/* RFC 3986 section 5.4, and what a server might try. */
static void test_follow(void)
{
    static const struct {
        const char *reference;
        const char *url;
        enum get_url_result result;
    } rows[] = {
        {"g", "http://a:8/b/c/g", GET_URL_OK},
        {"./g", "http://a:8/b/c/g", GET_URL_OK},
        {"g/", "http://a:8/b/c/g/", GET_URL_OK},
        {"/g", "http://a:8/g", GET_URL_OK},
        {"//g", "http://g/", GET_URL_OK},
        {"//g:9/x", "http://g:9/x", GET_URL_OK},
        {"?y", "http://a:8/b/c/d;p?y", GET_URL_OK},
        {"g?y", "http://a:8/b/c/g?y", GET_URL_OK},
        {"#s", "http://a:8/b/c/d;p?q", GET_URL_OK},
        {"", "http://a:8/b/c/d;p?q", GET_URL_OK},
        {"g#s", "http://a:8/b/c/g", GET_URL_OK},
        {";x", "http://a:8/b/c/;x", GET_URL_OK},
        {".", "http://a:8/b/c/", GET_URL_OK},
        {"..", "http://a:8/b/", GET_URL_OK},
        {"../g", "http://a:8/b/g", GET_URL_OK},
        {"../../g", "http://a:8/g", GET_URL_OK},
        {"../../../../g", "http://a:8/g", GET_URL_OK},
        {"/./g", "http://a:8/g", GET_URL_OK},
        {"/../g", "http://a:8/g", GET_URL_OK},
        {"g;x=1/../y", "http://a:8/b/c/y", GET_URL_OK},
        {"g?y/../x", "http://a:8/b/c/g?y/../x", GET_URL_OK},
        {"http://i/x y", "http://i/x%20y", GET_URL_OK},
        {"HTTP://i:80", "http://i/", GET_URL_OK},
        {"http:g", NULL, GET_URL_SCHEME},
        {"http:/xi/a", NULL, GET_URL_SCHEME},
        {"xttp://i/a", NULL, GET_URL_SCHEME},
        {"https://a/", NULL, GET_URL_SCHEME},
        {"raw://a/x", NULL, GET_URL_SCHEME},
        {"file:///etc/passwd", NULL, GET_URL_SCHEME},
        {"javascript:x", NULL, GET_URL_SCHEME},
        {"http://", NULL, GET_URL_HOST},
        {"//", NULL, GET_URL_HOST},
        {"//user@h/", NULL, GET_URL_HOST},
        {"/a\x1b[0m", NULL, GET_URL_BYTE},
        {"/a\r", NULL, GET_URL_BYTE},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct get_url url;
        EXPECT(read_url("http://a:8/b/c/d;p?q#x", &url) == GET_URL_OK);
        enum get_url_result result = get_url_follow(&url, rows[i].reference,
                                                    strlen(rows[i].reference));
        bool right = result == rows[i].result &&
                     (rows[i].url == NULL || strcmp(shown(&url), rows[i].url) == 0);
        if (!right) {
            printf("%s: %d %s\n", rows[i].reference, (int)result, shown(&url));
        }
        EXPECT(right);
        EXPECT(result != GET_URL_OK || memchr(url.path, '\0', url.path_bytes) == NULL);
    }
}

/* Hazard 80: the name is one of a file in the folder one stands in, or there is none. */
static void test_names(void)
{
    static const struct {
        const char *text;
        const char *name;
    } rows[] = {
        {"h/a.txt", "a.txt"}, {"h/x/a%20b", "a b"}, {"h/a?b/c", "a"},
        {"h/%E6%96%87", "\xe6\x96\x87"}, {"h/100%25", "100%"}, {"h/a/", NULL},
        {"h", NULL}, {"h/?q", NULL}, {"h/%2e%2e", NULL},
        {"h/%2e", NULL}, {"h/a%2fb", NULL}, {"h/..%2f..%2fetc%2fpasswd", NULL}, {"h/a%00b", NULL},
        {"h/a%0a", NULL}, {"h/%1b[2J", NULL}, {"h/%7f", NULL}, {"h/-", "-"}, {"h/.a", ".a"},
        {"raw://h/x/y z", "y z"}, {"raw://h/a?b", "a?b"}, {"raw://h/a%5Cb", "a\\b"},
        {"h/123456789012345", "123456789012345"}, {"h/1234567890123456", NULL},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct get_url url;
        char name[16];
        EXPECT(read_url(rows[i].text, &url) == GET_URL_OK);
        bool right = get_url_name(&url, name, sizeof name);
        EXPECT(right == (rows[i].name != NULL));
        EXPECT(!right || rows[i].name == NULL || strcmp(name, rows[i].name) == 0);
    }
}

static void test_raw_names(void)
{
    static const struct {
        const char *text;
        const char *name;
    } rows[] = {
        {"raw://h/a", "a"}, {"raw://h/a b", "a b"}, {"raw://h/a%20b", "a b"},
        {"raw://h/x/y?z#u", "x/y?z#u"},
        {"raw://h//etc/x", "/etc/x"}, {"raw://h/C:\\x", "C:\\x"}, {"raw://h/\xe6\x96\x87",
        "\xe6\x96\x87"}, {"raw://h/", NULL}, {"raw://h", NULL}, {"raw://h/a%0ab", NULL},
        {"raw://h/a%00b", NULL}, {"raw://h/50%", "50%"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct get_url url;
        char name[CFG_GET_URL_BYTES];
        size_t n = 0;
        EXPECT(read_url(rows[i].text, &url) == GET_URL_OK);
        bool right = get_url_raw_name(&url, name, &n);
        EXPECT(right == (rows[i].name != NULL));
        EXPECT(!right || (n == strlen(rows[i].name) && memcmp(name, rows[i].name, n) == 0));
    }
}

/* What stands behind the n bytes is not looked at. */
static void test_bounds(void)
{
    static const struct {
        const char *text;
        size_t n;
        const char *url;
        enum get_url_result result;
    } cases[] = {
        {"http://h/a", 6, NULL, GET_URL_HOST},
        {"http://h/a", 7, NULL, GET_URL_HOST},
        {"h/a", 1, "http://h/", GET_URL_OK},
        {"h/%41", 4, "http://h/%254", GET_URL_OK},
        {"h/a\n", 3, "http://h/a", GET_URL_OK},
        {"h/abc", 4, "http://h/ab", GET_URL_OK},
    };
    static const struct {
        const char *text;
        size_t n;
        const char *url;
        enum get_url_result result;
    } follows[] = {
        {"http://i/a", 6, NULL, GET_URL_SCHEME},
        {"//i/a", 1, "http://h/", GET_URL_OK},
        {"//i/a", 0, "http://h/b/c", GET_URL_OK},
        {"d?e", 1, "http://h/b/d", GET_URL_OK},
    };
    struct get_url url;
    char exact[1] = {'h'};
    EXPECT(get_url_read(exact, sizeof exact, &url) == GET_URL_OK);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        EXPECT(get_url_read(cases[i].text, cases[i].n, &url) == cases[i].result);
        EXPECT(cases[i].url == NULL || strcmp(shown(&url), cases[i].url) == 0);
    }
    for (size_t i = 0; i < COUNT_OF(follows); i++) {
        EXPECT(read_url("h/b/c", &url) == GET_URL_OK);
        EXPECT(get_url_follow(&url, follows[i].text, follows[i].n) == follows[i].result);
        EXPECT(follows[i].url == NULL || strcmp(shown(&url), follows[i].url) == 0);
    }
}

/* The longest path fits, one byte more does not, encoded or not. */
static void test_long(void)
{
    static char text[3 * CFG_GET_URL_BYTES];
    static struct get_url url;
    static struct get_url other;
    size_t n = 3 + CFG_GET_URL_BYTES - 1;
    memset(text, 'a', sizeof text);
    memcpy(text, "h:1/", 4);
    EXPECT(get_url_read(text, n, &url) == GET_URL_OK && url.path_bytes == CFG_GET_URL_BYTES - 1);
    EXPECT(get_url_read(text, n + 1, &url) == GET_URL_OK && url.path_bytes == CFG_GET_URL_BYTES);
    EXPECT(get_url_read(text, n + 2, &url) == GET_URL_LONG);
    memset(text + 4, ' ', sizeof text - 4);
    size_t spaces = (CFG_GET_URL_BYTES - 1) / 3;
    EXPECT(get_url_read(text, 4 + spaces, &url) == GET_URL_OK);
    EXPECT(get_url_read(text, 4 + spaces + 1, &url) == GET_URL_LONG);
    EXPECT(read_url("h/a/b", &url) == GET_URL_OK);
    memset(text, 'a', sizeof text);
    other = url;
    EXPECT(get_url_follow(&other, text, CFG_GET_URL_BYTES - 3) == GET_URL_OK);
    other = url;
    EXPECT(get_url_follow(&other, text, CFG_GET_URL_BYTES - 2) == GET_URL_LONG);
    memset(text, 'h', 400);
    for (size_t host = TARGET_HOST_BYTES; host < TARGET_HOST_BYTES + 40; host++) {
        text[host] = '/';
        EXPECT(get_url_read(text, host + 1, &url) == GET_URL_HOST);
        text[host] = 'h';
    }
    text[TARGET_HOST_BYTES - 1] = '/';
    EXPECT(get_url_read(text, TARGET_HOST_BYTES, &url) == GET_URL_OK);
}

int main(void)
{
    test_read();
    test_host_field();
    test_follow();
    test_names();
    test_raw_names();
    test_bounds();
    test_long();
    return check_report("get_url");
}
