/* SPDX-License-Identifier: MIT */
/* `linnet talk` at a terminal, as a person sees it: the line being typed below what comes in, the
 * notices, the keys, servers that come and go, and leaving.
 * uses port/sim, uses fake_terminal.c, uses fake_talk.c */
#include "apps/talk/talk_app.h"
#include "tests/check.h"
#include "tests/unit/fake_talk.h"

#define FIRST SIM_DIALLED
#define GAP CFG_TALK_GAP_MS
#define HOST "127.0.0.1"
#define THERE "*** " HOST " is there; Ctrl-D leaves\n"
#define ENDED "*** " HOST " ended the conversation"
#define AWAY "*** " HOST " cannot be reached; trying again in "
#define ON_TERMINAL .columns = 80, .term = "xterm"
#define LEAVES {0, TYPE, "\x04", 0}, {100, CLOSE, NULL, 0}

#define X_64 "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
#define X_512 X_64 X_64 X_64 X_64 X_64 X_64 X_64 X_64

enum { STUCK_MS = 40000 };

STATIC_ASSERT(CFG_EDITOR_LINE_BYTES == 1024);

static const struct talk_session lines[] = {
    {{HOST}, ON_TERMINAL, .steps = {
        {100, SHOWN, THERE, 0}, {0, ROW, ">", 0}, {0, TYPE, "hel", 0}, {100, ROW, "> hel", 0},
        {0, SEND, "a line\r\nand ", 0}, {100, SHOWN, THERE "a line\n", 0}, {0, ROW, "> hel", 0},
        {0, SEND, "one\r\n", 0}, {100, SHOWN, THERE "a line\nand one\n", 0},
        {0, TYPE, "lo\r", 0}, {100, HEARD, "hello\n", 0}, {0, ROW, ">", 0},
        {0, SHOWN, THERE "a line\nand one\n> hello\n", 0}, {0, TYPE, "\x1b[A!\r", 0},
        {100, HEARD, "hello\nhello!\n", 0}, LEAVES},
     .shown = THERE "a line\nand one\n> hello\n> hello!\n", .ending = CLOSED},
    /* A prompt, which has no end, is shown after a while; the end alone is no line more. */
    {{HOST}, ON_TERMINAL, .steps = {
        {100, SEND, "name? ", 0}, {200, SHOWN, THERE, 0}, {150, SHOWN, THERE "name? \n", 0},
        {0, ROW, ">", 0}, {0, SEND, "\n", 0}, {100, SHOWN, THERE "name? \n", 0},
        {0, SEND, "\n", 0}, {100, SHOWN, THERE "name? \n\n", 0}, LEAVES},
     .shown = THERE "name? \n\n", .ending = CLOSED},
    /* What it goes on to say meanwhile is of the same line. */
    {{HOST}, ON_TERMINAL, .steps = {
        {100, SEND, "na", 0}, {200, SEND, "me", 0}, {200, SHOWN, THERE, 0},
        {150, SHOWN, THERE "name\n", 0}, {0, SEND, "?\n", 0},
        {GAP + 100, SHOWN, THERE "name\n?\n", 0},
        LEAVES},
     .shown = THERE "name\n?\n", .ending = CLOSED},
    {{"-q", HOST}, ON_TERMINAL, .steps = {{100, SHOWN, "", 0}, {0, ROW, ">", 0},
        {0, SEND, "cut", 0},
        {0, TYPE, "abc", 0}, {100, RESET, NULL, 0}, {100, ROW, "> abc", 0}, {1200, TYPE, "\x15", 0},
        {100, ROW, ">", 0}, LEAVES}, .shown = "cut\n",
     .ending = CLOSED},
    {{"--timestamps", HOST}, ON_TERMINAL, .steps = {{100, SEND, "a\nb\n", 0},
        {100, SHOWN, "12:34:56 " THERE "12:34:56 a\n12:34:56 b\n", 0}, {0, TYPE, "c\r", 0},
        {100, ROW, ">", 0}, LEAVES},
     .shown = "12:34:56 " THERE "12:34:56 a\n12:34:56 b\n12:34:56 > c\n", .ending = CLOSED},
    /* --raw: a person's next message waits for no answer. */
    {{"--raw", HOST}, ON_TERMINAL, .steps = {{100, TYPE, "a\r\rb\r", 0}, {100, HEARD, "ab", 0},
        {0, SEND, "x", 0}, {350, SHOWN, THERE "> a\n> \n> b\nx\n", 0}, LEAVES},
     .shown = THERE "> a\n> \n> b\nx\n", .ending = CLOSED},
};

