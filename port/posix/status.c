/* SPDX-License-Identifier: MIT */
/* What a file is. */
#include "port/posix/posix.h"

/* The C library's functions for 32-bit processors know many layouts of the answer; Linux on ARM has
 * the two below. */
#if PORT_POSIX_DIRECT && defined(__arm__) && defined(__ARM_EABI__)
#include <sys/syscall.h>
#endif

#if PORT_POSIX_DIRECT && defined(__arm__) && defined(SYS_statx) && defined(SYS_fstatat64)

#include <string.h>

enum { STATX_BASIC = 0x7ff };

struct wide_time {
    int64_t seconds;
    uint32_t nanoseconds;
    int32_t unused;
};

/* Since Linux 4.11, the same on all processors. */
struct wide_status {
    uint32_t mask;
    uint32_t block_bytes;
    uint64_t attributes;
    uint32_t links;
    uint32_t user;
    uint32_t group;
    uint16_t mode;
    uint16_t unused;
    uint64_t number;
    uint64_t size;
    uint64_t blocks;
    uint64_t attributes_mask;
    struct wide_time accessed;
    struct wide_time made;
    struct wide_time changed;
    struct wide_time modified;
    uint64_t rest[16];
};
STATIC_ASSERT(sizeof(struct wide_status) == 256);

/* Before: dates end in 2038. */
struct narrow_status {
    uint64_t device;
    uint32_t unused[2];
    uint32_t mode;
    uint32_t links;
    uint32_t user;
    uint32_t group;
    uint64_t device_of;
    uint64_t unused_too;
    int64_t size;
    uint64_t block_bytes;
    uint64_t blocks;
    int32_t accessed[2];
    int32_t modified[2];
    int32_t changed[2];
    uint64_t number;
};
STATIC_ASSERT(sizeof(struct narrow_status) == 104);

static bool status_read_narrow(int fd, const char *name, int flags, struct stat *status)
{
    struct narrow_status narrow;

    if (syscall(SYS_fstatat64, fd, name, &narrow, flags) != 0) {
        return false;
    }
    status->st_mode = narrow.mode;
    status->st_nlink = narrow.links;
    status->st_size = narrow.size;
    status->st_mtim.tv_sec = narrow.modified[0];
    status->st_mtim.tv_nsec = narrow.modified[1];
    status->st_ctim.tv_sec = narrow.changed[0];
    status->st_ctim.tv_nsec = narrow.changed[1];
    return true;
}

static bool status_read(int fd, const char *name, int flags, struct stat *status)
{
    struct wide_status wide;

    memset(status, 0, sizeof(*status));
    if (syscall(SYS_statx, fd, name, flags, STATX_BASIC, &wide) != 0) {
        return errno == ENOSYS && status_read_narrow(fd, name, flags, status);
    }
    status->st_mode = wide.mode;
    status->st_nlink = wide.links;
    status->st_size = (off_t)wide.size;
    status->st_mtim.tv_sec = wide.modified.seconds;
    status->st_mtim.tv_nsec = (long)wide.modified.nanoseconds;
    status->st_ctim.tv_sec = wide.changed.seconds;
    status->st_ctim.tv_nsec = (long)wide.changed.nanoseconds;
    return true;
}

bool posix_status_of(int fd, struct stat *status)
{
    return status_read(fd, "", AT_EMPTY_PATH, status);
}

bool posix_status_at(int directory, const char *name, struct stat *status)
{
    return status_read(directory, name, AT_SYMLINK_NOFOLLOW, status);
}

#else

bool posix_status_of(int fd, struct stat *status)
{
    return fstat(fd, status) == 0;
}

bool posix_status_at(int directory, const char *name, struct stat *status)
{
    return fstatat(directory, name, status, AT_SYMLINK_NOFOLLOW) == 0;
}

#endif
