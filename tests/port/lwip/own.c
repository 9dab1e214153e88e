/* SPDX-License-Identifier: MIT */
/* What only port/lwip must show: its pools, the guard, the traps of lwIP. */
#define CHECK_PART
#include "tests/check.h"

#include "tests/port/lwip/lwip_tests.h"

void lwip_own_tests(void)
{
}
