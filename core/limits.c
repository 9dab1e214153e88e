/* SPDX-License-Identifier: MIT */
/* The rows of --limits that are the core's. */
#include "core/limits.h"

#include "core/address.h"
#include "core/conn.h"
#include "core/console.h"
#include "core/counters.h"
#include "core/deadline.h"
#include "core/log.h"
#include "core/loop.h"
#include "core/peers.h"
#include "core/socket.h"
#include "core/watch.h"

const struct limit core_limits[] = {
    LIMIT(CFG_CONN_MAX, "connections", "open at once, of all apps"),
    LIMIT(CFG_CONN_BUFFER_BYTES, "bytes", "the buffer of each connection"),
    LIMIT(CFG_CONN_APP_BYTES, "bytes", "an app's state in each slot"),
    LIMIT(CFG_PEER_SHARE, "parts", "one peer gets one part of the table"),
    LIMIT(CFG_PEER_CONN_MIN, "connections", "but at least so many"),
    LIMIT(CFG_SOCKETS_MAX, "sockets", "listeners and datagram sockets"),
    LIMIT(CFG_WATCH_ONE_TIER_MAX, "handles", "waited on all together"),
    LIMIT(CFG_WATCH_COLD_SWEEPS, "sweeps", "until a silent one is cold"),
    LIMIT(CFG_READ_BYTES, "bytes", "received from one connection in a pass"),
    LIMIT(CFG_WRITE_BUDGET_BYTES, "bytes", "sent to one in a pass"),
    LIMIT(CFG_ACCEPT_BUDGET, "peers", "accepted from one listener in a pass"),
    LIMIT(CFG_DATAGRAM_BUDGET, "datagrams", "from one socket in a pass"),
    LIMIT(CFG_DATAGRAM_BYTES, "bytes", "the longest datagram taken"),
    LIMIT(CFG_PIPELINE_BUDGET, "requests", "of one connection in a pass"),
    LIMIT(CFG_STALL_MS, "ms", "a peer that takes nothing is cut"),
    LIMIT(CFG_LINGER_MS, "ms", "reading past a peer's last bytes"),
    LIMIT(CFG_DRAIN_MS, "ms", "for what is owed when going down"),
    LIMIT(CFG_SILENT_MS, "ms", "silence that makes room in a full table"),
    LIMIT(CFG_PAUSE_MS, "ms", "a listener's rest when something ran out"),
    LIMIT(CFG_CONNECT_MS, "ms", "a dialled connection may take"),
    LIMIT(CFG_RETRY_MS, "ms", "between tries when memory ran out"),
    LIMIT(CFG_LOG_INTERVAL_MS, "ms", "between lines about the same trouble"),
    LIMIT(CFG_LOG_LINE_BYTES, "bytes", "the longest log line"),
    LIMIT(CFG_DEADLINE_KINDS_MAX, "durations", "in use at once"),
    LIMIT(CFG_APPS_MAX, "apps", "in one build"),
    LIMIT(CFG_CONSOLE_EDITOR, "of 1", "edits lines on a console's terminal"),
    LIMIT(CFG_EDITOR_LINE_BYTES, "bytes", "the longest line typed"),
    LIMIT(CFG_EDITOR_HISTORY, "lines", "typed before that can be had back"),
};

const size_t core_limits_count = COUNT_OF(core_limits);

const struct memory_row core_memory_rows[] = {
    {"connections: slots, buffers, receive block", &conn_static_bytes},
    {"deadlines", &deadline_static_bytes},
    {"wait array", &watch_static_bytes},
    {"counts by peer", &peers_static_bytes},
    {"listeners and datagram sockets", &socket_static_bytes},
    {"log line", &log_static_bytes},
    {"counters", &counters_static_bytes},
    {"address keys", &address_static_bytes},
    {"loop", &loop_static_bytes},
    {"console", &console_static_bytes},
};

const size_t core_memory_rows_count = COUNT_OF(core_memory_rows);
