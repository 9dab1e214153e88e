/* SPDX-License-Identifier: MIT */
/* linnet on lwIP as a process: serves on a UDP wire or on a tap. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "boards/lwip-host/host.h"
#include "boards/lwip/entry.h"

static int usage(void)
{
    fprintf(stderr,
            "usage: linnet --udp HERE THERE | --tap NAME  [--ipv4 A.B.C.D] [--ipv6 ADDRESS]\n"
            "              [--hardware LAST_BYTE] [--lost PERMILLE] [--seed N]\n");
    return 2;
}

/* Returns how many arguments it took, 0: not understood. */
static int option(char **arguments, int left)
{
    if (left >= 3 && strcmp(arguments[0], "--udp") == 0) {
        host_settings.wire = HOST_UDP;
        host_settings.here = (uint16_t)strtoul(arguments[1], NULL, 10);
        host_settings.there = (uint16_t)strtoul(arguments[2], NULL, 10);
        return 3;
    }
    if (left < 2) {
        return 0;
    }
    if (strcmp(arguments[0], "--tap") == 0) {
        host_settings.wire = HOST_TAP;
        host_settings.tap = arguments[1];
    } else if (strcmp(arguments[0], "--ipv4") == 0) {
        host_settings.ipv4 = arguments[1];
    } else if (strcmp(arguments[0], "--ipv6") == 0) {
        host_settings.ipv6 = arguments[1];
    } else if (strcmp(arguments[0], "--hardware") == 0) {
        host_settings.hardware = (uint8_t)strtoul(arguments[1], NULL, 10);
    } else if (strcmp(arguments[0], "--lost") == 0) {
        host_settings.lost_permille = (uint32_t)strtoul(arguments[1], NULL, 10);
    } else if (strcmp(arguments[0], "--seed") == 0) {
        host_settings.seed = (uint32_t)strtoul(arguments[1], NULL, 10);
    } else {
        return 0;
    }
    return 2;
}

int main(int count, char **arguments)
{
    for (int i = 1; i < count;) {
        int taken = option(arguments + i, count - i);
        if (taken == 0) {
            return usage();
        }
        i += taken;
    }
    return host_settings.wire == HOST_MEMORY ? usage() : entry_serve();
}
