/* SPDX-License-Identifier: MIT */
/*
 * Every failure that the system can name, and what the port makes of it. The calls below stand in
 * the place of the C library's: each makes the real system call, unless told to fail.
 * Hazards 3, 4 and 12.
 */
#define _DEFAULT_SOURCE /* not _GNU_SOURCE: it gives some of these calls types of its own */
#define CHECK_PART
#include "tests/check.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/select.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "port/port_tool.h"
#include "port/posix/posix_config.h"
#include "tests/port/conform.h"
#include "tests/port/posix/posix_tests.h"

/* The error that the next calls of one kind give; 0: none. */
static struct {
    int accept;
    int receive;
    int send;
    int send_message;
    int receive_message;
    int send_file;
    int option;
    int connect;
    int wait;
    unsigned waits;
    bool cannot_drop; /* recv() does not know how to drop bytes, as in an emulator */
    bool to_group; /* datagrams to ::1 seem to be sent to the group ff02::1 */
} faults;

int accept4(int fd, struct sockaddr *address, socklen_t *length, int flags);

int accept4(int fd, struct sockaddr *address, socklen_t *length, int flags)
{
    if (faults.accept != 0) {
        errno = faults.accept;
        return -1;
    }
    return (int)syscall(SYS_accept4, fd, address, length, flags);
}

ssize_t recv(int fd, void *bytes, size_t n, int flags)
{
    if (faults.receive != 0) {
        errno = faults.receive;
        return -1;
    }
    if (faults.cannot_drop && (flags & MSG_TRUNC) != 0) {
        errno = EFAULT;
        return -1;
    }
    return syscall(SYS_recvfrom, fd, bytes, n, flags, NULL, NULL);
}

ssize_t send(int fd, const void *bytes, size_t n, int flags)
{
    if (faults.send != 0) {
        errno = faults.send;
        return -1;
    }
    return syscall(SYS_sendto, fd, bytes, n, flags, NULL, 0);
}

ssize_t sendmsg(int fd, const struct msghdr *message, int flags)
{
    if (faults.send_message != 0) {
        errno = faults.send_message;
        return -1;
    }
    return syscall(SYS_sendmsg, fd, message, flags);
}

static void destination_change(unsigned char *control, size_t n)
{
    static const unsigned char loopback[16] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};
    size_t i;

    for (i = 0; i + sizeof(loopback) <= n; i++) {
        if (memcmp(control + i, loopback, sizeof(loopback)) == 0) {
            control[i] = 0xff;
            control[i + 1] = 0x02;
            return;
        }
    }
}

ssize_t recvmsg(int fd, struct msghdr *message, int flags)
{
    ssize_t got;

    if (faults.receive_message != 0) {
        errno = faults.receive_message;
        return -1;
    }
    got = syscall(SYS_recvmsg, fd, message, flags);
    if (got >= 0 && faults.to_group) {
        destination_change(message->msg_control, (size_t)message->msg_controllen);
    }
    return got;
}

ssize_t sendfile(int to, int from, off_t *offset, size_t n)
{
    if (faults.send_file != 0) {
        errno = faults.send_file;
        return -1;
    }
#ifdef SYS_sendfile64
    return syscall(SYS_sendfile64, to, from, offset, n);
#else
    return syscall(SYS_sendfile, to, from, offset, n);
#endif
}

/* Only SO_ERROR is made up: it has a value, and the call succeeds. */
int getsockopt(int fd, int level, int option, void *value, socklen_t *length)
{
    const int result = (int)syscall(SYS_getsockopt, fd, level, option, value, length);

    if (result == 0 && level == SOL_SOCKET && option == SO_ERROR && faults.option != 0) {
        memcpy(value, &faults.option, sizeof(faults.option));
    }
    return result;
}

int connect(int fd, const struct sockaddr *address, socklen_t length)
{
    if (faults.connect != 0) {
        errno = faults.connect;
        return -1;
    }
    return (int)syscall(SYS_connect, fd, address, length);
}

