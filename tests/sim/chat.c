/* SPDX-License-Identifier: MIT */
/* Members of the chat room. */
#include "tests/sim/world.h"

const struct trade trade_chat = {0};
