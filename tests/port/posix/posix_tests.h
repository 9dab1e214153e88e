/* SPDX-License-Identifier: MIT */
/* What only the POSIX port must show, and what its tests share. */
#ifndef TESTS_PORT_POSIX_POSIX_TESTS_H
#define TESTS_PORT_POSIX_POSIX_TESTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

void file_make(const char *folder, const char *name, const char *text, mode_t mode);
void link_make(const char *folder, const char *name, const char *target);
void file_date(const char *folder, const char *name, int64_t seconds, long nanoseconds);
/* Reads what is there now from a descriptor that does not block. */
size_t descriptor_take(int fd, char *bytes, size_t n);
/* Waits for the end of a child. */
int child_status(pid_t child);
/* Runs `test` in a child of its own, where the port is not started, and counts what failed there.
 * A child takes no more than 20 s. */
void child_run(void (*test)(void));

void test_posix_sockets(void);
void test_posix_descriptors(void);
void test_posix_files(void);
void test_posix_changes(void);
void test_posix_output(void);
void test_posix_record(void);
void test_posix_secret(void);
void test_posix_log(void);
void test_posix_terminal(void);
void test_posix_signals(void);
void test_posix_user(void);
void test_posix_encoding(void);
void test_posix_faults(void);
void test_posix_memory(void);

#endif
