/* SPDX-License-Identifier: MIT */
/* The guard against segments that lwIP would queue wrongly; see guard.h. */
#include "lwip/priv/tcp_priv.h"

#include "port/lwip/guard.h"
#include "port/lwip/stack.h"

/* An honest peer answers our answer within this time, or is so far away that it comes again. */
enum { HALF_OPEN_TICKS = 1000 / TCP_SLOW_INTERVAL };

/* Somebody wants to connect, and there is no place for it: the peer who has longest not answered
 * our answer makes room, so that a flood of SYNs from nowhere does not keep others out for long. */
static void half_open_make_room(const struct tcp_pcb_listen *listener)
{
    bool full = listener->accepts_pending >= listener->backlog;
    struct tcp_pcb *oldest = NULL;
    unsigned active = 0;
    for (struct tcp_pcb *pcb = tcp_active_pcbs; pcb != NULL; pcb = pcb->next) {
        active++;
        bool candidate = pcb->state == SYN_RCVD && (!full || pcb->listener == listener) &&
                         tcp_ticks - pcb->tmr >= HALF_OPEN_TICKS;
        if (candidate && (oldest == NULL || tcp_ticks - pcb->tmr > tcp_ticks - oldest->tmr)) {
            oldest = pcb;
        }
    }
    if (oldest != NULL && (full || active >= MEMP_NUM_TCP_PCB)) {
        tcp_abandon(oldest, 0);
    }
}

err_t lwip_port_segment_check(struct tcp_pcb *pcb, const struct tcp_hdr *header,
                              const struct pbuf *p)
{
    if (pcb->state == LISTEN && TCPH_FLAGS(header) == TCP_SYN) {
        half_open_make_room((const struct tcp_pcb_listen *)pcb);
    }
    if (pcb->state < ESTABLISHED || pcb->state == TIME_WAIT) {
        return ERR_OK;
    }
    bool ends = (TCPH_FLAGS(header) & TCP_FIN) != 0;
    uint32_t length = (uint32_t)p->tot_len + (ends ? 1u : 0u);
    uint32_t ahead = header->seqno - pcb->rcv_nxt; /* modulo 2^32, as sequence numbers are */
    bool out_of_order = ahead != 0 && ahead < 0x80000000u;
    if (length == 0 || !out_of_order || ahead + length <= pcb->rcv_wnd) {
        return ERR_OK;
    }
    tcp_ack_now(pcb);
    (void)tcp_output(pcb);
    return ERR_VAL;
}

u16_t lwip_port_ooseq_pieces(const struct tcp_pcb *pcb)
{
    const struct stack_socket *socket = stack_stream_of(pcb);
    unsigned kept = socket != NULL && socket->received != NULL ? pbuf_clen(socket->received) : 0;
    return (u16_t)(kept < PORT_LWIP_STREAM_PIECES ? PORT_LWIP_STREAM_PIECES - kept : 0);
}
