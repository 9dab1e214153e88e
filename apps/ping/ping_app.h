/* SPDX-License-Identifier: MIT */
/* Ping as an app of the core's loop: probes go out over a connection it dials or a datagram socket,
 * until there were as many as were asked for. For ping.c and ping_report.c. */
#ifndef APPS_PING_PING_APP_H
#define APPS_PING_PING_APP_H

#include "apps/ping/ping_track.h"
#include "apps/target.h"
#include "core/app.h"
#include "port/port_tool.h"

struct ping_settings {
    struct target target;
    enum port_name_family family;
    uint32_t count;       /* probes to send; 0: until told to stop */
    uint32_t interval_ms; /* 0: the next one when the last was answered or given up */
    uint32_t timeout_ms;  /* how long a reply may take */
    uint32_t bytes;       /* of a probe; over UDP PING_HEADER_BYTES at least */
    bool datagrams;       /* UDP */
    bool quiet;           /* the summary alone */
};
extern struct ping_settings ping_settings;

extern const struct app ping_app;

/* What was seen beside the fate of the probes. */
struct ping_findings {
    struct port_address address; /* that answers, or should */
    uint32_t damaged;       /* replies with other bytes than the probe had */
    uint32_t elsewhere;     /* datagrams from another address than the probes went to */
    uint32_t strange;       /* datagrams that answer no probe */
    uint64_t surplus_bytes; /* that came over TCP before they could be an answer */
    bool connected;
    bool broken;            /* the connection ended before ping did */
};

/* Begins with `address`, over TCP, or over UDP through the socket that loop_datagrams returned. May
 * be called again with another address when this one could not be reached. After loop_start. */
void ping_begin(const struct port_address *address, unsigned socket);

/* Why the address could not be reached, in a few words; NULL: it was, or may still be. */
const char *ping_unreached(void);

/* All probes have met their fate, nobody reads the output, or a stop was asked for. */
bool ping_ended(void);

/* The peer does not take what it was sent: only a reset can end the connection. */
bool ping_owes(void);

const struct ping_track *ping_track(void);
const struct ping_findings *ping_findings(void);

#endif
