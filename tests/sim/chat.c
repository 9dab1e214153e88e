/* SPDX-License-Identifier: MIT */
/* Members of the chat room: talkers, listeners, the slow, the deaf and the rude. */
#include "tests/sim/chat.h"

#include <string.h>

#include "core/config.h"
#include "core/text.h"
#include "tests/sim/desk.h"

enum { PIECE = 200, JOIN_BURST = 20, NARROW = 512, LINE_END = 2 /* which a pause stands for */ };

static struct {
    struct talk talks[WORLD_CLIENTS];
} state;

struct talk *chat_talk(const struct client *client)
{
    return &state.talks[client->id];
}

/* ---- What is said -------------------------------------------------------------------------- */

size_t chat_line(unsigned id, unsigned seq, bool said, char *bytes)
{
    static const char *const variants[][2] = {
        {"plain words", "plain words"},
        {"a\ttab", "a tab"},
        {"caf\xc3\xa9 \xe6\xb1\x89", "caf\xc3\xa9 \xe6\xb1\x89"},
        {"red \x1b[31m ink", "red ?[31m ink"},
        {"bell \x07 rings", "bell ? rings"},
        {"next \xc2\x85 line", "next ? line"},
        {"turned \xe2\x80\xae round", "turned ? round"},
        {"not \xfe text", "not ? text"},
        {"gone \x7f away", "gone ? away"},
        {"isle \xe2\x81\xa6 of", "isle ? of"},
        {"<n1> forged", "<n1> forged"},
        {"*** n1 joined", "*** n1 joined"},
    };
    uint64_t hash = sim_mix(world.scenario.seed, ((uint64_t)id << 32) | 0x6c69, seq);
    struct text text;
    text_begin(&text, bytes, ROOM_LINE_BYTES);
    text_put_char(&text, 'L');
    text_put_number(&text, id);
    text_put_char(&text, '.');
    text_put_number(&text, seq);
    text_put_char(&text, ' ');
    if (hash % 24 == 0) { /* too long: cut */
        size_t all = said ? 510 : 600;
        memset(bytes + text.n, 'x', all - text.n);
        return all;
    }
    text_put(&text, variants[hash % COUNT_OF(variants)][said ? 1 : 0]);
    if ((hash >> 16) % 5 == 0) { /* some lines are long, so that the log overflows */
        size_t more = (size_t)((hash >> 24) % 400);
        memset(bytes + text.n, 'w', more);
        text.n += more;
    }
    return text.n;
}

static void add(struct talk *talk, const char *bytes, size_t n)
{
    CHECK(talk->text_bytes + n <= ROOM_TEXT_BYTES);
    memcpy(talk->text + talk->text_bytes, bytes, n);
    talk->text_bytes = (uint16_t)(talk->text_bytes + n);
}

static void add_string(struct talk *talk, const char *string)
{
    add(talk, string, strlen(string));
}

static void add_number(struct talk *talk, unsigned number)
{
    char bytes[12];
    struct text text;
    text_begin(&text, bytes, sizeof bytes);
    text_put_number(&text, number);
    add(talk, bytes, text.n);
}

/* Commands between the lines. */
static void add_command(struct client *client, struct talk *talk, uint64_t hash,
                        const char *line_end)
{
    char question[DESK_TEXT_BYTES];
    size_t n;
    switch (service_hurries() && hash % 4 != 0 ? 5 : hash % 12) {
    case 0:
        add_string(talk, "/who");
        break;
    case 1:
        add_string(talk, "/help");
        break;
    case 2:
        add_string(talk, "/nick operator");
        break;
    case 3:
        add_string(talk, (hash >> 8) % 2 == 0 ? "/nosuch" : "/nick twin");
        break;
    case 4:
        add_string(talk, "/msg n");
        add_number(talk, (unsigned)(hash >> 8) % 8);
        add_string(talk, " P");
        add_number(talk, (unsigned)(hash >> 8) % 8);
        add_string(talk, " from ");
        add_number(talk, client->id);
        break;
    case 5:
        n = desk_question(client->id, (unsigned)(hash >> 16) % 8, false, question);
        if (n > 500) {
            return; /* it would be cut where the bot's name counts too */
        }
        add_string(talk, (hash >> 8) % 2 == 0 ? "@bot " : "bot: ");
        add(talk, question, n);
        break;
    default:
        return;
    }
    add_string(talk, line_end);
}

