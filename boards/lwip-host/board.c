/* SPDX-License-Identifier: MIT */
/* The board: lwIP's interfaces on the wire that was chosen, and the clock. */
#include "port/lwip/board.h"

#include <string.h>

#include "lwip/etharp.h"
#include "lwip/ethip6.h"
#include "lwip/ip.h"
#include "lwip/netif.h"
#include "netif/ethernet.h"

#include "boards/lwip-host/host.h"
#include "port/lwip/lwip_config.h"

/* Interfaces in memory: 127.0.0.1 (with ::1 and fe80::1), 127.0.0.2 and 127.0.0.3. */
enum { MEMORY_INTERFACES = 3, FRAMES_PER_POLL = PORT_LWIP_DATAGRAMS_MAX, MTU = 1500 };

struct host_settings host_settings = {
    .wire = HOST_MEMORY,
    .ipv4 = "10.77.0.2",
    .hardware = 2,
};

static struct {
    struct netif interfaces[MEMORY_INTERFACES];
    uint8_t frame[HOST_FRAME_BYTES];
    uint64_t clock_ms;  /* HOST_MEMORY */
    uint32_t sent;      /* frames, to tell which are lost */
    uint32_t noise;
} state = {.clock_ms = 4294900000u}; /* so that 32-bit clocks wrap soon */

/* ---- Frames ---------------------------------------------------------------------------------- */

bool host_frame_lost(void)
{
    uint32_t x = state.sent++ * 2654435761u + host_settings.seed;
    x ^= x >> 16;
    x *= 2246822519u;
    x ^= x >> 13;
    x *= 3266489917u;
    x ^= x >> 16;
    return x % 1000 < host_settings.lost_permille;
}

static err_t memory_output(struct netif *netif, struct pbuf *p)
{
    if (p->tot_len > sizeof state.frame) {
        return ERR_BUF;
    }
    uint16_t n = pbuf_copy_partial(p, state.frame, p->tot_len, 0);
    if (!host_frame_lost()) {
        (void)host_memory_put((unsigned)(netif - state.interfaces), state.frame, n);
    }
    return ERR_OK;
}

static err_t memory_output_ipv4(struct netif *netif, struct pbuf *p, const ip4_addr_t *to)
{
    (void)to;
    return memory_output(netif, p);
}

static err_t memory_output_ipv6(struct netif *netif, struct pbuf *p, const ip6_addr_t *to)
{
    (void)to;
    return memory_output(netif, p);
}

static err_t link_output(struct netif *netif, struct pbuf *p)
{
    (void)netif;
    uint16_t n = pbuf_copy_partial(p, state.frame, sizeof state.frame, ETH_PAD_SIZE);
    if (!host_frame_lost()) {
        (void)host_link_put(state.frame, n);
    }
    return ERR_OK;
}

/* Takes the frame that lies in state.frame into the pool, and to lwIP. */
static void frame_input(struct netif *netif, size_t n, uint16_t pad)
{
    struct pbuf *p = pbuf_alloc(PBUF_RAW, (uint16_t)(n + pad), PBUF_POOL);
    if (p == NULL) {
        return; /* the network lost one */
    }
    (void)pbuf_remove_header(p, pad);
    (void)pbuf_take(p, state.frame, (uint16_t)n);
    (void)pbuf_add_header(p, pad);
    if (netif->input(p, netif) != ERR_OK) {
        (void)pbuf_free(p);
    }
}

void board_poll(void)
{
    for (unsigned left = FRAMES_PER_POLL; left > 0; left--) {
        unsigned number = 0;
        bool memory = host_settings.wire == HOST_MEMORY;
        size_t n = memory ? host_memory_take(&number, state.frame) : host_link_take(state.frame);
        if (n == 0) {
            break;
        }
        frame_input(&state.interfaces[number], n, memory ? 0 : ETH_PAD_SIZE);
    }
}

/* ---- Interfaces ------------------------------------------------------------------------------ */

