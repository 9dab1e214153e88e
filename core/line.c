/* SPDX-License-Identifier: MIT */
/* Line framing: a state machine over bytes. */
#include "core/line.h"

enum {
    /* RFC 854: 240 and above are commands, below they are options or data. */
    TELNET_SE = 240,
    TELNET_SB = 250,
    TELNET_WILL = 251,
    TELNET_WONT = 252,
    TELNET_DO = 253,
    TELNET_DONT = 254,
    TELNET_IAC = 255,
    TELNET_TIMING_MARK = 6
};

enum line_state {
    STATE_TEXT, /* the first: a zeroed struct is started */
    STATE_CR,
    STATE_IAC,
    STATE_IAC_IAC,
    STATE_WILL_DO,
    STATE_WONT_DONT,
    STATE_SUBNEGOTIATION,
    STATE_SUBNEGOTIATION_IAC
};

void line_begin(struct line *line)
{
    *line = (struct line){0};
}

static void put_byte(struct line *line, uint8_t *buffer, size_t max, uint8_t byte)
{
    if (line->n < max) {
        buffer[line->n] = byte;
        line->n++;
    } else {
        line->facts |= LINE_CUT;
    }
}

/* A byte behind nothing that would give it a special meaning. */
static enum line_event take_text(struct line *line, uint8_t *buffer, size_t max, uint8_t byte)
{
    line->state = STATE_TEXT;
    if (byte == TELNET_IAC) {
        line->state = STATE_IAC;
    } else if (byte == '\n') {
        line->facts |= LINE_FED;
        return LINE_COMPLETE;
    } else if (byte == '\r') {
        line->state = STATE_CR;
    } else {
        put_byte(line, buffer, max, byte);
    }
    return LINE_OPEN;
}

static void take_command(struct line *line, uint8_t byte)
{
    line->facts |= LINE_TELNET;
    line->asked = byte;
    line->state = STATE_TEXT;
    if (byte == TELNET_SB) {
        line->state = STATE_SUBNEGOTIATION;
    } else if (byte == TELNET_WILL || byte == TELNET_DO) {
        line->state = STATE_WILL_DO;
    } else if (byte == TELNET_WONT || byte == TELNET_DONT) {
        line->state = STATE_WONT_DONT;
    }
}

static enum line_event take_byte(struct line *line, uint8_t *buffer, size_t max, uint8_t byte)
{
    enum line_state state = (enum line_state)line->state;

    line->facts &= (uint8_t)~LINE_ENTER;
    switch (state) {
    case STATE_TEXT:
        return take_text(line, buffer, max, byte);
    case STATE_CR:
        if (byte == 0) {
            line->state = STATE_TEXT;
            line->facts |= LINE_ENTER;
            return LINE_OPEN;
        }
        if (byte != '\n') {
            put_byte(line, buffer, max, '\r');
        }
        return take_text(line, buffer, max, byte);
    case STATE_IAC:
        if (byte == TELNET_IAC) {
            line->state = STATE_IAC_IAC;
        } else if (byte >= TELNET_SE) {
            take_command(line, byte);
        } else {
            return take_text(line, buffer, max, byte);
        }
        return LINE_OPEN;
    case STATE_IAC_IAC:
        /* 255 and a command byte are never text, so this was an IAC that lost its command. */
        if (byte >= TELNET_SE && byte != TELNET_IAC) {
            take_command(line, byte);
            return LINE_OPEN;
        }
        put_byte(line, buffer, max, TELNET_IAC);
        return take_text(line, buffer, max, byte);
    case STATE_WILL_DO:
        line->state = STATE_TEXT;
        line->option = byte;
        return LINE_ASKED;
    case STATE_WONT_DONT:
        line->state = STATE_TEXT;
        return LINE_OPEN;
    case STATE_SUBNEGOTIATION:
        if (byte == TELNET_IAC) {
            line->state = STATE_SUBNEGOTIATION_IAC;
        }
        return LINE_OPEN;
    case STATE_SUBNEGOTIATION_IAC:
        line->state = byte == TELNET_SE ? STATE_TEXT : STATE_SUBNEGOTIATION;
        return LINE_OPEN;
    }
    CHECK(false);
    return LINE_OPEN;
}

size_t line_take(struct line *line, uint8_t *buffer, size_t max, const uint8_t *bytes, size_t n,
                 enum line_event *event)
{
    size_t taken = 0;

    CHECK(n > 0);
    CHECK(max > 0 && max <= UINT16_MAX && line->n <= max);
    if ((line->facts & LINE_BEGUN) == 0) {
        line->facts |= n == 1 ? LINE_BEGUN | LINE_TYPED : LINE_BEGUN;
    }
    *event = LINE_OPEN;
    while (taken < n && *event == LINE_OPEN) {
        *event = take_byte(line, buffer, max, bytes[taken]);
        taken++;
    }
    return taken;
}

void line_next(struct line *line)
{
    line->n = 0;
    line->facts &= (uint8_t)~(LINE_CUT | LINE_ENTER);
    if (line->state == STATE_CR) {
        line->state = STATE_TEXT;
    }
}

bool line_gap_ends(const struct line *line)
{
    if (line->n == 0) {
        return false;
    }
    return (line->facts & (LINE_FED | LINE_TELNET | LINE_TYPED)) == 0
        || (line->facts & LINE_ENTER) != 0;
}

void line_answer(const struct line *line, uint8_t *answer)
{
    CHECK(line->asked == TELNET_WILL || line->asked == TELNET_DO);
    answer[0] = TELNET_IAC;
    answer[1] = line->asked == TELNET_WILL ? TELNET_DONT : TELNET_WONT;
    answer[2] = line->option;
    if (line->asked == TELNET_DO && line->option == TELNET_TIMING_MARK) {
        answer[1] = TELNET_WILL;
    }
}
