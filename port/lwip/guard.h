/* SPDX-License-Identifier: MIT */
/*
 * What lwIP asks of this port while it works; lwipopts.h names this file in LWIP_HOOK_FILENAME.
 * Every segment passes lwip_port_segment_check first. It does two things.
 *
 * When a SYN finds the listener's queue or the pool of control blocks full, the peer who has been
 * half-open longest, and for a second at least, makes room for it.
 *
 * And it guards against a defect of lwIP up to 2.1.3: out-of-order segments that reach beyond the
 * receive window are queued untrimmed, and when the gap before them is filled, the window falls
 * below zero (an assertion fails, or worse). Such segments are acknowledged and dropped; honest
 * peers never send them.
 */
#ifndef PORT_LWIP_GUARD_H
#define PORT_LWIP_GUARD_H

#include "lwip/arch.h"
#include "lwip/err.h"
#include "lwip/ip_addr.h"

struct pbuf;
struct tcp_hdr;
struct tcp_pcb;

#ifdef __cplusplus
extern "C" {
#endif

/* ERR_OK: lwIP may process the segment. */
err_t lwip_port_segment_check(struct tcp_pcb *pcb, const struct tcp_hdr *header,
                              const struct pbuf *p);

/* How many pieces of out-of-order segments may be queued: what the connection's unread bytes leave
 * of its share of the pool. */
u16_t lwip_port_ooseq_pieces(const struct tcp_pcb *pcb);

/* The first sequence number of a connection, which nobody off its path can guess (RFC 6528). */
u32_t lwip_port_first_sequence(const ip_addr_t *local, u16_t local_port, const ip_addr_t *remote,
                               u16_t remote_port);

#ifdef __cplusplus
}
#endif

#define LWIP_HOOK_TCP_INPACKET_PCB(pcb, header, optlen, opt1len, opt2, p) \
    lwip_port_segment_check(pcb, header, p)
#define TCP_OOSEQ_PBUFS_LIMIT(pcb) lwip_port_ooseq_pieces(pcb)
#define LWIP_HOOK_TCP_ISN lwip_port_first_sequence

#endif
