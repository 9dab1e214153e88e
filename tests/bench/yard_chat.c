/* SPDX-License-Identifier: MIT */
/* The yardstick that chats: what all said in one turn goes to each member in one send. */
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include "tests/bench/yard.h"

enum { TURN_BYTES = 1 << 20, READ_BYTES = 16384, PARTS_MAX = YARD_EVENTS };

/* One member's lines in the turn. */
struct part {
    int from;
    size_t begin;
    size_t end;
};

static char turn[TURN_BYTES];
static size_t turn_bytes;
static struct part parts[PARTS_MAX];
static int parts_count;
static int members[YARD_PEERS];
static int members_count;
static char *kept[YARD_PEERS];        /* by descriptor: the beginning of a line */
static size_t kept_bytes[YARD_PEERS];

/* Takes what came into the turn, up to the last line end; keeps the rest. False: he is gone. */
static bool chat_hear(int fd)
{
    char *at = turn + turn_bytes;
    memcpy(at, kept[fd], kept_bytes[fd]);
    ssize_t got = recv(fd, at + kept_bytes[fd], READ_BYTES, 0);
    if (got <= 0) {
        return false;
    }
    size_t n = kept_bytes[fd] + (size_t)got;
    size_t whole = n;
    while (whole > 0 && at[whole - 1] != '\n') {
        whole--;
    }
    kept_bytes[fd] = n - whole < READ_BYTES ? n - whole : 0;
    memcpy(kept[fd], at + whole, kept_bytes[fd]);
    if (yard_lies("byte")) {
        at[whole / 2] ^= 1;
    }
    if (whole > 0 && !yard_lies("lose")) {
        parts[parts_count] = (struct part){fd, turn_bytes, turn_bytes + whole};
        parts_count++;
        turn_bytes += whole;
    }
    return true;
}

/* Everybody hears all but what he said himself. */
static void chat_tell(void)
{
    for (int i = 0; i < members_count; i++) {
        struct iovec pieces[PARTS_MAX + 1];
        int pieces_count = 0;
        size_t from = 0;
        for (int j = 0; j <= parts_count; j++) {
            size_t to = j < parts_count ? parts[j].begin : turn_bytes;
            if (j < parts_count && parts[j].from != members[i]) {
                continue;
            }
            if (to > from) {
                pieces[pieces_count] = (struct iovec){turn + from, to - from};
                pieces_count++;
            }
            from = j < parts_count ? parts[j].end : to;
        }
        if (pieces_count == 1) {
            yard_send(members[i], pieces[0].iov_base, pieces[0].iov_len);
        } else if (pieces_count > 1 && writev(members[i], pieces, pieces_count) < 0) {
            continue; /* gone, as the next turn will hear */
        }
    }
    turn_bytes = 0;
    parts_count = 0;
}

static void chat_arrive(int epoll)
{
    int fd = yard_accept();
    if (fd < 0 || fd >= YARD_PEERS) {
        return;
    }
    if (kept[fd] == NULL) {
        kept[fd] = malloc(READ_BYTES);
    }
    kept_bytes[fd] = 0;
    members[members_count] = fd;
    members_count++;
    yard_epoll_add(epoll, fd);
}

static void chat_leave(int fd)
{
    for (int i = 0; i < members_count; i++) {
        if (members[i] == fd) {
            members_count--;
            members[i] = members[members_count];
        }
    }
    close(fd);
}

void yard_chat(void)
{
    struct epoll_event events[YARD_EVENTS];
    int epoll = yard_epoll();
    for (;;) {
        int ready = epoll_wait(epoll, events, YARD_EVENTS, -1);
        for (int i = 0; i < ready; i++) {
            int fd = events[i].data.fd;
            if (fd == yard.listener) {
                chat_arrive(epoll);
            } else if (!chat_hear(fd)) {
                chat_leave(fd);
            }
            if (turn_bytes > TURN_BYTES - 2 * READ_BYTES || parts_count == PARTS_MAX) {
                chat_tell();
            }
        }
        if (turn_bytes > 0) {
            chat_tell();
        }
    }
}
