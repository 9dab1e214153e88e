/* SPDX-License-Identifier: MIT */
/* Compile-time limits of the chat app; see core/config.h for how boards override them. */
#ifndef APPS_CHAT_CONFIG_H
#define APPS_CHAT_CONFIG_H

#include "core/config.h"

/* The log that all members read from, in bytes: how far a reader may fall behind, and the history
 * that a newcomer can be shown. An entry costs its text, its sender's name and 12 bytes, and 24
 * more while there is a console. One pass fills at most half of it. A power of two, 4,096 to 2^24.
 */
#ifndef CFG_CHAT_LOG_BYTES
#define CFG_CHAT_LOG_BYTES 16384
#endif

/* The longest line a member may send, in bytes; what is longer is cut at a character. Lies in the
 * connection's buffer while it is typed. 64 to 1,024. */
#ifndef CFG_CHAT_LINE_BYTES
#define CFG_CHAT_LINE_BYTES 510
#endif

/* The longest name, in bytes. 12 to 32. */
#ifndef CFG_CHAT_NAME_BYTES
#define CFG_CHAT_NAME_BYTES 24
#endif

/* The longest --greeting, in bytes. 16 to 96. */
#ifndef CFG_CHAT_GREETING_BYTES
#define CFG_CHAT_GREETING_BYTES 80
#endif

/* The longest topic, in bytes. 16 to 128, and no longer than a line. */
#ifndef CFG_CHAT_TOPIC_BYTES
#define CFG_CHAT_TOPIC_BYTES 128
#endif

/* The lines of --chat-greeting, in bytes. 0 (there is no such option) to 32,768. */
#ifndef CFG_CHAT_WELCOME_BYTES
#define CFG_CHAT_WELCOME_BYTES 1024
#endif

/* Whether there is --chat-log, which keeps what is said in a file: 1 KB of code and memory, and
 * 1,200 bytes more with the longest lines. 0 or 1. */
#ifndef CFG_CHAT_RECORD
#define CFG_CHAT_RECORD (CFG_CONN_MAX > 64)
#endif

/* The block that output is rendered into, in bytes: the most that goes to one member in one call.
 * Members that are owed the same lines share one rendering of it. 1,536 to 65,536. */
#ifndef CFG_CHAT_BLOCK_BYTES
#define CFG_CHAT_BLOCK_BYTES 2048
#endif

/* Arrivals and departures that are announced one by one: so many at once and so many a second;
 * the others are announced as two numbers, a second later at most. 1 to 10,000. */
#ifndef CFG_CHAT_NOTICE_BURST
#define CFG_CHAT_NOTICE_BURST 100
#endif
#ifndef CFG_CHAT_NOTICE_RATE
#define CFG_CHAT_NOTICE_RATE 20
#endif

/* Addresses whose arrivals are counted at once, in sets of four; 48 bytes a set. 1 to 16,384. */
#ifndef CFG_CHAT_JOIN_SETS
#define CFG_CHAT_JOIN_SETS 8
#endif

/* Addresses that the operator can ban; 32 bytes each. 1 to 1,000. */
#ifndef CFG_CHAT_BANS_MAX
#define CFG_CHAT_BANS_MAX 16
#endif

/* How long a newcomer may be silent before he is greeted, in case he speaks another protocol.
 * Milliseconds, as the next. */
#ifndef CFG_CHAT_SNIFF_MS
#define CFG_CHAT_SNIFF_MS 200
#endif

/* A line that is not finished so long after it was begun is dropped; at the desk, a guest that has
 * ended its side waits so long for answers. */
#ifndef CFG_CHAT_LINE_MS
#define CFG_CHAT_LINE_MS 30000
#endif

/* At the desk, how long a goodbye waits for the last word of who answers, and how long a guest that
 * seems to be a person typing may pause in a text without a line end. */
#ifndef CFG_CHAT_WORD_MS
#define CFG_CHAT_WORD_MS 2000
#endif

