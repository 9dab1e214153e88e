/* SPDX-License-Identifier: MIT */
/* The tree that the simulated server serves. */
#include "tests/sim/world.h"

void files_begin(void)
{
}
