/* SPDX-License-Identifier: MIT */
/* The operations of a fuzzed world: who comes, what they do, what happens to the server. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "apps/chat/chat.h"
#include "apps/echo/echo.h"
#include "apps/fileget/fileget.h"
#include "core/address.h"
#include "core/config.h"
#include "core/loop.h"
#include "port/port_tool.h"
#include "tests/fuzz/ops.h"

static const char *const op_names[] = {"advance", "connect to echo", "connect to file",
                                       "connect to chat", "phrase", "piece", "bytes", "read",
                                       "shut", "reset", "close", "datagram", "wait fault",
                                       "console", "file", "server"};

/* ---- Operations ---------------------------------------------------------------------------- */

struct port_address fuzz_server(bool ipv4, uint16_t port)
{
    struct port_address address;
    memset(&address, 0, sizeof address);
    if (ipv4) {
        memset(address.ip + 10, 0xff, 2);
        memcpy(address.ip + 12, "\xc6\x33\x64", 3);
    } else {
        address.ip[0] = 0xfd;
    }
    address.ip[15] = 1;
    address.port = port;
    return address;
}

/* Each has an address of its own, or one of three for all. */
static void client_connect_to(struct client *client, unsigned app, const struct op *op)
{
    static const uint16_t ports[] = {7007, 7007, 8080, 6667};
    static const uint16_t windows[] = {4096, 1460, 256, 1};
    static const uint8_t latencies_ms[] = {0, 0, 5, 40};
    unsigned place = op->who / FUZZ_CLIENTS;
    uint32_t life = fuzz_client_of(client)->life;
    unsigned id = client->id;
    struct port_address from;
    struct port_address to;
    memset(&from, 0, sizeof from);
    if (place % 2 == 0) {
        memset(from.ip + 10, 0xff, 2);
        from.ip[12] = 10;
    } else {
        memcpy(from.ip, "\x20\x01\x0d\xb8", 4);
    }
    from.ip[15] = (uint8_t)(place < 6 ? 2 + id : 1 + place % 3);
    from.ip[6] = place % 2 == 0 ? 0 : from.ip[15];
    from.port = (uint16_t)(32768 + id);
    to = fuzz_server(place % 2 == 0, ports[app]);
    if (client->stage == CLIENT_OPEN ||
        sim_peer_connect(id, &from, &to, latencies_ms[op->extra / 4], windows[op->extra % 4]) !=
            PORT_OK) {
        return;
    }
    memset(client, 0, sizeof *client);
    client->id = id;
    client->app = (uint8_t)app;
    client->stage = CLIENT_OPEN;
    client->owed_ms = UINT64_MAX;
    client->began_ms = sim_now();
    client->peer_key = address_peer_key(&from);
    client->window = windows[op->extra % 4];
    fuzz_client_of(client)->pure = true;
    fuzz_client_of(client)->unknown = false;
    fuzz_client_of(client)->life = life + 1;
    world.connections++;
    if (app == WORLD_FILE) {
        fuzz_file_join(client);
    } else if (app == WORLD_CHAT) {
        fuzz_chat_join(client);
    }
}

void fuzz_say(struct client *client, const void *bytes, size_t n)
{
    size_t sent = n == 0 || client->shut ? 0 : sim_peer_send(client->id, bytes, n);
    client->sent += sent;
    if (sent < n) {
        fuzz_client_of(client)->pure = false;
        fuzz_client_of(client)->unknown = true;
    }
}

void fuzz_client_read(struct client *client, size_t most)
{
    uint8_t bytes[FUZZ_HEARS];
    while (most > 0) {
        size_t n = sim_peer_read(client->id, bytes, most < sizeof bytes ? most : sizeof bytes);
        if (n == 0) {
            return;
        }
        if (client->app == WORLD_ECHO) {
            fuzz_echo_read(client, bytes, n);
        }
        client->got += n;
        most -= n;
    }
}

/* All the peer's end has to do when it is told of an end, which it is once it read everything. */
void fuzz_client_check_end(struct client *client)
{
    enum sim_peer_state peer = sim_peer_state(client->id);
    bool undisturbed = !client->server_broken && !client->server_aborted && !client->evicted &&
                       client->received > 0 && !world_stopping();
    if (peer == SIM_PEER_ENDED && undisturbed && client->got != client->replied) {
        sim_fail("C1", (int32_t)client->id, "a clean end, and bytes are missing");
    }
    if (peer == SIM_PEER_ENDED && undisturbed && client->app == WORLD_ECHO && client->shut &&
        client->got != client->sent) {
        sim_fail("E2", (int32_t)client->id, "a clean end before everything came back");
    }
}

