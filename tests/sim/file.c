/* SPDX-License-Identifier: MIT */
/* Clients of file-get. */
#include "tests/sim/world.h"

const struct trade trade_file = {0};