int select(int n, fd_set *readable, fd_set *writable, fd_set *other, struct timeval *timeout)
{
    struct {
        int64_t seconds;
        int64_t nanoseconds;
    } limit = {0, 0};

    if (timeout != NULL) {
        limit.seconds = timeout->tv_sec;
        limit.nanoseconds = (int64_t)timeout->tv_usec * 1000;
    }
    if (faults.wait != 0 && readable != NULL) {
        faults.waits++;
        errno = faults.wait;
        return -1;
    }
#ifdef SYS_pselect6_time64
    return (int)syscall(SYS_pselect6_time64, n, readable, writable, other,
                        timeout != NULL ? &limit : NULL, NULL);
#else
    return (int)syscall(SYS_pselect6, n, readable, writable, other,
                        timeout != NULL ? &limit : NULL, NULL);
#endif
}

struct row {
    int error;
    int result;
};

/* ---- Streams ------------------------------------------------------------------------------- */

static const struct row accept_rows[] = {
    {EAGAIN, PORT_AGAIN},       {EINTR, PORT_AGAIN},      {ECONNABORTED, PORT_SKIP},
    {EPROTO, PORT_SKIP},        {EPERM, PORT_SKIP},       {ENETDOWN, PORT_SKIP},
    {ENOPROTOOPT, PORT_SKIP},   {EHOSTDOWN, PORT_SKIP},   {ENONET, PORT_SKIP},
    {EHOSTUNREACH, PORT_SKIP},  {EOPNOTSUPP, PORT_SKIP},  {ENETUNREACH, PORT_SKIP},
    {ETIMEDOUT, PORT_SKIP},     {EMFILE, PORT_FULL},      {ENFILE, PORT_FULL},
    {ENOBUFS, PORT_FULL},       {ENOMEM, PORT_FULL},      {ENOTTY, PORT_SKIP},
};

static const struct row receive_rows[] = {
    {EAGAIN, PORT_AGAIN},       {EINTR, PORT_AGAIN},      {ENOMEM, PORT_FULL},
    {ENOBUFS, PORT_FULL},       {ECONNRESET, PORT_RESET}, {ETIMEDOUT, PORT_RESET},
    {EPIPE, PORT_RESET},        {EHOSTUNREACH, PORT_RESET}, {ENETUNREACH, PORT_RESET},
    {ENETDOWN, PORT_RESET},     {ENOTCONN, PORT_RESET},   {EIO, PORT_RESET},
    {ENOTTY, PORT_RESET},
};

static const struct row send_rows[] = {
    {EAGAIN, PORT_AGAIN},       {EINTR, PORT_AGAIN},      {ENOBUFS, PORT_AGAIN},
    {ENOMEM, PORT_AGAIN},       {EPIPE, PORT_RESET},      {ECONNRESET, PORT_RESET},
    {ETIMEDOUT, PORT_RESET},    {EHOSTUNREACH, PORT_RESET}, {ENETUNREACH, PORT_RESET},
    {ENOTTY, PORT_RESET},
};

static const struct row send_file_rows[] = {
    {EAGAIN, PORT_AGAIN},       {EINTR, PORT_AGAIN},      {ENOBUFS, PORT_AGAIN},
    {ENOMEM, PORT_AGAIN},       {EINVAL, PORT_SKIP},      {ENOSYS, PORT_SKIP},
    {EOPNOTSUPP, PORT_SKIP},    {EIO, PORT_IO},           {ESTALE, PORT_IO},
    {EPIPE, PORT_RESET},        {ECONNRESET, PORT_RESET}, {ETIMEDOUT, PORT_RESET},
    {ENOTTY, PORT_RESET},
};

