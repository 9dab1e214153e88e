/* SPDX-License-Identifier: MIT */
/*
 * Raw name or HTTP? A first line is HTTP when it begins with a token, one space and "/", "*" or
 * "http", or contains " HTTP/"; decided at the byte that shows it.
 */
#ifndef APPS_FILEGET_HTTP_SNIFF_H
#define APPS_FILEGET_HTTP_SNIFF_H

#include "port/port.h"

struct http_sniff {
    uint8_t state;   /* private */
    uint8_t version; /* private: bytes of " HTTP/" that match so far */
    bool dirty;      /* a control byte or 255 was among them: no request line holds one */
};

/* Takes a byte of the first line; its struct starts zeroed. True: it is HTTP, and nothing more is
 * to be taken. */
bool http_sniff_byte(struct http_sniff *sniff, uint8_t byte);

/* True when a pause should not end the line, n bytes so far, because more bytes may well make it
 * HTTP: it is the beginning of a known method, or goes on behind one, or stands in the middle of
 * what http_sniff_byte looks for. */
bool http_sniff_may_be(const struct http_sniff *sniff, const uint8_t *line, size_t n);

#endif
