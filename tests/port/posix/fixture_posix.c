/* SPDX-License-Identifier: MIT */
/* The outside of a POSIX process: a folder, pipes for the console and the log, signals. */
#define _GNU_SOURCE
#define CHECK_PART
#include "tests/check.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "port/port_tool.h"
#include "tests/port/fixture.h"
#include "tests/port/posix/posix_tests.h"

#if defined(__SANITIZE_ADDRESS__)
#define HAS_REPORTS 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define HAS_REPORTS 1
#endif
#endif
#ifdef HAS_REPORTS
void __sanitizer_set_report_fd(void *fd);
#endif

/* No group of tests takes longer, whatever it waits for. */
enum { GROUP_SECONDS = 60, CHILD_SECONDS = 20 };

static struct {
    char base[256];
    char root[300];
    char scratch[300];
    int saved[3]; /* the standard descriptors of this program */
    int outer[3]; /* our ends of the pipes in their place */
} state;

/* Emulators may hand on the error number of another processor's system. */
static bool refusals_are_right(void)
{
    struct sockaddr_in to;
    socklen_t bytes = sizeof(to);
    const int closed = socket(AF_INET, SOCK_STREAM, 0); /* bound, and nobody listens */
    const int client = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    struct pollfd ready = {client, POLLOUT, 0};
    int error = 0;
    bool right = true;

    memset(&to, 0, sizeof(to));
    to.sin_family = AF_INET;
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (bind(closed, (struct sockaddr *)(void *)&to, sizeof(to)) == 0 &&
        getsockname(closed, (struct sockaddr *)(void *)&to, &bytes) == 0 &&
        connect(client, (struct sockaddr *)(void *)&to, sizeof(to)) != 0 && errno == EINPROGRESS &&
        poll(&ready, 1, 1000) == 1) {
        bytes = sizeof(error);
        right = getsockopt(client, SOL_SOCKET, SO_ERROR, &error, &bytes) == 0 &&
                error == ECONNREFUSED;
    }
    (void)close(client);
    (void)close(closed);
    return right;
}

bool fixture_can(enum fixture_ability ability)
{
    return ability != FIXTURE_REFUSALS || refusals_are_right();
}

unsigned char fixture_big_byte(size_t i)
{
    return (unsigned char)(i % 251 + i / 1000);
}

const char *fixture_root(void)
{
    return state.root;
}

int fixture_root_open(bool any_mode)
{
    return port_root_open(state.root, any_mode ? PORT_ROOT_ANY_MODE : 0);
}

const char *fixture_scratch(void)
{
    return state.scratch;
}

void file_make(const char *folder, const char *name, const char *text, mode_t mode)
{
    char path[PATH_MAX];
    int fd;

    (void)snprintf(path, sizeof(path), "%s/%s", folder, name);
    fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    EXPECT(fd >= 0);
    EXPECT(write(fd, text, strlen(text)) == (ssize_t)strlen(text));
    EXPECT(fchmod(fd, mode) == 0);
    EXPECT(close(fd) == 0);
}

static void folder_make(const char *folder, const char *name, mode_t mode)
{
    char path[PATH_MAX];

    (void)snprintf(path, sizeof(path), "%s/%s", folder, name);
    EXPECT(mkdir(path, 0700) == 0);
    EXPECT(chmod(path, mode) == 0);
}

void link_make(const char *folder, const char *name, const char *target)
{
    char path[PATH_MAX];

    (void)snprintf(path, sizeof(path), "%s/%s", folder, name);
    EXPECT(symlink(target, path) == 0);
}

void file_date(const char *folder, const char *name, int64_t seconds, long nanoseconds)
{
    char path[PATH_MAX];
    struct timespec times[2];

    (void)snprintf(path, sizeof(path), "%s/%s", folder, name);
    times[0].tv_sec = (time_t)seconds;
    times[0].tv_nsec = nanoseconds;
    times[1] = times[0];
    EXPECT(utimensat(AT_FDCWD, path, times, 0) == 0);
}

static void big_make(void)
{
    static char bytes[FIXTURE_BIG_BYTES];
    char path[PATH_MAX];
    size_t i;
    int fd;

    for (i = 0; i < sizeof(bytes); i++) {
        bytes[i] = (char)fixture_big_byte(i);
    }
    (void)snprintf(path, sizeof(path), "%s/big.bin", state.root);
    fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
    EXPECT(write(fd, bytes, sizeof(bytes)) == (ssize_t)sizeof(bytes));
    EXPECT(close(fd) == 0);
}

