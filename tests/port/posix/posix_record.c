/* SPDX-License-Identifier: MIT */
/* Files that grow: only regular ones, for their owner's group at most, and never a line in part.
 * Hazards 23, 57. */
#define _GNU_SOURCE
#define CHECK_PART
#include "tests/check.h"

#include <limits.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "port/port_tool.h"
#include "tests/port/conform.h"
#include "tests/port/posix/posix_tests.h"

static char path[PATH_MAX];

static int open_named(const char *name, port_handle *record)
{
    (void)snprintf(path, sizeof(path), "%s/%s", fixture_scratch(), name);
    return port_record_open(path, record);
}

/* The system takes a part of what is over its limit: that is taken back, and nobody is killed. */
static void limit_kept(void)
{
    const struct rlimit small = {10, RLIM_INFINITY};
    struct rlimit before;
    port_handle record;
    char bytes[32];

    EXPECT(open_named("limited", &record) == PORT_OK);
    EXPECT(getrlimit(RLIMIT_FSIZE, &before) == 0);
    EXPECT(setrlimit(RLIMIT_FSIZE, &small) == 0);
    EXPECT(port_record_write(record, "12345\n", 6) == PORT_OK);
    EXPECT(port_record_write(record, "67890\n", 6) == PORT_FULL);
    EXPECT(port_record_write(record, "789\n", 4) == PORT_OK);
    EXPECT(port_record_write(record, "0\n", 2) == PORT_FULL);
    EXPECT(setrlimit(RLIMIT_FSIZE, &before) == 0);
    EXPECT(port_text_read(path, bytes, sizeof(bytes)) == 10);
    EXPECT(memcmp(bytes, "12345\n789\n", 10) == 0);
    port_close(record);
}

void test_posix_record(void)
{
    struct stat status;
    port_handle record;
    const mode_t mask = umask(0);

    EXPECT(open_named("private", &record) == PORT_OK);
    EXPECT(stat(path, &status) == 0 && (status.st_mode & 0777) == 0640);
    port_close(record);
    (void)umask(mask);
    (void)snprintf(path, sizeof(path), "%s/fifo", fixture_scratch());
    EXPECT(mkfifo(path, 0600) == 0);
    EXPECT(port_record_open(path, &record) == PORT_DENIED);
    link_make(fixture_scratch(), "aside", "private");
    EXPECT(open_named("aside", &record) == PORT_DENIED);
    EXPECT(port_record_open("/dev/null", &record) == PORT_DENIED);
    EXPECT(port_record_open("/dev/full", &record) == PORT_DENIED);
    limit_kept();
}
