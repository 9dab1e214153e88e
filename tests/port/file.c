/* SPDX-License-Identifier: MIT */
/* Conformance: files. Also hazard 53 and 56, as far as names reach the port. */
#define CHECK_PART
#include "tests/check.h"

#include <string.h>

#include "tests/port/conform.h"

static int file_open(const char *name, port_handle *file, struct port_file_info *info)
{
    return port_file_open(name, strlen(name), file, info);
}

static bool file_is_absent(const char *name, size_t n)
{
    struct port_file_info info;
    port_handle file = PORT_NONE;
    const int result = port_file_open(name, n, &file, &info);

    if (result == PORT_OK) {
        port_close(file);
    }
    return (result == PORT_NOENT || result == PORT_DENIED) && file == PORT_NONE;
}

/* True if a file of that name opens and begins with `text`. */
static bool file_says(const char *name, const char *text)
{
    struct port_file_info info;
    port_handle file;
    char bytes[32];
    bool same;

    if (file_open(name, &file, &info) != PORT_OK) {
        return false;
    }
    same = info.kind == PORT_FILE_REGULAR && info.size_bytes == strlen(text) &&
           port_file_read(file, 0, bytes, sizeof(bytes)) == (int)strlen(text) &&
           memcmp(bytes, text, strlen(text)) == 0;
    port_close(file);
    return same;
}

static void files_opened(void)
{
    struct port_file_info info;
    port_handle file;
    port_handle again;
    char bytes[8];

    EXPECT(file_says("hello.txt", "hello\n"));
    EXPECT(file_says("sub/inner.txt", "inner\n"));
    EXPECT(file_says("sub/deep/leaf.txt", "leaf\n"));
    EXPECT(file_open("hello.txt", &file, &info) == PORT_OK);
    EXPECT(info.modified_s == 1000000000 && info.modified_ns == 500);
    EXPECT(file_open("hello.txt", &again, &info) == PORT_OK);
    EXPECT(again != file);
    port_close(again);
    EXPECT(port_file_read(file, 4, bytes, 8) == 2);
    EXPECT(memcmp(bytes, "o\n", 2) == 0);
    EXPECT(port_file_read(file, 6, bytes, 8) == PORT_EOF);
    EXPECT(port_file_read(file, 7, bytes, 8) == PORT_EOF);
    EXPECT(port_file_read(file, UINT64_MAX, bytes, 8) == PORT_EOF);
    EXPECT(port_file_read(file, (uint64_t)INT64_MAX, bytes, 8) == PORT_EOF);
    EXPECT(port_file_read(file, 0, bytes, 1) == 1);
    EXPECT(port_file_read(file, 0, bytes, 1) == 1 && bytes[0] == 'h');
    port_file_advise(file, 0, 6);
    port_file_advise(file, UINT64_MAX, UINT64_MAX);
    port_close(file);
    EXPECT(file_open("empty.txt", &file, &info) == PORT_OK);
    EXPECT(info.size_bytes == 0);
    EXPECT(port_file_read(file, 0, bytes, 8) == PORT_EOF);
    port_close(file);
    EXPECT(file_open("old.txt", &file, &info) == PORT_OK);
    EXPECT(info.modified_s == -86400);
    port_close(file);
    EXPECT(file_open("far.txt", &file, &info) == PORT_OK);
    EXPECT(info.modified_s == INT64_C(4294967296) + 1000);
    port_close(file);
}

/* What lies still is the same at every look; a look moves nothing. */
static void looked_at(const char *name)
{
    struct port_file_info info;
    struct port_file_info now;
    port_handle file;

    EXPECT(file_open(name, &file, &info) == PORT_OK);
    memset(&now, 0xff, sizeof(now));
    EXPECT(port_file_look(file, &now) == PORT_OK);
    EXPECT(now.kind == info.kind && now.size_bytes == info.size_bytes);
    EXPECT(now.modified_s == info.modified_s && now.modified_ns == info.modified_ns);
    EXPECT(now.revision == info.revision);
    port_close(file);
}

static void big_read(void)
{
    static unsigned char block[4096];
    struct port_file_info info;
    port_handle file;
    uint64_t offset = 0;
    bool same = true;
    int got = 1;

    EXPECT(file_open("big.bin", &file, &info) == PORT_OK);
    EXPECT(info.size_bytes == FIXTURE_BIG_BYTES);
    while (got > 0) {
        got = port_file_read(file, offset, block, sizeof(block));
        if (got > 0) {
            int i;

            for (i = 0; i < got; i++) {
                same = same && block[i] == fixture_big_byte((size_t)offset + (size_t)i);
            }
            offset += (uint64_t)got;
        }
    }
    EXPECT(got == PORT_EOF);
    EXPECT(same);
    EXPECT(offset == FIXTURE_BIG_BYTES);
    port_close(file);
}

