/* SPDX-License-Identifier: MIT */
/* What the crowd programs share: plain clients, and what the server costs the system. */
#ifndef TESTS_WIRE_CLIENT_H
#define TESTS_WIRE_CLIENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* A connected, non-blocking socket to a numeric address; window_bytes 0: as the system likes.
 * Waits at most 5 s. Negative: it failed. */
int client_open(const char *host, const char *port, int window_bytes);

/* Sends all of a short text. */
bool client_say(int fd, const char *text);

/* Reads until `text` has come, or the time is over. Milliseconds it took, or negative. */
long client_hear(int fd, const char *text, uint64_t within_ms);

void client_reset(int fd);

/* Raises our own limit of descriptors; true when n can be open. */
bool client_handles(size_t n);

uint64_t clock_ms(void);
void clock_sleep_ms(uint64_t ms);

/* The patience every bound is multiplied with. */
uint64_t client_patience(uint64_t ms);

/* Resident memory of a process in KB, and the processor time it used in ms; 0: not known here. */
uint64_t process_resident_kb(pid_t pid);
uint64_t process_used_ms(pid_t pid);

#endif
