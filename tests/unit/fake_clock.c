/* SPDX-License-Identifier: MIT */
/* Stands in for the port's clock: a test sets it. */
#include "tests/unit/fake_clock.h"

#include <stdlib.h>

uint64_t fake_now_ms;

uint64_t port_now_ms(void)
{
    return fake_now_ms;
}

void port_fail(const char *file, int line)
{
    (void)file;
    (void)line;
    abort();
}
