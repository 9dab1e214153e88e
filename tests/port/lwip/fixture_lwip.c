/* SPDX-License-Identifier: MIT */
/* The outside of a board that is a process: files in a table, a console in memory, time by hand. */
#define _GNU_SOURCE
#define CHECK_PART
#include "tests/check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "boards/lwip-host/host.h"
#include "port/lwip/board.h"
#include "port/lwip/rom.h"
#include "tests/port/conform.h"
#include "tests/port/fixture.h"

enum { MANY = 300, FILES_MAX = MANY + 16, PRINTED_BYTES = 65536, TYPED_BYTES = 256 };

static struct {
    struct rom_file files[FILES_MAX];
    char many_names[MANY][16];
    uint8_t big[FIXTURE_BIG_BYTES];
    size_t public_count;
    size_t count;
    char printed[PRINTED_BYTES];
    size_t printed_bytes;
    char typed[TYPED_BYTES];
    size_t typed_bytes;
    bool hung_up;
} state;

bool fixture_can(enum fixture_ability ability)
{
    return ability != FIXTURE_LINKS && ability != FIXTURE_TOOLS;
}

/* ---- Files ----------------------------------------------------------------------------------- */

unsigned char fixture_big_byte(size_t i)
{
    return (unsigned char)(i % 251 + i / 1000);
}

static void file_add(const char *name, const void *bytes, size_t n, int64_t seconds, uint32_t ns)
{
    struct rom_file *file = &state.files[state.count++];

    file->name = name;
    file->bytes = bytes;
    file->size_bytes = (uint32_t)n;
    file->modified_s = seconds;
    file->modified_ns = ns;
}

static void text_add(const char *name, const char *text)
{
    file_add(name, text, strlen(text), 1000000, 0);
}

/* The private ones come last, so that leaving them out is a shorter table. */
static void files_make(void)
{
    size_t i;

    state.count = 0;
    for (i = 0; i < sizeof(state.big); i++) {
        state.big[i] = fixture_big_byte(i);
    }
    file_add("big.bin", state.big, sizeof(state.big), 1, 0);
    text_add("empty.txt", "");
    file_add("far.txt", "far\n", 4, INT64_C(4294967296) + 1000, 0);
    file_add("hello.txt", "hello\n", 6, 1000000000, 500);
    for (i = 0; i < MANY; i++) {
        (void)snprintf(state.many_names[i], sizeof(state.many_names[i]), "many/%03u", (unsigned)i);
        text_add(state.many_names[i], "");
    }
    file_add("old.txt", "old\n", 4, -86400, 0);
    text_add("sub/deep/leaf.txt", "leaf\n");
    text_add("sub/inner.txt", "inner\n");
    state.public_count = state.count;
    text_add("private.txt", "private\n");
    text_add("private/open.txt", "open\n");
}

const char *fixture_root(void)
{
    return "";
}

int fixture_root_open(bool any_mode)
{
    lwip_port_set_files(state.files, any_mode ? state.count : state.public_count);
    return PORT_OK;
}

const char *fixture_scratch(void)
{
    return "";
}

/* ---- Life ------------------------------------------------------------------------------------ */

void fixture_begin(void)
{
    lwip_port_set_date(1700000000);
    files_make();
    state.printed_bytes = 0;
    state.typed_bytes = 0;
    state.hung_up = false;
}

void fixture_end(void)
{
    lwip_port_set_files(NULL, 0);
}

bool fixture_fails(void (*defect)(void))
{
    static const char wanted[] = "linnet: defect at ";
    char said[256];
    int ends[2];
    int status = 0;
    ssize_t n;
    pid_t child;

    fixture_flush();
    if (pipe(ends) != 0) {
        return false;
    }
    child = fork();
    if (child == 0) {
        (void)dup2(ends[1], STDERR_FILENO);
        defect();
        _exit(0);
    }
    (void)close(ends[1]);
    n = read(ends[0], said, sizeof(said));
    (void)close(ends[0]);
    return child > 0 && waitpid(child, &status, 0) == child && WIFSIGNALED(status) &&
           WTERMSIG(status) == SIGABRT && n > (ssize_t)sizeof(wanted) &&
           memcmp(said, wanted, sizeof(wanted) - 1) == 0;
}

bool fixture_unreachable(struct port_address *address)
{
    static const uint8_t ip[16] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 192, 0, 2, 1};

    memset(address, 0, sizeof(*address));
    memcpy(address->ip, ip, sizeof(ip));
    return true;
}

void fixture_request(unsigned request)
{
    lwip_port_request(request);
}

void fixture_flush(void)
{
    (void)fflush(stdout);
}

void fixture_pause_ms(unsigned ms)
{
    host_clock_advance(ms);
}

/* ---- Console and log: one and the same ------------------------------------------------------- */

void fixture_console_type(const char *bytes, size_t n)
{
    EXPECT(state.typed_bytes + n <= sizeof(state.typed));
    memcpy(state.typed + state.typed_bytes, bytes, n);
    state.typed_bytes += n;
}

void fixture_console_hang_up(void)
{
    state.hung_up = true;
}

size_t fixture_console_printed(char *bytes, size_t n)
{
    const size_t count = n < state.printed_bytes ? n : state.printed_bytes;

    memcpy(bytes, state.printed, count);
    state.printed_bytes -= count;
    memmove(state.printed, state.printed + count, state.printed_bytes);
    return count;
}

size_t fixture_log_read(char *bytes, size_t n)
{
    return fixture_console_printed(bytes, n);
}

size_t board_console_room(void)
{
    return sizeof(state.printed) - state.printed_bytes;
}

void board_console_write(const char *bytes, size_t n)
{
    CHECK(n <= board_console_room());
    memcpy(state.printed + state.printed_bytes, bytes, n);
    state.printed_bytes += n;
}

int board_console_read(void *bytes, size_t n)
{
    const size_t count = n < state.typed_bytes ? n : state.typed_bytes;

    memcpy(bytes, state.typed, count);
    state.typed_bytes -= count;
    memmove(state.typed, state.typed + count, state.typed_bytes);
    return count > 0 ? (int)count : state.hung_up ? -1 : 0;
}

PORT_NORETURN void board_fail(const char *text, size_t n)
{
    (void)!write(STDERR_FILENO, text, n);
    abort();
}

void fixture_own_tests(void)
{
    check_skip("what only port/lwip must show is in tests/lwip");
}

/* A board has no port_tool.h. */
void test_tool(void)
{
    check_skip("port_tool.h");
}

void test_record(void)
{
    check_skip("files that grow");
}