static void client_op(struct client *client, const struct op *op)
{
    static const uint16_t amounts[] = {1, 2, 10, 100, 1000, 5000, 30000, 60000};
    if (client->stage != CLIENT_OPEN) {
        return;
    }
    switch ((enum op_code)op->code) {
    case OP_PHRASE:
        if (client->app == WORLD_ECHO) {
            fuzz_echo_phrase(client, op->extra);
        } else if (client->app == WORLD_FILE) {
            fuzz_file_phrase(client, op->extra);
        } else {
            fuzz_chat_phrase(client, op->extra);
        }
        break;
    case OP_PIECE:
    case OP_BYTES:
        if (client->app == WORLD_ECHO) {
            fuzz_echo_phrase(client, op->extra);
            break;
        }
        fuzz_client_of(client)->pure = false;
        fuzz_client_of(client)->unknown = true;
        fuzz_say(client, op->code == OP_BYTES ? (const char *)op->bytes : fuzz_piece(op->extra),
                 op->code == OP_BYTES ? op->n : strlen(fuzz_piece(op->extra)));
        break;
    case OP_READ:
        fuzz_client_read(client, amounts[op->extra % COUNT_OF(amounts)]);
        fuzz_client_check_end(client);
        break;
    case OP_SHUT:
        client->shut = true;
        sim_peer_shut(client->id);
        break;
    case OP_RESET:
    case OP_CLOSE:
        if (op->code == OP_RESET) {
            sim_peer_reset(client->id);
        } else {
            sim_peer_close(client->id);
        }
        client->stage = CLIENT_DONE;
        break;
    case OP_ADVANCE:
    case OP_CONNECT_ECHO:
    case OP_CONNECT_FILE:
    case OP_CONNECT_CHAT:
    case OP_DATAGRAM:
    case OP_WAIT_FAULT:
    case OP_CONSOLE:
    case OP_FILE:
    case OP_SERVER:
        break;
    }
}

void fuzz_stop_server(unsigned request)
{
    if (!world_stopping()) {
        world.stop_ms = sim_now();
    }
    sim_request(request);
}

static void console_op(const struct op *op)
{
    const char *line = fuzz_operator_lines[op->who % 16];
    if (!fuzz_state.console) {
        return;
    }
    if (op->extra >= 12) {
        sim_console_stall(op->extra % 2 == 0);
    } else if (op->extra == 11) {
        sim_console_end();
    } else if (fuzz_state.typed + strlen(line) < TYPED_MAX) {
        fuzz_state.typed += strlen(line);
        sim_console_type(line, strlen(line));
    }
}

static void server_op(const struct op *op)
{
    switch (op->extra % 8) {
    case 1:
        fuzz_stop_server(PORT_REQUEST_STOP);
        break;
    case 2:
        fuzz_state.stopped_now = true;
        fuzz_stop_server(PORT_REQUEST_STOP_NOW);
        break;
    case 3:
        sim_wall_set(false, 0);
        break;
    case 4:
        sim_wall_set(true, ((int64_t)op->who - 20) * 100000000);
        break;
    default:
        if (fuzz_state.reported != sim_waits()) { /* each is a pass that nothing else explains */
            fuzz_state.reported = sim_waits();
            sim_request(PORT_REQUEST_REPORT);
        }
        break;
    }
}

void fuzz_run_op(const struct op *op)
{
    struct client *client = &world.clients[op->who % FUZZ_CLIENTS];
    if (fuzz_verbose) {
        printf("%8llu.%03llu  %s %u, %u\n", (unsigned long long)(sim_now() / 1000),
               (unsigned long long)(sim_now() % 1000), op_names[op->code], op->who, op->extra);
    }
    switch ((enum op_code)op->code) {
    case OP_CONNECT_ECHO:
        client_connect_to(client, WORLD_ECHO, op);
        break;
    case OP_CONNECT_FILE:
        client_connect_to(client, WORLD_FILE, op);
        break;
    case OP_CONNECT_CHAT:
        client_connect_to(client, WORLD_CHAT, op);
        break;
    case OP_PHRASE:
    case OP_PIECE:
    case OP_BYTES:
    case OP_READ:
    case OP_SHUT:
    case OP_RESET:
    case OP_CLOSE:
        client_op(client, op);
        break;
    case OP_DATAGRAM:
        fuzz_udp_send(op->who, op->extra);
        break;
    case OP_CONSOLE:
        console_op(op);
        break;
    case OP_FILE:
        fuzz_files_change(op->who, op->extra);
        break;
    case OP_SERVER:
        server_op(op);
        break;
    case OP_ADVANCE:
    case OP_WAIT_FAULT: /* listed before the run began */
        break;
    }
}
