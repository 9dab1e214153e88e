/* SPDX-License-Identifier: MIT */
/* Log lines, and the limit on those that peers can cause. */
#include "core/log.h"

#include <string.h>

#include "core/config.h"
#include "core/console.h"

static struct {
    char bytes[CFG_LOG_LINE_BYTES];
    struct text line;
    bool open;
    struct {
        uint64_t next_ms; /* not before this, once it has been logged */
        uint32_t silenced;
        bool logged;
    } topics[LOG_TOPIC_COUNT];
} state;

const size_t log_static_bytes = sizeof state;

static const char *const topic_texts[LOG_TOPIC_COUNT] = {
    "the system is out of handles or memory",
    "all connections are in use",
    "refused a peer that has its share of connections",
    "the system has no memory to receive: trying again",
    "cut a peer that took too little of what it was owed",
};

void log_start(void)
{
    memset(&state, 0, sizeof state);
}

struct text *log_begin(void)
{
    CHECK(!state.open);
    state.open = true;
    text_begin(&state.line, state.bytes, sizeof state.bytes);
    text_put(&state.line, "linnet: ");
    return &state.line;
}

void log_end(void)
{
    CHECK(state.open);
    state.open = false;
    if (state.line.cut) {
        state.line.n = sizeof state.bytes - 3;
        text_put(&state.line, "...");
    }
    if (CFG_CONSOLE_EDITOR) {
        console_make_way();
    }
    port_log(state.bytes, state.line.n);
}

void log_line(const char *string)
{
    text_put(log_begin(), string);
    log_end();
}

void log_limited(enum log_topic topic, const struct port_address *about)
{
    CHECK(topic < LOG_TOPIC_COUNT);
    if (state.topics[topic].logged && port_now_ms() < state.topics[topic].next_ms) {
        state.topics[topic].silenced++;
        return;
    }
    struct text *line = log_begin();
    text_put(line, topic_texts[topic]);
    if (topic == LOG_TOPIC_HANDLES || topic == LOG_TOPIC_TABLE) {
        text_put(line, port_listener_queues() ? ": newcomers wait" : ": newcomers are refused");
    }
    if (about != NULL) {
        text_put(line, " (");
        text_put_ip(line, about);
        text_put(line, ")");
    }
    if (state.topics[topic].silenced > 0) {
        text_put(line, ", ");
        text_put_number(line, state.topics[topic].silenced);
        text_put(line, " more times since the last such line");
    }
    log_end();
    state.topics[topic].logged = true;
    state.topics[topic].silenced = 0;
    state.topics[topic].next_ms = port_now_ms() + CFG_LOG_INTERVAL_MS;
}
