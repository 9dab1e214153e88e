/* SPDX-License-Identifier: MIT */
/* A process that holds a secret. */
#include "port/posix/posix.h"

#include <sys/resource.h>

#ifdef __linux__
#include <sys/prctl.h>
#endif

void port_secret_held(void)
{
    const struct rlimit none = {0, 0};

    (void)setrlimit(RLIMIT_CORE, &none);
#ifdef PR_SET_DUMPABLE
    /* A handler that core files are piped to is not held back by the limit. */
    (void)prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
#endif
}
