/* SPDX-License-Identifier: MIT */
/* The files of a board: a constant table in its program memory, made by boards/lwip/rom_image.c. */
#ifndef PORT_LWIP_ROM_H
#define PORT_LWIP_ROM_H

#include <stddef.h>
#include <stdint.h>

struct rom_file {
    const char *name;     /* "index.html", "css/plain.css": as port_file_open takes names */
    const uint8_t *bytes;
    uint32_t size_bytes;
    uint32_t modified_ns;
    int64_t modified_s;   /* since 1970 */
};

/* The table that the tool makes, in the order of strcmp of the names; folders exist by the names of
 * what is in them. */
extern const struct rom_file rom_files[];
extern const size_t rom_files_count;

/* Makes a table the files there are; before, there are none. At most 65,535. */
void lwip_port_set_files(const struct rom_file *files, size_t count);

#endif
