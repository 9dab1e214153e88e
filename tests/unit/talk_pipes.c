/* SPDX-License-Identifier: MIT */
/* `linnet talk` on pipes, from its command line to its exit status: every byte through as it is,
 * ends passed on and waited for, and the right sentence when something is owed.
 * uses port/sim, uses fake_terminal.c, uses fake_talk.c */
#include "apps/talk/talk_app.h"
#include "tests/check.h"
#include "tests/unit/fake_talk.h"

#define FIRST SIM_DIALLED
#define GAP CFG_TALK_GAP_MS
#define SEE "; see \"linnet talk --help\"\n"

enum { STUCK_MS = 40000 };

static const struct talk_session command_line[] = {
    {{NULL}, .status = 2, .said = "linnet: talk wants a HOST" SEE},
    {{"a", "b"}, .status = 2, .said = "linnet: \"b\" is one argument too many" SEE},
    {{"a:0"}, .status = 2, .said = "linnet: talk wants HOST or HOST:PORT, not a:0" SEE},
    {{"-4", "-6", "a"}, .status = 2, .said = "linnet: -6 wants no -4 beside it" SEE},
    {{"-6", "-4", "a"}, .status = 2, .said = "linnet: -4 wants no -6 beside it" SEE},
    {{"--reconnect", "--no-reconnect", "a"}, .status = 2,
     .said = "linnet: --no-reconnect wants no --reconnect beside it" SEE},
    {{"--no-reconnect", "--reconnect", "a"}, .status = 2,
     .said = "linnet: --reconnect wants no --no-reconnect beside it" SEE},
    {{"--reconnect", "--reconnect", "--no-reconnect", "a"}, .status = 2,
     .said = "linnet: --no-reconnect wants no --reconnect beside it" SEE},
    {{"--help"}, .shown = "usage: linnet talk [options] HOST[:PORT]\n", .shown_begins = true},
    {{"nowhere"}, .status = 6, .said = "linnet: there is no host nowhere\n"},
    {{"-4", "::1"}, .status = 6, .said = "linnet: there is no host ::1 with an IPv4 address\n"},
    {{"-6", "127.0.0.1"}, .status = 6,
     .said = "linnet: there is no host 127.0.0.1 with an IPv6 address\n"},
};

static const struct talk_session connecting[] = {
    {{"localhost:1"}, .status = 7, .said =
     "linnet: cannot reach localhost at [::1]:1: connection refused\n"
     "linnet: cannot reach localhost at 127.0.0.1:1: connection refused\n", .ending = CLOSED},
    {{"127.0.0.1"}, .faults = {{SIM_CONNECT_UNREACHABLE, FIRST, 0, 0}}, .status = 7, .said =
     "linnet: cannot reach 127.0.0.1 at 127.0.0.1:6667: there is no way to that address\n"},
    {{"127.0.0.1"}, .faults = {{SIM_CONNECT_FULL, FIRST, 0, 0}}, .status = 7, .said =
     "linnet: cannot reach 127.0.0.1 at 127.0.0.1:6667: there is no free handle\n"},
    {{"127.0.0.1"}, .faults = {{SIM_CONNECTED_TIMEDOUT, FIRST, 0, 0}},
     .steps = {{100, ASKED_TO_STOP, NULL, 0}}, .status = 7, .ending = CLOSED},
    /* The first address that answers is the one. */
    {{"localhost"}, .faults = {{SIM_CONNECTED_REFUSED, FIRST, 0, 0}},
     .steps = {{200, DIALS, NULL, 2}, {0, TYPE, "hello\n", 0}, {100, HEARD, "hello\n", 0},
               {0, INPUT_ENDS, NULL, 0}, {100, HEARD_SHUT, "hello\n", 0}, {0, CLOSE, NULL, 0}},
     .status = 0, .said = "linnet: cannot reach localhost at [::1]:6667: connection refused\n",
     .ending = CLOSED},
    {{"-4", "localhost"}, .steps = {{100, INPUT_ENDS, NULL, 0}, {100, CLOSE, NULL, 0}},
     .faults = {{SIM_CONNECTED_REFUSED, FIRST, 1, 0}}, .ending = CLOSED},
};

