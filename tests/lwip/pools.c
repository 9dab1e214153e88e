/* SPDX-License-Identifier: MIT */
/*
 * What peers can do to lwIP's memory, in one process with a clock of its own: stalled readers with
 * tiny segments, resets in every state, lost frames, a day of silence. After each, the pools are
 * empty again. Also hazard 10 to 12 as far as the stack is concerned.
 */
#include "tests/check.h"

#include <stdlib.h>
#include <string.h>

#include "lwip/memp.h"
#include "lwip/priv/tcp_priv.h"
#include "lwip/stats.h"

#include "boards/lwip-host/host.h"
#include "port/lwip/board.h"
#include "port/lwip/lwip_config.h"
#include "port/port.h"

enum { PAIRS_MAX = PORT_LWIP_STREAMS_MAX / 2, PATIENCE_MS = 60000 };

static const struct port_address unspecified;

struct pair {
    port_handle listener;
    port_handle server;
    port_handle client;
};

/* ---- Peers ----------------------------------------------------------------------------------- */

static struct port_address loopback(bool ipv4, uint16_t port)
{
    struct port_address address;
    memset(&address, 0, sizeof address);
    if (ipv4) {
        memset(address.ip + 10, 0xff, 2);
        address.ip[12] = 127;
    }
    address.ip[15] = 1;
    address.port = port;
    return address;
}

static struct port_address listen_dual(port_handle *listener)
{
    struct port_address at;
    memset(&at, 0, sizeof at);
    EXPECT(port_listen(&at, PORT_DUAL, listener) == PORT_OK);
    return at;
}

/* Lets time pass, and whatever happens in it. */
static void turn(unsigned ms)
{
    uint64_t end_ms = port_now_ms() + ms;
    do {
        (void)port_wait(NULL, 0, 10);
    } while (port_now_ms() < end_ms);
}

static bool ready(port_handle handle, uint8_t wanted)
{
    struct port_event event = {handle, wanted, 0};
    (void)port_wait(&event, 1, PATIENCE_MS);
    return event.got != 0;
}

static bool pair_with(struct pair *pair, port_handle listener, uint16_t port, bool ipv4)
{
    struct port_address to = loopback(ipv4, port);
    struct port_address peer;
    pair->listener = listener;
    return port_connect(&to, &pair->client) == PORT_OK && ready(pair->client, PORT_WRITE) &&
           port_connected(pair->client) == PORT_OK && ready(listener, PORT_READ) &&
           port_accept(listener, &pair->server, &peer) == PORT_OK;
}

/* ---- Pools ----------------------------------------------------------------------------------- */

static unsigned used(memp_t pool)
{
    return (unsigned)lwip_stats.memp[pool]->used;
}

static unsigned waiting_in_time(void)
{
    unsigned count = 0;
    for (const struct tcp_pcb *block = tcp_tw_pcbs; block != NULL; block = block->next) {
        count++;
    }
    return count;
}

/* Nothing is held but blocks in TIME_WAIT. */
static void pools_are_empty(const char *after)
{
    turn(1000);
    /* With malloc for pools, blocks in TIME_WAIT and timers are in the heap's count. */
    bool heap_empty = MEMP_MEM_MALLOC || lwip_stats.mem.used == 0;
    bool empty = used(MEMP_PBUF_POOL) == 0 && used(MEMP_TCP_SEG) == 0 && used(MEMP_PBUF) == 0 &&
                 used(MEMP_TCP_PCB) == waiting_in_time() && heap_empty;
    EXPECT(empty);
    if (!empty) {
        printf("    after %s: pieces %u, segments %u, references %u, blocks %u (%u in TIME_WAIT), "
               "heap %u\n", after, used(MEMP_PBUF_POOL), used(MEMP_TCP_SEG), used(MEMP_PBUF),
               used(MEMP_TCP_PCB), waiting_in_time(), (unsigned)lwip_stats.mem.used);
    }
}

/* ---- Tests ----------------------------------------------------------------------------------- */

/* Sends byte by byte, each in a segment of its own, until the peer's window is full. */
static size_t drip_until_full(port_handle connection, uint8_t seed)
{
    size_t sent = 0;
    for (unsigned stalls = 0; stalls < 20;) {
        uint8_t byte = (uint8_t)(seed + sent * 7);
        if (port_send(connection, &byte, 1, false) == 1) {
            sent++;
            stalls = 0;
        } else {
            stalls++;
        }
        (void)port_wait(NULL, 0, 1);
    }
    return sent;
}