static void tree_make(void)
{
    const char *temporary = getenv("TMPDIR");
    char name[32];
    int i;

    (void)umask(022);
    (void)snprintf(state.base, sizeof(state.base), "%s/linnet-port-XXXXXX",
                   temporary != NULL ? temporary : "/tmp");
    if (mkdtemp(state.base) == NULL) {
        perror("mkdtemp");
        exit(1);
    }
    EXPECT(chmod(state.base, 0755) == 0);
    (void)stpcpy(stpcpy(state.root, state.base), "/root");
    (void)stpcpy(stpcpy(state.scratch, state.base), "/scratch");
    folder_make(state.base, "root", 0755);
    folder_make(state.base, "scratch", 0755);
    file_make(state.base, "outside.txt", "outside\n", 0644);
    file_make(state.root, "hello.txt", "hello\n", 0644);
    file_date(state.root, "hello.txt", 1000000000, 500);
    file_make(state.root, "empty.txt", "", 0644);
    file_make(state.root, "old.txt", "old\n", 0444);
    file_date(state.root, "old.txt", -86400, 0);
    file_make(state.root, "far.txt", "far\n", 0644);
    file_date(state.root, "far.txt", INT64_C(4294967296) + 1000, 0);
    big_make();
    folder_make(state.root, "sub", 0755);
    file_make(state.root, "sub/inner.txt", "inner\n", 0644);
    folder_make(state.root, "sub/deep", 0755);
    file_make(state.root, "sub/deep/leaf.txt", "leaf\n", 0644);
    folder_make(state.root, "many", 0755);
    for (i = 0; i < 300; i++) {
        (void)snprintf(name, sizeof(name), "many/%03d", i);
        file_make(state.root, name, "", 0644);
    }
    file_make(state.root, "private.txt", "private\n", 0640);
    folder_make(state.root, "private", 0700);
    file_make(state.root, "private/open.txt", "open\n", 0644);
    link_make(state.root, "to_file", "hello.txt");
    link_make(state.root, "to_folder", "sub");
    link_make(state.root, "to_nothing", "nothing");
    link_make(state.root, "to_itself", "to_itself");
    link_make(state.root, "to_outside", "../outside.txt");
    link_make(state.root, "to_up", "..");
    link_make(state.root, "sub/to_up", "../hello.txt");
    (void)snprintf(name, sizeof(name), "/etc/passwd");
    link_make(state.root, "to_absolute", name);
}

static int entry_remove(const char *path, const struct stat *status, int kind, struct FTW *where)
{
    (void)status;
    (void)kind;
    (void)where;
    return remove(path);
}

/* Puts a pipe in the place of a standard descriptor; our end does not block. */
static void pipe_put(int fd)
{
    const int inner = fd == STDIN_FILENO ? 0 : 1;
    int ends[2];

    EXPECT(pipe(ends) == 0);
    state.saved[fd] = fcntl(fd, F_DUPFD_CLOEXEC, 10);
    EXPECT(state.saved[fd] >= 10);
    EXPECT(dup2(ends[inner], fd) == fd);
    EXPECT(close(ends[inner]) == 0);
    state.outer[fd] = fcntl(ends[1 - inner], F_DUPFD_CLOEXEC, 10);
    EXPECT(close(ends[1 - inner]) == 0);
    EXPECT(fcntl(state.outer[fd], F_SETFL, O_NONBLOCK) == 0);
}

/* What port_fail says goes to the pipe: show it. */
static void abort_explain(int number)
{
    char text[1024];
    const ssize_t got = read(state.outer[2], text, sizeof(text));

    if (got > 0) {
        const ssize_t written = write(state.saved[2], text, (size_t)got);

        (void)written;
    }
    (void)signal(number, SIG_DFL);
    (void)raise(number);
}

void fixture_begin(void)
{
    int fd;

    tree_make();
    (void)fflush(stdout);
    for (fd = 0; fd < 3; fd++) {
        pipe_put(fd);
    }
    (void)signal(SIGABRT, abort_explain);
    (void)alarm(GROUP_SECONDS);
#ifdef HAS_REPORTS
    __sanitizer_set_report_fd((void *)(intptr_t)state.saved[2]);
#endif
}

