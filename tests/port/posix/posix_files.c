/* SPDX-License-Identifier: MIT */
/* Files as a file system has them: links, modes, FIFOs, devices, sizes beyond 4 GB; each with
 * openat2() and without. Hazards 18, 53, 56, 57 and 58. */
#define _GNU_SOURCE
#define CHECK_PART
#include "tests/check.h"

#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "port/posix/posix.h"
#include "tests/port/conform.h"
#include "tests/port/posix/posix_tests.h"

static char base[PATH_MAX]; /* what lies beside the root */

static int opened_as(const char *name)
{
    struct port_file_info info;
    port_handle file;
    const int result = port_file_open(name, strlen(name), &file, &info);

    if (result == PORT_OK) {
        port_close(file);
    }
    return result;
}

static size_t descriptors_open(void)
{
    size_t count = 0;
    int fd;

    for (fd = 0; fd < 1024; fd++) {
        count += fcntl(fd, F_GETFD) >= 0;
    }
    return count;
}

static const char *in_root(const char *name)
{
    static char path[PATH_MAX];

    (void)snprintf(path, sizeof(path), "%s/%s", fixture_root(), name);
    return path;
}

static void more_made(void)
{
    struct sockaddr_un address;
    char target[PATH_MAX];
    int fd;

    link_make(fixture_root(), "chain", "chain2");
    link_make(fixture_root(), "chain2", "sub/to_up");
    (void)snprintf(target, sizeof(target), "%s/hello.txt", fixture_root());
    link_make(fixture_root(), "to_own_absolute", target);
    (void)snprintf(target, sizeof(target), "sub/../../%s/hello.txt", "root");
    link_make(fixture_root(), "out_and_in", target);
    link_make(fixture_root(), "to_proc", "/proc/self/root/etc/passwd");
    link_make(fixture_root(), "to_private", "private");
    link_make(fixture_root(), "to_fifo", "fifo");
    EXPECT(mkfifo(in_root("fifo"), 0666) == 0);
    EXPECT(chmod(in_root("fifo"), 0666) == 0);
    memset(&address, 0, sizeof(address));
    address.sun_family = AF_UNIX;
    (void)snprintf(address.sun_path, sizeof(address.sun_path), "%s/socket", fixture_root());
    fd = socket(AF_UNIX, SOCK_STREAM, 0);
    EXPECT(bind(fd, (const struct sockaddr *)(const void *)&address, sizeof(address)) == 0);
    EXPECT(chmod(in_root("socket"), 0777) == 0);
    (void)close(fd);
    if (mknod(in_root("device"), S_IFCHR | 0666, makedev(1, 5)) == 0) {
        EXPECT(chmod(in_root("device"), 0666) == 0);
    }
}

/* Every link that stays inside is followed with openat2(), none without; none leaves. */
static void links_judged(bool has_openat2)
{
    static const struct {
        const char *name;
        int with;
    } links[] = {
        {"to_file", PORT_OK},
        {"to_folder", PORT_OK},
        {"to_folder/inner.txt", PORT_OK},
        {"to_folder/deep/leaf.txt", PORT_OK},
        {"to_folder/to_up", PORT_OK},
        {"sub/to_up", PORT_OK},
        {"chain", PORT_OK},
        {"to_folder/nothing", PORT_NOENT},
        {"to_file/x", PORT_NOENT},
        {"to_nothing", PORT_NOENT},
        {"to_itself", PORT_DENIED},
        {"to_itself/x", PORT_DENIED},
        {"to_outside", PORT_DENIED},
        {"to_up", PORT_DENIED},
        {"to_up/outside.txt", PORT_DENIED},
        {"to_up/root/hello.txt", PORT_DENIED},
        {"out_and_in", PORT_DENIED},
        {"to_absolute", PORT_DENIED},
        {"to_own_absolute", PORT_DENIED},
        {"to_proc", PORT_DENIED},
        {"to_private", PORT_DENIED},
        {"to_private/open.txt", PORT_DENIED},
        {"to_fifo", PORT_DENIED},
    };
    size_t i;

    for (i = 0; i < COUNT_OF(links); i++) {
        EXPECT(opened_as(links[i].name) == (has_openat2 ? links[i].with : PORT_DENIED));
    }
}