static void drain_and_compare(port_handle connection, size_t n, uint8_t seed)
{
    size_t got = 0;
    bool same = true;
    uint8_t bytes[64];
    while (got < n && ready(connection, PORT_READ)) {
        int count = port_receive(connection, bytes, sizeof bytes);
        for (int i = 0; i < count; i++) {
            same = same && bytes[i] == (uint8_t)(seed + (got + (size_t)i) * 7);
        }
        got += count > 0 ? (size_t)count : 0;
    }
    EXPECT(got == n);
    EXPECT(same);
}

/* All readers stalled, every byte in its own segment: no connection holds more than its share of
 * the pool, a datagram still gets through, and nothing is lost. */
static void tiny_segments(bool ipv4)
{
    static struct pair pairs[PAIRS_MAX];
    static size_t sent[PAIRS_MAX];
    enum { DRIPPING = PAIRS_MAX < 8 ? PAIRS_MAX : 8 };
    port_handle listener;
    uint16_t port = listen_dual(&listener).port;
    struct port_address at = loopback(ipv4, 0);
    struct port_datagram info;
    port_handle datagrams;
    char bytes[8];
    EXPECT(port_datagram_open(&at, ipv4 ? PORT_IPV4 : PORT_IPV6, &datagrams) == PORT_OK);
    for (unsigned i = 0; i < DRIPPING; i++) {
        EXPECT(pair_with(&pairs[i], listener, port, ipv4));
        sent[i] = drip_until_full(pairs[i].client, (uint8_t)i);
        EXPECT(sent[i] >= PORT_LWIP_WINDOW_BYTES);
        EXPECT(used(MEMP_PBUF_POOL) <= (i + 1) * PORT_LWIP_STREAM_PIECES);
    }
    EXPECT(port_datagram_send(datagrams, "alive", 5, &unspecified, &at) == 5);
    EXPECT(ready(datagrams, PORT_READ));
    EXPECT(port_datagram_receive(datagrams, bytes, sizeof bytes, &info) == 5);
    for (unsigned i = 0; i < DRIPPING; i++) {
        drain_and_compare(pairs[i].server, sent[i], (uint8_t)i);
        port_close(pairs[i].client);
        port_close(pairs[i].server);
    }
    port_close(datagrams);
    port_close(listener);
    pools_are_empty("tiny segments");
}

/* Readers that take nothing, senders with full buffers: a newcomer's datagram is answered. */
static void full_windows(void)
{
    static uint8_t block[PORT_LWIP_SEND_BYTES];
    static struct pair pairs[PAIRS_MAX];
    port_handle listener;
    uint16_t port = listen_dual(&listener).port;
    for (unsigned i = 0; i < PAIRS_MAX; i++) {
        EXPECT(pair_with(&pairs[i], listener, port, i % 2 == 0));
        for (unsigned stalls = 0; stalls < 5;) {
            int n = port_send(pairs[i].server, block, sizeof block, false);
            EXPECT(n > 0 || n == PORT_AGAIN);
            stalls = n > 0 ? 0 : stalls + 1;
            (void)port_wait(NULL, 0, 50);
        }
    }
    EXPECT(used(MEMP_PBUF_POOL) <= PAIRS_MAX * PORT_LWIP_STREAM_PIECES);
    EXPECT(PBUF_POOL_SIZE - used(MEMP_PBUF_POOL) >= LINNET_FRAME_PIECES);
    for (unsigned i = 0; i < PAIRS_MAX; i++) {
        port_abort(pairs[i].client);
        (void)port_wait(NULL, 0, 10);
        port_close(pairs[i].server);
    }
    port_close(listener);
    pools_are_empty("full windows");
}

/* One after another, ended in every way there is. */
static void many_in_turn(void)
{
    enum { MANY = 200 };
    port_handle listener;
    uint16_t port = listen_dual(&listener).port;
    for (unsigned i = 0; i < MANY; i++) {
        struct pair pair;
        char byte;
        if (!pair_with(&pair, listener, port, i % 2 == 0)) {
            EXPECT(false);
            break;
        }
        EXPECT(port_send(pair.client, "x", 1, false) == 1);
        if (i % 3 != 0) {
            EXPECT(ready(pair.server, PORT_READ) && port_receive(pair.server, &byte, 1) == 1);
        }
        if (i % 5 == 0) {
            EXPECT(port_shut(pair.client) == PORT_OK);
            turn(20);
        }
        if (i % 7 == 0) {
            EXPECT(port_shut(pair.server) == PORT_OK);
            turn(20);
        }
        if (i % 4 == 0) {
            port_abort(pair.server);
        } else {
            port_close(pair.server);
        }
        if (i % 11 != 0) {
            turn(10);
        }
        port_close(pair.client);
    }
    port_close(listener);
    pools_are_empty("two hundred in turn");
}