static const struct talk_session ends[] = {
    /* Our end is passed on, what comes behind it is shown, and the server's end waited for. */
    {{"127.0.0.1"}, .steps = {
        {100, TYPE, "one\ntw", 0}, {100, HEARD, "one\ntw", 0}, {0, SEND, "1\x1b[2J\r\n2", 0},
        {100, SHOWN, "1\x1b[2J\r\n2", 0}, {0, TYPE, "o", 0}, {100, HEARD, "one\ntwo", 0},
        {0, INPUT_ENDS, NULL, 0}, {100, HEARD_SHUT, "one\ntwo", 0}, {5000, SEND, "3\n", 0},
        {5000, SHOWN, "1\x1b[2J\r\n23\n", 0}, {0, SHUT, NULL, 0}},
     .shown = "1\x1b[2J\r\n23\n", .ending = CLOSED},
    /* It ended first: is there more to say? */
    {{"127.0.0.1"}, .steps = {{100, TYPE, "hello\n", 0}, {100, HEARD, "hello\n", 0},
        {0, CLOSE, NULL, 0}}, .takes_ms = GAP, .ending = CLOSED},
    {{"127.0.0.1"}, .steps = {{100, TYPE, "hello\n", 0}, {100, HEARD, "hello\n", 0},
        {0, SHUT, NULL, 0}, {150, TYPE, "more\n", 0}}, .status = 18,
     .said = "linnet: 127.0.0.1 ended the conversation before all was said\n", .ending = CLOSED},
    {{"127.0.0.1"}, .steps = {{100, TYPE, "hello\n", 0}, {100, HEARD, "hello\n", 0},
        {0, SHUT, NULL, 0}, {75, INPUT_ENDS, NULL, 0}}, .ending = CLOSED},
    /* A goodbye was the last word, so nothing is waited for. */
    {{"127.0.0.1"}, .steps = {{100, TYPE, "/quit\n", 0}, {100, CLOSE, NULL, 0}},
     .ending = CLOSED},
    {{"127.0.0.1", "--reconnect"}, .steps = {{100, TYPE, "bye\n", 0}, {100, CLOSE, NULL, 0}},
     .ending = CLOSED},
    {{"127.0.0.1"}, .term = "xterm", .steps = {{100, INPUT_ENDS, NULL, 0}, {100, CLOSE, NULL, 0}},
     .ending = CLOSED},
    /* No console at all is an input that has ended. */
    {{"127.0.0.1"}, .no_console = true, .steps = {{100, HEARD_SHUT, "", 0}, {0, SEND, "x", 0},
        {100, CLOSE, NULL, 0}}, .shown = "x", .ending = CLOSED},
    /* All was said and the input has ended, but not before the server did. */
    {{"127.0.0.1"}, .faults = {{SIM_SEND_AGAIN, FIRST, 0, STUCK_MS}},
     .steps = {{100, TYPE, "hello\n", 0}, {100, SHUT, NULL, 0}}, .status = 18,
     .said = "linnet: 127.0.0.1 ended the conversation before all was said\n",
     .ending = CLOSED},
    {{"127.0.0.1"}, .faults = {{SIM_SEND_AGAIN, FIRST, 0, STUCK_MS}},
     .steps = {{100, TYPE, "hello\n", 0}, {100, INPUT_ENDS, NULL, 0}}, .status = 18,
     .said = "linnet: cut a peer that took too little of what it was owed (127.0.0.1)\n"
             "linnet: 127.0.0.1 takes no more bytes\n", .takes_ms = CFG_STALL_MS - 100,
     .ending = ABORTED},
    {{"127.0.0.1"}, .steps = {{100, TYPE, "hello\n", 0}, {100, RESET, NULL, 0}}, .status = 18,
     .said = "linnet: 127.0.0.1 reset the connection\n", .ending = CLOSED},
    {{"127.0.0.1"}, .steps = {{100, INPUT_ENDS, NULL, 0}, {100, RESET, NULL, 0}}, .status = 18,
     .said = "linnet: 127.0.0.1 reset the connection\n", .ending = CLOSED},
    {{"127.0.0.1"}, .steps = {{100, TYPE, "hello\n", 0}, {100, ASKED_TO_STOP, NULL, 0}},
     .status = 18, .ending = CLOSED},
    /* More than there is room for waits where it is until there is. */
    {{"127.0.0.1"}, .faults = {{SIM_SEND_AGAIN, FIRST, 0, 2000}},
     .steps = {{100, FILL, NULL, 70}, {0, INPUT_ENDS, NULL, 0}, {2500, HEARD_BYTES, NULL, 4900},
        {0, CLOSE, NULL, 0}}, .ending = CLOSED},
    /* It ended in the middle of our last line. */
    {{"127.0.0.1"}, .faults = {{SIM_SEND_SHORT, FIRST, 0, 0}, {SIM_SEND_AGAIN, FIRST, 1, STUCK_MS}},
     .steps = {{100, TYPE, "hello", 0}, {100, INPUT_ENDS, NULL, 0}, {100, SHUT, NULL, 0}},
     .status = 18, .said = "linnet: 127.0.0.1 ended the conversation before all was said\n",
     .ending = CLOSED},
    /* Nobody reads what we show. */
    {{"127.0.0.1"}, .steps = {{100, SEND, "1\n", 0}, {100, UNREAD, NULL, 0}, {0, SEND, "2\n", 0}},
     .status = 1, .shown = "1\n", .ending = CLOSED},
};

