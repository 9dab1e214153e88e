/* SPDX-License-Identifier: MIT */
/* What port/lwip asks of this board. */
#include "port/lwip/board.h"

#include <string.h>

#include "lwip/dhcp.h"
#include "lwip/etharp.h"
#include "lwip/ethip6.h"
#include "lwip/netif.h"
#include "netif/ethernet.h"

#include "boards/mps2-an385/board_registers.h"

enum { MTU = 1500, FRAMES_PER_POLL = 4 };

static struct {
    struct netif netif;
} state;

static err_t frame_output(struct netif *netif, struct pbuf *p)
{
    (void)netif;
    return ethernet_send(p) ? ERR_OK : ERR_IF;
}

static err_t interface_start(struct netif *netif)
{
    netif->name[0] = 'e';
    netif->name[1] = 'n';
    netif->mtu = MTU;
    netif->output = etharp_output;
    netif->output_ip6 = ethip6_output;
    netif->linkoutput = frame_output;
    netif->hwaddr_len = sizeof netif->hwaddr;
    netif->flags |= NETIF_FLAG_BROADCAST | NETIF_FLAG_ETHARP | NETIF_FLAG_ETHERNET |
                    NETIF_FLAG_MLD6;
    return ethernet_start(netif->hwaddr) ? ERR_OK : ERR_IF;
}

static bool interface_add(void)
{
    ip4_addr_t address;
    ip4_addr_t mask;
    ip4_addr_t gateway;
#ifdef BOARD_IPV4
    static const uint8_t ours[4] = {BOARD_IPV4};
    static const uint8_t router[4] = {BOARD_GATEWAY};
    IP4_ADDR(&address, ours[0], ours[1], ours[2], ours[3]);
    IP4_ADDR(&mask, 255, 255, 255, 0);
    IP4_ADDR(&gateway, router[0], router[1], router[2], router[3]);
#else
    ip4_addr_set_zero(&address);
    ip4_addr_set_zero(&mask);
    ip4_addr_set_zero(&gateway);
#endif
    return netif_add(&state.netif, &address, &mask, &gateway, NULL, interface_start,
                     ethernet_input) != NULL;
}

bool board_start(void)
{
    uart_start();
    clock_start();
#if BOARD_SEMIHOSTING
    lwip_port_set_date(host_date());
#endif
    if (!interface_add()) {
        static const char text[] = "linnet: the Ethernet chip does not answer\n";
        board_console_write(text, sizeof text - 1);
        return false;
    }
    netif_set_default(&state.netif);
    netif_create_ip6_linklocal_address(&state.netif, 1);
    netif_set_ip6_autoconfig_enabled(&state.netif, 1);
    netif_set_link_up(&state.netif);
    netif_set_up(&state.netif);
#if LWIP_DHCP
    return dhcp_start(&state.netif) == ERR_OK;
#else
    return true;
#endif
}

void board_poll(void)
{
    for (unsigned left = FRAMES_PER_POLL; left > 0; left--) {
        bool lost;
        struct pbuf *p = ethernet_receive(&lost);
        if (p == NULL && !lost) {
            break;
        }
        if (p != NULL && state.netif.input(p, &state.netif) != ERR_OK) {
            (void)pbuf_free(p);
        }
    }
}

/* Asleep with interrupts off, what comes meanwhile is pending, and ends the sleep all the same. The
 * clock's tick ends it too, so `ms` is only looked at by the caller. */
void board_sleep(uint32_t ms)
{
    (void)ms;
    interrupts_off();
    ethernet_arm();
    if (!ethernet_has_frame() && !uart_has_input()) {
        sleep_until_interrupt();
    }
    interrupts_on();
}

/* This board has no generator: the chip's free-running counter at moments that the network decides.
 * A product should have one. */
uint32_t board_noise(void)
{
    return ethernet_counter() * 2654435761u ^ SYST_CVR;
}