static void write_talk(struct client *client, struct talk *talk)
{
    uint64_t hash = client_hash(client, 40);
    const char *line_end = (hash >> 8) % 2 == 0 ? "\n" : "\r\n";
    char bytes[ROOM_LINE_BYTES];
    talk->nick = (hash >> 12) % 2 == 0 && !talk->gap;
    if (talk->nick) {
        add_string(talk, "/nick n");
        add_number(talk, client->id);
        add_string(talk, line_end);
    }
    for (unsigned seq = 0; seq < talk->lines; seq++) {
        uint64_t of_line = client_hash(client, 50 + seq);
        if (!talk->gap) {
            add_command(client, talk, of_line, line_end);
        }
        if (talk->text_bytes + 700u > ROOM_TEXT_BYTES) {
            talk->lines = (uint8_t)seq;
            break;
        }
        size_t n = chat_line(client->id, seq, false, bytes);
        if (of_line % 9 == 8 && n < 500) { /* the longest are cut where the command counts */
            add_string(talk, "/me ");
        }
        add(talk, bytes, n);
        if (!talk->gap) {
            add_string(talk, line_end);
        }
    }
    talk->quits = !talk->gap && (hash >> 16) % 3 == 0;
    if (talk->quits) {
        static const char *const words[] = {"bye", "/quit", "\xe5\x86\x8d\xe8\xa7\x81"};
        add_string(talk, words[(hash >> 20) % COUNT_OF(words)]);
        add_string(talk, line_end);
    }
}

static void chat_begin(struct client *client)
{
    struct talk *talk = chat_talk(client);
    uint64_t hash = client_hash(client, 41);
    memset(talk, 0, sizeof *talk);
    talk->stay_ms = 3000 + (hash >> 8) % 25000;
    talk->other = hash % 20 == 19;
    if (talk->other) {
        static const char *const others[] = {"GET / HTTP/1.1\r\n\r\n", "NICK a\r\nUSER a\r\n",
                                             "POST /x HTTP/1.0\r\n\r\n"};
        add_string(talk, others[(hash >> 32) % COUNT_OF(others)]);
    } else if (client->life > 0) {
        add_string(talk, "hello again\n/who\nand good-bye\n");
    } else if (client->id < ROOM_MEMBERS) {
        talk->gap = (hash >> 36) % 10 == 0 && client->manner == MANNER_NORMAL;
        talk->lines = talk->gap ? 1 : (uint8_t)((hash >> 40) % 12);
        talk->lines = (hash >> 48) % 10 == 0 && !talk->gap ? 40 : talk->lines;
        talk->lines = client->manner == MANNER_DRIP ? talk->lines % 3 : talk->lines;
        write_talk(client, talk);
    }
    client->to_send = talk->text_bytes;
    const char *end = memchr(talk->text, '\n', talk->text_bytes);
    talk->first_end = end == NULL ? 0 : (uint16_t)(end - talk->text);
}

/* ---- The client's side --------------------------------------------------------------------- */

static void chat_say(struct client *client, const struct talk *talk)
{
    uint64_t left = client->to_send - client->sent;
    size_t n = client->manner == MANNER_DRIP ? 1 : 1 + client_pick(client, PIECE);
    n = n < left && !talk->gap ? n : (size_t)left;
    if (n > 0) {
        client->sent += sim_peer_send(client->id, talk->text + client->sent, n);
    }
}

