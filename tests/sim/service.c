/* SPDX-License-Identifier: MIT */
/* The HTTP JSON service that the bot asks: right, slow, silent, broken, endless, or not there. */
#include <string.h>

#include "apps/chat/bot.h"
#include "core/text.h"
#include "tests/sim/desk.h"
#include "tests/sim/matrix.h"

enum {
    CALLS = 64,              /* as many dialled connections as the port has */
    REQUEST_BYTES = 4096,
    RESPONSE_BYTES = 6000,
    RECORDS = 16,            /* questions of one client */
    LONG_TEXT_BYTES = 2500
};

struct call {
    bool used;
    bool asked;              /* the request is whole */
    bool done;
    uint8_t way;
    unsigned connection;
    unsigned step;
    uint64_t next_ms;
    uint64_t connected_ms;
    uint16_t request_bytes;
    uint16_t response_bytes;
    uint16_t sent;
    char request[REQUEST_BYTES + 1];
    char response[RESPONSE_BYTES];
};

static struct {
    bool used;
    bool refuses;
    bool tuling;
    uint64_t count;
    struct call calls[CALLS];
    struct service_record records[WORLD_CLIENTS][RECORDS];
} state;

/* ---- Texts --------------------------------------------------------------------------------- */

size_t service_text(unsigned id, unsigned seq, bool said, char *bytes)
{
    static const char *const variants[][2] = {
        {"in plain words", "in plain words"},
        {"of two\\nlines", "of two lines"},
        {"caf\\u00e9 \\ud83d\\ude00", "caf\xc3\xa9 \xf0\x9f\x98\x80"},
        {"red \\u001b[31m and \\u202e back", "red ?[31m and ? back"},
        {"\\\"quoted\\\" \\\\ and \\/ so on", "\"quoted\" \\ and / so on"},
        {"with a tab\\tin it", "with a tab in it"},
        {"\xe6\xb1\x89 \xe5\xad\x97", "\xe6\xb1\x89 \xe5\xad\x97"},
        {"with blanks at the end \\n ", "with blanks at the end"},
    };
    uint64_t hash = sim_mix(world.scenario.seed, id, 0x7365 + seq);
    struct text text;
    text_begin(&text, bytes, DESK_ANSWER_BYTES);
    text_put_char(&text, 'A');
    text_put_number(&text, id);
    text_put_char(&text, '.');
    text_put_number(&text, seq);
    text_put_char(&text, ' ');
    if ((hash >> 8) % 12 == 0) { /* longer than anybody may be told */
        size_t all = said ? CFG_BOT_ANSWER_BYTES : LONG_TEXT_BYTES;
        memset(bytes + text.n, 'l', all - text.n);
        return all;
    }
    text_put(&text, variants[hash % COUNT_OF(variants)][said ? 1 : 0]);
    return text.n;
}

/* ---- The request --------------------------------------------------------------------------- */

static const char *after(const char *text, const char *wanted)
{
    const char *found = strstr(text, wanted);
    return found == NULL ? NULL : found + strlen(wanted);
}

/* The string of a JSON text that begins at `at`, without its escapes; returns its bytes. */
static size_t read_string(const char *at, char *bytes, size_t max)
{
    size_t n = 0;
    while (*at != '"' && *at != '\0' && n < max) {
        if (*at == '\\') {
            at++;
            if (*at == 'u') {
                sim_fail("D7", SIM_NOBODY, "the service is sent what nobody may say");
            }
        }
        bytes[n] = *at;
        n++;
        at++;
    }
    if (*at != '"') {
        sim_fail("D7", SIM_NOBODY, "a request that is not JSON");
    }
    return n;
}

static const char *const goodbyes[] = {"bye", "BYE", "/quit", "\xe5\x86\x8d\xe8\xa7\x81"};

static bool is_goodbye(const char *text, size_t n)
{
    for (size_t i = 0; i < COUNT_OF(goodbyes); i++) {
        if (n == strlen(goodbyes[i]) && memcmp(text, goodbyes[i], n) == 0) {
            return true;
        }
    }
    return false;
}

/* Who never sends an LF and does not wait for answers may have its good-bye cut by a pause. */
static bool is_goodbye_piece(const char *text, size_t n)
{
    bool cuts = false;
    n -= n > 0 && text[n - 1] == '?' ? 1u : 0u; /* a character may be cut in two */
    for (unsigned id = 0; id < world.count; id++) {
        const struct client *client = &world.clients[id];
        cuts |= client->app == WORLD_DESK && desk_guest(client)->bare &&
                !desk_takes_turns(client, desk_guest(client));
    }
    for (size_t i = 0; i < COUNT_OF(goodbyes) && cuts; i++) {
        if (n < strlen(goodbyes[i]) && memcmp(text, goodbyes[i], n) == 0) {
            return true;
        }
    }
    return false;
}

