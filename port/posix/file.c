/* SPDX-License-Identifier: MIT */
/* Files under one root, which no name and no link can leave. */
#include "port/posix/posix.h"

#include <string.h>

#ifdef __linux__
#include <sys/syscall.h>
#endif

STATIC_ASSERT(PORT_POSIX_PATH_BYTES_MAX >= 256 && PORT_POSIX_PATH_BYTES_MAX <= 4095);

/* Opens a directory to stand on, without the right to read it where the system can. */
#ifdef O_PATH
#define STAND_FLAGS (O_PATH | O_DIRECTORY | O_CLOEXEC)
#else
#define STAND_FLAGS (O_RDONLY | O_DIRECTORY | O_CLOEXEC)
#endif

/* A FIFO would wait for its writer, a terminal would become ours. */
#define READ_FLAGS (O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)

/* A step met a symbolic link; more than any PORT_ result. */
enum { LINK_MET = 1 };
/* A rename elsewhere in the tree can make openat2() ask for another try. */
enum { OPENAT2_TRIES = 4 };
/* Interrupted reads of a file, on a network file system, before giving up. */
enum { READ_TRIES = 100 };

static struct {
    int root;
    unsigned flags; /* PORT_ROOT_... */
    bool has_openat2;
} state = {-1, 0, false};

static int file_result(int error)
{
    if (posix_error_is_full(error)) {
        return PORT_FULL;
    }
    switch (error) {
    case ENOENT:
    case ENOTDIR:
    case ENAMETOOLONG:
    case EINVAL:
    case EAGAIN:
    case EINTR:
        return PORT_NOENT;
    case EACCES:
    case EPERM:
    case ELOOP:
    case EXDEV:
    case ENXIO: /* a socket, or a device that is not there */
    case ENODEV:
        return PORT_DENIED;
    default:
        return PORT_IO;
    }
}

/* openat2() beneath `fd`: follows links, but never out of there, nor the magic ones of /proc. */
#ifdef SYS_openat2
static int beneath_open(int fd, const char *path, int flags)
{
    struct {
        uint64_t flags;
        uint64_t mode;
        uint64_t resolve;
    } how = {0, 0, 0x08 | 0x02}; /* RESOLVE_BENEATH, RESOLVE_NO_MAGICLINKS */
    int tries;

    how.flags = (uint64_t)flags;
    for (tries = 0; tries < OPENAT2_TRIES; tries++) {
        const long opened = syscall(SYS_openat2, fd, path, &how, sizeof(how));

        if (opened >= 0 || (errno != EAGAIN && errno != EINTR)) {
            return (int)opened;
        }
    }
    return -1;
}
#else
static int beneath_open(int fd, const char *path, int flags)
{
    (void)fd;
    (void)path;
    (void)flags;
    errno = ENOSYS;
    return -1;
}
#endif

void posix_file_forget_openat2(bool forget)
{
    const int fd = forget ? -1 : beneath_open(state.root, ".", STAND_FLAGS);

    /* ENOSYS from an old kernel or an emulator, EPERM from a sandbox that does not know it. */
    state.has_openat2 = fd >= 0;
    if (fd >= 0) {
        (void)close(fd);
    }
}

int port_root_open(const char *path, unsigned flags)
{
    const int fd = posix_open(path, STAND_FLAGS);
    int result;

    if (fd < 0) {
        result = file_result(errno);
        if (errno == ENOTDIR) {
            return PORT_SKIP;
        }
        return result == PORT_FULL ? PORT_IO : result;
    }
    posix_root_close();
    state.root = fd;
    state.flags = flags;
    posix_file_forget_openat2(false);
    return PORT_OK;
}

int posix_root_descriptor(void)
{
    return state.root;
}

void posix_root_close(void)
{
    if (state.root >= 0) {
        (void)close(state.root);
    }
    state.root = -1;
}

static bool mode_is_public(const struct stat *status, unsigned bits)
{
    return (state.flags & PORT_ROOT_ANY_MODE) != 0 || (status->st_mode & bits) == bits;
}