void fixture_end(void)
{
    int fd;

    for (fd = 0; fd < 3; fd++) {
        EXPECT(dup2(state.saved[fd], fd) == fd);
        EXPECT(close(state.saved[fd]) == 0);
        state.saved[fd] = -1;
        if (state.outer[fd] >= 0) {
            EXPECT(close(state.outer[fd]) == 0);
        }
    }
#ifdef HAS_REPORTS
    __sanitizer_set_report_fd((void *)2);
#endif
    EXPECT(nftw(state.base, entry_remove, 16, FTW_DEPTH | FTW_PHYS) == 0);
}

int child_status(pid_t child)
{
    int status = -1;

    while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    return status;
}

bool fixture_fails(void (*defect)(void))
{
    const pid_t child = fork();
    int status;

    if (child == 0) {
        const struct rlimit none = {0, 0};

        (void)setrlimit(RLIMIT_CORE, &none);
        (void)alarm(CHILD_SECONDS);
        (void)signal(SIGABRT, SIG_DFL);
        defect();
        _exit(0);
    }
    EXPECT(child > 0);
    status = child_status(child);
    return WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT;
}

/* A broadcast address is nobody to connect to, and this one stays on this machine. */
bool fixture_unreachable(struct port_address *address)
{
    memset(address, 0, sizeof(*address));
    address->ip[10] = 0xff;
    address->ip[11] = 0xff;
    address->ip[12] = 127;
    address->ip[13] = 255;
    address->ip[14] = 255;
    address->ip[15] = 255;
    return true;
}

void fixture_console_type(const char *bytes, size_t n)
{
    EXPECT(write(state.outer[0], bytes, n) == (ssize_t)n);
}

void fixture_console_hang_up(void)
{
    EXPECT(close(state.outer[0]) == 0);
    state.outer[0] = -1;
}

size_t descriptor_take(int fd, char *bytes, size_t n)
{
    size_t done = 0;
    ssize_t got = 1;

    while (got > 0 && done < n) {
        got = read(fd, bytes + done, n - done);
        done += got > 0 ? (size_t)got : 0;
    }
    return done;
}

size_t fixture_console_printed(char *bytes, size_t n)
{
    return descriptor_take(state.outer[1], bytes, n);
}

size_t fixture_log_read(char *bytes, size_t n)
{
    return descriptor_take(state.outer[2], bytes, n);
}

void fixture_request(unsigned request)
{
    EXPECT(kill(getpid(), request == PORT_REQUEST_REPORT ? SIGUSR1 : SIGTERM) == 0);
}

void fixture_pause_ms(unsigned ms)
{
    struct timespec left;

    left.tv_sec = (time_t)(ms / 1000);
    left.tv_nsec = (long)(ms % 1000) * 1000000;
    while (nanosleep(&left, &left) != 0 && errno == EINTR) {
    }
}

void fixture_flush(void)
{
    const int inner = dup(STDOUT_FILENO);

    if (state.saved[1] > 0) {
        (void)dup2(state.saved[1], STDOUT_FILENO);
    }
    (void)fflush(stdout);
    (void)dup2(inner, STDOUT_FILENO);
    (void)close(inner);
}

void child_run(void (*test)(void))
{
    unsigned counts[3] = {0, 1, 0};
    int ends[2];
    pid_t child;

    fixture_flush();
    EXPECT(pipe(ends) == 0);
    child = fork();
    if (child == 0) {
        const int own = fcntl(ends[1], F_DUPFD_CLOEXEC, 20);

        (void)close(ends[0]);
        (void)close(ends[1]);
        port_end();
        (void)alarm(CHILD_SECONDS);
        check_passed = 0;
        check_failed = 0;
        check_skipped = 0;
        test();
        fixture_flush();
        counts[0] = check_passed;
        counts[1] = check_failed;
        counts[2] = check_skipped;
        _exit(write(own, counts, sizeof(counts)) == (ssize_t)sizeof(counts) ? 0 : 1);
    }
    (void)close(ends[1]);
    EXPECT(read(ends[0], counts, sizeof(counts)) == (ssize_t)sizeof(counts));
    (void)close(ends[0]);
    check_passed += counts[0];
    check_failed += counts[1];
    check_skipped += counts[2];
    EXPECT(child_status(child) == 0);
}

void fixture_own_tests(void)
{
    test_posix_sockets();
    test_posix_descriptors();
    test_posix_files();
    test_posix_changes();
    test_posix_output();
    test_posix_record();
    test_posix_secret();
    test_posix_log();
    test_posix_terminal();
    test_posix_signals();
    test_posix_user();
    test_posix_encoding();
    test_posix_faults();
    test_posix_memory();
}
