/* SPDX-License-Identifier: MIT */
/* The server's end of connections. */
#include <string.h>

#include "port/sim/state.h"

/* The link of a handle that may still be used for more than closing. */
static struct sim_link *stream_of(port_handle connection, const char *call, unsigned *side)
{
    struct sim_handle *handle = sim_handle_get(connection, SIM_HANDLE_STREAM, call);
    struct sim_link *link = sim_link_at(handle->object);

    *side = handle->side;
    if (link->ends[*side].reset_told) {
        sim_fail("C5", (int32_t)link->id, "a connection is used after its reset was told");
    }
    return link;
}

/* The connection breaks here and now. */
static int break_off(struct sim_link *link, unsigned side)
{
    struct sim_end *end = &link->ends[side];

    if (!end->reset) {
        sim_end_reset(link, side);
        end->open = true; /* until the handle is closed */
        if (link->stage == SIM_STAGE_OVER) {
            link->stage = SIM_STAGE_OPEN;
        }
        end->reset = true;
    }
    end->reset_told = true;
    sim.progress++;
    if (sim.hooks.broken != NULL) {
        sim.hooks.broken(link->id);
    }
    return PORT_RESET;
}

/* Systems try for as long as this. */
static const uint32_t timeouts_ms[] = { 300, 3000, 9999, 60000 };

int port_connect(const struct port_address *to, port_handle *connection)
{
    struct sim_link *link;
    uint32_t id = SIM_DIALLED + sim.dialled;
    int result = PORT_OK;

    link = sim_link_new(id, (uint32_t)(sim_mix(sim.plan.seed, 0x6469, id) % 40), SIM_PIPE_BYTES);
    if (link == NULL || !sim_handles_left()) {
        return sim_result("Connect", SIM_NOBODY, PORT_FULL);
    }
    sim.dialled++;
    if (sim_fault(SIM_CONNECT_REFUSED, (int32_t)id)) {
        result = PORT_REFUSED;
    } else if (sim_fault(SIM_CONNECT_UNREACHABLE, (int32_t)id)) {
        result = PORT_UNREACHABLE;
    } else if (sim_fault(SIM_CONNECT_DENIED, (int32_t)id)) {
        result = PORT_DENIED;
    } else if (sim_fault(SIM_CONNECT_FULL, (int32_t)id)) {
        result = PORT_FULL;
    }
    if (result != PORT_OK) {
        link->stage = SIM_STAGE_OVER;
        sim_link_schedule(link);
        return sim_result("Connect", (int32_t)id, result);
    }
    link->by_server = true;
    link->to_server = sim_listener_for(to, false) != NULL;
    link->outcome = PORT_REFUSED;
    for (size_t i = 0; i < sim.peer_listens; i++) {
        if (sim.peer_listen[i].port == to->port) {
            link->outcome = PORT_OK;
        }
    }
    if (link->to_server) {
        link->outcome = PORT_OK;
    }
    if (sim_fault(SIM_CONNECTED_REFUSED, (int32_t)id)) {
        link->outcome = PORT_REFUSED;
    } else if (sim_fault(SIM_CONNECTED_TIMEDOUT, (int32_t)id)) {
        link->outcome = PORT_TIMEDOUT;
        link->stage_ms += timeouts_ms[sim_mix(sim.plan.seed, 0x746f, id) % COUNT_OF(timeouts_ms)];
    } else if (sim_fault(SIM_CONNECTED_UNREACHABLE, (int32_t)id)) {
        link->outcome = PORT_UNREACHABLE;
    } else if (sim_fault(SIM_CONNECTED_RESET, (int32_t)id)) {
        link->outcome = PORT_RESET;
    }
    link->ends[0].address.port = (uint16_t)(40000 + id % 20000);
    memcpy(link->ends[0].address.ip, to->ip, sizeof to->ip); /* from us to us */
    link->ends[1].address = *to;
    link->ends[0].handle = sim_handle_take(SIM_HANDLE_STREAM, sim_link_slot(link), 0);
    sim_link_schedule(link);
    *connection = link->ends[0].handle;
    return sim_result("Connect", (int32_t)id, PORT_OK);
}

int port_connected(port_handle connection)
{
    unsigned side;
    struct sim_link *link = stream_of(connection, "connected", &side);
    int32_t id = (int32_t)link->id;

    if (link->stage == SIM_STAGE_DIALLED) {
        return sim_result("Connected", id, PORT_AGAIN);
    }
    link->answered = true;
    if (link->outcome != PORT_OK) {
        link->ends[side].reset_told = true;
        return sim_result("Connected", id, link->outcome);
    }
    sim.progress++;
    return sim_result("Connected", id, PORT_OK);
}

