/* SPDX-License-Identifier: MIT */
/* What the apps' own options take, to the edges, and that a wrong value changes nothing. */
#include <string.h>

#include "apps/chat/chat.h"
#include "apps/chat/chat_options.h"
#include "apps/echo/echo.h"
#include "apps/echo/echo_options.h"
#include "apps/fileget/fileget.h"
#include "apps/fileget/fileget_options.h"
#include "tests/check.h"

enum { LONG_BYTES = 5000 };

/* Sets an option of one of the apps: whether the value was taken. */
static bool sets(const struct option *rows, size_t count, const char *name, const char *value)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(rows[i].name, name) == 0) {
            return rows[i].set(value) == NULL;
        }
    }
    EXPECT(name == NULL); /* there is no such option */
    return false;
}

static bool echo_sets(const char *name, const char *value)
{
    return sets(echo_options, echo_options_count, name, value);
}

static bool chat_sets(const char *name, const char *value)
{
    return sets(chat_options, chat_options_count, name, value);
}

static bool file_sets(const char *name, const char *value)
{
    return sets(fileget_options, fileget_options_count, name, value);
}

/* A text of n times c. */
static const char *many(char c, size_t n)
{
    static char text[LONG_BYTES + 1];
    EXPECT(n <= LONG_BYTES);
    memset(text, c, n);
    text[n] = '\0';
    return text;
}

static void test_echo(void)
{
    EXPECT(echo_sets("--udp-rate", "0") && echo_settings.udp_rate == 0);
    EXPECT(echo_sets("--udp-rate", "1000000") && echo_settings.udp_rate == 1000000);
    EXPECT(!echo_sets("--udp-rate", "1000001") && !echo_sets("--udp-rate", "fast"));
    EXPECT(echo_settings.udp_rate == 1000000);

    EXPECT(echo_sets("--echo-reply", "a\\n\\r\\t\\\\b"));
    EXPECT(echo_settings.reply_bytes == 6 && memcmp(echo_settings.reply, "a\n\r\t\\b", 6) == 0);
    EXPECT(!echo_sets("--echo-reply", "\\x") && !echo_sets("--echo-reply", "a\\"));
    EXPECT(!echo_sets("--echo-reply", ""));
    EXPECT(echo_sets("--echo-reply", many('y', CFG_ECHO_REPLY_BYTES)));
    EXPECT(echo_settings.reply_bytes == CFG_ECHO_REPLY_BYTES);
    EXPECT(!echo_sets("--echo-reply", many('y', CFG_ECHO_REPLY_BYTES + 1)));
}

static void test_chat(void)
{
    struct {
        const char *name;
        const char *least;
        const char *most;
        const char *less;
        const char *more;
        const uint32_t *value;
        uint32_t wanted;
    } numbers[] = {
        {"--chat-rate", "0", "100000", "-1", "100001", &chat_settings.rate, 100000},
        {"--join-rate", "0", "100000", "", "100001", &chat_settings.join_rate, 100000},
        {"--history", "0", "100000", "x", "100001", &chat_settings.history_lines, 100000},
        {"--chat-gap", "1", "60000", "0", "60001", &chat_settings.gap_ms, 60000},
    };
    for (size_t i = 0; i < COUNT_OF(numbers); i++) {
        EXPECT(chat_sets(numbers[i].name, numbers[i].least) && *numbers[i].value <= 1);
        EXPECT(chat_sets(numbers[i].name, numbers[i].most));
        EXPECT(!chat_sets(numbers[i].name, numbers[i].less));
        EXPECT(!chat_sets(numbers[i].name, numbers[i].more));
        EXPECT(*numbers[i].value == numbers[i].wanted);
    }
    EXPECT(chat_sets("--chat-mode", "desk") && chat_settings.desk);
    EXPECT(!chat_sets("--chat-mode", "table") && chat_settings.desk);
    EXPECT(chat_sets("--chat-mode", "room") && !chat_settings.desk);
}

static void test_greeting(void)
{
    EXPECT(chat_sets("--greeting", "\xE4\xBD\xA0 there"));
    EXPECT(chat_settings.greeting_bytes == 9);
    EXPECT(!chat_sets("--greeting", "") && !chat_sets("--greeting", "two\nlines"));
    EXPECT(!chat_sets("--greeting", "\xff") && !chat_sets("--greeting", "\xE2\x80\xAE"));
    EXPECT(chat_settings.greeting_bytes == 9);
    EXPECT(memcmp(chat_settings.greeting + 3, " there", 6) == 0);
    EXPECT(chat_sets("--greeting", many('g', sizeof chat_settings.greeting)));
    EXPECT(!chat_sets("--greeting", many('g', sizeof chat_settings.greeting + 1)));
    EXPECT(chat_settings.greeting_bytes == sizeof chat_settings.greeting);
    if (CFG_CHAT_WELCOME_BYTES > 0) {
        EXPECT(chat_sets("--chat-greeting", "/dev/null")); /* of no lines */
        EXPECT(!chat_sets("--chat-greeting", "/nowhere"));
    }
}