/* What a guest had said of a question when it vanished is a question too. */
static bool is_piece(const char *text, size_t n)
{
    char expected[DESK_TEXT_BYTES];
    n -= n > 0 && text[n - 1] == '?' ? 1u : 0u; /* a character may be cut in two */
    for (unsigned id = 0; id < world.count; id++) {
        const struct client *client = &world.clients[id];
        bool vanished = client->server_ended || client->server_broken || client->server_gone;
        for (unsigned seq = 0; vanished && seq < DESK_QUESTIONS; seq++) {
            size_t all = desk_question(id, seq, true, expected);
            if (n < all && memcmp(text, expected, n) == 0) {
                return true;
            }
        }
    }
    return false;
}

/* Whose question it is; what was changed on the way is a defect. */
static void note_question(struct call *call, const char *text, size_t n)
{
    char expected[DESK_TEXT_BYTES];
    unsigned id = 0;
    unsigned seq = 0;
    bool piece = is_piece(text, n) || desk_spoiled() || world.scenario.script != NULL;
    if (is_goodbye(text, n) || is_goodbye_piece(text, n)) {
        return;
    }
    if (!desk_read_tag('Q', text, n, &id, &seq) || id >= WORLD_CLIENTS || seq >= RECORDS) {
        if (!piece) {
            sim_fail("D7", SIM_NOBODY, "the service is asked what nobody asked");
        }
        return;
    }
    size_t all = desk_question(id, seq, true, expected);
    const struct client *client = &world.clients[id];
    bool merges = client->app == WORLD_DESK && desk_guest(client)->bare &&
                  !desk_takes_turns(client, desk_guest(client)); /* two texts become one */
    if ((n != all || memcmp(text, expected, n) != 0) && !piece && !merges) {
        sim_fail("D7", (int32_t)id, "the question is not what the guest asked");
    }
    struct service_record *record = &state.records[id][seq];
    record->way = call->way;
    record->connected_ms = call->connected_ms;
    record->asked_ms = sim_now();
}

static void put_last_chunk(struct text *text, const char *body, size_t at, size_t n)
{
    static const char digits[] = "0123456789aBcDeF";
    for (unsigned shift = 12; shift <= 12; shift -= 4) {
        text_put_char(text, digits[(n - at) >> shift & 15]);
    }
    text_put(text, "\r\n");
    text_put_bytes(text, body + at, n - at);
    text_put(text, "\r\n0\r\nT: t\r\n\r\n");
}

static void put_response(struct call *call, unsigned id, unsigned seq, bool goodbye)
{
    char answer[DESK_ANSWER_BYTES];
    char body[DESK_ANSWER_BYTES + 200];
    struct text text;
    size_t n = goodbye ? 8 : service_text(id, seq, false, answer);
    text_begin(&text, body, sizeof body);
    text_put(&text, state.tuling
                        ? "{\"intent\":{\"code\":[1,{}]},\"results\":[{\"values\":{\"text\":\""
                        : "{\"id\":\"x\",\"choices\":[{\"index\":0,\"message\":{\"content\":\"");
    text_put_bytes(&text, goodbye ? "farewell" : answer, n);
    text_put(&text, state.tuling ? "\"}}]}" : "\"}}],\"usage\":null}");
    if (call->way == WAY_NOT_JSON) {
        body[text.n / 2] = '}';
        text.n = text.n / 2 + 1;
        text_put(&text, "}}}");
    } else if (call->way == WAY_OTHER_JSON) {
        text.n = 0;
        text_put(&text, "{\"error\":[1,2,{\"message\":\"none\"}]}");
    }
    n = text.n;
    text_begin(&text, call->response, sizeof call->response);
    text_put(&text, call->way == WAY_STATUS     ? "HTTP/1.1 500 Oh\r\n"
                    : call->way == WAY_NOT_HTTP ? "ICY 200 OK\r\n"
                                                : "HTTP/1.1 200 OK\r\nServer: x\r\n");
    if (call->way == WAY_CHUNKED) {
        text_put(&text, "Transfer-Encoding: chunked\r\n\r\n7;x=y\r\n");
        text_put_bytes(&text, body, 7);
        text_put(&text, "\r\n");
        for (size_t at = 7; at < n - 1 && at < 200; at++) { /* each byte alone */
            text_put(&text, "1\r\n");
            text_put_char(&text, body[at]);
            text_put(&text, "\r\n");
        }
        put_last_chunk(&text, body, n < 201 ? n - 1 : 200, n);
    } else {
        if (call->way != WAY_UNTIL_END && call->way != WAY_ENDLESS && call->way != WAY_MEGABYTE) {
            text_put(&text, "Content-Length: ");
            text_put_number(&text, n);
            text_put(&text, "\r\n");
        }
        text_put(&text, "\r\n");
        text_put_bytes(&text, body, call->way == WAY_ENDLESS || call->way == WAY_MEGABYTE ? 1 : n);
    }
    CHECK(!text.cut);
    call->response_bytes = (uint16_t)text.n;
}

