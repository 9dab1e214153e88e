/* SPDX-License-Identifier: MIT */
/*
 * Ping as an app of the core's loop. Over TCP the replies are one stream: its bytes belong to the
 * probes in the order they were sent. Over UDP each reply says which probe it answers.
 */
#include "apps/ping/ping_app.h"

#include <string.h>

#include "apps/client.h"
#include "apps/ping/ping_payload.h"
#include "apps/ping/ping_report.h"
#include "core/address.h"

enum {
    SLOT_INTERVAL,   /* deadlines of the app: the next probe is to be sent */
    SLOT_TIMEOUT,    /* the oldest may have waited for long enough */
    RECHECKS = 16    /* a reply is given up this fraction of the timeout too late at the most */
};

struct ping_settings ping_settings;

/* Where a reply differs from its probe. */
struct difference {
    bool found;
    uint8_t got;
    uint8_t wanted;
    size_t offset;
};

static struct {
    struct ping_track track;
    struct ping_findings findings;
    struct difference difference; /* in the reply that is coming in over TCP */
    struct conn *conn;
    const char *unreached;
    uint64_t dialled_us;
    uint32_t mark;    /* of this run, in every probe */
    uint32_t written; /* bytes of the newest probe that the connection took */
    uint32_t reading; /* the probe whose reply is coming in over TCP */
    uint32_t read;    /* bytes of it that came */
    unsigned socket;
    unsigned interval_kind;
    unsigned timeout_kind;
    unsigned recheck_kind;
    bool ended;
    uint8_t bytes[CFG_DATAGRAM_BYTES];
} state;

static bool ping_start(void)
{
    memset(&state, 0, sizeof state);
    ping_track_begin(&state.track);
    port_random(&state.mark, sizeof state.mark);
    state.reading = 1;
    if (ping_settings.interval_ms > 0) {
        state.interval_kind = deadline_kind(ping_settings.interval_ms);
    }
    state.timeout_kind = deadline_kind(ping_settings.timeout_ms);
    state.recheck_kind = deadline_kind((ping_settings.timeout_ms + RECHECKS - 1) / RECHECKS);
    return true;
}

/* Ends ping when nobody reads what it prints. */
static void heed(bool output_is_read)
{
    if (!output_is_read) {
        state.ended = true;
    }
}

/* ---- Sending ------------------------------------------------------------------------------- */

static bool all_sent(void)
{
    return ping_settings.count > 0 && state.track.sent >= ping_settings.count;
}

static void datagram_probe_send(uint32_t number)
{
    static const struct port_address any = {{0}, 0, 0};
    if (!datagram_send(state.socket, &any, &state.findings.address, state.bytes,
                       ping_settings.bytes)) {
        heed(ping_report_unsent(number));
    }
}

static void probe_send(void)
{
    bool unfinished = !ping_settings.datagrams && state.track.sent > 0 &&
                      state.written < ping_settings.bytes;
    if (all_sent() || unfinished) {
        return; /* what was not taken yet needs no company */
    }
    bool alone = ping_track_waiting(&state.track) == 0;
    if (ping_settings.datagrams) {
        ping_payload_fill(state.mark, state.track.sent + 1, 0, state.bytes, ping_settings.bytes);
    }
    uint32_t number = ping_track_send(&state.track, port_clock_us(), port_now_ms());
    if (number == 0) {
        return;
    }
    if (alone) {
        app_deadline_set(&ping_app, SLOT_TIMEOUT, state.timeout_kind);
    }
    if (ping_settings.datagrams) {
        datagram_probe_send(number);
    } else {
        state.written = 0;
        conn_output_ask(state.conn);
    }
}

static bool ping_produce(struct conn *conn, size_t room)
{
    (void)room;
    while (state.written < ping_settings.bytes) {
        size_t left = ping_settings.bytes - state.written;
        size_t n = left < sizeof state.bytes ? left : sizeof state.bytes;
        ping_payload_fill(state.mark, state.track.sent, state.written, state.bytes, n);
        size_t taken = conn_write(conn, state.bytes, n, n < left);
        if (taken == 0) {
            return true;
        }
        state.written += (uint32_t)taken;
    }
    return false;
}

