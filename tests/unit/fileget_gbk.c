/* SPDX-License-Identifier: MIT */
/* file-get: names in GBK. The bytes as they stand come first; what is UTF-8 is never taken for GBK;
 * and what a name is converted to is confined like any other.
 * uses port/sim; uses fake_file.c. */
#include "apps/fileget/fileget_conn.h"

#include <stdio.h>
#include <string.h>

#include "port/port_tool.h"
#include "tests/check.h"
#include "tests/unit/fake_file.h"

enum { FILE_BYTES = 6 };

static unsigned utf8_file;
static unsigned bytes_file;
static unsigned half_file;
static unsigned index_file;

static void begin(bool converts)
{
    file_begin();
    port_serving_begins(converts);
    utf8_file = sim_file_add("\xe4\xb8\xad\xe6\x96\x87.txt", SIM_FILE, FILE_BYTES, 1, true);
    bytes_file = sim_file_add("\xc4\xe3.txt", SIM_FILE, FILE_BYTES, 1, true);
    (void)sim_file_add("\xe4\xbd\xa0.txt", SIM_FILE, FILE_BYTES, 1, true); /* its UTF-8 */
    half_file = sim_file_add("\xe6\xb7\xba.txt", SIM_FILE, FILE_BYTES, 1, true);
    (void)sim_file_add("\xe6\x96\x87", SIM_FOLDER, 0, 1, true);
    (void)sim_file_add("\xe6\x96\x87/a", SIM_FILE, FILE_BYTES, 1, true);
    (void)sim_file_add("\xe4\xb8\xad", SIM_FOLDER, 0, 1, true);
    index_file = sim_file_add("\xe4\xb8\xad/index.html", SIM_FILE, FILE_BYTES, 1, true);
    (void)sim_file_add("\xe5\xa5\xbd", SIM_FILE, FILE_BYTES, 1, false);
}

/* Says it and takes what comes; the caller lets go. */
static unsigned asked(const char *text)
{
    unsigned id = file_dial();

    file_say(id, text);
    file_run(10);
    return id;
}

static bool raw_gives(const char *name, unsigned file)
{
    unsigned id = asked(name);
    bool right = file_got_end(id) && file_got_bytes(id, 0, file, 0, FILE_BYTES);

    return file_leave(id) && right;
}

static bool raw_gives_none(const char *name)
{
    unsigned id = asked(name);
    bool right = file_got_end(id) && file_peer(id)->n == 0;

    return file_leave(id) && right;
}

static bool http_gives(const char *request, unsigned file)
{
    unsigned id = asked(request);
    bool right = file_got_text(id, "HTTP/1.1 200 OK\r\n") &&
                 file_got_bytes(id, file_head_bytes(id), file, 0, FILE_BYTES);

    return file_leave(id) && right;
}

static bool http_holds(const char *request, const char *status, const char *text)
{
    unsigned id = asked(request);
    bool right = file_got_text(id, status) && file_holds(id, text);

    return file_leave(id) && right;
}

static void test_raw(void)
{
    begin(true);
    EXPECT(raw_gives("\xd6\xd0\xce\xc4.txt\n", utf8_file));
    EXPECT(raw_gives("/x/../\xd6\xd0\xce\xc4.txt\r\n", utf8_file));
    EXPECT(raw_gives("\xe4\xb8\xad\xe6\x96\x87.txt\n", utf8_file));
    EXPECT(raw_gives("\xc4\xe3.txt\n", bytes_file)); /* as it stands, though it is GBK too */
    EXPECT(raw_gives("\x9c\\.txt\n", half_file));
    EXPECT(raw_gives("\xd6\xd0/index.html\n", index_file));
    EXPECT(raw_gives_none("\xd6\xd0\n"));           /* a folder */
    EXPECT(raw_gives_none("\xba\xc3\n"));           /* not public */
    EXPECT(raw_gives_none("\xd6\xd0\xce.txt\n"));   /* no text in GBK */
    EXPECT(raw_gives_none("\xd6\xd0/../../a.txt\n"));
    EXPECT(raw_gives_none(".\xd6\xd0\n"));
    EXPECT(raw_gives_none("\xd6\xd0/.x\n"));
    EXPECT(raw_gives_none("\x9c\\..\\a.txt\n"));
    EXPECT(file_end());
}

static void test_http(void)
{
    begin(true);
    EXPECT(http_gives(GET("/%D6%D0%ce%c4.txt"), utf8_file));
    EXPECT(http_gives(GET("/\xd6\xd0\xce\xc4.txt?q"), utf8_file));
    EXPECT(http_gives(GET("/%C4%E3.txt"), bytes_file));
    EXPECT(http_gives(GET("/%9C%5C.txt"), half_file));
    EXPECT(http_gives(GET("/%9C\\.txt"), half_file));
    EXPECT(http_gives(GET("/%D6%D0/"), index_file));
    /* The file is found in the middle of the head, and not once more at its end. */
    EXPECT(http_holds("GET /%D6%D0%CE%C4.txt HTTP/1.1\r\nHost: h\r\nIf-None-Match: *\r\n\r\n",
                      "HTTP/1.1 304 ", "ETag: "));
    EXPECT(http_holds(GET("/%CE%C4"), "HTTP/1.1 301 ", "Location: /%CE%C4/\r\n"));
    EXPECT(http_holds(GET("/%CE%C4/"), "HTTP/1.1 200 ", "<title>/\xe6\x96\x87</title>"));
    EXPECT(http_holds(GET("/%CE%C4/"), "HTTP/1.1 200 ", "<a href=\"./a\">"));
    EXPECT(http_holds(GET("/%CE%C4/b"), "HTTP/1.1 404 ", "Not Found\n"));
    EXPECT(http_holds(GET("/%FF%5C"), "HTTP/1.1 404 ", "Not Found\n"));
    EXPECT(http_holds(GET("/a%5C"), "HTTP/1.1 400 ", "Bad Request\n"));
    EXPECT(http_holds(GET("/%D6%D0/..%2f..%2fa.txt"), "HTTP/1.1 404 ", "Not Found\n"));
    EXPECT(file_end());
}

/* What is converted lies where no path that is put together comes; what is not, is not there. */
static void test_converted(void)
{
    const char *converted = NULL;

    begin(true);
    EXPECT(fileget_convert("\xff\\", 2, &converted) == 0 && converted == NULL);
    EXPECT(fileget_convert("\xd6\xd0/..", 5, &converted) == 0);
    EXPECT(fileget_convert("\xd6\xd0", 2, &converted) == 3);
    EXPECT(converted == fileget_state.block + sizeof fileget_state.block / 2);
    EXPECT(memcmp(converted, "\xe4\xb8\xad", 3) == 0);
    EXPECT(file_end());
}

/* serve --no-gbk, or a system without converters. */
static void test_without(void)
{
    begin(false);
    EXPECT(raw_gives_none("\xd6\xd0\xce\xc4.txt\n"));
    EXPECT(raw_gives("\xe4\xb8\xad\xe6\x96\x87.txt\n", utf8_file));
    EXPECT(raw_gives("\xc4\xe3.txt\n", bytes_file));
    EXPECT(http_holds(GET("/%D6%D0%CE%C4.txt"), "HTTP/1.1 404 ", "Not Found\n"));
    EXPECT(file_end());
}

int main(void)
{
    if (PORT_GBK == 0) {
        check_skip("names in GBK: GBK=0");
        return check_report("fileget_gbk");
    }
    test_raw();
    test_http();
    test_converted();
    test_without();
    return check_report("fileget_gbk");
}