static void folders_opened(void)
{
    struct port_file_info info;
    port_handle folder;

    EXPECT(port_file_open("", 0, &folder, &info) == PORT_OK);
    EXPECT(info.kind == PORT_FILE_DIRECTORY);
    port_close(folder);
    EXPECT(file_open("sub", &folder, &info) == PORT_OK);
    EXPECT(info.kind == PORT_FILE_DIRECTORY);
    port_close(folder);
    EXPECT(file_open("sub/deep", &folder, &info) == PORT_OK);
    port_close(folder);
}

/* Names that are proper and hostile: whatever they are, they are not there. */
static void names_absent(void)
{
    static const char *const names[] = {
        "nothing", "sub/nothing", "nothing/sub", "hello.txt/more", "hello.txt/x/y", "HELLO.TXT ",
        "...", "....", ".. ", " ..", "..a", "%2e%2e", "%2e%2e/hello.txt", "..%2fhello.txt",
        "..\\hello.txt", "..\\..\\etc\\passwd", "sub\\inner.txt", "C:", "~", "~root", "-r", "*",
        "\xc0\xae\xc0\xae", "\xff\xfe", "hello.txt\n", "\x1b[2J", "con", "hello.txt.", "hello.tx",
        ".hidden", "proc/self/root", "dev/null", "etc/passwd", "sub/deep/leaf.txt/x",
    };
    static char text[8192];
    size_t i;

    for (i = 0; i < COUNT_OF(names); i++) {
        EXPECT(file_is_absent(names[i], strlen(names[i])));
    }
    EXPECT(file_is_absent("hello.txt\0", 10));
    EXPECT(file_is_absent("hello.txt\0x", 11));
    EXPECT(file_is_absent("\0", 1));
    memset(text, 'a', sizeof(text));
    for (i = 200; i < sizeof(text); i += i / 5) {
        EXPECT(file_is_absent(text, i));
    }
    for (i = 1; i < sizeof(text); i += 2) {
        text[i] = '/';
    }
    for (i = 1; i < sizeof(text); i += i / 3 * 2 + 2) {
        EXPECT(file_is_absent(text, i));
    }
}

/* A name's length is what counts: nothing is read behind it. */
static void name_ends(void)
{
    struct port_file_info info;
    port_handle file;

    EXPECT(port_file_open("hello.txtttt", 9, &file, &info) == PORT_OK);
    EXPECT(info.size_bytes == 6);
    port_close(file);
    EXPECT(port_file_open("sub/inner.txt", 3, &file, &info) == PORT_OK);
    EXPECT(info.kind == PORT_FILE_DIRECTORY);
    port_close(file);
}

static void private_denied(void)
{
    EXPECT(file_is_absent("private.txt", 11));
    EXPECT(file_is_absent("private", 7));
    EXPECT(file_is_absent("private/open.txt", 16));
    EXPECT(fixture_root_open(true) == PORT_OK);
    EXPECT(file_says("private.txt", "private\n"));
    EXPECT(file_says("private/open.txt", "open\n"));
    EXPECT(fixture_root_open(false) == PORT_OK);
    EXPECT(file_is_absent("private.txt", 11));
}

/* No link leads out. One that stays inside may be followed or not. */
static void links_confined(void)
{
    static const char *const names[] = {"to_nothing",        "to_itself",
                                        "to_outside",        "to_absolute",
                                        "to_itself/x",       "to_outside/x",
                                        "to_folder/nothing", "to_file/x",
                                        "to_up",             "to_up/hello.txt"};
    size_t i;

    if (!fixture_can(FIXTURE_LINKS)) {
        check_skip("links");
        return;
    }
    for (i = 0; i < COUNT_OF(names); i++) {
        EXPECT(file_is_absent(names[i], strlen(names[i])));
    }
    EXPECT(file_is_absent("to_file", 7) || file_says("to_file", "hello\n"));
    EXPECT(file_is_absent("to_folder/inner.txt", 19) ||
           file_says("to_folder/inner.txt", "inner\n"));
    EXPECT(file_is_absent("sub/to_up", 9) || file_says("sub/to_up", "hello\n"));
}