static const struct talk_session keys[] = {
    {{HOST}, ON_TERMINAL, .steps = {
        {100, TYPE, "abc", 0}, {100, TYPE, "\x0c", 0}, {100, SHOWN, "", 0}, {0, ROW, "> abc", 0},
        {0, TYPE, "\x04\x1b", 0}, {100, SILENT, NULL, 0}, {0, ROW, "> abc", 0},
        {0, TYPE, "[D\x0b", 0}, {100, ROW, "> ab", 0}, {0, TYPE, "\x15", 0}, {100, ROW, ">", 0},
        LEAVES}, .ending = CLOSED},
    /* Ctrl-C leaves whatever was typed. */
    {{HOST}, ON_TERMINAL, .steps = {{100, TYPE, "abc\x03not these", 0}, {100, CLOSE, NULL, 0}},
     .shown = THERE, .ending = CLOSED},
    /* The input is gone. */
    {{HOST}, ON_TERMINAL, .steps = {{100, INPUT_ENDS, NULL, 0}, {100, CLOSE, NULL, 0}},
     .shown = THERE, .ending = CLOSED},
    /* What changes nothing is not drawn again. */
    {{"-q", HOST}, ON_TERMINAL, .steps = {{100, TYPE, "abc", 0}, {100, SEND, "half", 0},
        {100, SILENT, NULL, 0}, {0, SEND, "\n", 0}, {300, ROW, "> abc", 0}, {0, RESET, NULL, 0},
        {100, SILENT, NULL, 0}, {0, TYPE, "\x03", 0}}, .shown = "half\n", .ending = CLOSED},
    /* Nobody there: the terminal is left as it is. */
    {{HOST ":1"}, ON_TERMINAL, .status = 7, .ending = CLOSED,
     .said = "linnet: cannot reach " HOST " at " HOST ":1: connection refused\n"},
    /* The line is full. */
    {{HOST}, ON_TERMINAL, .steps = {{100, TYPE, X_512, 0}, {100, TYPE, X_512, 0},
        {100, BELLS, NULL, 0}, {0, TYPE, "x", 0}, {100, BELLS, NULL, 1}, {0, TYPE, "\x15", 0},
        {100, ROW, ">", 0}, LEAVES}, .shown = THERE, .ending = CLOSED},
    /* A server that does not end after us is left in the end. */
    {{HOST}, ON_TERMINAL, .steps = {{100, TYPE, "bye\r", 0}, {100, TYPE, "\x04", 0},
        {100, ROW, "", 0}}, .shown =
     THERE "> bye\n", .takes_ms = CFG_LINGER_MS, .ending = CLOSED},
    /* The terminal is taken away: its keys are others' then, and it is painted anew after that. */
    {{HOST}, ON_TERMINAL, .steps = {
        {100, TYPE, "abc\x01", 0}, {100, WIDTH, NULL, 0}, {0, REDRAW, NULL, 0},
        {0, OTHERS, "\nshell\n$ ", 0}, {100, TYPE, "d\r", 0}, {0, SEND, "meanwhile\n", 0},
        {100, SHOWN, THERE "> abc\nshell\n$ meanwhile\n", 0}, {0, ROW, "", 0}, {0, HEARD, "", 0},
        {0, WIDTH, NULL, 80}, {0, REDRAW, NULL, 0}, {100, HEARD, "dabc\n", 0}, {0, ROW, ">", 0},
        {0, TYPE, "efgh", 0}, {0, OTHERS, "\nagain\n", 0}, {0, REDRAW, NULL, 0},
        {100, ROW, "> efgh", 0}, {0, WIDTH, NULL, 9}, {0, REDRAW, NULL, 0}, {100, ROW, "efgh", 0},
        {0, TYPE, "\x05\x15", 0}, LEAVES},
     .shown = THERE "> abc\nshell\n$ meanwhile\n> dabc\n> \nagain\n", .ending = CLOSED},
    /* As narrow as a terminal can be. */
    {{HOST}, .columns = 1, .term = "xterm", .steps = {{100, TYPE, "a\r", 0}, {100, HEARD, "a\n", 0},
        {0, REDRAW, NULL, 0}, {100, TYPE, "b\r", 0}, {100, HEARD, "a\nb\n", 0}, LEAVES},
     .shown = THERE "> a\n> b\n", .ending = CLOSED},
    /* A terminal that is too simple edits lines itself. */
    {{HOST}, .columns = 80, .term = "dumb", .steps = {
        {100, SHOWN, "", 0}, {0, ROW, "", 0}, {0, TYPE, "abc", 0}, {100, HEARD, "abc", 0},
        {0, SEND, "x\xff\x1b\n", 0}, {100, SHOWN, "x??\n", 0}, {0, WIDTH, NULL, 70},
        {0, REDRAW, NULL, 0}, {100, TYPE, "\n", 0}, {100, HEARD, "abc\n", 0},
        {0, INPUT_ENDS, NULL, 0}, {100, HEARD_SHUT, "abc\n", 0}, {0, CLOSE, NULL, 0}},
     .shown = "x??\n", .ending = CLOSED},
    {{HOST}, .columns = 80, .term = NULL, .steps = {
        {100, TYPE, "abc", 0}, {100, HEARD, "abc", 0}, {0, INPUT_ENDS, NULL, 0},
        {100, CLOSE, NULL, 0}}, .ending = CLOSED},
    {{HOST}, ON_TERMINAL, .no_console = true, .steps = {{100, HEARD_SHUT, "", 0},
        {0, SEND, "x", 0}, {100, CLOSE, NULL, 0}}, .shown = "x\n", .ending = CLOSED},
};