/* Ends its stay, each in its manner. */
static void chat_leave(struct client *client, struct talk *talk)
{
    if (client->manner == MANNER_RUDE) {
        sim_peer_reset(client->id);
        client_done(client);
    } else if (!client->patient && client->manner != MANNER_SILENT) {
        client_done(client);
    } else if (!client->shut) {
        chat_check_leaving(client, talk);
        client->shut = true;
        sim_peer_shut(client->id);
    }
}

static void chat_act(struct client *client)
{
    struct talk *talk = chat_talk(client);
    uint64_t stay_ms = client->manner == MANNER_DEAF ? 100000 : talk->stay_ms;
    if (client->step == 0) {
        client->began_ms = sim_now();
        client->step = 1;
    }
    if (client->manner != MANNER_SILENT && client->sent < client->to_send) {
        chat_say(client, talk);
    }
    if (client->manner == MANNER_SLOW) {
        client_hear(client, 20 + client_pick(client, 100));
    } else if (client->manner != MANNER_DEAF && client->manner != MANNER_HASTY) {
        client_hear(client, SIM_PIPE_BYTES);
    }
    if ((client->sent == client->to_send || !client->patient) &&
        (sim_now() - client->began_ms >= stay_ms || client->manner == MANNER_HALF)) {
        chat_leave(client, talk);
    }
    if (client->stage != CLIENT_DONE) {
        /* until its first LF was seen, a pause of 250 ms would end its message */
        bool hurries = client->manner == MANNER_DRIP || client->sent <= talk->first_end;
        client_later(client, 1 + client_pick(client, hurries ? 60 : 400));
    }
}

static void chat_gone(struct client *client, bool reset)
{
    const struct talk *talk = chat_talk(client);
    if (!reset && client->patient && client->got != client->replied) {
        sim_fail("H1", (int32_t)client->id, "a clean end, and bytes are missing");
    }
    client->whole = !reset && client->sent == client->to_send;
    (void)talk;
}

/* ---- The server's side --------------------------------------------------------------------- */

static void chat_sent(struct client *client, const uint8_t *bytes, size_t n)
{
    chat_check(client, chat_talk(client), bytes, n);
}

static unsigned arrivals_now(uint32_t peer_key)
{
    unsigned arrivals = 0;
    for (unsigned i = 0; i < world.count; i++) {
        const struct client *client = &world.clients[i];
        arrivals += client->peer_key == peer_key && client->accepted &&
                            sim_now() - client->accepted_ms < 1000 ? 1u : 0u;
    }
    return arrivals;
}

static const char *chat_ending(struct client *client, enum sim_ending how)
{
    const struct talk *talk = chat_talk(client);
    bool lagged = client->manner == MANNER_SLOW || client->manner == MANNER_DEAF ||
                  client->manner == MANNER_HASTY || sim_fault_count() > 0;
    if (how == SIM_ENDING_ABORT) {
        bool stalled = sim_now() - client->accepted_ms >= CFG_STALL_MS;
        bool narrow = client->window < NARROW; /* a room can talk faster than that */
        return stalled || lagged || narrow ? NULL : "cut for nothing";
    }
    if (client->server_ended || talk->other || world_stopping() || operator_meddled() ||
        (talk->quits && client->received + LINE_END >= client->to_send) ||
        arrivals_now(client->peer_key) > JOIN_BURST) {
        return NULL;
    }
    return lagged && client->owed_ms == UINT64_MAX && client->manner != MANNER_SLOW &&
                   client->manner != MANNER_DEAF
               ? "shown out for nothing"
               : (lagged ? NULL : "shown out for nothing");
}

/* A member once greeted is never shown out for a newcomer; one who speaks is greeted at once. */
static bool chat_settled(const struct client *client)
{
    return chat_talk(client)->greeted || sim_now() - client->accepted_ms >= CFG_SILENT_MS;
}

const struct trade trade_chat = {
    .begin = chat_begin,
    .act = chat_act,
    .gone = chat_gone,
    .sent = chat_sent,
    .ending = chat_ending,
    .settled = chat_settled,
    .finish = chat_check_finish,
};
