/* SPDX-License-Identifier: MIT */
/* The operator's console where it is a terminal in raw mode: keys in, a row that is painted again
 * and again out. For operator.c. */
#ifndef TESTS_SIM_SCREEN_H
#define TESTS_SIM_SCREEN_H

#include "tests/sim/world.h"

enum { SCREEN_ROW_BYTES = 1200, SCREEN_KEYS_BYTES = 900 };

/* Whether in this run lines are edited. */
void screen_begin(bool edits);
bool screen_edits(void);
/* Its width, and whether the log goes to it too; both may change when it is drawn again. */
unsigned screen_columns(void);
bool screen_logs(void);
/* It is drawn again: what is on it is not ours. */
void screen_lost(void);

/* Writes keys that amount to the line, which ends with LF; returns how many bytes. It may differ
 * from call to call; more than SCREEN_KEYS_BYTES are never written, but keys are left out then that
 * only come and go. */
size_t screen_type(const char *line, size_t n, char *keys);

/* Takes what the server writes; each whole line but those that were typed goes to `line`. */
void screen_hear(const uint8_t *bytes, size_t n, void (*line)(const char *bytes, size_t n));
/* A line of the log is written. */
void screen_log(void);

#endif