/* ---- The bot ------------------------------------------------------------------------------- */

/* Whether there is one: make BOT=1. */
#ifndef CHAT_BOT
#define CHAT_BOT 0
#endif

/* Its longest answer, in bytes; longer ones are cut at a character. 128 to 1,024, and not more than
 * two lines. */
#ifndef CFG_BOT_ANSWER_BYTES
#define CFG_BOT_ANSWER_BYTES (2 * CFG_CHAT_LINE_BYTES < 1024 ? 2 * CFG_CHAT_LINE_BYTES : 1024)
#endif

/* The answers it gives in a room: so many at once, and so many a second from then on. 1 to 10,000.
 */
#ifndef CFG_BOT_BURST
#define CFG_BOT_BURST 10
#endif
#ifndef CFG_BOT_RATE
#define CFG_BOT_RATE 1
#endif

/* Connections to its service at once, as far as there are slots; each costs 2 KB. 1 to 255. */
#ifndef CFG_BOT_CALLS
#define CFG_BOT_CALLS 4
#endif

/* Questions that wait for one of them; each costs a line. 1 to 16,384. */
#ifndef CFG_BOT_QUEUE
#define CFG_BOT_QUEUE 16
#endif

/* The most that the service may send for one answer, in bytes. 1,024 to 2^24. */
#ifndef CFG_BOT_BODY_BYTES
#define CFG_BOT_BODY_BYTES 65536
#endif

/* How long the service may take once connected, and how long a question may wait before that.
 * Milliseconds. */
#ifndef CFG_BOT_ANSWER_MS
#define CFG_BOT_ANSWER_MS 30000
#endif
#ifndef CFG_BOT_WAIT_MS
#define CFG_BOT_WAIT_MS 30000
#endif

/* ---- Relations ----------------------------------------------------------------------------- */

/* A row of text for one member alone, with its line end. */
#define CHAT_ROW_BYTES 160

/* The longest rendering of an entry: marks, an address, the name, the text, CR LF. */
#define CHAT_LINE_RENDERED_BYTES (84 + CFG_CHAT_NAME_BYTES + CFG_CHAT_LINE_BYTES)

/* A connection's buffer: the line being typed grows from the front; what is left of a row or line
 * that was half sent lies before CHAT_FRONT_BYTES; behind are bytes kept by the core, and as many
 * are received at once. Where the longest of the former fit beside each other, nobody is ever cut;
 * a row always fits. */
#define CHAT_BOTH_BYTES (CFG_CHAT_LINE_BYTES + CHAT_LINE_RENDERED_BYTES)
#define CHAT_LEAST_BYTES (CFG_CHAT_LINE_BYTES + CHAT_ROW_BYTES)
#define CHAT_FRONT_BYTES \
    (CFG_CONN_BUFFER_BYTES >= CHAT_BOTH_BYTES + 192    ? CHAT_BOTH_BYTES \
     : CFG_CONN_BUFFER_BYTES >= CHAT_LEAST_BYTES + 192 ? CFG_CONN_BUFFER_BYTES - 192 \
                                                       : CHAT_LEAST_BYTES)
#define CHAT_ROOM_BYTES (CFG_CONN_BUFFER_BYTES - CHAT_FRONT_BYTES)

