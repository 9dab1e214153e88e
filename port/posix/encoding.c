/* SPDX-License-Identifier: MIT */
/* Texts in GBK, by iconv() of the C library. With PORT_GBK 0 there are none. */
#include "port/posix/posix.h"

#include <string.h>

#if PORT_GBK

#include <iconv.h>

enum { CONVERSIONS = 2 };
STATIC_ASSERT(PORT_GBK_TO_UTF8 == 0 && PORT_UTF8_TO_GBK == 1);

static struct {
    iconv_t converters[CONVERSIONS];
    bool open[CONVERSIONS];
    bool tried[CONVERSIONS];
    bool serving; /* nothing more is opened */
} state;

static int converter_run(enum port_conversion conversion, const char *text, size_t n, char *out,
                         size_t out_bytes)
{
    const iconv_t converter = state.converters[conversion];
    char *from = (char *)(uintptr_t)text; /* iconv() has no const */
    char *to = out;
    size_t left = out_bytes;
    size_t result;

    (void)iconv(converter, NULL, NULL, NULL, NULL); /* from the beginning, whatever was before */
    result = iconv(converter, &from, &n, &to, &left);
    if (result == (size_t)-1) {
        return errno == E2BIG ? PORT_FULL : PORT_SKIP;
    }
    /* A count above 0: characters that the other encoding lacks were replaced. */
    return result == 0 && n == 0 ? (int)(out_bytes - left) : PORT_SKIP;
}

/* Opens and runs it once: what the C library loads and reserves for it is there from then on. One
 * that cannot do that is none: musl's knows GBK only to read it. */
static void converter_open(enum port_conversion conversion)
{
    const bool to_utf8 = conversion == PORT_GBK_TO_UTF8;
    const char *text = to_utf8 ? "\xd6\xd0" : "\xe4\xb8\xad"; /* U+4E2D */
    char out[8];

    state.tried[conversion] = true;
    state.converters[conversion] = iconv_open(to_utf8 ? "UTF-8" : "GBK", to_utf8 ? "GBK" : "UTF-8");
    state.open[conversion] = state.converters[conversion] != (iconv_t)-1;
    if (state.open[conversion] &&
        converter_run(conversion, text, strlen(text), out, sizeof(out)) != (to_utf8 ? 3 : 2)) {
        (void)iconv_close(state.converters[conversion]);
        state.open[conversion] = false;
    }
}

static void converter_prepare(enum port_conversion conversion)
{
    if (!state.tried[conversion] && !state.serving) {
        converter_open(conversion);
    }
}

int port_text_convert(enum port_conversion conversion, const char *text, size_t n, char *out,
                      size_t out_bytes)
{
    CHECK((unsigned)conversion < CONVERSIONS);
    CHECK(n < POSIX_MOVE_BYTES_MAX && out_bytes < POSIX_MOVE_BYTES_MAX);
    converter_prepare(conversion);
    if (!state.open[conversion]) {
        return PORT_NOENT;
    }
    return n == 0 ? 0 : converter_run(conversion, text, n, out, out_bytes);
}

void posix_encoding_serve(bool converts)
{
    static const char none[] =
        "linnet: the system converts no GBK: names and texts are taken as they stand";
    static const char half[] = "linnet: the system reads GBK but cannot write it: texts are UTF-8";

    if (converts && !state.serving) {
        converter_prepare(PORT_GBK_TO_UTF8);
        converter_prepare(PORT_UTF8_TO_GBK);
        if (!state.open[PORT_GBK_TO_UTF8]) {
            port_log(none, sizeof(none) - 1);
        } else if (!state.open[PORT_UTF8_TO_GBK]) {
            port_log(half, sizeof(half) - 1);
        }
    }
    state.serving = true;
}

void posix_encoding_close(void)
{
    int i;

    for (i = 0; i < CONVERSIONS; i++) {
        if (state.open[i]) {
            (void)iconv_close(state.converters[i]);
        }
    }
    memset(&state, 0, sizeof(state));
}

size_t posix_encoding_static_bytes(void)
{
    return sizeof(state);
}

#else

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

void posix_encoding_serve(bool converts)
{
    (void)converts;
}

void posix_encoding_close(void)
{
}

size_t posix_encoding_static_bytes(void)
{
    return 0;
}

#endif