static void test_headers(void)
{
    static const char *const refused[] = {
        "", ":", ": x", "X", "X x", "X Y: z", "X : y", " X: y", "X: a\r\nY: b", "X: a\nb",
        "X: \x7f",
        "X\xc3\xa9: y", "Content-Length: 5", "content-length:5", "TRANSFER-ENCODING: chunked",
        "Connection: close", "Date: x", "ETag: \"a\"", "Location: /", "Trailer: x", "Upgrade: h2c",
        "Content-Type: text/html", "Content-Encoding: gzip", "Content-Range: bytes 0-1/2"};
    size_t count = 0;
    for (size_t i = 0; i < COUNT_OF(refused); i++) {
        EXPECT(!file_sets("--header", refused[i]) && fileget_settings.headers[0] == NULL);
    }
    EXPECT(file_sets("--header", "X-A: b") && strcmp(fileget_settings.headers[0], "X-A: b") == 0);
    EXPECT(!file_sets("--header", many('h', CFG_FILEGET_HEADERS_BYTES)));
    EXPECT(file_sets("--header", "Date2:") && fileget_settings.headers[1] != NULL);
    for (count = 2; count < CFG_FILEGET_HEADERS_MAX; count++) {
        EXPECT(file_sets("--header", "C:\tone, \"two\", \xc3\xa9"));
    }
    EXPECT(!file_sets("--header", "D: e"));
    memset(fileget_settings.headers, 0, sizeof fileget_settings.headers);
    char longest[CFG_FILEGET_HEADERS_BYTES];
    memset(longest, 'h', sizeof longest);
    longest[1] = ':';
    longest[sizeof longest - 1] = '\0';
    EXPECT(!file_sets("--header", longest)); /* with its line end it is one byte too long */
    longest[sizeof longest - 2] = '\0';
    EXPECT(file_sets("--header", longest));
    EXPECT(!file_sets("--header", "E:"));
    memset(fileget_settings.headers, 0, sizeof fileget_settings.headers);
    longest[sizeof longest - 6] = '\0'; /* room for one of two bytes, and its line end */
    EXPECT(file_sets("--header", longest) && file_sets("--header", "E:"));
    memset(fileget_settings.headers, 0, sizeof fileget_settings.headers);
}

static void test_fileget(void)
{
    EXPECT(file_sets("--index", "") && fileget_settings.index[0] == '\0');
    EXPECT(file_sets("--index", "start.html") && strcmp(fileget_settings.index, "start.html") == 0);
    EXPECT(!file_sets("--index", "../start.html"));
    EXPECT(!file_sets("--index", many('i', PORT_NAME_BYTES_MAX + 1)));
    EXPECT(strcmp(fileget_settings.index, "start.html") == 0);
    EXPECT(file_sets("--index", "index.html"));

    EXPECT(file_sets("--charset", "") && file_sets("--charset", "ISO-8859-1"));
    EXPECT(!file_sets("--charset", "utf-8; x=\"y\"") && !file_sets("--charset", "a\r\nb: c"));
    EXPECT(strcmp(fileget_settings.charset, "ISO-8859-1") == 0);
    EXPECT(!file_sets("--charset", many('c', 41)));
    EXPECT(file_sets("--charset", many('c', 40)));
    EXPECT(file_sets("--charset", "utf-8"));

    EXPECT(file_sets("--file-gap", "0") && fileget_settings.quiet_gap_ms == 0);
    EXPECT(file_sets("--file-gap", "60000") && fileget_settings.quiet_gap_ms == 60000);
    EXPECT(!file_sets("--file-gap", "60001") && fileget_settings.quiet_gap_ms == 60000);

    EXPECT(file_sets("--no-listing", NULL) && !fileget_settings.listing);
    EXPECT(file_sets("--dot-files", NULL) && fileget_settings.dot_files);
    EXPECT(file_sets("--access-log", NULL) && fileget_settings.access_log);
}

int main(void)
{
    test_echo();
    test_chat();
    test_greeting();
    test_fileget();
    test_headers();
    return check_report("app_options");
}
