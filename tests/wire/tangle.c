/* SPDX-License-Identifier: MIT */
/*
 * A tree full of links, in and out and in circles, FIFOs, sockets, devices and files that are not
 * for everybody, which changes all the time; and a hundred thousand names asked for in it, over
 * HTTP and raw. Every file outside of the root, and every one inside that is not public, holds the
 * word LEAKED, which must never come (hazards 51, 53, 56, 57).
 *
 * tangle make FOLDER                     makes FOLDER/root, to be served, and FOLDER/outside
 * tangle change FOLDER                   changes things in FOLDER/root until it is ended
 * tangle spin FOLDER                     changes two names in FOLDER/root as fast as it goes
 * tangle ask HOST PORT N SEED            asks for N names, with a SEED of 0 for those that spin;
 *                                        "N passed, N failed" at the end
 */
#include "tests/wire/tangle.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

enum {
    DEPTH = 3,
    FOLDERS = 4,     /* in each folder */
    BIG_LINES = 6000 /* of a file that does not go out in one piece */
};

static const char *folder;
static uint32_t seed;

uint32_t any(uint32_t n)
{
    seed = seed * 1664525u + 1013904223u;
    return (seed >> 8) % n;
}

enum { PATH_BYTES = 1024 };

/* Puts "at/name" into `path`, which has PATH_BYTES. */
static const char *path_put(char *path, const char *at, const char *name)
{
    size_t n = strlen(at);

    if (n + strlen(name) + 2 > PATH_BYTES) {
        printf("the folder's name is too long\n");
        exit(2);
    }
    memcpy(path, at, n);
    path[n] = '/';
    memcpy(path + n + 1, name, strlen(name) + 1);
    return path;
}

/* ---- The tree ------------------------------------------------------------------------------ */

static void file_make(const char *at, const char *name, unsigned lines, const char *text,
                      mode_t mode)
{
    char path[PATH_BYTES];
    FILE *file;

    (void)path_put(path, at, name);
    file = fopen(path, "w");
    for (; file != NULL && lines > 0; lines--) {
        (void)fprintf(file, "%s\n", text);
    }
    if (file == NULL || fclose(file) != 0 || chmod(path, mode) != 0) {
        printf("cannot make %s\n", path);
        exit(2);
    }
}

static void link_make(const char *at, const char *name, const char *target)
{
    char path[PATH_BYTES];

    (void)path_put(path, at, name);
    if (symlink(target, path) != 0) {
        printf("cannot make %s\n", path);
        exit(2);
    }
}

/* A path out of the root, from a folder that is `depth` below it. */
static const char *way_out(unsigned depth, const char *to)
{
    static char path[256];

    path[0] = '\0';
    for (unsigned i = 0; i <= depth; i++) {
        strcat(path, "../");
    }
    strcat(path, to);
    return path;
}

static void links_make(const char *at, unsigned depth)
{
    char path[PATH_BYTES];

    link_make(at, "file-in", "f0");
    link_make(at, "folder-in", "d0");
    link_make(at, "up", "..");
    link_make(at, "top", "../../../../../../../../../..");
    link_make(at, "file-out", way_out(depth, "outside/LEAKED0"));
    link_make(at, "folder-out", way_out(depth, "outside"));
    link_make(at, "beside", way_out(depth, "."));
    link_make(at, "loop", "loop");
    link_make(at, "round", "round2");
    link_make(at, "round2", "up/round");
    link_make(at, "chain", "file-out");
    link_make(at, "passwd", "/etc/passwd");
    link_make(at, "process", "/proc/self/root/etc/passwd");
    link_make(at, "working", "/proc/self/cwd");
    (void)path_put(path, folder, "outside/LEAKED0");
    link_make(at, "absolute", path);
    (void)path_put(path, folder, "root/f0");
    link_make(at, "absolute-in", path);
}

/* What blocks or does something when it is opened. */
static void others_make(const char *at)
{
    struct sockaddr_un address;
    char path[PATH_BYTES];
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);

    (void)path_put(path, at, "pipe");
    (void)mkfifo(path, 0666);
    (void)chmod(path, 0666);
    memset(&address, 0, sizeof address);
    address.sun_family = AF_UNIX;
    if (strlen(path_put(path, at, "socket")) < sizeof address.sun_path) {
        memcpy(address.sun_path, path, strlen(path));
        (void)bind(fd, (const struct sockaddr *)&address, sizeof address);
    }
    (void)close(fd);
    (void)path_put(path, at, "device");
    if (mknod(path, S_IFCHR | 0666, makedev(1, 5)) == 0) {
        (void)chmod(path, 0666);
    }
}

static void folder_fill(const char *at, unsigned depth)
{
    static const char *const closed[] = {"closed", ".dots"};
    char path[PATH_BYTES];

    if ((mkdir(at, 0755) != 0 && errno != EEXIST) || chmod(at, 0755) != 0) {
        printf("cannot make %s\n", at);
        exit(2);
    }
    file_make(at, "f0", 1, "INSIDE", 0644);
    file_make(at, "f1", 100, "INSIDE", 0644);
    file_make(at, "f2", BIG_LINES, "INSIDE", 0644);
    file_make(at, "secret", 1, "LEAKED", 0600);
    file_make(at, "group", 1, "LEAKED", 0640);
    file_make(at, ".hidden", 1, "LEAKED", 0644);
    for (unsigned i = 0; i < 2; i++) {
        (void)path_put(path, at, closed[i]);
        (void)mkdir(path, 0755);
        file_make(path, "LEAKED0", 1, "LEAKED", 0644);
        (void)chmod(path, i == 0 ? 0700 : 0755);
    }
    links_make(at, depth);
    others_make(at);
}

