/* SPDX-License-Identifier: MIT */
/* Start and end of the port, and how many handles it may have. */
#include "port/posix/posix.h"

#include <poll.h>
#include <string.h>

enum {
    HANDLES_IN_PASSING = 2, /* what opening a file may need for a moment beyond its handle */
    POLL_BATCH = 256        /* descriptors asked about in one call */
};

static struct {
    bool started;
    bool limit_known;
    struct rlimit limit_before;
} state;

static int start_failed(const char *why)
{
    port_log(why, strlen(why));
    port_end();
    return PORT_IO;
}

/* With 0, 1 or 2 closed, the next socket would get that number, and the log would go to a peer. */
static bool standard_descriptors_open(void)
{
    int fd;

    for (fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
        if (posix_descriptor_flags(fd, F_GETFD, 0) < 0 && posix_open("/dev/null", O_RDWR) != fd) {
            return false;
        }
    }
    return true;
}

static bool limit_set(rlim_t soft)
{
    struct rlimit limit;

    if (!posix_limit_exchange(NULL, &limit)) {
        return false;
    }
    limit.rlim_cur = soft;
    return posix_limit_exchange(&limit, NULL);
}

/* A descriptor that the bitmaps cannot hold would have to be closed again, and an accepted peer
 * with it. With the soft limit where the bitmaps end, the system refuses before. */
static void limit_lower(void)
{
    state.limit_known = posix_limit_exchange(NULL, &state.limit_before);
    if (state.limit_known && state.limit_before.rlim_cur > PORT_POSIX_HANDLES_MAX) {
        (void)limit_set(PORT_POSIX_HANDLES_MAX);
    }
}

int port_start(void)
{
    CHECK(!state.started);
    state.started = true;
    if (!standard_descriptors_open()) {
        return start_failed("linnet: cannot open /dev/null");
    }
    posix_log_prepare();
    limit_lower();
    if (!posix_request_start()) {
        return start_failed("linnet: cannot take signals");
    }
    if (!posix_random_open()) {
        return start_failed("linnet: there is no source of random bytes");
    }
    (void)posix_clock_freeze();
    return PORT_OK;
}

void port_end(void)
{
    posix_log_end();
    posix_console_end();
    posix_request_end();
    posix_random_close();
    posix_encoding_close();
    posix_root_close();
    if (state.limit_known) {
        (void)limit_set(state.limit_before.rlim_cur);
        state.limit_known = false;
    }
    state.started = false;
}

void port_serving_begins(bool converts)
{
    /* Everything else was opened by port_start and port_root_open. */
    posix_console_prepare_output();
    posix_encoding_serve(converts);
}

/* How many of the n descriptors from `first` on are open but not handles. One poll() tells of many;
 * fcntl() for each of 20,000 took longer than all the rest of starting. */
static size_t descriptors_count_batch(size_t first, size_t n)
{
    const uint8_t *kinds = posix_handle_kinds();
    struct pollfd batch[POLL_BATCH];
    size_t count = 0;
    size_t i;

    for (i = 0; i < n; i++) {
        batch[i].fd = (int)(first + i);
        batch[i].events = 0;
        batch[i].revents = POLLNVAL;
    }
    (void)posix_poll(batch, (nfds_t)n, 0);
    for (i = 0; i < n; i++) {
        if (kinds[first + i] == POSIX_NONE && (batch[i].revents & POLLNVAL) == 0) {
            count++;
        }
    }
    return count;
}

/* Descriptors below `end` that are open but not handles: ours, and those the shell left us. */
static size_t descriptors_count_other(size_t end)
{
    size_t count = 0;
    size_t first;

    for (first = 0; first < end; first += POLL_BATCH) {
        const size_t left = end - first;

        count += descriptors_count_batch(first, left < POLL_BATCH ? left : POLL_BATCH);
    }
    return count;
}

size_t port_handles(size_t wanted)
{
    struct rlimit limit;
    size_t end = PORT_POSIX_HANDLES_MAX;
    size_t other;

    if (!posix_limit_exchange(NULL, &limit)) {
        return 0;
    }
    if (limit.rlim_cur < PORT_POSIX_HANDLES_MAX) {
        const rlim_t most = limit.rlim_max < PORT_POSIX_HANDLES_MAX ? limit.rlim_max
                                                                    : PORT_POSIX_HANDLES_MAX;

        end = (size_t)(limit_set(most) ? most : limit.rlim_cur);
    }
    other = descriptors_count_other(end) + HANDLES_IN_PASSING;
    end = end > other ? end - other : 0;
    return wanted < end ? wanted : end;
}

size_t port_static_bytes(void)
{
    return sizeof(state) + posix_handle_static_bytes() + posix_datagram_static_bytes() +
           posix_wait_static_bytes() + posix_clock_static_bytes() + posix_file_static_bytes() +
           posix_directory_static_bytes() + posix_console_static_bytes() +
           posix_terminal_static_bytes() + posix_log_static_bytes() +
           posix_random_static_bytes() + posix_request_static_bytes() +
           posix_encoding_static_bytes();
}