static void sending_begin(void)
{
    probe_send();
    if (ping_settings.interval_ms > 0) {
        app_deadline_set(&ping_app, SLOT_INTERVAL, state.interval_kind);
    }
}

/* A probe has met its fate: the last one ends ping, and without an interval the next may go. */
static void fate_heed(void)
{
    if (ping_track_waiting(&state.track) > 0) {
        return;
    }
    if (all_sent()) {
        state.ended = true;
    } else if (ping_settings.interval_ms == 0) {
        probe_send();
    }
}

/* ---- Replies ------------------------------------------------------------------------------- */

static void difference_report(uint32_t number, size_t n, const struct difference *difference)
{
    if (difference->found) {
        heed(ping_report_damage(number, difference->offset, difference->got, difference->wanted));
    } else if (n != ping_settings.bytes) {
        heed(ping_report_length(number, n));
    } else {
        return;
    }
    state.findings.damaged++;
}

static void reply_heed(uint32_t number, size_t n, const struct difference *difference)
{
    const struct port_address *address = &state.findings.address;
    uint32_t round_trip_us = 0;
    enum ping_answer answer = ping_track_answer(&state.track, number, port_clock_us(),
                                                &round_trip_us);
    if (answer == PING_UNKNOWN) {
        state.findings.strange++;
        heed(ping_report_strange(address, n));
        return;
    }
    heed(ping_report_reply(address, number, n, round_trip_us, answer));
    difference_report(number, n, difference);
    fate_heed();
}

static void compare(uint32_t number, size_t offset, const uint8_t *bytes, size_t n,
                    struct difference *difference)
{
    uint8_t wanted = 0;
    size_t same = ping_payload_compare(state.mark, number, offset, bytes, n, &wanted);
    if (same < n && !difference->found) {
        difference->found = true;
        difference->offset = offset + same;
        difference->got = bytes[same];
        difference->wanted = wanted;
    }
}

/* How many bytes may come that answer something, until the next probe is sent. */
static size_t bytes_expected(void)
{
    if (state.reading > state.track.sent) {
        return 0;
    }
    uint32_t sent = state.reading == state.track.sent ? state.written : ping_settings.bytes;
    return sent - state.read;
}

static size_t ping_input(struct conn *conn, const uint8_t *bytes, size_t n)
{
    (void)conn;
    size_t at = 0;
    while (at < n && bytes_expected() > 0) {
        size_t expected = bytes_expected();
        size_t part = n - at < expected ? n - at : expected;
        compare(state.reading, state.read, bytes + at, part, &state.difference);
        state.read += (uint32_t)part;
        at += part;
        if (state.read == ping_settings.bytes) {
            struct difference difference = state.difference;
            memset(&state.difference, 0, sizeof state.difference);
            state.read = 0;
            state.reading++;
            reply_heed(state.reading - 1, ping_settings.bytes, &difference);
        }
    }
    if (at < n) {
        heed(state.findings.surplus_bytes > 0 || ping_report_surplus());
        state.findings.surplus_bytes += n - at;
    }
    return n;
}

/* Which probe a datagram answers: as its number says, unless that is what was damaged and the rest
 * is the oldest one's. 0: none. */
static uint32_t number_of(const uint8_t *bytes, size_t n)
{
    uint32_t oldest = ping_track_oldest(&state.track);
    uint32_t number = 0;
    uint8_t wanted = 0;
    bool marked = ping_payload_number(state.mark, bytes, n, &number);
    if (marked && ping_payload_compare(state.mark, number, 0, bytes, n, &wanted) == n) {
        return number;
    }
    bool resembles = n > PING_HEADER_BYTES && oldest != 0 &&
                     ping_payload_compare(state.mark, oldest, PING_HEADER_BYTES,
                                          bytes + PING_HEADER_BYTES, n - PING_HEADER_BYTES,
                                          &wanted) == n - PING_HEADER_BYTES;
    return resembles || !marked ? oldest : number;
}

static void ping_datagram(unsigned socket, const struct port_datagram *info, const uint8_t *bytes,
                          size_t n)
{
    const struct port_address *address = &state.findings.address;
    (void)socket;
    if (state.ended) {
        return;
    }
    if (!address_ip_equal(&info->from, address) || info->from.port != address->port) {
        state.findings.elsewhere++;
        heed(ping_report_elsewhere(&info->from));
        return;
    }
    struct difference difference = {false, 0, 0, 0};
    uint32_t number = number_of(bytes, n);
    size_t common = n < ping_settings.bytes ? n : ping_settings.bytes;
    compare(number, 0, bytes, common, &difference);
    reply_heed(number, n, &difference);
}