static void take_request(struct call *call)
{
    char question[DESK_TEXT_BYTES];
    const char *body = after(call->request, "\r\n\r\n");
    const char *length = after(call->request, "\r\nContent-Length: ");
    const char *content;
    uint64_t bytes = 0;
    unsigned id = 0;
    unsigned seq = 0;
    if (body == NULL) {
        return;
    }
    if (length == NULL || !text_read_number(length, strcspn(length, "\r"), 100000, &bytes) ||
        strncmp(call->request, "POST /x HTTP/1.1\r\nHost: ", 24) != 0) {
        sim_fail("D7", SIM_NOBODY, "a request that is not in order");
    }
    if (strlen(body) < bytes) {
        return;
    }
    content = after(body, state.tuling ? "\"inputText\":{\"text\":\"" : "\"content\":\"");
    if (strlen(body) > bytes || content == NULL) {
        sim_fail("D7", SIM_NOBODY, "a request with more, or less, than it says");
    }
    size_t n = read_string(content, question, sizeof question);
    note_question(call, question, n);
    call->asked = true;
    bool known = desk_read_tag('Q', question, n, &id, &seq) && id < WORLD_CLIENTS && seq < RECORDS;
    put_response(call, id, seq, !known);
    uint64_t hash = sim_mix(world.scenario.seed, 0x7468, call->connection);
    call->next_ms = sim_now() + (hash % 3 == 0 && !service_hurries() ? hash % 4000
                                                                              : hash % 100);
    sim_step_at(call->next_ms);
}

/* ---- The answer ---------------------------------------------------------------------------- */

static void call_later(struct call *call, uint64_t ms)
{
    call->step++;
    call->next_ms = sim_now() + ms;
}

static uint64_t call_hash(const struct call *call)
{
    return sim_mix(world.scenario.seed, ((uint64_t)call->connection << 16) | 0x7376, call->step);
}

/* Sends at most n bytes of the response; true: all of it is sent. */
static bool send_some(struct call *call, size_t n)
{
    size_t left = (size_t)call->response_bytes - call->sent;
    n = n < left ? n : left;
    call->sent = (uint16_t)(call->sent +
                            sim_peer_send(call->connection, call->response + call->sent, n));
    return call->sent == call->response_bytes;
}

static void call_act(struct call *call)
{
    static const char filler[] = "                                ";
    uint64_t hash = call_hash(call);
    call->next_ms = UINT64_MAX;
    switch ((enum service_way)call->way) {
    case WAY_SILENT:
        break;
    case WAY_RESET:
    case WAY_CLOSE:
        if (call->step == 0 && call->asked) {
            (void)send_some(call, call->response_bytes / 2u);
            call_later(call, 1 + hash % 500);
        } else {
            call->done = true;
            (call->way == WAY_RESET ? sim_peer_reset : sim_peer_close)(call->connection);
        }
        break;
    case WAY_SLOW:
        if (!send_some(call, 20 + (size_t)(hash % 200))) {
            call_later(call, 1 + (hash >> 8) % 150);
        }
        break;
    case WAY_ENDLESS:
        (void)(send_some(call, RESPONSE_BYTES) && sim_peer_send(call->connection, " ", 1) > 0);
        call_later(call, 400);
        break;
    case WAY_MEGABYTE:
        (void)send_some(call, RESPONSE_BYTES);
        for (unsigned i = 0; i < 100; i++) {
            (void)sim_peer_send(call->connection, filler, sizeof filler - 1);
        }
        call_later(call, 10);
        break;
    case WAY_COUNTED:
    case WAY_CHUNKED:
    case WAY_UNTIL_END:
    case WAY_NOT_JSON:
    case WAY_OTHER_JSON:
    case WAY_STATUS:
    case WAY_NOT_HTTP:
    case WAYS:
        if (send_some(call, RESPONSE_BYTES) && call->way == WAY_UNTIL_END) {
            sim_peer_shut(call->connection);
        }
        break;
    }
}

/* ---- Calls --------------------------------------------------------------------------------- */

