/* SPDX-License-Identifier: MIT */
/* A clock that a test sets. */
#ifndef TESTS_UNIT_FAKE_CLOCK_H
#define TESTS_UNIT_FAKE_CLOCK_H

#include "port/port.h"

extern uint64_t fake_now_ms;

#endif