/* ---- Deadlines ----------------------------------------------------------------------------- */

static void give_up(uint32_t timeout_ms)
{
    for (unsigned left = CFG_PING_WINDOW; left > 0; left--) {
        uint32_t number = ping_track_expire(&state.track, port_now_ms(), timeout_ms);
        if (number == 0) {
            break;
        }
        if (timeout_ms > 0) {
            heed(ping_report_lost(number));
        }
    }
}

static void ping_due(struct conn *conn, unsigned kind)
{
    CHECK(conn == NULL);
    if (state.ended) {
        return;
    }
    if (kind == state.interval_kind) {
        if (!all_sent()) {
            app_deadline_set(&ping_app, SLOT_INTERVAL, state.interval_kind);
            probe_send();
        }
        return;
    }
    give_up(ping_settings.timeout_ms);
    if (ping_track_waiting(&state.track) > 0) {
        app_deadline_set(&ping_app, SLOT_TIMEOUT, state.recheck_kind);
    }
    fate_heed();
}

/* ---- The connection ------------------------------------------------------------------------ */

static void ping_opened(struct conn *conn)
{
    uint64_t took_us = port_clock_us() - state.dialled_us;
    uint32_t shown_us = took_us < UINT32_MAX ? (uint32_t)took_us : UINT32_MAX;
    state.findings.connected = true;
    conn_room_set(conn, CFG_CONN_BUFFER_BYTES);
    heed(ping_report_begin(&state.findings.address, shown_us));
    sending_begin();
}

/* The other side ended what ping had not. */
static void broken(const char *how)
{
    if (!state.ended) {
        option_complain(ping_settings.target.host, how, NULL);
        state.findings.broken = true;
        give_up(0);
        state.ended = true;
    }
}

static void ping_peer_ended(struct conn *conn)
{
    (void)conn;
    broken(" closed the connection");
}

static void ping_closed(struct conn *conn, enum conn_end why)
{
    CHECK(conn == state.conn);
    state.conn = NULL;
    if (!state.findings.connected) {
        state.unreached = client_reason(why);
    } else if (why == CONN_END_STALLED) {
        broken(" takes no more bytes");
    } else {
        broken(" reset the connection");
    }
}

static void ping_stopping(void)
{
    state.ended = true;
}

static const struct limit ping_limits[] = {
    LIMIT(CFG_PING_WINDOW, "probes", "waiting for a reply, or remembered"),
    LIMIT(CFG_PING_BYTES_MAX, "bytes", "largest probe over TCP"),
};

const struct app ping_app = {
    .name = "ping",
    .start = ping_start,
    .opened = ping_opened,
    .input = ping_input,
    .ended = ping_peer_ended,
    .produce = ping_produce,
    .due = ping_due,
    .datagram = ping_datagram,
    .closed = ping_closed,
    .stopping = ping_stopping,
    .stall_bytes = 1,
    .reserved = 1,
    .limits = ping_limits,
    .limits_count = COUNT_OF(ping_limits),
    .static_bytes = sizeof state + sizeof ping_settings,
};

/* ---- For ping.c ---------------------------------------------------------------------------- */

void ping_begin(const struct port_address *address, unsigned socket)
{
    state.findings.address = *address;
    state.socket = socket;
    state.unreached = NULL;
    if (ping_settings.datagrams) {
        state.findings.connected = true;
        heed(ping_report_begin(address, 0));
        sending_begin();
        return;
    }
    state.dialled_us = port_clock_us();
    state.conn = conn_dial(&ping_app, address);
    if (state.conn == NULL) {
        state.unreached = "no free handle";
    }
}

const char *ping_unreached(void)
{
    return state.unreached;
}

bool ping_ended(void)
{
    return state.ended;
}

bool ping_owes(void)
{
    return state.conn != NULL && conn_output_asked(state.conn);
}

const struct ping_track *ping_track(void)
{
    return &state.track;
}

const struct ping_findings *ping_findings(void)
{
    return &state.findings;
}