STATIC_ASSERT(CFG_CHAT_LOG_BYTES >= 4096 && CFG_CHAT_LOG_BYTES <= 1 << 24);
STATIC_ASSERT((CFG_CHAT_LOG_BYTES & (CFG_CHAT_LOG_BYTES - 1)) == 0);
STATIC_ASSERT(CFG_CHAT_LINE_BYTES >= 64 && CFG_CHAT_LINE_BYTES <= 1024);
STATIC_ASSERT(CFG_CHAT_NAME_BYTES >= 12 && CFG_CHAT_NAME_BYTES <= 32);
STATIC_ASSERT(CFG_CHAT_GREETING_BYTES >= 16 && CFG_CHAT_GREETING_BYTES <= 96);
STATIC_ASSERT(CFG_CHAT_TOPIC_BYTES >= 16 && CFG_CHAT_TOPIC_BYTES <= 128);
STATIC_ASSERT(CFG_CHAT_TOPIC_BYTES <= CFG_CHAT_LINE_BYTES);
STATIC_ASSERT(CFG_CHAT_WELCOME_BYTES >= 0 && CFG_CHAT_WELCOME_BYTES <= 32768);
STATIC_ASSERT(CFG_CHAT_RECORD == 0 || CFG_CHAT_RECORD == 1);
STATIC_ASSERT(CFG_CHAT_BLOCK_BYTES >= 2 * CHAT_LINE_RENDERED_BYTES);
STATIC_ASSERT(CFG_CHAT_BLOCK_BYTES <= 65536);
STATIC_ASSERT(CFG_CHAT_NOTICE_BURST >= 1 && CFG_CHAT_NOTICE_BURST <= 10000);
STATIC_ASSERT(CFG_CHAT_NOTICE_RATE >= 1 && CFG_CHAT_NOTICE_RATE <= 10000);
STATIC_ASSERT(CFG_CHAT_JOIN_SETS >= 1 && CFG_CHAT_JOIN_SETS <= 16384);
STATIC_ASSERT(CFG_CHAT_BANS_MAX >= 1 && CFG_CHAT_BANS_MAX <= 1000);
STATIC_ASSERT(CFG_CHAT_SNIFF_MS >= 1 && CFG_CHAT_LINE_MS >= 1);
STATIC_ASSERT(CFG_CHAT_SNIFF_MS <= 1 << 30 && CFG_CHAT_LINE_MS <= 1 << 30);
STATIC_ASSERT(CFG_CHAT_WORD_MS >= 1 && CFG_CHAT_WORD_MS <= 1 << 30);
STATIC_ASSERT(CFG_BOT_ANSWER_BYTES >= 128 && CFG_BOT_ANSWER_BYTES <= 1024);
STATIC_ASSERT(CFG_BOT_ANSWER_BYTES <= 2 * CFG_CHAT_LINE_BYTES);
STATIC_ASSERT(CFG_BOT_BURST >= 1 && CFG_BOT_BURST <= 10000);
STATIC_ASSERT(CFG_BOT_CALLS >= 1 && CFG_BOT_CALLS <= 255);
STATIC_ASSERT(CFG_BOT_QUEUE >= 1 && CFG_BOT_QUEUE <= 16384);
STATIC_ASSERT(CFG_BOT_BODY_BYTES >= 1024 && CFG_BOT_BODY_BYTES <= 1 << 24);
STATIC_ASSERT(CFG_BOT_ANSWER_MS >= 1 && CFG_BOT_ANSWER_MS <= 1 << 30);
STATIC_ASSERT(CFG_BOT_WAIT_MS >= 1 && CFG_BOT_WAIT_MS <= 1 << 30);
STATIC_ASSERT(CFG_BOT_RATE >= 1 && CFG_BOT_RATE <= 10000);
/* The buffer holds the front and input that waits; else choose a shorter CFG_CHAT_LINE_BYTES. */
STATIC_ASSERT(CFG_CONN_BUFFER_BYTES >= CHAT_FRONT_BYTES + 32);
/* What is left of a line fits where nothing is being typed. */
STATIC_ASSERT(CHAT_FRONT_BYTES >= CHAT_LINE_RENDERED_BYTES);
/* Half of the log holds several of the longest entries. */
/* A line typed at the console is taken as a whole. */
STATIC_ASSERT(!CFG_CONSOLE_EDITOR || CHAT_ROOM_BYTES > CFG_EDITOR_LINE_BYTES);
STATIC_ASSERT(CFG_CHAT_LOG_BYTES >= 4 * (CHAT_LINE_RENDERED_BYTES + 36));

#endif
