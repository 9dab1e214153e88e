/* SPDX-License-Identifier: MIT */
/* Texts in GBK: a table of 22,000 characters has no place on such a board. */
#include "port/port.h"

int port_text_convert(enum port_conversion conversion, const char *text, size_t n, char *out,
                      size_t out_bytes)
{
    (void)conversion;
    (void)text;
    (void)n;
    (void)out;
    (void)out_bytes;
    return PORT_NOENT;
}