static const struct talk_session again[] = {
    /* --reconnect: the line that was cut is ended, and no notice stands in between. */
    {{"--reconnect", "127.0.0.1"}, .steps = {{100, SEND, "cut", 0}, {100, CLOSE, NULL, 0},
        {900, DIALS, NULL, 1}, {200, DIALS, NULL, 2}, {0, TYPE, "hi", 0}, {100, HEARD, "hi", 0},
        {0, SEND, "back\n", 0}, {100, INPUT_ENDS, NULL, 0}, {100, CLOSE, NULL, 0}},
     .shown = "cut\nback\n", .ending = CLOSED},
    /* What could not be said is said then. */
    {{"--reconnect", "127.0.0.1"}, .faults = {{SIM_SEND_AGAIN, FIRST, 0, STUCK_MS}},
     .steps = {{100, TYPE, "hello\n", 0}, {100, INPUT_ENDS, NULL, 0}, {100, SHUT, NULL, 0},
        {900, DIALS, NULL, 1}, {300, HEARD_SHUT, "hello\n", 0}, {0, CLOSE, NULL, 0}},
     .ending = CLOSED},
    /* Each connection is told of the end of the input. */
    {{"--reconnect", "127.0.0.1"}, .steps = {{100, INPUT_ENDS, NULL, 0}, {100, HEARD_SHUT, "", 0},
        {0, RESET, NULL, 0}, {1300, HEARD_SHUT, "", 0}, {0, SEND, "x", 0}, {100, CLOSE, NULL, 0}},
     .shown = "x\n", .ending = CLOSED},
    /* Each address is tried again, from the first. */
    {{"--reconnect", "localhost"}, .faults = {{SIM_CONNECTED_REFUSED, FIRST, 0, 0},
        {SIM_CONNECTED_REFUSED, FIRST + 2, 0, 0}, {SIM_CONNECTED_REFUSED, FIRST + 3, 0, 0}},
     .steps = {{200, DIALS, NULL, 2}, {0, RESET, NULL, 0}, {1300, DIALS, NULL, 4},
        {1600, DIALS, NULL, 4}, {400, DIALS, NULL, 5}, {100, INPUT_ENDS, NULL, 0},
        {100, HEARD_SHUT, "", 0}, {0, CLOSE, NULL, 0}},
     .said = "linnet: cannot reach localhost at [::1]:6667: connection refused\n",
     .ending = CLOSED},
    {{"--reconnect", "127.0.0.1"}, .steps = {{100, RESET, NULL, 0}, {500, ASKED_TO_STOP, NULL, 0}},
     .status = 18, .ending = CLOSED},
    {{"--no-reconnect", "127.0.0.1"}, .steps = {{100, RESET, NULL, 0}}, .status = 18,
     .said = "linnet: 127.0.0.1 reset the connection\n", .ending = CLOSED},
};