static void specials_denied(void)
{
    uint64_t before_us = port_clock_us();

    EXPECT(opened_as("fifo") == PORT_DENIED);
    EXPECT(opened_as("socket") == PORT_DENIED);
    EXPECT(opened_as("device") == PORT_DENIED || access(in_root("device"), F_OK) != 0);
    EXPECT(opened_as("fifo/x") == PORT_NOENT);
    EXPECT(port_clock_us() - before_us < 10000);
    EXPECT(port_root_open(fixture_root(), PORT_ROOT_ANY_MODE) == PORT_OK);
    before_us = port_clock_us();
    EXPECT(opened_as("fifo") == PORT_DENIED);
    EXPECT(opened_as("socket") == PORT_DENIED);
    EXPECT(port_clock_us() - before_us < 10000);
    EXPECT(port_root_open("/dev", 0) == PORT_OK);
    EXPECT(opened_as("null") == PORT_DENIED);
    EXPECT(opened_as("zero") == PORT_DENIED);
    EXPECT(opened_as("tty") == PORT_DENIED);
}

/* Not even for a moment is a FIFO opened: its writer would go on, and be killed. */
static void fifo_untouched(void)
{
    const pid_t writer = fork();
    int status;

    if (writer == 0) {
        _exit(open(in_root("fifo"), O_WRONLY) >= 0 ? 0 : 1);
    }
    fixture_pause_ms(20);
    EXPECT(opened_as("fifo") == PORT_DENIED);
    EXPECT(opened_as("to_fifo") == PORT_DENIED);
    fixture_pause_ms(20);
    EXPECT(waitpid(writer, &status, WNOHANG) == 0);
    EXPECT(kill(writer, SIGKILL) == 0);
    (void)child_status(writer);
}

/* The links of /proc lead anywhere without being followed by name. */
static void magic_links_denied(void)
{
    EXPECT(port_root_open("/proc/self", PORT_ROOT_ANY_MODE) == PORT_OK);
    EXPECT(opened_as("status") == PORT_OK);
    EXPECT(opened_as("exe") == PORT_DENIED);
    EXPECT(opened_as("root/etc/passwd") == PORT_DENIED);
    EXPECT(opened_as("cwd") == PORT_DENIED);
    EXPECT(opened_as("fd/0") == PORT_DENIED);
}

/* A file that cannot be read: the memory of this process at 0. */
static void read_failed(void)
{
    struct port_file_info info;
    port_handle file;
    char byte;

    EXPECT(port_root_open("/proc/self", PORT_ROOT_ANY_MODE) == PORT_OK);
    EXPECT(port_file_open("mem", 3, &file, &info) == PORT_OK);
    EXPECT(port_file_read(file, 0, &byte, 1) == PORT_IO);
    port_close(file);
}

/* One call looks at a few entries: where most are not for us, it says so and goes on. */
static void looks_bounded(void)
{
    struct port_file_info info;
    struct port_entry entry;
    port_handle folder;
    uint64_t position = 0;
    char name[32];
    int again = 0;
    int found = 0;
    int result;
    int i;

    EXPECT(mkdir(in_root("mixed"), 0755) == 0);
    for (i = 0; i < 200; i++) {
        (void)snprintf(name, sizeof(name), "mixed/%03d", i);
        file_make(fixture_root(), name, "", i == 99 ? 0644 : 0600);
    }
    EXPECT(port_file_open("mixed", 5, &folder, &info) == PORT_OK);
    do {
        result = port_directory_read(folder, &position, &entry);
        again += result == PORT_AGAIN;
        found += result == PORT_OK;
    } while (result == PORT_OK || result == PORT_AGAIN);
    EXPECT(result == PORT_EOF);
    EXPECT(again >= 200 / PORT_POSIX_DIRECTORY_LOOKS - 1 && found == 1);
    port_close(folder);
}