/* Sends n bytes of the file from `offset`, by port_send_file as long as it can, and compares. */
static void piece_sent(const struct pair *pair, port_handle file, uint64_t offset, size_t n)
{
    static unsigned char block[FIXTURE_BIG_BYTES];
    size_t sent = 0;
    size_t got = 0;
    bool same = true;
    size_t i;

    while (got < n) {
        if (sent < n) {
            const int result = port_send_file(pair->server, file, offset + sent, n - sent);

            EXPECT(result > 0 || result == PORT_AGAIN);
            EXPECT(result <= (int)(n - sent));
            sent += result > 0 ? (size_t)result : 0;
        }
        if (wait_ready(pair->client, PORT_READ, 1000) != 0) {
            const int result = port_receive(pair->client, block + got, n - got);

            EXPECT(result > 0 || result == PORT_AGAIN);
            got += result > 0 ? (size_t)result : 0;
        }
    }
    for (i = 0; i < n; i++) {
        same = same && block[i] == fixture_big_byte((size_t)offset + i);
    }
    EXPECT(same);
}

static void file_sent(const struct way *way)
{
    struct port_file_info info;
    struct pair pair;
    port_handle file;
    int result;

    if (!pair_open(way, &pair)) {
        return;
    }
    EXPECT(file_open("big.bin", &file, &info) == PORT_OK);
    result = port_send_file(pair.server, file, FIXTURE_BIG_BYTES, 10);
    if (result == PORT_SKIP) {
        check_skip("port_send_file is not possible here");
    } else {
        EXPECT(result == PORT_EOF);
        EXPECT(port_send_file(pair.server, file, UINT64_MAX, 10) == PORT_EOF);
        piece_sent(&pair, file, 0, FIXTURE_BIG_BYTES);
        piece_sent(&pair, file, 1, 1);
        piece_sent(&pair, file, 4095, 4098);
        EXPECT(port_send_file(pair.server, file, FIXTURE_BIG_BYTES - 1, 10) == 1);
        /* Its place for port_file_read is not moved. */
        EXPECT(port_file_read(file, 0, &info, 1) == 1);
        port_abort(pair.client);
        (void)wait_ready(pair.server, PORT_READ, 1000);
        EXPECT(port_send_file(pair.server, file, 0, 10) == PORT_RESET);
        port_close(file);
        port_close(pair.server);
        port_close(pair.listener);
        return;
    }
    port_close(file);
    pair_close(&pair);
}

static void open_up(void)
{
    struct port_file_info info;
    port_handle file;

    (void)port_file_open("sub/../hello.txt", 16, &file, &info);
}

static void open_absolute(void)
{
    struct port_file_info info;
    port_handle file;

    (void)port_file_open("/hello.txt", 10, &file, &info);
}

static void open_dot(void)
{
    struct port_file_info info;
    port_handle file;

    (void)port_file_open("sub/.", 5, &file, &info);
}

static void open_slash(void)
{
    struct port_file_info info;
    port_handle file;

    (void)port_file_open("sub/", 4, &file, &info);
}

static void open_doubled(void)
{
    struct port_file_info info;
    port_handle file;

    (void)port_file_open("sub//inner.txt", 14, &file, &info);
}

static void read_nothing(void)
{
    struct port_file_info info;
    port_handle file;
    char byte;

    if (port_file_open("hello.txt", 9, &file, &info) == PORT_OK) {
        (void)port_file_read(file, 0, &byte, 0);
    }
}

static void read_folder(void)
{
    struct port_file_info info;
    port_handle file;
    char byte;

    if (port_file_open("", 0, &file, &info) == PORT_OK) {
        (void)port_file_read(file, 0, &byte, 1);
    }
}

static void defects_fail(void)
{
    EXPECT(fixture_fails(open_up));
    EXPECT(fixture_fails(open_absolute));
    EXPECT(fixture_fails(open_dot));
    EXPECT(fixture_fails(open_slash));
    EXPECT(fixture_fails(open_doubled));
    EXPECT(fixture_fails(read_nothing));
    EXPECT(fixture_fails(read_folder));
}

void test_file(void)
{
    size_t i;

    if (!fixture_can(FIXTURE_FILES)) {
        check_skip("files");
        return;
    }
    EXPECT(fixture_root_open(false) == PORT_OK);
    files_opened();
    looked_at("hello.txt");
    looked_at("empty.txt");
    looked_at("sub/deep");
    looked_at("");
    big_read();
    folders_opened();
    names_absent();
    name_ends();
    private_denied();
    links_confined();
    for (i = 0; i < WAYS; i++) {
        if (way_exists(&ways[i])) {
            file_sent(&ways[i]);
        }
    }
    defects_fail();
}
