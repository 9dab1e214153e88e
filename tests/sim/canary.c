/* SPDX-License-Identifier: MIT */
/* An echo with a planted defect: what the last short write left over is forgotten when the peer has
 * ended. A simulation that does not find it proves nothing. */
#include <string.h>

#include "tests/sim/world.h"

struct canary_conn {
    uint16_t used;
    bool ended;
};

static void canary_opened(struct conn *conn)
{
    conn_room_set(conn, CFG_CONN_BUFFER_BYTES);
}

static size_t canary_input(struct conn *conn, const uint8_t *bytes, size_t n)
{
    struct canary_conn *canary = conn_state(conn);
    conn_settle(conn);
    memcpy(conn_buffer(conn) + canary->used, bytes, n);
    canary->used = (uint16_t)(canary->used + n);
    conn_room_set(conn, CFG_CONN_BUFFER_BYTES - (size_t)canary->used);
    conn_output_ask(conn);
    return n;
}

static void canary_ended(struct conn *conn)
{
    conn_finish(conn); /* the defect: whatever is still owed is lost */
}

static bool canary_produce(struct conn *conn, size_t room)
{
    struct canary_conn *canary = conn_state(conn);
    (void)room;
    if (canary->used > 0) {
        size_t sent = conn_write(conn, conn_buffer(conn), canary->used, false);
        canary->used = (uint16_t)(canary->used - sent);
        memmove(conn_buffer(conn), conn_buffer(conn) + sent, canary->used);
        conn_room_set(conn, CFG_CONN_BUFFER_BYTES - (size_t)canary->used);
    }
    return canary->used > 0;
}

const struct app canary_app = {
    .name = "canary",
    .opened = canary_opened,
    .input = canary_input,
    .ended = canary_ended,
    .produce = canary_produce,
    .stall_bytes = 1,
};
