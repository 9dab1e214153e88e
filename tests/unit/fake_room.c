/* SPDX-License-Identifier: MIT */
/* A chat server over the simulated port. */
#include "tests/unit/fake_room.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "apps/chat/chat.h"
#include "core/loop.h"
#include "port/sim/sim.h"

#define CHECK_PART
#include "tests/check.h"

enum { PORT_NUMBER = 6667 };

struct peer {
    bool deaf;
    uint64_t heard_ms;
    unsigned sends;
    size_t n;
    char text[ROOM_TEXT_BYTES];
};

static struct {
    struct peer peers[ROOM_PEERS + 1];
    struct peer service;
    const char *answer;
    bool stays;
    unsigned calls;
    char report[CFG_LOG_LINE_BYTES + 1];
    unsigned complaints;
    uint64_t until_ms;
    bool ended;
} state;

static const struct app *const apps[] = {&chat_app};

static void hear(struct peer *peer, const void *bytes, size_t n)
{
    size_t room = sizeof peer->text - 1 - peer->n;
    n = n < room ? n : room;
    memcpy(peer->text + peer->n, bytes, n);
    peer->n += n;
    peer->text[peer->n] = '\0';
    peer->heard_ms = sim_now();
}

static void serve(unsigned connection)
{
    uint8_t block[4096];
    size_t n = sim_peer_read(connection, block, sizeof block);
    state.calls = connection + 1 - (unsigned)SIM_DIALLED > state.calls
                      ? connection + 1 - (unsigned)SIM_DIALLED : state.calls;
    if (n == 0) {
        return;
    }
    state.service.n = 0;
    hear(&state.service, block, n);
    if (state.answer != NULL) {
        EXPECT(sim_peer_send(connection, state.answer, strlen(state.answer)) ==
               strlen(state.answer));
        if (!state.stays) {
            sim_peer_close(connection);
        }
    }
}

static void listen_to(unsigned connection)
{
    uint8_t block[1024];
    if (connection >= SIM_DIALLED) {
        serve(connection);
        return;
    }
    struct peer *peer = &state.peers[connection];
    for (unsigned left = 1000; left > 0 && !peer->deaf; left--) {
        size_t n = sim_peer_read(connection, block, sizeof block);
        if (n == 0) {
            break;
        }
        hear(peer, block, n);
    }
}

static void sent(unsigned connection, const uint8_t *bytes, size_t n)
{
    (void)bytes;
    (void)n;
    if (connection < ROOM_PEERS) {
        state.peers[connection].sends++;
    }
}

static void console_heard(const uint8_t *bytes, size_t n)
{
    hear(&state.peers[ROOM_CONSOLE], bytes, n);
}

static void logged(const char *line, size_t n)
{
    static const char begins[] = "linnet: chat:";
    if (n >= sizeof begins - 1 && memcmp(line, begins, sizeof begins - 1) == 0) {
        memcpy(state.report, line, n);
        state.report[n] = '\0';
    } else if (n < 13 || memcmp(line, "linnet: core:", 13) != 0) {
        state.complaints++;
    }
}

/* A request for the counters ends the wait at the time the test waits for. */
static uint64_t step(uint64_t now_ms)
{
    if (now_ms < state.until_ms) {
        return state.until_ms;
    }
    sim_request(PORT_REQUEST_REPORT);
    return UINT64_MAX;
}

static const struct sim_hooks hooks = {.step = step, .arrived = listen_to,
                                       .sent = sent, .console = console_heard, .log = logged};

void room_begin(bool console)
{
    room_begin_small(console, ROOM_PEERS + 20);
}

void room_begin_small(bool console, unsigned places)
{
    struct sim_plan plan = sim_plan_quiet(1);
    struct port_address at = {{0}, 0, PORT_NUMBER};
    if (CFG_CONN_MAX < ROOM_PEERS + 20) {
        check_skip("this board has no room for so many peers");
        exit(check_report("room"));
    }
    memset(&state, 0, sizeof state);
    plan.console = console;
    sim_begin(&plan, &hooks);
    EXPECT(port_start() == PORT_OK);
    loop_settings.peer_limit_given = true;
    loop_settings.peer_limit = ROOM_PEERS + 2;
    EXPECT(loop_start(apps, 1, places));
    EXPECT(loop_listen(0, &at, PORT_DUAL) >= 0);
    if (console) {
        EXPECT(loop_console(0));
    }
}

void room_end(void)
{
    if (!state.ended) {
        loop_stop(true);
    }
    for (unsigned left = 100; left > 0 && !state.ended; left--) {
        state.ended = !loop_turn();
    }
    EXPECT(sim_held_count() == 0);
    port_end();
}

bool room_run(uint64_t until_ms)
{
    state.until_ms = until_ms;
    sim_step_at(until_ms);
    for (unsigned left = 1000000; left > 0 && sim_now() < until_ms && !state.ended; left--) {
        state.ended = !loop_turn();
    }
    EXPECT(sim_now() >= until_ms || state.ended);
    return !state.ended;
}

void room_join(unsigned peer, uint8_t host, uint32_t window_bytes)
{
    struct port_address from = {{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 192, 0, 2, host}, 0,
                                (uint16_t)(40000 + peer)};
    struct port_address to = {{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 192, 0, 2, 250}, 0,
                              PORT_NUMBER};
    if (host == 0) {
        memcpy(from.ip + 12, "\x7f\0\0\1", 4);
    }
    EXPECT(sim_peer_connect(peer, &from, &to, 1, window_bytes) == PORT_OK);
}

void room_send_bytes(unsigned peer, const char *bytes, size_t n)
{
    EXPECT(sim_peer_send(peer, bytes, n) == n);
}

void room_send(unsigned peer, const char *text)
{
    room_send_bytes(peer, text, strlen(text));
}

void room_service(const char *answer, bool refuses)
{
    struct port_address at = {{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 192, 0, 2, 99}, 0, 80};
    state.answer = answer;
    if (!refuses) {
        sim_peer_listen(&at);
    }
}

void room_service_stays(void)
{
    state.stays = true;
}

unsigned room_calls(void)
{
    return state.calls;
}

const char *room_request(void)
{
    return state.service.text;
}

void room_deafen(unsigned peer, bool deaf)
{
    state.peers[peer].deaf = deaf;
    listen_to(peer);
}

const char *room_text(unsigned peer)
{
    return state.peers[peer].text;
}

uint64_t room_heard_ms(unsigned peer)
{
    return state.peers[peer].heard_ms;
}

unsigned room_sends(unsigned peer)
{
    return state.peers[peer].sends;
}

void room_forget(unsigned peer)
{
    state.peers[peer].sends = 0;
    state.peers[peer].n = 0;
    state.peers[peer].text[0] = '\0';
}

bool room_said(unsigned peer, const char *text)
{
    bool same = strcmp(state.peers[peer].text, text) == 0;
    if (!same) {
        printf("at %lu ms peer %u was told: %s--- and not: %s---\n", (unsigned long)sim_now(),
               peer, state.peers[peer].text, text);
    }
    room_forget(peer);
    return same;
}

unsigned room_count(unsigned peer, const char *what)
{
    unsigned count = 0;
    const char *at = state.peers[peer].text;
    while ((at = strstr(at, what)) != NULL) {
        at += strlen(what);
        count++;
    }
    return count;
}

unsigned room_complaints(void)
{
    return state.complaints;
}

const char *room_report(void)
{
    return state.report;
}