/* What `status` is, if it may be given to everybody. */
static int status_judge(const struct stat *status, struct port_file_info *info)
{
    if (S_ISREG(status->st_mode)) {
        info->kind = PORT_FILE_REGULAR;
    } else if (S_ISDIR(status->st_mode)) {
        info->kind = PORT_FILE_DIRECTORY;
    } else {
        return PORT_DENIED;
    }
    if (!mode_is_public(status, info->kind == PORT_FILE_REGULAR ? 0444 : 0555)) {
        return PORT_DENIED;
    }
    info->size_bytes = status->st_size > 0 ? (uint64_t)status->st_size : 0;
    info->modified_s = status->st_mtim.tv_sec;
    info->modified_ns = (uint32_t)status->st_mtim.tv_nsec;
    /* Writing, renaming and changing rights all set this date, and nobody can set it back. */
    info->revision = (uint64_t)status->st_ctim.tv_sec * 1000000000u +
                     (uint64_t)status->st_ctim.tv_nsec;
    return PORT_OK;
}

static int descriptor_judge(int fd, struct port_file_info *info)
{
    struct stat status;

    if (!posix_status_of(fd, &status)) {
        return file_result(errno);
    }
    return status_judge(&status, info);
}

/* A directory on the way must let everybody through, or what lies in it is not public. */
static int descriptor_judge_way(int fd)
{
    struct stat status;

    if (!posix_status_of(fd, &status)) {
        return file_result(errno);
    }
    return mode_is_public(&status, 0111) ? PORT_OK : PORT_DENIED;
}

/* ---- Without links: component by component --------------------------------------------------- */

static bool name_is_link(int fd, const char *name)
{
    struct stat status;

    return posix_status_at(fd, name, &status) && S_ISLNK(status.st_mode);
}

/* Goes from *fd, which is the root or is closed, to the directory `name` in it. */
static int step_down(int *fd, const char *name)
{
    const int next = posix_open_at(*fd, name, STAND_FLAGS | O_NOFOLLOW);
    int result;

    if (next < 0) {
        result = file_result(errno);
        return result != PORT_FULL && name_is_link(*fd, name) ? LINK_MET : result;
    }
    if (*fd != state.root) {
        (void)close(*fd);
    }
    *fd = next;
    return descriptor_judge_way(next);
}

/* Opens `name` in `fd`. It is looked at before it is opened, because opening a device or a FIFO
 * can do something, and again afterwards, because it can have been replaced in between. */
static int last_open(int fd, const char *name, struct port_file_info *info, int *opened)
{
    struct stat status;
    int result;

    if (!posix_status_at(fd, name, &status)) {
        return file_result(errno);
    }
    if (S_ISLNK(status.st_mode)) {
        return LINK_MET;
    }
    result = status_judge(&status, info);
    if (result != PORT_OK) {
        return result;
    }
    *opened = posix_open_at(fd, name, READ_FLAGS | O_NOFOLLOW);
    if (*opened < 0) {
        return file_result(errno);
    }
    return descriptor_judge(*opened, info);
}

static int walk_open(char *path, struct port_file_info *info, int *opened)
{
    int fd = state.root;
    char *name = path;
    char *slash = strchr(name, '/');
    int result = PORT_OK;

    while (slash != NULL && result == PORT_OK) {
        *slash = '\0';
        result = step_down(&fd, name);
        *slash = '/';
        name = slash + 1;
        slash = strchr(name, '/');
    }
    if (result == PORT_OK) {
        result = last_open(fd, name, info, opened);
    }
    if (fd != state.root) {
        (void)close(fd);
    }
    return result;
}

/* ---- With links: the kernel resolves them beneath the root ----------------------------------- */

static int way_judge(const char *path)
{
    const int fd = beneath_open(state.root, path, STAND_FLAGS);
    int result;

    if (fd < 0) {
        return file_result(errno);
    }
    result = descriptor_judge_way(fd);
    (void)close(fd);
    return result;
}

#ifdef O_PATH
static int beneath_look(int fd, const char *path, struct port_file_info *info)
{
    const int found = beneath_open(fd, path, O_PATH | O_CLOEXEC);
    int result;

    if (found < 0) {
        return file_result(errno);
    }
    result = descriptor_judge(found, info);
    (void)close(found);
    return result;
}
#else
static int beneath_look(int fd, const char *path, struct port_file_info *info)
{
    (void)fd;
    (void)path;
    (void)info;
    return PORT_DENIED;
}
#endif

