/* SPDX-License-Identifier: MIT */
/* What the bytes of a terminal's keyboard mean: UTF-8 text, control keys, and the sequences of the
 * keys beside the letters (ECMA-48, as xterm, the Linux console and their kin send them). */
#ifndef CORE_EDITOR_KEYS_H
#define CORE_EDITOR_KEYS_H

#include "port/port.h"

enum editor_key {
    EDITOR_KEY_NONE,       /* nothing yet, or nothing that means anything */
    EDITOR_KEY_TEXT,       /* a character: `text_bytes` bytes in `text` */
    EDITOR_KEY_ENTER,
    EDITOR_KEY_LEFT,
    EDITOR_KEY_RIGHT,
    EDITOR_KEY_WORD_LEFT,
    EDITOR_KEY_WORD_RIGHT,
    EDITOR_KEY_HOME,
    EDITOR_KEY_END,
    EDITOR_KEY_UP,
    EDITOR_KEY_DOWN,
    EDITOR_KEY_BACKSPACE,
    EDITOR_KEY_DELETE,
    EDITOR_KEY_KILL_LEFT,  /* ^U: what is left of the cursor */
    EDITOR_KEY_KILL_RIGHT, /* ^K */
    EDITOR_KEY_KILL_WORD,  /* ^W */
    EDITOR_KEY_CLEAR,      /* ^L: the screen */
    EDITOR_KEY_DELETE_OR_END, /* ^D */
    EDITOR_KEY_INTERRUPT   /* ^C, where the terminal makes no signal of it */
};

/* All zero at first. */
struct editor_keys {
    uint8_t state;         /* private */
    uint8_t collected;     /* private: bytes of a character that is not whole */
    uint8_t parameter;     /* private: the number that is coming in */
    uint8_t numbers[2];    /* private */
    uint8_t text_bytes;
    uint8_t text[4];
};

/* Takes one byte; returns the key that it completes. However the bytes of a key are split in time,
 * it is the same key. A lone Escape is dropped without what is typed next. */
enum editor_key editor_keys_take(struct editor_keys *keys, uint8_t byte);

#endif