static void streams_fail(struct pair *pair)
{
    struct port_file_info info;
    struct port_address peer;
    port_handle other = PORT_NONE;
    port_handle file;
    char byte;
    size_t i;

    for (i = 0; i < COUNT_OF(accept_rows); i++) {
        faults.accept = accept_rows[i].error;
        EXPECT(port_accept(pair->listener, &other, &peer) == accept_rows[i].result);
        EXPECT(other == PORT_NONE);
    }
    faults.accept = 0;
    EXPECT(send_wait(pair->client, "x", 1));
    EXPECT(wait_ready(pair->server, PORT_READ, 1000) == PORT_READ);
    for (i = 0; i < COUNT_OF(receive_rows); i++) {
        faults.receive = receive_rows[i].error;
        EXPECT(port_receive(pair->server, &byte, 1) == receive_rows[i].result);
        EXPECT(port_peek(pair->server, &byte, 1) == receive_rows[i].result);
        if (receive_rows[i].result == PORT_RESET) {
            EXPECT(port_discard(pair->server, 1) == PORT_RESET);
        }
    }
    faults.receive = 0;
    EXPECT(port_receive(pair->server, &byte, 1) == 1 && byte == 'x');
    for (i = 0; i < COUNT_OF(send_rows); i++) {
        faults.send = send_rows[i].error;
        EXPECT(port_send(pair->server, "x", 1, i % 2 == 0) == send_rows[i].result);
    }
    faults.send = 0;
    EXPECT(fixture_root_open(false) == PORT_OK);
    EXPECT(port_file_open("hello.txt", 9, &file, &info) == PORT_OK);
    for (i = 0; i < COUNT_OF(send_file_rows); i++) {
        faults.send_file = send_file_rows[i].error;
        EXPECT(port_send_file(pair->server, file, 0, 6) == send_file_rows[i].result);
    }
    faults.send_file = 0;
    EXPECT(port_send_file(pair->server, file, 0, 6) == 6);
    port_close(file);
}

/* Bytes that cannot be dropped unread are read, as many and no more. */
static void bytes_dropped(const struct pair *pair)
{
    static char block[2000];
    int last;

    block[1500] = 'y';
    EXPECT(send_wait(pair->client, block, sizeof(block)));
    while (port_peek(pair->server, block, sizeof(block)) < (int)sizeof(block) &&
           wait_ready(pair->server, PORT_READ, 1000) != 0) {
    }
    faults.cannot_drop = true;
    EXPECT(port_discard(pair->server, 1500) == PORT_OK);
    faults.cannot_drop = false;
    EXPECT(receive_wait(pair->server, block, 500, &last) == 500);
    EXPECT(block[0] == 'y' && block[1] == 0);
}

static const struct row connect_rows[] = {
    {EINPROGRESS, PORT_OK},            {EINTR, PORT_OK},
    {ECONNREFUSED, PORT_REFUSED},      {ENETUNREACH, PORT_UNREACHABLE},
    {EHOSTUNREACH, PORT_UNREACHABLE},  {EADDRNOTAVAIL, PORT_UNREACHABLE},
    {EAFNOSUPPORT, PORT_UNREACHABLE},  {EINVAL, PORT_UNREACHABLE},
    {ENETDOWN, PORT_UNREACHABLE},      {EACCES, PORT_DENIED},
    {EPERM, PORT_DENIED},              {EAGAIN, PORT_FULL},
    {ENOBUFS, PORT_FULL},              {ENOMEM, PORT_FULL},
    {ENOTTY, PORT_UNREACHABLE},
};

static const struct row connected_rows[] = {
    {ECONNREFUSED, PORT_REFUSED},      {ETIMEDOUT, PORT_TIMEDOUT},
    {ENETUNREACH, PORT_UNREACHABLE},   {EHOSTUNREACH, PORT_UNREACHABLE},
    {ENETDOWN, PORT_UNREACHABLE},      {EHOSTDOWN, PORT_UNREACHABLE},
    {ECONNRESET, PORT_RESET},          {ECONNABORTED, PORT_RESET},
    {ENOTTY, PORT_RESET},
};

static void connects_fail(const struct pair *pair)
{
    port_handle client;
    size_t i;

    for (i = 0; i < COUNT_OF(connect_rows); i++) {
        int result;

        faults.connect = connect_rows[i].error;
        result = port_connect(&pair->at, &client);
        EXPECT(result == connect_rows[i].result);
        if (result == PORT_OK) {
            EXPECT(port_connected(client) == PORT_AGAIN); /* it never began */
            port_close(client);
        }
    }
    faults.connect = 0;
    for (i = 0; i < COUNT_OF(connected_rows); i++) {
        EXPECT(port_connect(&pair->at, &client) == PORT_OK);
        faults.option = connected_rows[i].error;
        EXPECT(port_connected(client) == connected_rows[i].result);
        faults.option = 0;
        port_abort(client);
    }
}

/* ---- Datagrams ----------------------------------------------------------------------------- */

static const struct row datagram_receive_rows[] = {
    {EAGAIN, PORT_AGAIN},       {EINTR, PORT_AGAIN},      {ECONNREFUSED, PORT_SKIP},
    {EHOSTUNREACH, PORT_SKIP},  {ENETUNREACH, PORT_SKIP}, {ENETDOWN, PORT_SKIP},
    {ENOMEM, PORT_SKIP},        {ENOTTY, PORT_SKIP},
};