static int links_open(char *path, struct port_file_info *info, int *opened)
{
    char *slash = strchr(path, '/');
    int result = PORT_OK;

    while (slash != NULL && result == PORT_OK) {
        *slash = '\0';
        result = way_judge(path);
        *slash = '/';
        slash = strchr(slash + 1, '/');
    }
    if (result == PORT_OK) {
        result = beneath_look(state.root, path, info);
    }
    if (result != PORT_OK) {
        return result;
    }
    *opened = beneath_open(state.root, path, READ_FLAGS);
    if (*opened < 0) {
        return file_result(errno);
    }
    return descriptor_judge(*opened, info);
}

/* ---- The calls ------------------------------------------------------------------------------- */

int posix_file_look(int fd, const char *name, struct port_file_info *info)
{
    struct stat status;

    if (!posix_status_at(fd, name, &status)) {
        return file_result(errno);
    }
    if (!S_ISLNK(status.st_mode)) {
        return status_judge(&status, info);
    }
    return state.has_openat2 ? beneath_look(fd, name, info) : PORT_DENIED;
}

/* The caller has checked every name: what is looked for here is a defect, not an attack. */
static bool name_is_proper(const char *name, size_t n)
{
    size_t begin = 0;
    size_t i;

    for (i = 0; i <= n && n > 0; i++) {
        if (i < n && name[i] != '/') {
            continue;
        }
        if (i == begin || (name[begin] == '.' && i == begin + 1) ||
            (name[begin] == '.' && i == begin + 2 && name[begin + 1] == '.')) {
            return false;
        }
        begin = i + 1;
    }
    return true;
}

int port_file_open(const char *name, size_t n, port_handle *file, struct port_file_info *info)
{
    char path[PORT_POSIX_PATH_BYTES_MAX + 1];
    int opened = -1;
    int result;

    CHECK(state.root >= 0);
    CHECK(name_is_proper(name, n));
    if (n > PORT_POSIX_PATH_BYTES_MAX || memchr(name, '\0', n) != NULL) {
        return PORT_NOENT;
    }
    memcpy(path, name, n);
    path[n] = '\0';
    if (n == 0) {
        path[0] = '.';
        path[1] = '\0';
    }
    result = walk_open(path, info, &opened);
    if (result == LINK_MET) {
        result = state.has_openat2 ? links_open(path, info, &opened) : PORT_DENIED;
    }
    if (result != PORT_OK) {
        if (opened >= 0) {
            (void)close(opened);
        }
        return result;
    }
    return posix_handle_take(
        opened, info->kind == PORT_FILE_DIRECTORY ? POSIX_DIRECTORY : POSIX_FILE, file);
}

int port_file_look(port_handle file, struct port_file_info *info)
{
    struct stat status;

    CHECK(posix_handle_kind(file) == POSIX_FILE || posix_handle_kind(file) == POSIX_DIRECTORY);
    if (!posix_status_of(file, &status)) {
        return PORT_IO;
    }
    return status.st_nlink == 0 ? PORT_NOENT : status_judge(&status, info);
}

size_t posix_file_bytes_limit(uint64_t offset, size_t n)
{
    const uint64_t end = (uint64_t)INT64_MAX;
    const uint64_t left = offset < end ? end - offset : 0;
    const size_t most = n < POSIX_MOVE_BYTES_MAX ? n : POSIX_MOVE_BYTES_MAX;

    return most < left ? most : (size_t)left;
}

int port_file_read(port_handle file, uint64_t offset, void *bytes, size_t n)
{
    int tries;

    CHECK(posix_handle_kind(file) == POSIX_FILE);
    CHECK(n > 0);
    n = posix_file_bytes_limit(offset, n);
    if (n == 0) {
        return PORT_EOF;
    }
    for (tries = 0; tries < READ_TRIES; tries++) {
        const ssize_t got = pread(file, bytes, n, (off_t)offset);

        if (got > 0) {
            return (int)got;
        }
        if (got == 0) {
            return PORT_EOF;
        }
        if (errno != EINTR) {
            return PORT_IO;
        }
    }
    return PORT_IO;
}

void port_file_advise(port_handle file, uint64_t offset, uint64_t n)
{
    CHECK(posix_handle_kind(file) == POSIX_FILE);
#ifdef POSIX_FADV_WILLNEED
    if (offset <= (uint64_t)INT64_MAX && n <= (uint64_t)INT64_MAX) {
        (void)posix_fadvise(file, (off_t)offset, (off_t)n, POSIX_FADV_WILLNEED);
    }
#else
    (void)offset;
    (void)n;
#endif
}

size_t posix_file_static_bytes(void)
{
    return sizeof(state);
}
