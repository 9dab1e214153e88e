/* SPDX-License-Identifier: MIT */
/*
 * Names that peers ask for: the one rule that keeps them inside the root, whatever the protocol.
 * Decided on the bytes alone, before anything is opened; what links may do is the port's part.
 *
 * A name is components divided by slashes. Slashes at either end and doubled ones count for
 * nothing, as does a component "."; ".." takes back the component before it (RFC 3986 section
 * 5.2.4: a/../b is b), and above the root it is refused. Refused as well: a component that begins
 * with a dot, unless dot files are shown or it is /.well-known (RFC 8615), and one that is longer
 * than any file's name. Malformed: NUL, the control bytes, DEL and the backslash, unless that is
 * the second byte of a character in GBK (PORT_GBK). All else is a name as it stands: UTF-8, other
 * encodings, trailing dots and spaces, and a percent sign that is left after decoding.
 */
#ifndef CORE_NAME_H
#define CORE_NAME_H

#include "port/port.h"

enum name_result {
    NAME_OK,
    NAME_MALFORMED, /* holds a byte that no name holds */
    NAME_REFUSED    /* to be answered like a name that does not exist */
};

/* Decodes percent escapes (RFC 3986 section 2.1) in place, once: %252e becomes %2e and stays so;
 * %2f becomes a slash like any other. False: an escape is broken; the bytes are then undefined. */
bool name_decode(char *bytes, size_t *n);

/* Turns *n bytes into the form of port_file_open, in place; *n of 0 is the root. Sets *directory
 * when they could name only a directory: the root, or a slash or dot component came last. The
 * bytes are undefined unless the result is NAME_OK. */
enum name_result name_confine(char *bytes, size_t *n, bool dot_files, bool *directory);

/* True when a component, n > 0 bytes as a directory holds it, can be asked for by its name: it
 * holds no byte that no name holds, and no dot at its front unless dot files are shown. */
bool name_component_shown(const char *bytes, size_t n, bool dot_files);

#endif
