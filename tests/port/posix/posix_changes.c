/* SPDX-License-Identifier: MIT */
/* What is done to a file while it is open, and shows at a look. Hazard 58. */
#define _GNU_SOURCE
#define CHECK_PART
#include "tests/check.h"

#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/port/conform.h"
#include "tests/port/posix/posix_tests.h"

static const char *in_root(const char *name)
{
    static char path[PATH_MAX];

    (void)snprintf(path, sizeof(path), "%s/%s", fixture_root(), name);
    return path;
}

/* Whether a look tells that something happened to a file that is open. */
static int change_seen(port_handle file, struct port_file_info *before, bool *seen)
{
    struct port_file_info now;
    const int result = port_file_look(file, &now);

    *seen = result != PORT_OK || now.revision != before->revision;
    *before = result == PORT_OK ? now : *before;
    return result;
}

/* Time enough for every change to have a date of its own. */
static void tick_passed(void)
{
    fixture_pause_ms(20);
}

/* What is done to an open file and shows at a look: a write, a write whose date is set back, other
 * rights, another name, a file in its place, its end. */
void test_posix_changes(void)
{
    const struct timespec long_ago[2] = {{1000000000, 0}, {1000000000, 0}};
    struct port_file_info info;
    port_handle file;
    char moved[PATH_MAX];
    bool seen;

    EXPECT(fixture_root_open(false) == PORT_OK);
    file_make(fixture_root(), "changing", "first\n", 0644);
    EXPECT(port_file_open("changing", 8, &file, &info) == PORT_OK);
    EXPECT(change_seen(file, &info, &seen) == PORT_OK && !seen);
    tick_passed();
    file_make(fixture_root(), "changing", "other\n", 0644);
    EXPECT(change_seen(file, &info, &seen) == PORT_OK && seen);
    tick_passed();
    EXPECT(utimensat(AT_FDCWD, in_root("changing"), long_ago, 0) == 0);
    EXPECT(change_seen(file, &info, &seen) == PORT_OK && seen);
    EXPECT(info.modified_s == 1000000000);
    tick_passed();
    EXPECT(chmod(in_root("changing"), 0600) == 0);
    EXPECT(change_seen(file, &info, &seen) == PORT_DENIED);
    EXPECT(chmod(in_root("changing"), 0644) == 0);
    EXPECT(change_seen(file, &info, &seen) == PORT_OK && seen);
    tick_passed();
    (void)snprintf(moved, sizeof(moved), "%s", in_root("changed"));
    EXPECT(rename(in_root("changing"), moved) == 0);
    EXPECT(change_seen(file, &info, &seen) == PORT_OK && seen);
    tick_passed();
    file_make(fixture_root(), "changing", "third\n", 0644);
    EXPECT(change_seen(file, &info, &seen) == PORT_OK && !seen); /* it is another file's name now */
    EXPECT(rename(in_root("changing"), moved) == 0);
    EXPECT(change_seen(file, &info, &seen) == PORT_NOENT);
    port_close(file);
    EXPECT(unlink(moved) == 0);
}