static const struct row datagram_send_rows[] = {
    {EAGAIN, PORT_AGAIN},       {EINTR, PORT_AGAIN},      {ENOBUFS, PORT_FULL},
    {ENOMEM, PORT_FULL},        {EPERM, PORT_SKIP},       {EACCES, PORT_SKIP},
    {EHOSTUNREACH, PORT_SKIP},  {ENETUNREACH, PORT_SKIP}, {EMSGSIZE, PORT_SKIP},
    {EINVAL, PORT_SKIP},        {ECONNREFUSED, PORT_SKIP}, {ENOTTY, PORT_SKIP},
};

static void datagrams_fail(void)
{
    static const struct port_address unspecified;
    struct port_address at = address_ipv4(127, 0, 0, 1, 0);
    struct port_datagram info;
    port_handle datagrams;
    char byte;
    size_t i;

    EXPECT(port_datagram_open(&at, PORT_IPV4, &datagrams) == PORT_OK);
    for (i = 0; i < COUNT_OF(datagram_receive_rows); i++) {
        faults.receive_message = datagram_receive_rows[i].error;
        EXPECT(port_datagram_receive(datagrams, &byte, 1, &info) ==
               datagram_receive_rows[i].result);
    }
    faults.receive_message = 0;
    for (i = 0; i < COUNT_OF(datagram_send_rows); i++) {
        faults.send_message = datagram_send_rows[i].error;
        EXPECT(port_datagram_send(datagrams, "x", 1, &unspecified, &at) ==
               datagram_send_rows[i].result);
    }
    faults.send_message = 0;
    port_close(datagrams);
}

/* Sent to a group, it says so, and by which interface. */
static void group_told(void)
{
    static const struct port_address unspecified;
    struct port_address at = address_ipv6(0, 0, 0, 0);
    struct port_address to = address_ipv6(0, 0, 1, 0);
    struct port_datagram info;
    port_handle datagrams;
    char byte;

    if (port_datagram_open(&at, PORT_DUAL, &datagrams) != PORT_OK) {
        return;
    }
    to.port = at.port;
    faults.to_group = true;
    EXPECT(port_datagram_send(datagrams, "x", 1, &unspecified, &to) == 1);
    EXPECT(datagram_wait(datagrams, &byte, 1, &info) == 1);
    EXPECT(info.to_many && info.from_self);
    EXPECT(info.to.ip[0] == 0xff && info.to.ip[1] == 0x02 && info.to.zone != 0);
    faults.to_group = false;
    port_close(datagrams);
}

/* ---- Waiting ------------------------------------------------------------------------------- */

/* A wait that the system refuses ends early, with nothing ready; one that goes on being refused
 * does not become a busy loop. */
static void waits_fail(const struct pair *pair)
{
    struct port_event event = {PORT_NONE, PORT_READ | PORT_WRITE, 0xff};
    uint64_t began_us;

    event.handle = pair->server;
    faults.wait = EINTR;
    began_us = port_clock_us();
    EXPECT(port_wait(&event, 1, 1000) == 0);
    EXPECT(event.got == 0);
    EXPECT(port_clock_us() - began_us < 500000);
    faults.wait = ENOMEM;
    faults.waits = 0;
    began_us = port_clock_us();
    while (port_clock_us() - began_us < 100000) {
        event.got = 0xff;
        EXPECT(port_wait(&event, 1, 1000) == 0);
        EXPECT(event.got == 0);
    }
    EXPECT(faults.waits < 50);
    EXPECT(port_wait(&event, 1, 0) == 0);
    faults.wait = 0;
    EXPECT(port_wait(&event, 1, 1000) == 1);
    EXPECT(event.got == PORT_WRITE);
}

void test_posix_faults(void)
{
    struct pair pair;

    if (PORT_POSIX_DIRECT != 0) {
        check_skip("failures of system calls: they are made directly");
        return;
    }
    if (!pair_open(&ways[0], &pair)) {
        return;
    }
    streams_fail(&pair);
    bytes_dropped(&pair);
    connects_fail(&pair);
    datagrams_fail();
    group_told();
    waits_fail(&pair);
    pair_close(&pair);
}
