/* SPDX-License-Identifier: MIT */
/* The lines that ping prints on standard output. Each call returns false when nobody reads them any
 * more. For ping_app.c and ping.c. */
#ifndef APPS_PING_PING_REPORT_H
#define APPS_PING_PING_REPORT_H

#include "apps/ping/ping_app.h"

/* What is about to happen; over TCP after connect_us. */
bool ping_report_begin(const struct port_address *address, uint32_t connect_us);

/* n bytes came back for probe `number`. */
bool ping_report_reply(const struct port_address *address, uint32_t number, size_t n,
                       uint32_t round_trip_us, enum ping_answer answer);

/* The first byte of a reply that is not the probe's; a reply of another length. */
bool ping_report_damage(uint32_t number, size_t offset, uint8_t got, uint8_t wanted);
bool ping_report_length(uint32_t number, size_t n);

bool ping_report_lost(uint32_t number);
bool ping_report_unsent(uint32_t number);

/* A datagram of n bytes that answers no probe, or comes from an address that was not asked. */
bool ping_report_strange(const struct port_address *from, size_t n);
bool ping_report_elsewhere(const struct port_address *from);

/* Bytes came over TCP that answer nothing. */
bool ping_report_surplus(void);

bool ping_report_summary(const struct ping_track *track, const struct ping_findings *findings);

#endif
