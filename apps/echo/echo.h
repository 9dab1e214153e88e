/* SPDX-License-Identifier: MIT */
/* echo: every byte back (RFC 862), over TCP and UDP; or one fixed reply. Read this app first. */
#ifndef APPS_ECHO_H
#define APPS_ECHO_H

#include "apps/echo/echo_config.h"
#include "core/app.h"

struct echo_settings {
    uint32_t udp_rate;    /* datagrams per second and source, 0: no limit */
    uint16_t reply_bytes; /* of the fixed reply, 0: echo */
    char *reply;          /* CFG_ECHO_REPLY_BYTES, in memory that no program file has to hold */
};

extern struct echo_settings echo_settings;
extern const struct app echo_app;

#endif
