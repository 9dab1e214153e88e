/* SPDX-License-Identifier: MIT */
/* A chat server over the simulated port, with peers that read what comes, for chat's unit tests. */
#ifndef TESTS_UNIT_FAKE_ROOM_H
#define TESTS_UNIT_FAKE_ROOM_H

#include "apps/chat/chat_config.h"
#include "port/port.h"

enum { ROOM_PEERS = 150, ROOM_WINDOW = 4096, ROOM_CONSOLE = ROOM_PEERS };
enum { ROOM_TEXT_BYTES = 65536 + CFG_CHAT_LOG_BYTES }; /* what one is sent between two looks */

/* Starts the server with chat_settings as they are, and with a console if asked for. */
void room_begin(bool console);
/* The same, with room for so many connections, the console and those it dials among them. */
void room_begin_small(bool console, unsigned places);
void room_end(void);

/* Lets time pass until so many milliseconds after the start. False: the server ended. */
bool room_run(uint64_t until_ms);

/* A peer at 192.0.2.`host` (0: at 127.0.0.1) connects; it takes 1 ms to get there and back. */
void room_join(unsigned peer, uint8_t host, uint32_t window_bytes);
void room_send(unsigned peer, const char *text);
void room_send_bytes(unsigned peer, const char *bytes, size_t n);

/* Connections that the server dials, to 192.0.2.99:80 alone, are answered with this text as soon as
 * something came; NULL: with silence, and without anybody listening if `refuses`. */
void room_service(const char *answer, bool refuses);
/* From now on the service leaves it to the server to end connections. */
void room_service_stays(void);
/* How many were dialled, and what came on the last one. */
unsigned room_calls(void);
const char *room_request(void);

/* A peer that is deaf leaves in the system what comes for it, until it no longer is. */
void room_deafen(unsigned peer, bool deaf);

/* What a peer (or ROOM_CONSOLE) was sent since room_forget; when its last piece came. */
const char *room_text(unsigned peer);
uint64_t room_heard_ms(unsigned peer);
/* In how many calls the server sent it. */
unsigned room_sends(unsigned peer);
void room_forget(unsigned peer);

/* Whether that is exactly `text`, and then forgets it. Prints it if not. */
bool room_said(unsigned peer, const char *text);

/* How often `what` is in the text. */
unsigned room_count(unsigned peer, const char *what);

/* How many lines were logged that are no counters. */
unsigned room_complaints(void);
/* The line of counters that chat logged last. */
const char *room_report(void);

#endif
