/* SPDX-License-Identifier: MIT */
/* A board has no port_tool.h; its tests are linked all the same, and not run. */
#include "port/port_tool.h"

int port_root_open(const char *path, unsigned flags)
{
    (void)path;
    (void)flags;
    port_fail(__FILE__, __LINE__);
}

void port_serving_begins(void)
{
    port_fail(__FILE__, __LINE__);
}

int port_resolve(const char *host, enum port_name_family family, uint16_t port,
                 struct port_address *addresses, size_t max)
{
    (void)host;
    (void)family;
    (void)port;
    (void)addresses;
    (void)max;
    port_fail(__FILE__, __LINE__);
}

uint32_t port_interface_number(const char *name)
{
    (void)name;
    port_fail(__FILE__, __LINE__);
}

int port_print(enum port_stream stream, const char *bytes, size_t n)
{
    (void)stream;
    (void)bytes;
    (void)n;
    port_fail(__FILE__, __LINE__);
}

unsigned port_terminal_columns(enum port_stream stream)
{
    (void)stream;
    port_fail(__FILE__, __LINE__);
}

uint64_t port_clock_us(void)
{
    port_fail(__FILE__, __LINE__);
}

int port_text_read(const char *path, char *bytes, size_t n)
{
    (void)path;
    (void)bytes;
    (void)n;
    port_fail(__FILE__, __LINE__);
}

const char *port_environment(const char *name)
{
    (void)name;
    port_fail(__FILE__, __LINE__);
}

int port_output_open(const char *path, bool keep, port_handle *output, uint64_t *size_bytes)
{
    (void)path;
    (void)keep;
    (void)output;
    (void)size_bytes;
    port_fail(__FILE__, __LINE__);
}

int port_output_write(port_handle output, const void *bytes, size_t n)
{
    (void)output;
    (void)bytes;
    (void)n;
    port_fail(__FILE__, __LINE__);
}

int port_output_sync(port_handle output)
{
    (void)output;
    port_fail(__FILE__, __LINE__);
}

int port_output_rename(const char *from, const char *to)
{
    (void)from;
    (void)to;
    port_fail(__FILE__, __LINE__);
}

int port_output_remove(const char *path)
{
    (void)path;
    port_fail(__FILE__, __LINE__);
}

int port_console_raw(bool raw)
{
    (void)raw;
    port_fail(__FILE__, __LINE__);
}