static const struct talk_session texts[] = {
    {{"--timestamps", "127.0.0.1"}, .steps = {{100, SEND, "a\nb", 0}, {100, SEND, "c\n\nd", 0},
        {100, SHOWN, "12:34:56 a\n12:34:56 bc\n12:34:56 \n12:34:56 d", 0}, {0, SEND, "\ne", 0},
        {100, INPUT_ENDS, NULL, 0}, {100, CLOSE, NULL, 0}}, .ending = CLOSED,
     .shown = "12:34:56 a\n12:34:56 bc\n12:34:56 \n12:34:56 d\n12:34:56 e"},
    /* --raw: one message, one answer, whose end is a pause. */
    {{"--raw", "127.0.0.1"}, .steps = {{100, TYPE, "one\n\ntwo\nthree", 0}, {100, HEARD, "one", 0},
        {0, SEND, "an", 0}, {100, SEND, "swer", 0}, {200, HEARD, "one", 0},
        {150, HEARD, "onetwo", 0}, {0, SHOWN, "answer\n", 0}, {0, SEND, "2\n", 0},
        {100, HEARD, "onetwo", 0}, {0, INPUT_ENDS, NULL, 0}, {100, HEARD_SHUT, "onetwothree", 0},
        {0, SEND, "3", 0}, {100, CLOSE, NULL, 0}}, .shown = "answer\n2\n3\n", .ending = CLOSED},
    /* An answer that ends with its line is one answer, whatever pause comes after it. */
    {{"--raw", "127.0.0.1"}, .steps = {{100, TYPE, "a\n", 0}, {100, TYPE, "b\nc\n", 0},
        {100, HEARD, "a", 0}, {0, SEND, "ans", 0},
        {100, SEND, "wer\n", 0}, {100, HEARD, "ab", 0}, {GAP, HEARD, "ab", 0}, {0, SEND, "\n", 0},
        {100, HEARD, "abc", 0}, {0, INPUT_ENDS, NULL, 0}, {100, HEARD_SHUT, "abc", 0},
        {0, CLOSE, NULL, 0}}, .shown = "answer\n\n", .ending = CLOSED},
    /* A message that goes in pieces is one. */
    {{"--raw", "127.0.0.1"},
     .faults = {{SIM_SEND_SHORT, FIRST, 0, 0}, {SIM_SEND_SHORT, FIRST, 1, 0}},
     .steps = {{100, TYPE, "hello\nb\n", 0}, {100, HEARD, "hello", 0}, {0, INPUT_ENDS, NULL, 0},
        {0, SEND, "1\n", 0}, {100, HEARD_SHUT, "hellob", 0}, {0, CLOSE, NULL, 0}},
     .shown = "1\n", .ending = CLOSED},
    /* A message without its end waits for that, and at last for the end of the input. */
    {{"--raw", "127.0.0.1"}, .steps = {{100, TYPE, "he", 0}, {100, HEARD, "", 0},
        {0, TYPE, "llo\nb", 0}, {100, HEARD, "hello", 0}, {0, SEND, "1\n", 0},
        {100, HEARD, "hello", 0}, {0, INPUT_ENDS, NULL, 0}, {100, HEARD_SHUT, "hellob", 0},
        {0, CLOSE, NULL, 0}}, .shown = "1\n", .ending = CLOSED},
    /* Nobody answers: the next one goes nevertheless. */
    {{"--raw", "127.0.0.1"}, .steps = {{100, TYPE, "1\n2\n", 0}, {100, HEARD, "1", 0},
        {CFG_TALK_ANSWER_MS - 200, HEARD, "1", 0}, {200, HEARD, "12", 0},
        {0, INPUT_ENDS, NULL, 0}, {100, HEARD_SHUT, "12", 0}, {0, CLOSE, NULL, 0}},
     .ending = CLOSED},
    /* The next connection begins anew: nobody owes an answer there. */
    {{"--raw", "--reconnect", "127.0.0.1"}, .steps = {{100, TYPE, "one\ntwo\n", 0},
        {100, HEARD, "one", 0}, {0, CLOSE, NULL, 0}, {1200, HEARD, "two", 0},
        {0, INPUT_ENDS, NULL, 0}, {100, SEND, "2\n", 0}, {100, HEARD_SHUT, "two", 0},
        {0, CLOSE, NULL, 0}}, .shown = "2\n", .ending = CLOSED},
};

int main(void)
{
    TALK_SESSIONS_PLAY(command_line)
    TALK_SESSIONS_PLAY(connecting)
    TALK_SESSIONS_PLAY(ends)
    TALK_SESSIONS_PLAY(again)
    TALK_SESSIONS_PLAY(texts)
    return check_report("talk_pipes");
}
