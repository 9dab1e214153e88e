/* SPDX-License-Identifier: MIT */
/* Situations that a push must have met often enough: what never happens proves nothing. They are
 * seen from outside, in what clients and the port do. */
#ifndef TESTS_SIM_SEEN_H
#define TESTS_SIM_SEEN_H

#include "tests/sim/world.h"

#define SEEN_LIST(F) \
    F(TABLE_FULL, "the table is full") \
    F(ACCEPT_FULL, "no handle for a newcomer") \
    F(ACCEPT_SKIP, "a newcomer vanished before it was taken") \
    F(ACCEPT_BURST, "four newcomers in one pass") \
    F(ACCEPT_LATE, "a newcomer waited a second to be taken") \
    F(SHARE_MET, "a peer turned away for its share") \
    F(EVICTED, "the oldest silent one made room") \
    F(LISTENER_RESTS, "a listener rests") \
    F(LISTENER_BACK, "a listener is back") \
    F(END_IN_FLIGHT, "half-close with data in flight") \
    F(END_AT_ONCE, "half-close with nothing ever said") \
    F(END_AFTER_OURS, "the peer's end after ours") \
    F(RESET_OWED, "reset of somebody who is owed bytes") \
    F(RESET_IDLE, "reset of somebody idle") \
    F(RESET_FIRST, "reset before the first byte") \
    F(RESETS_TOGETHER, "two resets in one millisecond") \
    F(RECEIVE_FULL, "no memory to receive") \
    F(RECEIVE_AGAIN, "ready to receive, and nothing there") \
    F(RECEIVE_ONE, "a single byte received") \
    F(RECEIVE_MUCH, "a kilobyte received at once") \
    F(PEEKED, "bytes looked at and left") \
    F(SEND_AGAIN, "ready to send, and no room") \
    F(SEND_RESET, "the peer is gone when bytes are sent") \
    F(WINDOW_FULL, "the peer's window fills") \
    F(WINDOW_OPENS, "bytes after a full window") \
    F(SHUT_RESET, "the peer is gone when we end") \
    F(LINGER_WHOLE, "lingering to its end") \
    F(INPUT_LINGERING, "bytes from a peer that was told the end") \
    F(STALLED, "a peer that takes nothing is cut") \
    F(WAIT_EARLY, "a wait that ends early with nothing") \
    F(PAUSED, "the process was paused") \
    F(TWO_TIERS, "only some connections are waited on") \
    F(COLD_WOKEN, "bytes for a cold connection") \
    F(CLOCK_31, "the clock crosses 2^31") \
    F(CLOCK_32, "the clock crosses 2^32") \
    F(STOP_OPEN, "stopped with connections open") \
    F(STOP_OWED, "stopped with bytes owed") \
    F(REPORTED, "counters asked for in the middle") \
    F(STOP_NOW, "told to end at once") \
    F(LOG_LOST, "a log line lost") \
    F(DIAL_LATE, "dialled, and nobody answers") \
    F(DIAL_EARLY, "dialled, and no answer yet though it seemed so") \
    F(UDP_ANSWERED, "a datagram answered") \
    F(UDP_EMPTY, "an empty datagram answered") \
    F(UDP_LONG, "a datagram too long") \
    F(UDP_SILENT, "a datagram that is not answered") \
    F(UDP_UNSENT, "an answer that could not be sent") \
    F(NAME_PIECES, "a raw name in three pieces") \
    F(NAME_HALF_CLOSE, "a raw name ended by the half-close") \
    F(NAME_GAP, "a raw name ended by a gap") \
    F(HEAD_PIECES, "a request in ten pieces") \
    F(PIPELINED, "a request behind one that is not answered") \
    F(KEPT_ALIVE, "a second answer on one connection") \
    F(STATUS_206, "a part of a file") \
    F(STATUS_301, "a folder's slash") \
    F(STATUS_400, "a malformed request refused") \
    F(STATUS_404, "nothing of that name") \
    F(STATUS_408, "a request that is not over in time") \
    F(STATUS_416, "a range beyond the file") \
    F(STATUS_503, "no handle for a file") \
    F(FILE_SHRANK, "a file shrank while it was sent") \
    F(FILE_CLOSED, "an open file that became private") \
    F(FILE_REMOVED, "an open file that has no name any more") \
    F(FILE_FAILED, "a file failed while it was sent") \
    F(SEND_FILE, "bytes sent from a file without copying") \
    F(SEND_FILE_NOT_HERE, "sending from a file is not possible") \
    F(FOLDER_LISTED, "a folder listed") \
    F(CHAT_HISTORY, "history shown") \
    F(CHAT_MISSED, "a laggard told") \
    F(CHAT_CUT_LINE, "a line too long, and its sender told") \
    F(CHAT_NAME_TAKEN, "a name that somebody has") \
    F(CHAT_PRIVATE, "a private line") \
    F(CHAT_REMOVED, "a member removed by the operator") \
    F(CHAT_MUTED, "a muted member told") \
    F(CHAT_OPERATOR, "the operator speaks") \
    F(CHAT_BOT, "the bot speaks in a room") \
    F(CHAT_UNKEPT, "a line that the file of the chat does not take") \
    F(CHAT_OTHER, "another protocol sent away") \
    F(CONSOLE_STALLED, "the console takes nothing") \
    F(CONSOLE_EDITED, "lines edited at the console") \
    F(CONSOLE_ENDED, "the operator leaves") \
    F(DESK_ONE_SEND, "a bare answer in one send") \
    F(DESK_BYE, "bye alone, in its time") \
    F(DESK_HALF, "a guest that half-closed is answered") \
    F(DESK_LONG, "an answer as long as a guest can read") \
    F(BOT_LATE, "the service is late") \
    F(BOT_BROKEN, "the service broke off") \
    F(BOT_TOO_LONG, "the service says too much") \
    F(BOT_BUSY, "too many questions for the bot") \
    F(BOT_REFUSED, "the service refuses") \
    F(BOT_GONE, "a guest vanished while the bot was asked")

#define SEEN_ENUM(name, text) SEEN_##name,
enum seen { SEEN_LIST(SEEN_ENUM) SEEN_COUNT };
#undef SEEN_ENUM

const char *seen_name(enum seen which);
/* How often each was seen since the program began. */
uint64_t seen_count(enum seen which);

/* The hooks of port/sim, called before what else looks at them. */
void seen_begin(void);
void seen_trace(const char *call, int32_t connection, int64_t result);
void seen_accepted(unsigned id);
void seen_received(unsigned id, const uint8_t *bytes, size_t n);
void seen_ended(unsigned id);
void seen_broken(unsigned id);
void seen_sent(unsigned id, const uint8_t *bytes, size_t n);
void seen_ending(unsigned id, enum sim_ending how);
void seen_waiting(const struct port_event *events, size_t n);
void seen_waited(const struct port_event *events, size_t n);
void seen_datagram(const struct port_datagram *info, size_t n);
void seen_answered(size_t n);

#endif
