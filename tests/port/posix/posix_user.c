/* SPDX-License-Identifier: MIT */
/* Giving up privileges. Each in a child; most need the superuser to begin with. Hazard 22. */
#define _GNU_SOURCE
#define CHECK_PART
#include "tests/check.h"

#include <fcntl.h>
#include <grp.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "port/port_tool.h"
#include "tests/port/conform.h"
#include "tests/port/posix/posix_tests.h"

enum { NOBODY = 65534 };

static bool capabilities_none(void)
{
    struct {
        uint32_t version;
        int pid;
    } header = {0x20080522, 0};
    uint32_t sets[6];

    memset(sets, 0xff, sizeof(sets));
    return syscall(SYS_capget, &header, sets) == 0 &&
           (sets[0] | sets[1] | sets[2] | sets[3] | sets[4] | sets[5]) == 0;
}

static void identity_checked(uid_t user, gid_t group)
{
    uid_t users[3];
    gid_t groups[3];

    EXPECT(getresuid(&users[0], &users[1], &users[2]) == 0);
    EXPECT(getresgid(&groups[0], &groups[1], &groups[2]) == 0);
    EXPECT(users[0] == user && users[1] == user && users[2] == user);
    EXPECT(groups[0] == group && groups[1] == group && groups[2] == group);
    EXPECT(getgroups(0, NULL) == 0);
    EXPECT(setuid(0) != 0 && setgid(0) != 0 && seteuid(0) != 0);
    EXPECT(capabilities_none());
    EXPECT(prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1);
}

static bool start_as_root(void)
{
    if (getuid() != 0) {
        check_skip("giving up privileges: not started as root");
        return false;
    }
    EXPECT(port_start() == PORT_OK);
    EXPECT(port_root_open(fixture_root(), 0) == PORT_OK);
    return true;
}

/* In the root, without a way out, and still serving. */
static void confined(void)
{
    struct port_address at = address_ipv4(127, 0, 0, 1, 0);
    struct port_file_info info;
    struct pair pair;
    port_handle handle;
    char bytes[8];

    if (!start_as_root()) {
        return;
    }
    EXPECT(port_listen(&at, PORT_IPV4, &handle) == PORT_OK);
    port_serving_begins(true);
    EXPECT(port_user_become("nobody", true) == PORT_OK);
    identity_checked(NOBODY, NOBODY);
    EXPECT(open("/etc/passwd", O_RDONLY) < 0);
    EXPECT(access("/hello.txt", R_OK) == 0);
    port_close(handle);
    EXPECT(port_file_open("hello.txt", 9, &handle, &info) == PORT_OK);
    EXPECT(port_file_read(handle, 0, bytes, 8) == 6);
    port_close(handle);
    EXPECT(port_file_open("sub/to_up", 9, &handle, &info) != PORT_NOENT);
    EXPECT(port_file_open("to_absolute", 11, &handle, &info) == PORT_DENIED);
    EXPECT(port_file_open("to_outside", 10, &handle, &info) == PORT_DENIED);
    port_log("still here", 10);
    port_random(bytes, 8);
    EXPECT(pair_open(&ways[0], &pair));
    pair_close(&pair);
    at.port = 1;
    (void)port_wait(NULL, 0, 0);
    EXPECT(port_user_become("1:1", false) != PORT_OK);
    port_end();
}

static void by_number(void)
{
    if (!start_as_root()) {
        return;
    }
    EXPECT(port_user_become("12345:6789", false) == PORT_OK);
    identity_checked(12345, 6789);
    port_end();
}

/* More groups, and rights that would outlive the superuser's number. */
static void groups_dropped(void)
{
    const gid_t groups[] = {0, 5, 6};

    if (!start_as_root()) {
        return;
    }
    EXPECT(setgroups(3, groups) == 0);
    EXPECT(prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0) == 0);
    EXPECT(port_user_become("nobody", false) == PORT_OK);
    identity_checked(NOBODY, NOBODY);
    EXPECT(access("/etc/passwd", R_OK) == 0);
    port_end();
}

/* Nothing is given up for a name that is not there, or not worth it. */
static void names_refused(void)
{
    static const struct {
        const char *name;
        int result;
    } names[] = {
        {"nosuchuser", PORT_NOENT}, {"", PORT_NOENT},          {":", PORT_NOENT},
        {"nobod", PORT_NOENT},      {"nobodyx", PORT_NOENT},   {"nobody:", PORT_NOENT},
        {"1:", PORT_NOENT},         {":1", PORT_NOENT},        {"1:x", PORT_NOENT},
        {"-1:1", PORT_NOENT},       {"1: 1", PORT_NOENT},      {"4294967295:1", PORT_NOENT},
        {"1:4294967295", PORT_NOENT}, {"4294967296:1", PORT_NOENT},
        {"99999999999999999999:1", PORT_NOENT}, {"65534", PORT_NOENT},
        {"root", PORT_DENIED},      {"0:0", PORT_DENIED},      {"0:65534", PORT_DENIED},
    };
    size_t i;

    if (!start_as_root()) {
        return;
    }
    for (i = 0; i < COUNT_OF(names); i++) {
        EXPECT(port_user_become(names[i].name, true) == names[i].result);
    }
    EXPECT(getuid() == 0 && access("/etc/passwd", R_OK) == 0);
    EXPECT(prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 0);
    port_end();
}

static void group_zero(void)
{
    if (!start_as_root()) {
        return;
    }
    EXPECT(port_user_become("65534:0", false) == PORT_OK);
    EXPECT(getuid() == NOBODY && getgid() == 0 && setuid(0) != 0);
    port_end();
}

/* Without the right to, nothing is pretended. */
static void without_rights(void)
{
    if (getuid() == 0 && (setgroups(0, NULL) != 0 || setgid(1) != 0 || setuid(1) != 0)) {
        return;
    }
    EXPECT(port_start() == PORT_OK);
    EXPECT(port_root_open(fixture_root(), 0) == PORT_OK);
    EXPECT(port_user_become("nobody", false) == PORT_DENIED);
    EXPECT(port_user_become("12345:6789", false) == PORT_DENIED);
    EXPECT(port_user_become(NULL, true) == PORT_DENIED);
    EXPECT(port_user_become(NULL, false) == PORT_OK);
    EXPECT(prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1);
    port_end();
}

void test_posix_user(void)
{
    child_run(confined);
    child_run(by_number);
    child_run(groups_dropped);
    child_run(names_refused);
    child_run(group_zero);
    child_run(without_rights);
}
