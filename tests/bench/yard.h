/* SPDX-License-Identifier: MIT */
/* Yardsticks: the least that a server can do for a work, to compare with. They trust their peers,
 * never run out of anything, and end when they are told to. */
#ifndef TESTS_BENCH_YARD_H
#define TESTS_BENCH_YARD_H

#include <stdbool.h>
#include <stddef.h>

enum { YARD_EVENTS = 256, YARD_PEERS = 20000 };

struct yard {
    int listener;     /* listening, blocking; for udp its bound socket */
    size_t size;      /* of the fixed answer */
    const char *root; /* of the files */
    const char *lie;  /* byte, lose or cut: what it does wrong now and then, to test the tests */
};
extern struct yard yard;

/* Is it time to do this wrong? Every 20th time it is asked, when it is what was ordered. */
bool yard_lies(const char *lie);
/* Waits for a peer; TCP_NODELAY. */
int yard_accept(void);
/* Sends all, waiting where needed. */
bool yard_send(int fd, const void *bytes, size_t n);
/* An epoll set that has the listener in it; and one more peer for it. */
int yard_epoll(void);
void yard_epoll_add(int epoll, int fd);

void yard_echo_blocking(void); /* one peer after the other */
void yard_echo_epoll(void);
void yard_echo_select(void);   /* as in a textbook */
void yard_echo_poll(void);
void yard_udp(void);           /* blocking */
void yard_chat(void);          /* epoll; one send to each member in a turn */
void yard_http(void);          /* epoll; the same answer to whatever is asked */
void yard_raw(void);           /* blocking; a name, the file by sendfile */

#endif
