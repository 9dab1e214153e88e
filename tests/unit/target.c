/* SPDX-License-Identifier: MIT */
/* HOST[:PORT] as people write it. */
#include "apps/target.h"

#include <string.h>

#include "tests/check.h"

/* Hazard 31: zones, with brackets and without. */
static void test_target(void)
{
    static const struct {
        const char *text;
        const char *host; /* NULL: refused */
        unsigned port;    /* 7: as before */
    } rows[] = {
        {"localhost", "localhost", 7}, {"localhost:80", "localhost", 80},
        {"192.0.2.1", "192.0.2.1", 7}, {"192.0.2.1:65535", "192.0.2.1", 65535},
        {"::1", "::1", 7}, {"[::1]", "::1", 7}, {"[::1]:80", "::1", 80},
        {"2001:db8::1:80", "2001:db8::1:80", 7}, {"fe80::1%eth0", "fe80::1%eth0", 7},
        {"[fe80::1%eth0]", "fe80::1%eth0", 7}, {"[fe80::1%eth0]:7007", "fe80::1%eth0", 7007},
        {"[192.0.2.1]:80", "192.0.2.1", 80}, {"a:1", "a", 1},
        {"", NULL, 0}, {":80", NULL, 0}, {"[]", NULL, 0}, {"[]:80", NULL, 0}, {"[::1", NULL, 0},
        {"[::1]80", NULL, 0}, {"[::1]:", NULL, 0}, {"a:", NULL, 0}, {"a:0", NULL, 0},
        {"a:65536", NULL, 0}, {"a:x", NULL, 0}, {"a:80x", NULL, 0}, {"[::1]:x", NULL, 0},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct target target;
        memset(&target, 'x', sizeof target);
        target.port = 7;
        bool right = target_read(rows[i].text, &target);
        EXPECT(right == (rows[i].host != NULL));
        if (rows[i].host != NULL) {
            EXPECT(strcmp(target.host, rows[i].host) == 0 && target.port == rows[i].port);
        }
    }
    char longest[TARGET_HOST_BYTES + 1];
    struct target target = {"", 7};
    memset(longest, 'a', sizeof longest);
    longest[TARGET_HOST_BYTES] = '\0';
    EXPECT(!target_read(longest, &target));
    longest[TARGET_HOST_BYTES - 1] = '\0';
    EXPECT(target_read(longest, &target) && strcmp(target.host, longest) == 0);
}

int main(void)
{
    test_target();
    return check_report("target");
}