static err_t memory_start(struct netif *netif)
{
    netif->name[0] = 'm';
    netif->name[1] = 'e';
    netif->mtu = MTU;
    netif->output = memory_output_ipv4;
    netif->output_ip6 = memory_output_ipv6;
    return ERR_OK;
}

static err_t link_start(struct netif *netif)
{
    static const uint8_t hardware[6] = {0x02, 0x6c, 0x69, 0x6e, 0x65, 0x00};
    netif->name[0] = 'l';
    netif->name[1] = 'i';
    netif->mtu = MTU;
    netif->output = etharp_output;
    netif->output_ip6 = ethip6_output;
    netif->linkoutput = link_output;
    netif->hwaddr_len = sizeof hardware;
    memcpy(netif->hwaddr, hardware, sizeof hardware);
    netif->hwaddr[5] = host_settings.hardware;
    netif->flags |= NETIF_FLAG_BROADCAST | NETIF_FLAG_ETHARP | NETIF_FLAG_ETHERNET |
                    NETIF_FLAG_MLD6;
    return ERR_OK;
}

static void interface_add_ipv6(struct netif *netif, s8_t slot, const char *text)
{
    ip6_addr_t address;
    CHECK(ip6addr_aton(text, &address) == 1);
    ip6_addr_assign_zone(&address, IP6_UNICAST, netif);
    netif_ip6_addr_set(netif, slot, &address);
    netif_ip6_addr_set_state(netif, slot, IP6_ADDR_PREFERRED);
}

static void memory_interfaces_add(void)
{
    for (unsigned i = 0; i < MEMORY_INTERFACES; i++) {
        struct netif *netif = &state.interfaces[i];
        ip4_addr_t address;
        ip4_addr_t mask;
        IP4_ADDR(&address, 127, 0, 0, (uint8_t)(1 + i));
        IP4_ADDR(&mask, 255, 255, 255, 255);
        CHECK(netif_add(netif, &address, &mask, NULL, NULL, memory_start, ip_input) == netif);
        netif_set_link_up(netif);
        netif_set_up(netif);
    }
    interface_add_ipv6(&state.interfaces[0], 0, "fe80::1");
    interface_add_ipv6(&state.interfaces[0], 1, "::1");
}

static void link_interface_add(void)
{
    struct netif *netif = &state.interfaces[0];
    ip4_addr_t address;
    ip4_addr_t mask;
    CHECK(ip4addr_aton(host_settings.ipv4, &address) == 1);
    IP4_ADDR(&mask, 255, 255, 255, 0);
    CHECK(netif_add(netif, &address, &mask, NULL, NULL, link_start, ethernet_input) == netif);
    netif_set_default(netif);
    netif_create_ip6_linklocal_address(netif, 1);
    netif_ip6_addr_set_state(netif, 0, IP6_ADDR_PREFERRED);
    netif_set_ip6_autoconfig_enabled(netif, 1);
    if (host_settings.ipv6 != NULL) {
        interface_add_ipv6(netif, 1, host_settings.ipv6);
    }
    netif_set_link_up(netif);
    netif_set_up(netif);
}

bool board_start(void)
{
    if (host_settings.wire == HOST_MEMORY) {
        memory_interfaces_add();
        return true;
    }
    if (!host_link_open()) {
        static const char text[] = "linnet: the wire cannot be opened\n";
        board_console_write(text, sizeof text - 1);
        return false;
    }
    link_interface_add();
    return true;
}

/* ---- Clock ----------------------------------------------------------------------------------- */

void host_clock_advance(uint64_t ms)
{
    state.clock_ms += ms;
}

uint64_t board_now_ms(void)
{
    return host_settings.wire == HOST_MEMORY ? state.clock_ms : host_clock_ms();
}

void board_sleep(uint32_t ms)
{
    if (host_settings.wire != HOST_MEMORY) {
        host_link_sleep(ms);
    } else if (!host_memory_waits()) {
        state.clock_ms += ms;
    }
}

size_t board_stack_bytes(void)
{
    return 0;
}

/* In memory everything is the same every time. */
uint32_t board_noise(void)
{
    return host_settings.wire == HOST_MEMORY ? ++state.noise : host_noise();
}