void service_begin(bool used)
{
    uint64_t hash = sim_mix(world.scenario.seed, 0x6170, 6);
    static const struct port_address at = {
        {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 192, 0, 2, 80}, 0, 80};
    for (unsigned i = 0; i < CALLS; i++) {
        state.calls[i].used = false;
    }
    for (unsigned i = 0; i < WORLD_CLIENTS * RECORDS; i++) {
        state.records[i / RECORDS][i % RECORDS].way = -1;
    }
    state.used = used;
    state.count = 0;
    state.refuses = hash % 10 == 0;
    state.tuling = (hash >> 8) % 2 == 0;
    if (used && !state.refuses) {
        sim_peer_listen(&at);
    }
    bot_settings = (struct bot_settings){
        .kind = used ? BOT_API : BOT_NONE,
        .format = state.tuling ? BOT_TULING : BOT_OPENAI, .to = at, .host_bytes = 4,
        .host = "host", .path_bytes = 2, .path = "/x", .model_bytes = 1, .model = "m",
        .key_bytes = 6, .key = "sesame"};
}

struct service_record service_record(unsigned id, unsigned seq)
{
    static const struct service_record none = {.way = -1};
    return id < WORLD_CLIENTS && seq < RECORDS ? state.records[id][seq] : none;
}

unsigned service_situation(unsigned connection)
{
    const struct call *call = &state.calls[(connection - SIM_DIALLED) % CALLS];
    if (!call->used || call->connection != connection) {
        return 0; /* on its way */
    }
    if (call->done) {
        return 1u << MATRIX_HALF_CLOSED;
    }
    return call->asked ? 1u << MATRIX_REPLY : 1u << MATRIX_REQUEST;
}

bool service_refuses(void)
{
    return state.refuses;
}

bool service_hurries(void)
{
    return sim_mix(world.scenario.seed, 0x626f, 10) % 8 == 0;
}

static void call_begin(struct call *call, unsigned connection)
{
    uint64_t hash = sim_mix(world.scenario.seed, 0x6361, connection);
    call->used = true;
    call->asked = false;
    call->done = false;
    call->connection = connection;
    call->way = (uint8_t)(hash % (2 * WAYS));
    call->way = call->way >= WAYS ? (uint8_t)(call->way % (WAY_SLOW + 1)) : call->way;
    if (sim_mix(world.scenario.seed, 0x6273, 11) % 10 == 0) {
        call->way = WAY_SILENT; /* in some worlds it hangs, and its callers wait in a queue */
    }
    call->way = service_hurries() ? (uint8_t)WAY_COUNTED : call->way;
    call->step = 0;
    call->next_ms = UINT64_MAX;
    call->connected_ms = sim_now();
    call->request_bytes = 0;
    call->sent = 0;
    call->response_bytes = 0;
    if (call->way == WAY_RESET && (hash >> 16) % 2 == 0) {
        call->next_ms = sim_now() + (hash >> 20) % 200; /* before it heard anything */
    }
    state.count++;
    if (!chat_settings.desk && state.count > CFG_BOT_BURST + 1 + sim_now() * CFG_BOT_RATE / 1000) {
        sim_fail("H7", SIM_NOBODY, "the bot answers the room more often than it may");
    }
}

static void call_hear(struct call *call)
{
    size_t room = REQUEST_BYTES - (size_t)call->request_bytes;
    size_t got = sim_peer_read(call->connection, call->request + call->request_bytes, room);
    call->request_bytes = (uint16_t)(call->request_bytes + got);
    call->request[call->request_bytes] = '\0';
    if (got > 0 && strlen(call->request) < call->request_bytes) {
        sim_fail("D7", SIM_NOBODY, "a request with a NUL");
    }
    if (!call->asked) {
        take_request(call);
    } else if (got > 0) {
        sim_fail("D7", SIM_NOBODY, "more than one request");
    }
}

void service_arrived(unsigned connection)
{
    struct call *call = &state.calls[(connection - SIM_DIALLED) % CALLS];
    enum sim_peer_state peer = sim_peer_state(connection);
    if (peer == SIM_PEER_CONNECTING || peer == SIM_PEER_CLOSED) {
        return;
    }
    if (!call->used || call->connection != connection) {
        call_begin(call, connection);
    }
    if (peer == SIM_PEER_OPEN && !call->done) {
        call_hear(call);
        peer = sim_peer_state(connection);
    }
    if (peer == SIM_PEER_ENDED || peer == SIM_PEER_RESET) {
        call->done = true;
        sim_peer_close(connection);
    }
    if (!call->done && call->sent > 0 && call->next_ms == UINT64_MAX && call->way != WAY_SILENT) {
        call->next_ms = sim_now(); /* there is room again */
    }
    if (call->next_ms != UINT64_MAX) {
        sim_step_at(call->next_ms);
    }
}

uint64_t service_step(uint64_t now)
{
    uint64_t next = UINT64_MAX;
    for (unsigned i = 0; state.used && i < CALLS; i++) {
        struct call *call = &state.calls[i];
        if (!call->used || call->done) {
            continue;
        }
        if (call->next_ms <= now) {
            call_act(call);
        }
        next = call->next_ms < next ? call->next_ms : next;
    }
    return next;
}
