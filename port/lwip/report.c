/* SPDX-License-Identifier: MIT */
/* How full lwIP's pools are, for the log; and what they take. */
#include <string.h>

#include "lwip/memp.h"
#include "lwip/priv/tcp_priv.h"
#include "lwip/stats.h"

#include "port/lwip/board.h"
#include "port/lwip/stack.h"

enum { LINE_BYTES = 160 };

static size_t put(char *line, size_t n, const char *text)
{
    for (; *text != '\0' && n < LINE_BYTES; text++) {
        line[n++] = *text;
    }
    return n;
}

static size_t put_number(char *line, size_t n, size_t value)
{
    char digits[21];
    size_t at = sizeof digits - 1;
    digits[at] = '\0';
    do {
        digits[--at] = (char)('0' + value % 10);
        value /= 10;
    } while (value > 0 && at > 0);
    return put(line, n, digits + at);
}

#if MEM_STATS && MEMP_STATS
/* " name=used/available most=ever" */
static size_t put_pool(char *line, size_t n, const char *name, const struct stats_mem *pool)
{
    n = put(line, n, name);
    n = put_number(line, n, pool->used);
    n = put(line, n, "/");
    n = put_number(line, n, pool->avail);
    n = put(line, n, " most ");
    return put_number(line, n, pool->max);
}
#endif

static size_t time_wait_count(void)
{
    size_t count = 0;
    for (const struct tcp_pcb *block = tcp_tw_pcbs; block != NULL; block = block->next) {
        count++;
    }
    return count;
}

void stack_report(void)
{
    char line[LINE_BYTES];
    size_t n = put(line, 0, "linnet: lwip: time_wait=");
    n = put_number(line, n, time_wait_count());
    n = put(line, n, ", stack=");
    n = put_number(line, n, board_stack_bytes());
#if MEM_STATS && MEMP_STATS
    n = put_pool(line, n, ", heap=", &lwip_stats.mem);
    n = put_pool(line, n, ", frames=", lwip_stats.memp[MEMP_PBUF_POOL]);
    n = put_pool(line, n, ", tcp=", lwip_stats.memp[MEMP_TCP_PCB]);
    n = put_pool(line, n, ", segments=", lwip_stats.memp[MEMP_TCP_SEG]);
#endif
    port_log(line, n);
}

#if MEM_LIBC_MALLOC || MEMP_MEM_MALLOC
size_t stack_pools_static_bytes(void)
{
    return 0;
}
#else
size_t stack_pools_static_bytes(void)
{
    size_t bytes = MEM_SIZE;
    for (size_t i = 0; i < MEMP_MAX; i++) {
        bytes += (size_t)memp_pools[i]->num * memp_pools[i]->size;
    }
    return bytes;
}
#endif
