/* SPDX-License-Identifier: MIT */
/* The life that clients of all apps share: coming, being turned away, coming again, going. */
#include <string.h>

#include "core/address.h"
#include "tests/sim/desk.h"
#include "tests/sim/world.h"

enum { RETRY_MS = 700, PIECE = 300 };

struct client *world_client(unsigned id)
{
    return id < WORLD_CLIENTS ? &world.clients[id] : NULL;
}

bool world_stopping(void)
{
    return world.stop_ms != UINT64_MAX;
}

uint64_t client_hash(const struct client *client, uint64_t what)
{
    return sim_mix(world.scenario.seed, ((uint64_t)client->id << 32) | 0xc11e,
                   ((uint64_t)client->life << 32) ^ what);
}

uint32_t client_pick(struct client *client, uint32_t n)
{
    client->step++;
    return (uint32_t)(client_hash(client, 1000 + client->step) % n);
}

void client_later(struct client *client, uint64_t ms)
{
    client->next_ms = sim_now() + ms;
    sim_step_at(client->next_ms);
}

struct port_address world_address(unsigned family, uint32_t host, uint16_t port)
{
    struct port_address address;
    memset(&address, 0, sizeof address);
    address.port = port;
    if (family == PORT_IPV4) {
        memset(address.ip + 10, 0xff, 2);
        address.ip[12] = 10;
    } else {
        address.ip[0] = 0x20;
        address.ip[1] = 0x01;
        address.ip[2] = 0x0d;
        address.ip[3] = 0xb8;
        address.ip[5] = (uint8_t)(host >> 8); /* each in a /64 of its own */
        address.ip[6] = (uint8_t)host;
    }
    address.ip[14] = (uint8_t)(host >> 8);
    address.ip[15] = (uint8_t)host;
    return address;
}

static const uint16_t app_ports[WORLD_APPS] = {7007, 7007, 8080, 6667, 6667, 0, 7007, 0};

/* Where a client's app listens, in the family it uses. */
struct port_address world_server(unsigned app, unsigned family)
{
    static const uint8_t ipv4[] = {198, 51, 100, 1};
    struct port_address address = world_address(family, 1, app_ports[app]);
    if (family == PORT_IPV4) {
        memcpy(address.ip + 12, ipv4, sizeof ipv4);
    } else {
        memset(address.ip, 0, sizeof address.ip);
        address.ip[0] = 0xfd;
        address.ip[15] = 1;
    }
    return address;
}

/* Every eighth world has few addresses, so that a peer's share is met. */
static uint32_t host_of(const struct client *client)
{
    bool few = sim_mix(world.scenario.seed, 0x686f, 4) % 8 == 0;
    return 2 + (few ? client->id % 3 : client->id);
}

void client_connect(struct client *client)
{
    uint64_t hash = client_hash(client, 2);
    unsigned family = hash % 3 == 0 ? PORT_IPV6 : PORT_IPV4;
    static const uint32_t windows[] = {4096, 1460, 536, 256, 64};
    struct port_address from = world_address(family, host_of(client),
                                             (uint16_t)(32768 + client->id));
    struct port_address to = world_server(client->app, family);
    uint32_t window = windows[(hash >> 8) % COUNT_OF(windows)];
    uint32_t latency_ms = (hash >> 16) % 4 == 0 ? 0 : (uint32_t)((hash >> 20) % 60);
    client->peer_key = address_peer_key(&from);
    client->window = window;
    if (sim_peer_connect(client->id, &from, &to, latency_ms, window) != PORT_OK) {
        client_later(client, RETRY_MS);
        return;
    }
    world.connections++;
    client->dialled_ms = sim_now();
    client->stage = CLIENT_CONNECTING;
    client->next_ms = UINT64_MAX;
}

void client_done(struct client *client)
{
    if (client->stage != CLIENT_AWAY) {
        sim_peer_close(client->id);
    }
    client->stage = CLIENT_DONE;
    client->next_ms = UINT64_MAX;
}

