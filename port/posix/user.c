/* SPDX-License-Identifier: MIT */
/* Giving up privileges, for good. */
#include "port/posix/posix.h"

#include <grp.h>
#include <string.h>

#ifdef __linux__
#include <sys/prctl.h>
#include <sys/syscall.h>
#endif

/* Where user numbers had 16 bits once, the calls that take all 32 have names of their own. */
#if PORT_POSIX_DIRECT
#ifdef SYS_setresuid32
#define SYS_SETGROUPS SYS_setgroups32
#define SYS_SETRESGID SYS_setresgid32
#define SYS_SETRESUID SYS_setresuid32
#else
#define SYS_SETGROUPS SYS_setgroups
#define SYS_SETRESGID SYS_setresgid
#define SYS_SETRESUID SYS_setresuid
#endif
#endif

enum {
    ACCOUNT_FIELDS = 4,     /* name, password, user number, group number; the rest is passed over */
    ACCOUNT_BLOCK_BYTES = 512,
    NUMBER_BYTES_MAX = 10
};

struct identity {
    uid_t user;
    gid_t group;
};

/* A decimal number of n bytes. The highest one means "no change" to the calls below: refused. */
static bool number_parse(const char *text, size_t n, uint32_t *number)
{
    uint64_t value = 0;
    size_t i;

    if (n == 0 || n > NUMBER_BYTES_MAX) {
        return false;
    }
    for (i = 0; i < n; i++) {
        if (text[i] < '0' || text[i] > '9') {
            return false;
        }
        value = value * 10 + (uint64_t)(text[i] - '0');
    }
    *number = (uint32_t)value;
    return value < UINT32_MAX;
}

static bool identity_parse(const char *text, struct identity *identity)
{
    const char *colon = strchr(text, ':');
    uint32_t user;
    uint32_t group;

    if (colon == NULL || !number_parse(text, (size_t)(colon - text), &user) ||
        !number_parse(colon + 1, strlen(colon + 1), &group)) {
        return false;
    }
    identity->user = user;
    identity->group = group;
    return true;
}

/* ---- The account file, read byte by byte; getpwnam would take memory from the heap ----------- */

struct account_reader {
    const char *wanted;
    unsigned field;   /* of the line being read, from 0 */
    size_t in_field;  /* bytes of it so far */
    bool matches;     /* the name is the wanted one, so far */
    char number[2][NUMBER_BYTES_MAX + 1];
    size_t number_bytes[2];
};

static void line_begin(struct account_reader *reader)
{
    reader->field = 0;
    reader->in_field = 0;
    reader->matches = true;
    reader->number_bytes[0] = 0;
    reader->number_bytes[1] = 0;
}

static void byte_take(struct account_reader *reader, char byte)
{
    if (byte == ':') {
        if (reader->field == 0 && reader->wanted[reader->in_field] != '\0') {
            reader->matches = false;
        }
        reader->field++;
        reader->in_field = 0;
        return;
    }
    if (reader->field == 0) {
        reader->matches = reader->matches && reader->wanted[reader->in_field] == byte;
        reader->in_field += reader->matches;
    } else if (reader->field == 2 || reader->field == 3) {
        const unsigned which = reader->field - 2;

        if (reader->number_bytes[which] < sizeof(reader->number[which])) {
            reader->number[which][reader->number_bytes[which]] = byte;
            reader->number_bytes[which]++;
        }
    }
}

/* True at the end of a line that is the wanted one. */
static bool line_take(const struct account_reader *reader, struct identity *identity)
{
    uint32_t user;
    uint32_t group;

    if (!reader->matches || reader->field < ACCOUNT_FIELDS ||
        !number_parse(reader->number[0], reader->number_bytes[0], &user) ||
        !number_parse(reader->number[1], reader->number_bytes[1], &group)) {
        return false;
    }
    identity->user = user;
    identity->group = group;
    return true;
}

static bool block_take(struct account_reader *reader, const char *bytes, size_t n,
                       struct identity *identity)
{
    size_t i;

    for (i = 0; i < n; i++) {
        if (bytes[i] != '\n') {
            byte_take(reader, bytes[i]);
            continue;
        }
        if (line_take(reader, identity)) {
            return true;
        }
        line_begin(reader);
    }
    return false;
}