static const struct talk_session again[] = {
    /* On a terminal it connects again, and says what was typed meanwhile. */
    {{HOST}, ON_TERMINAL, .steps = {
        {100, TYPE, "one\rtw", 0}, {100, HEARD, "one\n", 0}, {0, SEND, "cut", 0},
        {100, CLOSE, NULL, 0},
        {100, SHOWN, THERE "> one\ncut\n" ENDED "; trying again in 1 s\n", 0}, {0, ROW, "> tw", 0},
        {0, TYPE, "o\r", 0}, {700, DIALS, NULL, 1}, {300, HEARD, "two\n", 0}, {0, DIALS, NULL, 2},
        {0, SHOWN, THERE "> one\ncut\n" ENDED "; trying again in 1 s\n> two\n*** " HOST
         " is back\n", 0}, {0, ROW, ">", 0}, LEAVES},
     .shown = THERE "> one\ncut\n" ENDED "; trying again in 1 s\n> two\n*** " HOST " is back\n",
     .ending = CLOSED},
    {{HOST}, ON_TERMINAL, .faults = {{SIM_CONNECTED_REFUSED, FIRST + 1, 0, 0},
        {SIM_CONNECTED_REFUSED, FIRST + 2, 0, 0}}, .steps = {
        {100, TYPE, "abc", 0}, {100, RESET, NULL, 0}, {1200, ROW, "> abc", 0}, {0, DIALS, NULL, 2},
        {1600, DIALS, NULL, 2}, {400, DIALS, NULL, 3},
        {0, SHOWN, THERE "*** " HOST " reset the connection; trying again in 1 s\n" AWAY
         "2 s\n" AWAY "4 s\n", 0}, {0, ROW, "> abc", 0}, {0, TYPE, "\x03", 0}},
     .shown = THERE "*** " HOST " reset the connection; trying again in 1 s\n" AWAY "2 s\n" AWAY
      "4 s\n", .ending = CLOSED},
    /* There is nobody to leave: it ends at once, also while it connects. */
    {{HOST}, ON_TERMINAL, .steps = {{100, RESET, NULL, 0}, {100, TYPE, "\x04", 0}},
     .shown = THERE "*** " HOST " reset the connection; trying again in 1 s\n", .ending = CLOSED},
    {{HOST}, ON_TERMINAL, .faults = {{SIM_CONNECTED_TIMEDOUT, FIRST + 1, 0, 0}},
     .steps = {{100, RESET, NULL, 0}, {1100, DIALS, NULL, 2}, {0, TYPE, "\x04", 0}},
     .shown = THERE "*** " HOST " reset the connection; trying again in 1 s\n", .ending = CLOSED},
    {{HOST}, ON_TERMINAL, .faults = {{SIM_CONNECTED_TIMEDOUT, FIRST + 1, 0, 0}},
     .steps = {{100, RESET, NULL, 0}, {1100, DIALS, NULL, 2}, {0, ASKED_TO_STOP, NULL, 0}},
     .shown = THERE "*** " HOST " reset the connection; trying again in 1 s\n", .ending = CLOSED},
    {{HOST}, ON_TERMINAL, .steps = {{100, TYPE, "abc", 0}, {100, ASKED_TO_STOP, NULL, 0}},
     .shown = THERE, .ending = CLOSED},
    /* What one connection ended by says nothing of the next. */
    {{"-q", "--reconnect", HOST}, ON_TERMINAL, .steps = {
        {100, CLOSE, NULL, 0}, {1200, TYPE, "/quit\r", 0},
        {100, CLOSE, NULL, 0}}, .shown = "> /quit\n", .ending = CLOSED},
    {{HOST}, ON_TERMINAL, .steps = {{100, CLOSE, NULL, 0}, {1300, RESET, NULL, 0},
        {100, TYPE, "\x03", 0}}, .ending = CLOSED, .shown = THERE ENDED "; trying again in 1 s\n"
        "*** " HOST " is back\n*** " HOST " reset the connection; trying again in 2 s\n"},
    /* After a goodbye it does not. */
    {{HOST}, ON_TERMINAL, .steps = {{100, TYPE, "/quit\r", 0}, {100, CLOSE, NULL, 0}},
     .shown = THERE "> /quit\n", .ending = CLOSED},
    {{"--no-reconnect", HOST}, ON_TERMINAL, .steps = {{100, SEND, "cut", 0}, {100, CLOSE, NULL, 0}},
     .shown = THERE "cut\n" ENDED "\n", .ending = CLOSED},
    {{"--no-reconnect", HOST}, ON_TERMINAL, .steps = {{100, TYPE, "abc", 0}, {100, RESET, NULL, 0}},
     .status = 18, .shown = THERE, .said = "linnet: " HOST " reset the connection\n",
     .ending = CLOSED},
};