static int receive(port_handle connection, uint8_t *bytes, size_t n, bool keep)
{
    unsigned side;
    struct sim_link *link = stream_of(connection, "receive", &side);
    struct sim_end *end = &link->ends[side];
    int32_t id = (int32_t)link->id;
    size_t got;

    end->peeked = 0;
    if (n == 0) {
        sim_fail("C9", id, "a receive of no bytes");
    }
    if (sim.plan.strict) {
        sim_handle_must_be_ready(connection, PORT_READ, "receive without readiness");
    }
    if (!end->reset && sim_fault(SIM_RECEIVE_AGAIN, id)) {
        return PORT_AGAIN;
    }
    if (sim_fault(SIM_RECEIVE_FULL, id)) {
        return PORT_FULL;
    }
    if (sim_fault(SIM_RECEIVE_RESET, id)) {
        return break_off(link, side);
    }
    if (n > 1 && sim_fault(SIM_RECEIVE_SHORT, id)) {
        n = 1 + sim_fault_amount(SIM_RECEIVE_SHORT, id, (uint32_t)(n > 16 ? 16 : n));
    }
    got = sim_end_read(link, side, bytes, n, keep);
    if (got > 0) {
        end->peeked = (uint32_t)got;
        sim_hash_bytes(bytes, got);
        return (int)got;
    }
    if (end->reset) {
        return break_off(link, side);
    }
    if (end->in.end_arrived) {
        if (sim.hooks.ended != NULL) {
            sim.hooks.ended(link->id);
        }
        return PORT_EOF;
    }
    return PORT_AGAIN;
}

int port_receive(port_handle connection, void *bytes, size_t n)
{
    int result = receive(connection, bytes, n, false);
    int32_t id = sim_connection_of(connection);

    sim_link_by_id((uint32_t)id)->ends[0].peeked = 0;
    sim_link_by_id((uint32_t)id)->ends[1].peeked = 0;
    if (result > 0) {
        sim.progress++;
        if (sim.hooks.received != NULL) {
            sim.hooks.received((unsigned)id, bytes, (size_t)result);
        }
    }
    return sim_result("receive", id, result);
}

int port_peek(port_handle connection, void *bytes, size_t n)
{
    return sim_result("Peek", sim_connection_of(connection), receive(connection, bytes, n, true));
}

bool port_unread(port_handle connection)
{
    unsigned side;
    struct sim_link *link = stream_of(connection, "unread", &side);
    struct sim_pipe *pipe = &link->ends[side].in;

    if (sim_mix(sim.plan.seed, 0x756e, link->id) % 2 == 0) {
        pipe->arrived = pipe->released; /* what is on its way has just come */
    }
    return sim_result("unread", (int32_t)link->id, pipe->arrived > pipe->taken) != 0;
}

int port_discard(port_handle connection, size_t n)
{
    unsigned side;
    struct sim_link *link = stream_of(connection, "discard", &side);
    struct sim_end *end = &link->ends[side];
    int32_t id = (int32_t)link->id;
    uint8_t bytes[256];

    if (n > end->peeked || n == 0) {
        sim_fail("C9", id, "more is discarded than was peeked");
    }
    end->peeked = 0;
    if (sim_fault(SIM_DISCARD_RESET, id)) {
        return sim_result("discard", id, break_off(link, side));
    }
    sim.progress++;
    while (n > 0) {
        size_t got = sim_end_read(link, side, bytes, n < sizeof bytes ? n : sizeof bytes, false);

        CHECK(got > 0);
        if (sim.hooks.received != NULL) {
            sim.hooks.received((unsigned)id, bytes, got);
        }
        n -= got;
    }
    return sim_result("discard", id, PORT_OK);
}

/* What stands against sending now; PORT_OK: nothing. */
static int send_trouble(struct sim_link *link, unsigned side, enum sim_fault_kind again,
                        enum sim_fault_kind reset)
{
    struct sim_end *end = &link->ends[side];
    int32_t id = (int32_t)link->id;

    if (end->shut && sim.plan.strict) {
        sim_fail("C5", id, "a send after the end was sent");
    }
    if (end->reset || end->shut) {
        return break_off(link, side);
    }
    if (sim_fault(again, id)) {
        return PORT_AGAIN;
    }
    if (sim_fault(reset, id)) {
        return break_off(link, side);
    }
    return PORT_OK;
}

static int send_done(struct sim_link *link, const uint8_t *bytes, size_t sent)
{
    if (sent == 0) {
        return PORT_AGAIN;
    }
    sim.progress++;
    sim_hash_bytes(bytes, sent);
    if (sim.hooks.sent != NULL) {
        sim.hooks.sent(link->id, bytes, sent);
    }
    return (int)sent;
}