static void modes_judged(void)
{
    static const struct {
        mode_t mode;
        int file;
        int folder;
        int below; /* a public file in such a folder */
    } modes[] = {
        {0444, PORT_OK, PORT_DENIED, PORT_DENIED},
        {0644, PORT_OK, PORT_DENIED, PORT_DENIED},
        {0755, PORT_OK, PORT_OK, PORT_OK},
        {0555, PORT_OK, PORT_OK, PORT_OK},
        {0777, PORT_OK, PORT_OK, PORT_OK},
        {0711, PORT_DENIED, PORT_DENIED, PORT_OK},
        {0751, PORT_DENIED, PORT_DENIED, PORT_OK},
        {0750, PORT_DENIED, PORT_DENIED, PORT_DENIED},
        {0705, PORT_DENIED, PORT_DENIED, PORT_DENIED},
        {0604, PORT_DENIED, PORT_DENIED, PORT_DENIED},
        {0640, PORT_DENIED, PORT_DENIED, PORT_DENIED},
        {0244, PORT_DENIED, PORT_DENIED, PORT_DENIED},
        {0000, PORT_DENIED, PORT_DENIED, PORT_DENIED},
    };
    size_t i;

    for (i = 0; i < COUNT_OF(modes); i++) {
        EXPECT(chmod(in_root("mode.txt"), modes[i].mode) == 0);
        EXPECT(opened_as("mode.txt") == modes[i].file);
        EXPECT(chmod(in_root("mode"), modes[i].mode) == 0);
        EXPECT(opened_as("mode") == modes[i].folder);
        EXPECT(opened_as("mode/below.txt") == modes[i].below);
    }
    EXPECT(chmod(in_root("mode"), 0755) == 0);
}

/* The longest names that can be, and the ones beyond. */
static void names_long(void)
{
    char name[4 * 256 + 2];
    char path[PATH_MAX];
    int i;

    memset(name, 'n', sizeof(name));
    name[255] = '\0';
    file_make(fixture_root(), name, "long\n", 0644);
    EXPECT(opened_as(name) == PORT_OK);
    name[255] = 'n';
    name[256] = '\0';
    EXPECT(opened_as(name) == PORT_NOENT);
    name[256] = 'n';
    for (i = 0; i < 3; i++) {
        name[256 * i + 255] = '\0';
        (void)snprintf(path, sizeof(path), "%s/long/%s", fixture_root(), name);
        if (i == 0) {
            EXPECT(mkdir(in_root("long"), 0755) == 0);
        }
        EXPECT(mkdir(path, 0755) == 0);
        name[256 * i + 255] = '/';
    }
    name[256 * 3 - 1] = '\0';
    (void)snprintf(path, sizeof(path), "long/%s", name);
    EXPECT(opened_as(path) == PORT_OK);
    (void)snprintf(path, sizeof(path), "%s/long/%s", fixture_root(), name);
    for (i = 0; i < 3; i++) {
        EXPECT(rmdir(path) == 0);
        *strrchr(path, '/') = '\0';
    }
    EXPECT(rmdir(path) == 0);
    name[255] = '\0';
    EXPECT(unlink(in_root(name)) == 0);
}