/* What it will do, from the beginning. */
void client_begin(struct client *client, unsigned id, uint32_t life)
{
    unsigned app = world.scenario.app;
    uint64_t hash;
    uint64_t next_ms = client->next_ms;
    memset(client, 0, sizeof *client);
    client->id = id;
    client->life = life;
    client->next_ms = next_ms;
    hash = client_hash(client, 1);
    if (app == WORLD_MIXED) {
        static const uint8_t apps[] = {WORLD_ECHO, WORLD_FILE, WORLD_CHAT, WORLD_ECHO};
        app = apps[hash % COUNT_OF(apps)];
        app = (app == WORLD_FILE && !APP_FILEGET) || (app == WORLD_CHAT && !APP_CHAT) ? WORLD_ECHO
                                                                                    : app;
    }
    client->app = (uint8_t)app;
    client->manner = (uint8_t)((hash >> 8) % (MANNERS + 4));
    client->manner = client->manner >= MANNERS ? MANNER_NORMAL : client->manner;
    if (world.scenario.isolated && id == world.scenario.suspect) {
        static const uint8_t bad[] = {MANNER_RUDE, MANNER_DEAF, MANNER_HASTY, MANNER_SILENT,
                                      MANNER_SLOW, MANNER_DRIP};
        client->manner = world.scenario.tamed ? (uint8_t)MANNER_NORMAL
                                              : bad[(hash >> 16) % COUNT_OF(bad)];
    }
    client->patient = client->manner <= MANNER_HALF;
    client->owed_ms = UINT64_MAX;
    client->began_ms = sim_now();
    if (oracle_trade(client) != NULL && oracle_trade(client)->begin != NULL) {
        oracle_trade(client)->begin(client);
    }
}

void client_hear(struct client *client, size_t most)
{
    uint8_t bytes[PIECE];
    while (most > 0) {
        size_t got = sim_peer_read(client->id, bytes, most < PIECE ? most : PIECE);
        if (got == 0) {
            break;
        }
        client->got += got;
        for (size_t i = 0; i < got; i++) {
            client->stream = client->stream * UINT64_C(1099511628211) + bytes[i];
        }
        most -= got;
    }
}

/* Not served, by chance or for want of room: comes back later. */
static void client_again(struct client *client)
{
    sim_peer_close(client->id);
    client_begin(client, client->id, client->life);
    client_later(client, RETRY_MS + client_hash(client, sim_now()) % 2000);
}

static void client_ended(struct client *client, bool reset)
{
    const struct trade *trade = oracle_trade(client);
    bool refused = (client->evicted && client->patient) ||
                   (reset && client->received == 0 && client->replied == 0 &&
                    !client->server_broken);
    if (refused && !world_stopping()) {
        client_again(client);
        return;
    }
    bool removed = client->app == WORLD_CHAT && operator_meddled(); /* and it went on talking */
    if (reset && client->patient && !client->server_broken && !client->server_aborted && !removed &&
        !world_stopping()) {
        sim_fail("C2", (int32_t)client->id, "a healthy peer was reset for no reason");
    }
    if (trade->gone != NULL) {
        trade->gone(client, reset);
    }
    client_done(client);
}

void client_act(struct client *client)
{
    const struct trade *trade = oracle_trade(client);
    enum sim_peer_state peer;
    client->next_ms = UINT64_MAX;
    if (client->stage == CLIENT_AWAY) {
        client_connect(client);
        return;
    }
    if (client->stage == CLIENT_DONE) {
        return;
    }
    peer = sim_peer_state(client->id);
    if (peer == SIM_PEER_CONNECTING) {
        return;
    }
    client->stage = CLIENT_OPEN;
    if (peer == SIM_PEER_CLOSED) {
        client_done(client); /* a fault took it away */
        return;
    }
    if (peer == SIM_PEER_OPEN) {
        trade->act(client);
        if (client->stage == CLIENT_DONE) {
            return;
        }
        peer = sim_peer_state(client->id);
    }
    if (peer == SIM_PEER_ENDED || peer == SIM_PEER_RESET) {
        client_ended(client, peer == SIM_PEER_RESET);
    }
}
