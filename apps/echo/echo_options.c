/* SPDX-License-Identifier: MIT */
/* The echo app's options. */
#include "apps/echo/echo_options.h"

#include <string.h>

#include "apps/echo/echo.h"

static const char *set_udp_rate(const char *value)
{
    return option_number_set(value, 0, 1000000, &echo_settings.udp_rate,
                             "a number of datagrams per second, 0 (no limit) to 1000000");
}

/* The character that "\c" stands for, or 0. */
static char unescape(char c)
{
    static const char names[] = "nrt\\";
    static const char meanings[] = "\n\r\t\\";
    for (size_t i = 0; names[i] != '\0'; i++) {
        if (names[i] == c) {
            return meanings[i];
        }
    }
    return 0;
}

static const char *set_reply(const char *value)
{
    static const char wanted[] = "a text of 1 to the bytes that --limits says, in which \\n, \\r, "
                                 "\\t and \\\\ stand for what they stand for in C";
    size_t n = 0;
    for (size_t i = 0; value[i] != '\0'; i++) {
        char c = value[i];
        if (c == '\\') {
            c = unescape(value[++i]);
        }
        if (c == 0 || n == CFG_ECHO_REPLY_BYTES) {
            return wanted;
        }
        echo_settings.reply[n++] = c;
    }
    echo_settings.reply_bytes = (uint16_t)n;
    return n > 0 ? NULL : wanted;
}

const struct option echo_options[] = {
    OPTION("--udp-rate", "N",
           "datagrams per second and source (1000; loopback exempt; 0: no limit)",
           set_udp_rate),
    OPTION("--echo-reply", "TEXT", "answer every TCP peer with TEXT once, and close", set_reply),
};

const size_t echo_options_count = COUNT_OF(echo_options);