/* Both ends are sent, in either order; the block goes to TIME_WAIT and away without a word. The
 * handles live on, longer than it. */
static void outlives_its_block(void)
{
    for (unsigned first = 0; first < 2; first++) {
        port_handle listener;
        uint16_t port = listen_dual(&listener).port;
        struct pair pair;
        char byte;
        EXPECT(pair_with(&pair, listener, port, true));
        EXPECT(port_shut(first ? pair.server : pair.client) == PORT_OK);
        turn(100);
        EXPECT(port_shut(first ? pair.client : pair.server) == PORT_OK);
        turn(3 * 2 * TCP_MSL);
        EXPECT(used(MEMP_TCP_PCB) == 0);
        EXPECT(port_receive(pair.server, &byte, 1) == PORT_EOF);
        EXPECT(port_receive(pair.client, &byte, 1) == PORT_EOF);
        EXPECT(port_shut(pair.server) == PORT_OK && port_shut(pair.client) == PORT_OK);
        EXPECT(port_send(pair.server, "x", 1, false) == PORT_RESET);
        EXPECT(ready(pair.server, PORT_READ) && ready(pair.client, PORT_WRITE));
        port_close(pair.server);
        port_close(pair.client);
        port_close(listener);
        pools_are_empty("TIME_WAIT");
    }
}

/* Closed with bytes that the peer never takes: given up in the end. */
static void orphan_given_up(void)
{
    static uint8_t block[PORT_LWIP_SEND_BYTES];
    port_handle listener;
    uint16_t port = listen_dual(&listener).port;
    struct pair pair;
    EXPECT(pair_with(&pair, listener, port, true));
    for (unsigned stalls = 0; stalls < 20;) {
        stalls = port_send(pair.server, block, sizeof block, false) > 0 ? 0 : stalls + 1;
        (void)port_wait(NULL, 0, 50);
    }
    port_close(pair.server);
    turn(1000);
    EXPECT(used(MEMP_TCP_PCB) == 2);
    host_settings.lost_permille = 1000;
    turn(2000 * PORT_LWIP_ORPHAN_S);
    EXPECT(used(MEMP_TCP_PCB) == 1);
    host_settings.lost_permille = 0;
    port_close(pair.client);
    port_close(listener);
    pools_are_empty("an orphan");
}

/* Peers that come while nobody accepts, and what becomes of them. */
static void queue_full(void)
{
    enum { MANY = PORT_LWIP_BACKLOG + 2 };
    struct port_address peer;
    port_handle clients[MANY];
    port_handle listener;
    port_handle server;
    uint16_t port = listen_dual(&listener).port;
    struct port_address to = loopback(true, port);
    unsigned count = 0;
    while (count < MANY && port_connect(&to, &clients[count]) == PORT_OK) {
        count++;
    }
    EXPECT(count >= PORT_LWIP_BACKLOG);
    turn(500);
    port_abort(clients[1]); /* one of those that wait */
    clients[1] = PORT_NONE;
    turn(100);
    unsigned accepted = 0;
    for (unsigned tries = 0; tries < 200 && accepted + 1 < count; tries++) {
        turn(100);
        if (port_accept(listener, &server, &peer) == PORT_OK) {
            accepted++;
            port_close(server);
        }
    }
    EXPECT(accepted + 1 == count);
    for (unsigned i = 0; i < count; i++) {
        if (clients[i] != PORT_NONE) {
            port_close(clients[i]);
        }
    }
    EXPECT(port_connect(&to, &clients[0]) == PORT_OK);
    turn(500);
    port_close(listener); /* with one waiting */
    turn(100);
    EXPECT(port_connected(clients[0]) == PORT_OK || port_connected(clients[0]) == PORT_RESET);
    port_close(clients[0]);
    pools_are_empty("a full queue");
}

/* Who was told to wait is woken, when the peer has taken some. */
static void sender_woken(void)
{
    port_handle listener;
    uint16_t port = listen_dual(&listener).port;
    struct pair pair;
    char bytes[64];
    EXPECT(pair_with(&pair, listener, port, true));
    for (unsigned round = 0; round < 20; round++) {
        int sent = 1;
        for (unsigned left = 1000; left > 0 && sent == 1; left--) {
            sent = port_send(pair.client, "x", 1, false);
        }
        EXPECT(sent == PORT_AGAIN);
        EXPECT(ready(pair.client, PORT_WRITE));
        EXPECT(port_send(pair.client, "y", 1, false) == 1);
        turn(300);
        while (port_receive(pair.server, bytes, sizeof bytes) > 0) {
        }
    }
    port_close(pair.client);
    port_close(pair.server);
    port_close(listener);
    pools_are_empty("a sender that waits");
}

