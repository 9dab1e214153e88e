/* SPDX-License-Identifier: MIT */
/* Plays the scripts of this folder, or those given. From the repository's top. */
#include <glob.h>
#include <stdio.h>

#include "tests/sim/script.h"

int main(int argc, char **argv)
{
    glob_t found;
    unsigned passed = 0;
    unsigned failed = 0;
    if (argc > 1) {
        for (int i = 1; i < argc; i++) {
            (void)script_play_file(argv[i], true);
        }
        return 0;
    }
    if (glob("tests/regress/*.txt", 0, NULL, &found) != 0) {
        found.gl_pathc = 0;
    }
    for (size_t i = 0; i < found.gl_pathc; i++) {
        bool good = script_play_file(found.gl_pathv[i], false);
        passed += good ? 1u : 0u;
        failed += good ? 0u : 1u;
    }
    failed += found.gl_pathc == 0 ? 1u : 0u;
    printf("%u passed, %u failed\n", passed, failed);
    return failed == 0 ? 0 : 1;
}
