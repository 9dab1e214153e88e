/* SPDX-License-Identifier: MIT */
/*
 * Line framing: bytes of a peer in, cleaned lines out, byte by byte into a buffer of the caller's.
 *
 * A line ends with LF or CR LF; both are removed. Telnet commands (RFC 854, 855) are removed and
 * IAC IAC is the byte 255. A command that is no command is text: when a telnet client sends an
 * interrupt, the byte behind its last IAC travels out of band and is missing. CR NUL is removed
 * too; as it is also what a terminal in character mode sends for its Enter key (RFC 1123 section
 * 3.3.1), it lets a quiet gap end the line. Any other CR, and NUL, are text.
 *
 * The lines and their facts are the same however the input is split, but for LINE_TYPED, which is
 * about the first read.
 */
#ifndef CORE_LINE_H
#define CORE_LINE_H

#include "port/port.h"

enum line_event {
    LINE_OPEN,     /* all bytes were taken, and the line goes on */
    LINE_COMPLETE, /* a line ended; line_next before the next line_take */
    LINE_ASKED     /* a telnet request that line_answer answers; the line goes on */
};

/* Facts, in `facts`. */
enum {
    LINE_BEGUN = 1,   /* something was received */
    LINE_FED = 2,     /* an LF was seen: a line client for good */
    LINE_TELNET = 4,  /* a telnet command was seen */
    LINE_TYPED = 8,   /* the first read was a single byte: a person typing */
    LINE_ENTER = 16,  /* CR NUL is the last that came */
    LINE_CUT = 32     /* this line was longer than the maximum, and lost its rest */
};

struct line {
    uint16_t n;       /* bytes of this line in the caller's buffer */
    uint8_t state;    /* private */
    uint8_t facts;
    uint8_t asked;    /* WILL or DO, and the option, of the last LINE_ASKED */
    uint8_t option;
};

/* Starts. A zeroed struct is started as well. */
void line_begin(struct line *line);

/* Takes of n > 0 received bytes what belongs to this line, up to and with its end, or up to a
 * telnet request. Puts the line at the front of `buffer`, at most `max` bytes of it (1 to 65,535,
 * the same for one line throughout). Returns how many bytes it took. The first call is the first
 * read. Bytes past the maximum may end in the middle of a character (utf8_cut, core/utf8.h). */
size_t line_take(struct line *line, uint8_t *buffer, size_t max, const uint8_t *bytes, size_t n,
                 enum line_event *event);

/* Forgets the line that is complete, or ended otherwise: by a quiet gap, a half-close, a deadline.
 * A telnet command in progress goes on. */
void line_next(struct line *line);

/* True when there is a line that a quiet gap ends: something is in it, and its sender is neither a
 * line client nor a person typing, or typed Enter. */
bool line_gap_ends(const struct line *line);

enum { LINE_ANSWER_BYTES = 3 };

/* The answer to the last LINE_ASKED: every option is refused, but the timing mark (RFC 860), on
 * which a telnet client waits after an interrupt. LINE_ANSWER_BYTES bytes. */
void line_answer(const struct line *line, uint8_t *answer);

#endif
