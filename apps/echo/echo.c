/* SPDX-License-Identifier: MIT */
/*
 * TCP: bytes go straight back; what the peer does not take at once waits in a ring over the
 * connection's buffer, and no more is read than fits there. UDP: see echo_answers.
 */
#include "apps/echo/echo.h"

#include <string.h>

#include "core/address.h"
#include "core/rate.h"

enum {
    LOW_PORT_END = 32768,   /* ports below are servers' rather than clients' */
    LOW_PORT_RATE = 20,     /* datagrams per second from each such */
    UDP_BURST = 200
};

struct echo_conn {
    uint16_t head;     /* where the oldest unsent byte lies in the ring */
    uint16_t used;     /* unsent bytes; with a fixed reply: bytes of it sent */
    bool ended;        /* the peer will send no more */
    bool replying;
};
STATIC_ASSERT(sizeof(struct echo_conn) <= CFG_CONN_APP_BYTES);

static struct echo_state {
    struct rate_entry sources[CFG_ECHO_SOURCE_SETS * RATE_WAYS];
    uint64_t answered;
    uint64_t unanswered; /* by who sent it */
    uint64_t limited;    /* by how many came */
    unsigned reply_kind;
    char reply[CFG_ECHO_REPLY_BYTES]; /* stays when all else begins anew */
} state;

struct echo_settings echo_settings = {1000, 0, state.reply};

static bool echo_start(void)
{
    memset(&state, 0, offsetof(struct echo_state, reply));
    state.reply_kind = deadline_kind(CFG_ECHO_REPLY_MS);
    return true;
}

/* ---- TCP ----------------------------------------------------------------------------------- */

static void echo_opened(struct conn *conn)
{
    conn_room_set(conn, CFG_CONN_BUFFER_BYTES);
    if (echo_settings.reply_bytes > 0) {
        conn_deadline_set(conn, 0, state.reply_kind);
    }
}

static void echo_reply(struct conn *conn)
{
    struct echo_conn *echo = conn_state(conn);
    if (!echo->replying) {
        echo->replying = true;
        conn_output_ask(conn);
    }
}

/* Puts n bytes behind those in the ring; they fit. */
static void echo_keep(struct conn *conn, const uint8_t *bytes, size_t n)
{
    struct echo_conn *echo = conn_state(conn);
    uint8_t *ring = conn_buffer(conn);
    CHECK(echo->used + n <= CFG_CONN_BUFFER_BYTES);
    size_t tail = ((size_t)echo->head + echo->used) % CFG_CONN_BUFFER_BYTES;
    size_t first = CFG_CONN_BUFFER_BYTES - tail < n ? CFG_CONN_BUFFER_BYTES - tail : n;
    memcpy(ring + tail, bytes, first);
    memcpy(ring, bytes + first, n - first);
    echo->used = (uint16_t)(echo->used + n);
}

static size_t echo_input(struct conn *conn, const uint8_t *bytes, size_t n)
{
    struct echo_conn *echo = conn_state(conn);
    conn_settle(conn);
    if (echo_settings.reply_bytes > 0) {
        echo_reply(conn);
        return n;
    }
    size_t taken = echo->used == 0 ? conn_write(conn, bytes, n, false) : 0;
    size_t room = CFG_CONN_BUFFER_BYTES - (size_t)echo->used;
    size_t kept = n - taken < room ? n - taken : room;
    if (kept > 0) {
        echo_keep(conn, bytes + taken, kept);
        conn_output_ask(conn);
        conn_room_set(conn, CFG_CONN_BUFFER_BYTES - (size_t)echo->used);
    }
    return taken + kept;
}

static void echo_ended(struct conn *conn)
{
    struct echo_conn *echo = conn_state(conn);
    echo->ended = true;
    if (echo_settings.reply_bytes > 0) {
        echo_reply(conn);
    } else if (echo->used == 0) {
        conn_finish(conn);
    }
}

static bool echo_produce_reply(struct conn *conn)
{
    struct echo_conn *echo = conn_state(conn);
    size_t left = (size_t)echo_settings.reply_bytes - echo->used;
    size_t sent = conn_write(conn, echo_settings.reply + echo->used, left, false);
    echo->used = (uint16_t)(echo->used + sent);
    if (sent < left) {
        return true;
    }
    conn_finish(conn);
    return false;
}

