/* SPDX-License-Identifier: MIT */
/* A process that holds a secret leaves no core file. Hazard 95. */
#define _GNU_SOURCE
#define CHECK_PART
#include "tests/check.h"

#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#ifdef __linux__
#include <sys/prctl.h>
#endif

#include "port/port_tool.h"
#include "tests/port/conform.h"
#include "tests/port/posix/posix_tests.h"

/* Whether a child that aborts leaves a core file, where files may be made. */
static bool leaves_core(bool secret)
{
    const struct rlimit all = {RLIM_INFINITY, RLIM_INFINITY};
    int status = 0;
    pid_t child = fork();

    if (child == 0) {
        struct rlimit limit;
        if (chdir(fixture_scratch()) != 0 || setrlimit(RLIMIT_CORE, &all) != 0) {
            _exit(0);
        }
        if (secret) {
            port_secret_held();
            if (getrlimit(RLIMIT_CORE, &limit) != 0 || limit.rlim_max != 0) {
                _exit(1);
            }
#ifdef PR_GET_DUMPABLE
            if (prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) != 0) {
                _exit(1);
            }
#endif
        }
        abort();
    }
    EXPECT(child > 0 && waitpid(child, &status, 0) == child);
    EXPECT(!WIFEXITED(status) || WEXITSTATUS(status) == 0);
#ifdef WCOREDUMP
    return WIFSIGNALED(status) && WCOREDUMP(status);
#else
    return false;
#endif
}

void test_posix_secret(void)
{
    EXPECT(!leaves_core(true));
    if (!leaves_core(false)) {
        check_skip("core files: this system makes none anyway");
    }
}