static bool account_find(const char *name, struct identity *identity)
{
    struct account_reader reader;
    char block[ACCOUNT_BLOCK_BYTES];
    bool found = false;
    ssize_t got = 1;
    const int fd = posix_open("/etc/passwd", O_RDONLY | O_CLOEXEC | O_NOCTTY);

    if (fd < 0) {
        return false;
    }
    reader.wanted = name;
    line_begin(&reader);
    while (!found && got > 0) {
        got = read(fd, block, sizeof(block));
        if (got > 0) {
            found = block_take(&reader, block, (size_t)got, identity);
        }
    }
    (void)close(fd);
    return found || line_take(&reader, identity); /* the last line may lack its end */
}

/* ---- The way down, and that there is none up ------------------------------------------------- */

static int root_enter(void)
{
    CHECK(posix_root_descriptor() >= 0);
    if (!posix_directory_enter(posix_root_descriptor()) || chroot(".") != 0 || chdir("/") != 0) {
        return PORT_DENIED;
    }
    return PORT_OK;
}

/* The C library's functions tell all threads, of which there are none. */
#if PORT_POSIX_DIRECT
static bool groups_forget(void)
{
    return syscall(SYS_SETGROUPS, 0ul, NULL) == 0;
}

static bool group_take(gid_t group)
{
    const unsigned long number = group;

    return syscall(SYS_SETRESGID, number, number, number) == 0;
}

static bool user_take(uid_t user)
{
    const unsigned long number = user;

    return syscall(SYS_SETRESUID, number, number, number) == 0;
}
#else
static bool groups_forget(void)
{
    return setgroups(0, NULL) == 0;
}

static bool group_take(gid_t group)
{
#ifdef __linux__
    return setresgid(group, group, group) == 0;
#else
    return setgid(group) == 0;
#endif
}

static bool user_take(uid_t user)
{
#ifdef __linux__
    return setresuid(user, user, user) == 0;
#else
    return setuid(user) == 0;
#endif
}
#endif

/* What is left of the superuser's rights: none for a user number taken from it, but the process
 * may have had single ones from elsewhere. */
static bool capabilities_drop(void)
{
#if defined(__linux__) && defined(SYS_capset)
    const struct {
        uint32_t version;
        int pid;
    } header = {0x20080522, 0};
    struct {
        uint32_t effective;
        uint32_t permitted;
        uint32_t inheritable;
    } none[2];

    memset(none, 0, sizeof(none));
    return syscall(SYS_capset, &header, none) == 0;
#else
    return true;
#endif
}

/* The real, the effective and, where there is one, the saved numbers are those of `identity`. */
static bool identity_is_taken(const struct identity *identity)
{
#ifdef __linux__
    uid_t users[3];
    gid_t groups[3];
    int i;

    if (getresuid(&users[0], &users[1], &users[2]) != 0 ||
        getresgid(&groups[0], &groups[1], &groups[2]) != 0) {
        return false;
    }
    for (i = 0; i < 3; i++) {
        if (users[i] != identity->user || groups[i] != identity->group) {
            return false;
        }
    }
    return true;
#else
    return getuid() == identity->user && geteuid() == identity->user &&
           getgid() == identity->group && getegid() == identity->group;
#endif
}

static bool identity_is_final(const struct identity *identity)
{
    return identity_is_taken(identity) && getgroups(0, NULL) == 0 && !user_take(0) &&
           (identity->group == 0 || !group_take(0));
}

static int identity_become(const struct identity *identity)
{
    if (!groups_forget() || !group_take(identity->group) || !user_take(identity->user)) {
        return PORT_DENIED;
    }
    if (!capabilities_drop() || !identity_is_final(identity)) {
        return PORT_IO;
    }
    return PORT_OK;
}

int port_user_become(const char *user, bool confine)
{
    struct identity identity = {0, 0};
    int result = PORT_OK;

    /* Looked up first: there is no account file in the new root. */
    if (user != NULL && !identity_parse(user, &identity) && !account_find(user, &identity)) {
        return PORT_NOENT;
    }
    if (user != NULL && identity.user == 0) {
        return PORT_DENIED;
    }
    if (confine) {
        result = root_enter();
    }
    if (result == PORT_OK && user != NULL) {
        result = identity_become(&identity);
    }
#if defined(__linux__) && defined(PR_SET_NO_NEW_PRIVS)
    if (result == PORT_OK) {
        /* Unknown before Linux 3.5. */
        (void)syscall(SYS_prctl, PR_SET_NO_NEW_PRIVS, 1ul, 0ul, 0ul, 0ul);
    }
#endif
    return result;
}