/* The path of a folder of the root, by its number at each level. */
static void folder_path(char *path, unsigned depth, const unsigned *numbers)
{
    (void)path_put(path, folder, "root");
    for (unsigned i = 0; i < depth; i++) {
        char name[] = {'d', (char)('0' + numbers[i]), '\0'};
        char above[PATH_BYTES];

        memcpy(above, path, strlen(path) + 1);
        (void)path_put(path, above, name);
    }
}

static void make(void)
{
    char path[PATH_BYTES];

    (void)umask(022);
    (void)path_put(path, folder, "outside");
    if (mkdir(path, 0755) != 0) {
        printf("cannot make %s\n", path);
        exit(2);
    }
    file_make(path, "LEAKED0", BIG_LINES, "LEAKED", 0644);
    file_make(path, "f0", 1, "LEAKED", 0644);
    file_make(path, "f2", BIG_LINES, "LEAKED", 0644);
    file_make(folder, "LEAKED0", 1, "LEAKED", 0644);
    for (unsigned depth = 0; depth <= DEPTH; depth++) {
        unsigned numbers[DEPTH];
        unsigned count = 1;

        for (unsigned i = 0; i < depth; i++) {
            count *= FOLDERS;
        }
        for (unsigned i = 0; i < count; i++) {
            for (unsigned level = 0, rest = i; level < depth; level++) {
                numbers[level] = rest % FOLDERS;
                rest /= FOLDERS;
            }
            folder_path(path, depth, numbers);
            folder_fill(path, depth);
        }
    }
}

/* ---- Changes ------------------------------------------------------------------------------- */

static char one[PATH_BYTES];
static char two[PATH_BYTES];

static void names_put(const char *at, const char *first, const char *second)
{
    (void)path_put(one, at, first);
    (void)path_put(two, at, second);
}

static void pause_us(unsigned us)
{
    const struct timespec pause = {0, (long)us * 1000};

    (void)nanosleep(&pause, NULL);
}

/* Two names change places in one step, and back. */
static void exchange(const char *at, const char *first, const char *second, unsigned us)
{
    names_put(at, first, second);
    for (unsigned i = 0; i < 2; i++) {
        (void)syscall(SYS_renameat2, AT_FDCWD, one, AT_FDCWD, two, 2); /* RENAME_EXCHANGE */
        if (us > 0) {
            pause_us(any(us));
        }
    }
}

/* A name is taken away, and something else stands there for a moment. */
static void replace(const char *at, const char *name, const char *target)
{
    names_put(at, name, "aside");
    if (rename(one, two) != 0) {
        return;
    }
    if (target != NULL ? symlink(target, one) == 0 : mkfifo(one, 0666) == 0) {
        pause_us(any(300));
        (void)unlink(one);
    }
    (void)rename(two, one);
}

static void change(void)
{
    char at[PATH_BYTES];
    unsigned numbers[DEPTH];
    unsigned depth = any(DEPTH + 1);

    for (unsigned i = 0; i < depth; i++) {
        numbers[i] = any(FOLDERS);
    }
    folder_path(at, depth, numbers);
    switch (any(8)) {
    case 0:
        exchange(at, "f0", "file-out", 300);
        break;
    case 1:
        exchange(at, "d1", "folder-out", 300);
        break;
    case 2:
        exchange(at, "f2", "secret", 300);
        break;
    case 3:
        replace(at, "f1", way_out(depth, "outside/LEAKED0"));
        break;
    case 4:
        replace(at, "d2", way_out(depth, "outside"));
        break;
    case 5:
        replace(at, "f2", NULL);
        break;
    case 6:
        names_put(at, "d0", "");
        (void)chmod(one, 0700);
        pause_us(any(300));
        (void)chmod(one, 0755);
        break;
    default:
        file_make(at, "new", any(3000), "INSIDE", 0644);
        names_put(at, "new", "newer");
        (void)(any(2) == 0 ? unlink(one) : rename(one, two));
        break;
    }
}

/* What was looked at and what is then opened are seldom the same. */
static void spin(void)
{
    char at[PATH_BYTES];

    (void)path_put(at, folder, "root");
    for (;;) {
        exchange(at, "f0", "file-out", 0);
        exchange(at, "d1", "folder-out", 0);
        exchange(at, "f1", "secret", 0);
    }
}

int main(int argc, char **argv)
{
    if (argc == 3 && strcmp(argv[1], "make") == 0) {
        folder = argv[2];
        make();
        return 0;
    }
    if (argc == 3 && strcmp(argv[1], "change") == 0) {
        folder = argv[2];
        for (;;) {
            change();
            pause_us(any(200));
        }
    }
    if (argc == 3 && strcmp(argv[1], "spin") == 0) {
        folder = argv[2];
        spin();
    }
    if (argc == 6 && strcmp(argv[1], "ask") == 0) {
        seed = (uint32_t)strtoul(argv[5], NULL, 10);
        return ask(argv[2], argv[3], strtoul(argv[4], NULL, 10), seed == 0);
    }
    printf("usage: tangle make FOLDER | change FOLDER | spin FOLDER | ask HOST PORT N SEED\n");
    return 2;
}