static const struct talk_session stuck[] = {
    /* The server takes nothing now: leaving waits for it, but not when asked to twice. */
    {{HOST}, ON_TERMINAL, .faults = {{SIM_SEND_AGAIN, FIRST, 0, 5000}}, .steps = {
        {100, TYPE, "one\r\x04", 0}, {5100, HEARD_SHUT, "one\n", 0}, {0, CLOSE, NULL, 0}},
     .shown = THERE "> one\n", .ending = CLOSED},
    {{HOST}, ON_TERMINAL, .faults = {{SIM_SEND_AGAIN, FIRST, 0, STUCK_MS}}, .steps = {
        {100, TYPE, "one\r\x04", 0}, {500, HEARD, "", 0}, {0, TYPE, "\x04", 0}},
     .shown = THERE "> one\n", .ending = ABORTED, .takes_ms = CFG_DRAIN_MS},
    {{HOST}, ON_TERMINAL, .faults = {{SIM_SEND_AGAIN, FIRST, 0, STUCK_MS}}, .steps = {
        {100, TYPE, "one\r\x04", 0}, {100, RESET, NULL, 0}},
     .shown = THERE "> one\n", .ending = CLOSED},
    {{HOST}, ON_TERMINAL, .faults = {{SIM_SEND_AGAIN, FIRST, 0, STUCK_MS}}, .steps = {
        {100, TYPE, "one\r\x04", 0}, {100, CLOSE, NULL, 0}},
     .shown = THERE "> one\n", .ending = CLOSED},
    {{HOST}, ON_TERMINAL, .faults = {{SIM_SEND_AGAIN, FIRST, 0, 1000}}, .steps = {
        {100, TYPE, "one\r\x04", 0}, {500, HEARD, "", 0}, {0, TYPE, "\x04", 0},
        {700, HEARD_SHUT, "one\n", 0}, {0, CLOSE, NULL, 0}},
     .shown = THERE "> one\n", .ending = CLOSED},
    /* A goodbye that did not arrive is said again. */
    {{HOST}, ON_TERMINAL, .faults = {{SIM_SEND_AGAIN, FIRST, 0, STUCK_MS}}, .steps = {
        {100, TYPE, "bye\r", 0}, {100, SHUT, NULL, 0}, {1200, HEARD, "bye\n", 0},
        {0, CLOSE, NULL, 0}},
     .shown = THERE "> bye\n" ENDED "; trying again in 1 s\n*** " HOST " is back\n",
     .ending = CLOSED},
    {{HOST, "--no-reconnect"}, ON_TERMINAL, .faults = {{SIM_SEND_AGAIN, FIRST, 0, STUCK_MS}},
     .steps = {{100, TYPE, "one\r", 0}, {100, SHUT, NULL, 0}},
     .status = 18, .shown = THERE "> one\n",
     .said = "linnet: " HOST " ended the conversation before all was said\n", .ending = CLOSED},
};

/* Nobody takes what is typed: what has no room stays in its row, and the bell says so. */
STATIC_ASSERT(CFG_TALK_UNSENT_BYTES == 4096);

static const struct talk_session full[] = {
    {{HOST}, ON_TERMINAL, .steps = {
        {100, CLOSE, NULL, 0}, {100, FILL, NULL, 58}, {20, BELLS, NULL, 0}, {0, FILL, NULL, 1},
        {20, BELLS, NULL, 1}, {0, TYPE, "\x17" "abc", 0}, {20, ROW, "> abc", 0},
        {500, HEARD_BYTES, NULL, 58 * 70}, {0, TYPE, "\x0c\r", 0},
        {100, HEARD_BYTES, NULL, 58 * 70 + 4}, LEAVES},
     .shown = "> abc\n",
     .ending = CLOSED},
};

int main(void)
{
    TALK_SESSIONS_PLAY(lines)
    TALK_SESSIONS_PLAY(keys)
    TALK_SESSIONS_PLAY(again)
    TALK_SESSIONS_PLAY(stuck)
    TALK_SESSIONS_PLAY(full)
    return check_report("talk_terminal");
}