int port_send(port_handle connection, const void *bytes, size_t n, bool more)
{
    unsigned side;
    struct sim_link *link = stream_of(connection, "send", &side);
    int32_t id = (int32_t)link->id;
    int result;

    if (n == 0) {
        sim_fail("C9", id, "a send of no bytes");
    }
    result = send_trouble(link, side, SIM_SEND_AGAIN, SIM_SEND_RESET);
    if (result != PORT_OK) {
        return sim_result("send", id, result);
    }
    if (n > 1 && sim_fault(SIM_SEND_SHORT, id)) {
        size_t shorter = 1 + sim_fault_amount(SIM_SEND_SHORT, id, (uint32_t)n - 1);

        more = false;
        n = shorter;
    }
    result = send_done(link, bytes, sim_end_write(link, side, bytes, n, more));
    return sim_result("send", id, result);
}

int port_send_file(port_handle connection, port_handle file, uint64_t offset, size_t n)
{
    unsigned side;
    struct sim_link *link = stream_of(connection, "send_file", &side);
    int32_t id = (int32_t)link->id;
    int index = sim_file_of(file, "send_file");
    uint64_t size = sim_file_now(file);
    uint8_t block[512];
    int result;

    if (n == 0) {
        sim_fail("C9", id, "a send of no bytes");
    }
    if (!sim.plan.files_sent || sim_fault(SIM_SEND_FILE_SKIP, id)) {
        return sim_result("File_send", id, PORT_SKIP);
    }
    result = send_trouble(link, side, SIM_SEND_FILE_AGAIN, SIM_SEND_FILE_RESET);
    if (result == PORT_OK && sim_fault(SIM_SEND_FILE_IO, id)) {
        result = PORT_IO;
    }
    if (result == PORT_OK && (offset >= size || sim_fault(SIM_SEND_FILE_EOF, id))) {
        result = PORT_EOF;
    }
    if (result != PORT_OK) {
        return sim_result("File_send", id, result);
    }
    n = n < sizeof block ? n : sizeof block;
    n = n < size - offset ? n : (size_t)(size - offset);
    if (n > 1 && sim_fault(SIM_SEND_FILE_SHORT, id)) {
        n = 1 + sim_fault_amount(SIM_SEND_FILE_SHORT, id, (uint32_t)n - 1);
    }
    for (size_t i = 0; i < n; i++) {
        block[i] = sim_file_byte((unsigned)index, offset + i);
    }
    result = send_done(link, block, sim_end_write(link, side, block, n, false));
    return sim_result("File_send", id, result);
}

int port_shut(port_handle connection)
{
    unsigned side;
    struct sim_link *link = stream_of(connection, "shut", &side);
    int32_t id = (int32_t)link->id;

    if (link->ends[side].reset || sim_fault(SIM_SHUT_RESET, id)) {
        return sim_result("shut", id, break_off(link, side));
    }
    if (sim.hooks.ending != NULL && !link->ends[side].shut) {
        sim.hooks.ending(link->id, SIM_ENDING_SHUT, 0);
    }
    sim.progress++;
    sim_end_shut(link, side);
    return sim_result("shut", id, PORT_OK);
}

/* Closes or aborts the server's end of a link. */
static void stream_end(port_handle handle, bool abort)
{
    struct sim_handle *found = sim_handle_get(handle, SIM_HANDLE_STREAM, "close");
    struct sim_link *link = sim_link_at(found->object);
    unsigned side = found->side;
    struct sim_end *end = &link->ends[side];
    size_t unread = (size_t)(end->in.arrived - end->in.taken);

    if (sim.hooks.ending != NULL) {
        sim.hooks.ending(link->id, abort ? SIM_ENDING_ABORT : SIM_ENDING_CLOSE, unread);
    }
    end->handle = PORT_NONE;
    if (abort || end->reset) {
        sim_end_reset(link, side);
    } else {
        sim_end_close(link, side);
    }
    sim_handle_free(handle);
    sim.progress++;
}

void port_close(port_handle handle)
{
    struct sim_handle *found = sim_handle_any(handle, "close");

    sim_result("close", sim_connection_of(handle), 0);
    switch ((enum sim_handle_kind)found->kind) {
    case SIM_HANDLE_FREE:
    case SIM_HANDLE_FILE:
        break;
    case SIM_HANDLE_STREAM:
        stream_end(handle, false);
        return;
    case SIM_HANDLE_LISTENER:
    case SIM_HANDLE_DATAGRAM:
        sim_socket_close(found->object);
        break;
    case SIM_HANDLE_CONSOLE:
        sim.console_open = false;
        break;
    case SIM_HANDLE_OUTPUT:
        sim_output_close(found->object);
        break;
    }
    sim_handle_free(handle);
}

void port_abort(port_handle connection)
{
    sim_result("Abort", sim_connection_of(connection), 0);
    stream_end(connection, true);
}