/* A megabyte and back, through a wire that loses one frame in fifty. */
static void frames_lost(bool ipv4)
{
    enum { TOTAL = 1000000 };
    static uint8_t block[4096];
    port_handle listener;
    uint16_t port = listen_dual(&listener).port;
    struct pair pair;
    size_t sent = 0;
    size_t got = 0;
    bool same = true;
    EXPECT(pair_with(&pair, listener, port, ipv4));
    host_settings.lost_permille = 20;
    uint64_t end_ms = port_now_ms() + 3600 * 1000;
    while (got < TOTAL && port_now_ms() < end_ms) {
        struct port_event events[2] = {{pair.client, sent < TOTAL ? PORT_WRITE : 0, 0},
                                       {pair.server, PORT_READ, 0}};
        (void)port_wait(events, 2, 1000);
        size_t piece = TOTAL - sent < sizeof block ? TOTAL - sent : sizeof block;
        for (size_t i = 0; i < piece; i++) {
            block[i] = (uint8_t)((sent + i) * 31 + ((sent + i) >> 8));
        }
        int n = events[0].got != 0 ? port_send(pair.client, block, piece, false) : 0;
        sent += n > 0 ? (size_t)n : 0;
        n = events[1].got != 0 ? port_receive(pair.server, block, sizeof block) : 0;
        for (int i = 0; i < n; i++) {
            size_t at = got + (size_t)i;
            same = same && block[i] == (uint8_t)(at * 31 + (at >> 8));
        }
        got += n > 0 ? (size_t)n : 0;
    }
    EXPECT(got == TOTAL);
    EXPECT(same);
    host_settings.lost_permille = 0;
    port_close(pair.client);
    port_close(pair.server);
    port_close(listener);
    turn(60000);
    pools_are_empty("lost frames");
}

/* A peer on this link is known with its zone, and dialled with it. */
static void zones_kept(void)
{
    port_handle listener;
    port_handle client;
    port_handle server;
    struct port_address peer;
    struct port_address to = loopback(false, listen_dual(&listener).port);
    to.ip[0] = 0xfe;
    to.ip[1] = 0x80;
    for (uint32_t zone = 0; zone < 2; zone++) {
        to.zone = zone; /* 0: the first there is */
        int result = port_connect(&to, &client);
        EXPECT(result == PORT_OK || (zone == 0 && result == PORT_UNREACHABLE));
        if (result == PORT_OK) {
            EXPECT(ready(listener, PORT_READ));
            EXPECT(port_accept(listener, &server, &peer) == PORT_OK);
            EXPECT(peer.ip[0] == 0xfe && peer.zone == 1);
            port_close(server);
            port_close(client);
        }
    }
    to.zone = 7;
    EXPECT(port_connect(&to, &client) == PORT_UNREACHABLE);
    port_close(listener);
    pools_are_empty("zones");
}

/* Nobody talks for a day; a connection that lasts through it is whole. */
static void day_of_silence(void)
{
    port_handle listener;
    uint16_t port = listen_dual(&listener).port;
    struct pair pair;
    char byte = 0;
    EXPECT(pair_with(&pair, listener, port, false));
    uint64_t began_ms = port_now_ms();
    while (port_now_ms() < began_ms + UINT64_C(24) * 3600 * 1000) {
        (void)port_wait(NULL, 0, 3600 * 1000);
    }
    EXPECT(port_send(pair.client, "x", 1, false) == 1);
    EXPECT(ready(pair.server, PORT_READ) && port_receive(pair.server, &byte, 1) == 1);
    EXPECT(byte == 'x');
    port_close(pair.client);
    port_close(pair.server);
    port_close(listener);
    pools_are_empty("a day");
}

/* ---- The console is not needed --------------------------------------------------------------- */

size_t board_console_room(void)
{
    return 4096;
}

void board_console_write(const char *bytes, size_t n)
{
    (void)!fwrite(bytes, 1, n, stdout);
}

int board_console_read(void *bytes, size_t n)
{
    (void)bytes;
    (void)n;
    return 0;
}

PORT_NORETURN void board_fail(const char *text, size_t n)
{
    board_console_write(text, n);
    (void)fflush(stdout);
    abort();
}

int main(void)
{
    EXPECT(port_start() == PORT_OK);
    pools_are_empty("the start");
    many_in_turn();
    tiny_segments(true);
    tiny_segments(false);
    full_windows();
    outlives_its_block();
    orphan_given_up();
    queue_full();
    sender_woken();
    frames_lost(true);
    frames_lost(false);
    zones_kept();
    day_of_silence();
    return check_report("lwip pools");
}