/* 5 GB, of which all but a few bytes are a hole. */
static void huge_read(void)
{
    static const uint64_t end = UINT64_C(5) << 30;
    const int fd = open(in_root("huge.bin"), O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
    struct port_file_info info;
    struct pair pair;
    port_handle file;
    char bytes[8];
    int last;

    EXPECT(fd >= 0);
    EXPECT(pwrite(fd, "tail", 4, (off_t)end) == 4);
    EXPECT(pwrite(fd, "middle", 6, (off_t)(UINT64_C(1) << 32)) == 6);
    (void)close(fd);
    file_date(fixture_root(), "huge.bin", INT64_C(4294967296) + 7, 999999999);
    EXPECT(port_file_open("huge.bin", 8, &file, &info) == PORT_OK);
    EXPECT(info.size_bytes == end + 4);
    EXPECT(info.modified_s == INT64_C(4294967296) + 7 && info.modified_ns == 999999999);
    EXPECT(port_file_read(file, end, bytes, 8) == 4 && memcmp(bytes, "tail", 4) == 0);
    EXPECT(port_file_read(file, end + 4, bytes, 8) == PORT_EOF);
    EXPECT(port_file_read(file, UINT64_C(1) << 32, bytes, 6) == 6);
    EXPECT(memcmp(bytes, "middle", 6) == 0);
    EXPECT(port_file_read(file, UINT64_C(1) << 31, bytes, 1) == 1 && bytes[0] == 0);
    EXPECT(pair_open(&ways[0], &pair));
    EXPECT(port_send_file(pair.server, file, UINT64_C(1) << 32, 6) == 6);
    EXPECT(receive_wait(pair.client, bytes, 6, &last) == 6 && memcmp(bytes, "middle", 6) == 0);
    EXPECT(port_send_file(pair.server, file, end, 100) == 4);
    EXPECT(receive_wait(pair.client, bytes, 4, &last) == 4 && memcmp(bytes, "tail", 4) == 0);
    EXPECT(port_send_file(pair.server, file, end + 4, 100) == PORT_EOF);
    /* It shrinks while it is open: what is gone is the end of it. */
    EXPECT(truncate(in_root("huge.bin"), 3) == 0);
    EXPECT(port_file_read(file, 0, bytes, 8) == 3);
    EXPECT(port_file_read(file, UINT64_C(1) << 32, bytes, 8) == PORT_EOF);
    EXPECT(port_send_file(pair.server, file, 3, 100) == PORT_EOF);
    pair_close(&pair);
    port_close(file);
    EXPECT(unlink(in_root("huge.bin")) == 0);
}

static bool is_listed(const char *folder, const char *name, struct port_file_info *found)
{
    struct port_file_info info;
    struct port_entry entry;
    port_handle handle;
    uint64_t position = 0;
    bool listed = false;
    int result;

    if (port_file_open(folder, strlen(folder), &handle, &info) != PORT_OK) {
        return false;
    }
    do {
        result = port_directory_read(handle, &position, &entry);
        if (result == PORT_OK && entry.name_bytes == strlen(name) &&
            memcmp(entry.name, name, entry.name_bytes) == 0) {
            listed = true;
            *found = entry.info;
        }
    } while (result == PORT_OK || result == PORT_AGAIN);
    EXPECT(result == PORT_EOF);
    port_close(handle);
    return listed;
}

/* A list shows what can be opened: of links, those that stay in the folder, as their target. */
static void specials_unlisted(bool has_openat2)
{
    struct port_file_info info;

    EXPECT(is_listed("", "hello.txt", &info));
    EXPECT(!is_listed("", "fifo", &info));
    EXPECT(!is_listed("", "socket", &info));
    EXPECT(!is_listed("", "device", &info));
    EXPECT(!is_listed("", "private", &info));
    EXPECT(!is_listed("", "to_outside", &info));
    EXPECT(!is_listed("", "to_up", &info));
    EXPECT(!is_listed("", "to_absolute", &info));
    EXPECT(!is_listed("", "to_fifo", &info));
    EXPECT(!is_listed("", "to_private", &info));
    EXPECT(is_listed("", "to_file", &info) == has_openat2);
    EXPECT(!has_openat2 || (info.kind == PORT_FILE_REGULAR && info.size_bytes == 6));
    EXPECT(is_listed("", "to_folder", &info) == has_openat2);
    EXPECT(!has_openat2 || info.kind == PORT_FILE_DIRECTORY);
}

/* A folder that is removed while it is read ends. */
static void folder_removed(void)
{
    struct port_file_info info;
    struct port_entry entry;
    port_handle folder;
    uint64_t position = 0;

    EXPECT(mkdir(in_root("brief"), 0755) == 0);
    EXPECT(port_file_open("brief", 5, &folder, &info) == PORT_OK);
    EXPECT(rmdir(in_root("brief")) == 0);
    EXPECT(port_directory_read(folder, &position, &entry) == PORT_EOF);
    port_close(folder);
}

static void swap_for_ever(void)
{
    char link[PATH_MAX];
    char folder[PATH_MAX];
    char place[PATH_MAX];
    char aside[PATH_MAX];

    (void)snprintf(link, sizeof(link), "%s/swap_link", fixture_root());
    (void)snprintf(folder, sizeof(folder), "%s/swap_folder", fixture_root());
    (void)snprintf(place, sizeof(place), "%s/swap", fixture_root());
    (void)snprintf(aside, sizeof(aside), "%s/swap_aside", fixture_root());
    for (;;) {
        (void)rename(folder, place);
        (void)rename(place, folder);
        (void)rename(link, place);
        (void)rename(place, link);
    }
}

/* Somebody with rights in the root swaps a folder with a link out of it, all the time. */
static void swaps_survived(void)
{
    const uint64_t end_us = port_clock_us() + 4000000;
    unsigned tries = 0;
    unsigned seen = 0;
    pid_t swapper;

    EXPECT(mkdir(in_root("swap_folder"), 0755) == 0);
    file_make(fixture_root(), "swap_folder/inside.txt", "inside\n", 0644);
    link_make(fixture_root(), "swap_link", "..");
    swapper = fork();
    if (swapper == 0) {
        (void)alarm(10);
        swap_for_ever();
    }
    while ((tries < 500 || seen == 0) && port_clock_us() < end_us) {
        const int result = opened_as("swap/outside.txt");

        EXPECT(result == PORT_NOENT || result == PORT_DENIED);
        seen += opened_as("swap/inside.txt") == PORT_OK;
        tries++;
    }
    EXPECT(kill(swapper, SIGKILL) == 0);
    (void)child_status(swapper);
    EXPECT(seen > 0);
    (void)rename(in_root("swap"), in_root("swap_aside"));
    (void)unlink(in_root("swap_link"));
    (void)unlink(in_root("swap_aside"));
    (void)unlink(in_root("swap_folder/inside.txt"));
    (void)rmdir(in_root("swap_folder"));
    (void)unlink(in_root("swap_aside/inside.txt"));
    (void)rmdir(in_root("swap_aside"));
}

static void root_refused(void)
{
    EXPECT(port_root_open(in_root("hello.txt"), 0) == PORT_SKIP);
    EXPECT(port_root_open(in_root("hello.txt/x"), 0) == PORT_SKIP);
    EXPECT(port_root_open(in_root("to_itself"), 0) == PORT_DENIED);
    EXPECT(port_root_open(in_root("fifo"), 0) == PORT_SKIP);
    EXPECT(port_root_open(in_root("to_folder"), 0) == PORT_OK);
    EXPECT(opened_as("inner.txt") == PORT_OK);
    EXPECT(opened_as("to_up") == PORT_DENIED); /* the root is another now */
}

static void all_judged(bool has_openat2)
{
    EXPECT(port_root_open(fixture_root(), 0) == PORT_OK);
    posix_file_forget_openat2(!has_openat2);
    links_judged(has_openat2);
    specials_unlisted(has_openat2);
    modes_judged();
    names_long();
    huge_read();
    folder_removed();
    swaps_survived();
    fifo_untouched();
}

void test_posix_files(void)
{
    size_t before;

    (void)snprintf(base, sizeof(base), "%s/..", fixture_root());
    more_made();
    file_make(fixture_root(), "mode.txt", "mode\n", 0644);
    EXPECT(mkdir(in_root("mode"), 0755) == 0);
    file_make(fixture_root(), "mode/below.txt", "below\n", 0644);
    EXPECT(port_root_open(fixture_root(), 0) == PORT_OK);
    before = descriptors_open();
    if (opened_as("to_file") == PORT_OK) {
        all_judged(true);
    } else {
        check_skip("openat2");
    }
    all_judged(false);
    looks_bounded();
    specials_denied();
    magic_links_denied();
    read_failed();
    root_refused();
    EXPECT(descriptors_open() == before);
}