static bool echo_produce(struct conn *conn, size_t room)
{
    struct echo_conn *echo = conn_state(conn);
    (void)room;
    if (echo->replying) {
        return echo_produce_reply(conn);
    }
    const uint8_t *ring = conn_buffer(conn);
    for (unsigned half = 0; half < 2 && echo->used > 0; half++) { /* a ring is at most two pieces */
        size_t piece = CFG_CONN_BUFFER_BYTES - (size_t)echo->head;
        bool wraps = piece < echo->used;
        piece = wraps ? piece : echo->used;
        size_t sent = conn_write(conn, ring + echo->head, piece, wraps);
        echo->head = (uint16_t)((echo->head + sent) % CFG_CONN_BUFFER_BYTES);
        echo->used = (uint16_t)(echo->used - sent);
    }
    conn_room_set(conn, CFG_CONN_BUFFER_BYTES - (size_t)echo->used);
    if (echo->used == 0 && echo->ended) {
        conn_finish(conn);
    }
    return echo->used > 0;
}

static void echo_due(struct conn *conn, unsigned kind)
{
    CHECK(conn != NULL && kind == state.reply_kind);
    echo_reply(conn);
}

/* ---- UDP ----------------------------------------------------------------------------------- */

/* Ports whose owners answer whatever comes (beyond those below 1,024, all refused): two such
 * talking to each other would never stop. RFC 8085 section 3.1. */
static const uint16_t answering_ports[] = {1434, 1900, 3283, 3702, 5351, 5353, 5683, 11211, 27015};

static bool echo_port_answers(uint16_t port)
{
    for (size_t i = 0; i < COUNT_OF(answering_ports); i++) {
        if (port == answering_ports[i]) {
            return true;
        }
    }
    return port < 1024;
}

/* Whether a datagram from there is to be answered at all. */
static bool echo_answers(const struct port_datagram *info)
{
    const struct port_address *from = &info->from;
    return !echo_port_answers(from->port) && from->port != info->to.port && !info->from_self &&
           !info->to_many && !address_is_multicast(from) && !address_is_broadcast(from) &&
           !address_is_unspecified(from);
}

/* Whether its source has not sent too many: ports of servers are held to a rate at which even two
 * servers of ours, deceived into answering each other, do no harm. */
static bool echo_within_rate(const struct port_address *from)
{
    bool low = from->port < LOW_PORT_END;
    if (!low && (echo_settings.udp_rate == 0 || address_is_loopback(from))) {
        return true;
    }
    uint32_t key = address_peer_key(from); /* half the work of an answer */
    return low ? rate_table_take(state.sources, CFG_ECHO_SOURCE_SETS, key ^ 1u, port_now_ms(),
                                 LOW_PORT_RATE, LOW_PORT_RATE)
               : rate_table_take(state.sources, CFG_ECHO_SOURCE_SETS, key, port_now_ms(),
                                 echo_settings.udp_rate, UDP_BURST);
}

static void echo_datagram(unsigned socket, const struct port_datagram *info, const uint8_t *bytes,
                          size_t n)
{
    if (!echo_answers(info)) {
        state.unanswered++;
    } else if (!echo_within_rate(&info->from)) {
        state.limited++;
    } else if (datagram_send(socket, &info->to, &info->from, bytes, n)) {
        state.answered++;
    }
}

/* ---- The app ------------------------------------------------------------------------------- */

static void echo_report(struct text *line)
{
    text_put_count(line, "udp_answered", state.answered);
    text_put_count(line, "udp_unanswered", state.unanswered);
    text_put_count(line, "udp_limited", state.limited);
}

#if CORE_LIMITS
static const struct limit echo_limits[] = {
    LIMIT(CFG_ECHO_SOURCE_SETS, "sets of 4",
     "sources whose datagram rate is kept"),
    LIMIT(CFG_ECHO_REPLY_BYTES, "bytes", "the longest --echo-reply"),
    LIMIT(CFG_ECHO_REPLY_MS, "ms", "a silent peer gets the --echo-reply"),
};
#endif

const struct app echo_app = {
    .name = "echo",
    .start = echo_start,
    .opened = echo_opened,
    .input = echo_input,
    .ended = echo_ended,
    .produce = echo_produce,
    .due = echo_due,
    .datagram = echo_datagram,
    .report = echo_report,
    .bulk = true,
    .stall_bytes = 1,
    .static_bytes = sizeof state + sizeof echo_settings,
#if CORE_LIMITS
    .limits = echo_limits,
    .limits_count = COUNT_OF(echo_limits),
#endif
};
