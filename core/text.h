/* SPDX-License-Identifier: MIT */
/* Text built piece by piece in a caller's buffer, and numbers read from text: what stdio would do,
 * in bounded memory and without it. */
#ifndef CORE_TEXT_H
#define CORE_TEXT_H

#include "port/port.h"

struct text {
    char *bytes;
    size_t capacity;
    size_t n;    /* bytes in use, at most capacity */
    bool cut;    /* something did not fit; what fitted stays */
};

/* Starts an empty text over `capacity` > 0 bytes. No NUL is ever added. */
void text_begin(struct text *text, char *bytes, size_t capacity);

void text_put_bytes(struct text *text, const char *bytes, size_t n);
void text_put(struct text *text, const char *string); /* without its NUL */
void text_put_char(struct text *text, char c);
void text_put_number(struct text *text, uint64_t number);
void text_put_signed(struct text *text, int64_t number);
/* At least `width` characters, filled with `fill` on the left; width at most 20. */
void text_put_padded(struct text *text, uint64_t number, unsigned width, char fill);

/* One of several counts: " name=3". */
void text_put_count(struct text *text, const char *name, uint64_t count);

/* Bytes from a peer, for logs: printable ASCII but '"' and '\' as it is, all else as \xNN. */
void text_put_escaped(struct text *text, const void *bytes, size_t n);

/* An address as people write it: 192.0.2.1, 2001:db8::1 (RFC 5952), fe80::1%2; v4-mapped as IPv4.
 * With its port: 192.0.2.1:80, [2001:db8::1]:80. */
void text_put_ip(struct text *text, const struct port_address *address);
void text_put_address(struct text *text, const struct port_address *address);

/* What a hexadecimal digit stands for, 0 to 15; -1: it is none. */
int text_hex_value(char c);

/* Reads n bytes, all decimal digits, as a number of at most `max`; false otherwise. */
bool text_read_number(const char *bytes, size_t n, uint64_t max, uint64_t *number);

#endif
