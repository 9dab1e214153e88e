/* SPDX-License-Identifier: MIT */
/* What members of the room are sent: H1 exactly once or told, H2 one order, H3 no line in part, H4
 * only clean characters, H5 whatever the pieces, H6 names as they are, H7 not too many. */
#include <string.h>

#include "apps/chat/bot_api.h"
#include "core/text.h"
#include "tests/sim/chat.h"
#include "tests/sim/desk.h"

enum {
    HISTORY = 0x8000,
    RATE = 10,
    BURST = 20,
    ALL_HEARD_MS = 3000 /* in a quiet world a line is everywhere after that */
};

static struct {
    uint64_t said_ms[ROOM_MESSAGES]; /* when it was sent to anybody first, plus 1 */
    uint64_t first_ms[ROOM_MEMBERS];
    uint32_t said[ROOM_MEMBERS];
} room;

void chat_check_begin(void)
{
    memset(&room, 0, sizeof room);
}

PORT_NORETURN static void fail(const struct client *client, const char *invariant,
                               const char *text)
{
    sim_fail(invariant, (int32_t)client->id, text);
}

/* ---- Characters ---------------------------------------------------------------------------- */

static bool is_clean(uint32_t c)
{
    return (c >= 0x20 && c < 0x7f) || (c >= 0xa0 && !(c >= 0xd800 && c < 0xe000) &&
                                       !(c >= 0x202a && c <= 0x202e) &&
                                       !(c >= 0x2066 && c <= 0x2069) && c < 0x110000);
}

static void take_character_byte(struct client *client, struct talk *talk, uint8_t byte)
{
    static const uint32_t least[] = {0, 0x80, 0x800, 0x10000};
    if (talk->more == 0) {
        talk->more = byte < 0x80 ? 0 : byte >= 0xf0 ? 3 : byte >= 0xe0 ? 2 : 1;
        talk->character = byte < 0x80 ? byte : byte & (0x3fu >> talk->more);
        talk->character |= (uint32_t)talk->more << 24;
        if ((byte >= 0x80 && byte < 0xc2) || byte > 0xf4) {
            fail(client, "H4", "not UTF-8");
        }
    } else {
        if ((byte & 0xc0) != 0x80) {
            fail(client, "H4", "not UTF-8");
        }
        talk->character = (talk->character & 0xff000000u) |
                          ((talk->character & 0x3ffffu) << 6 | (byte & 0x3fu));
        talk->more--;
    }
    if (talk->more == 0) {
        uint32_t c = talk->character & 0xffffffu;
        unsigned length = (unsigned)(talk->character >> 24);
        if (c < least[length] || !is_clean(c)) {
            fail(client, "H4", "a character that may not be forwarded");
        }
    }
}

/* ---- Lines --------------------------------------------------------------------------------- */

static bool skip(const char **at, const char *end, const char *text)
{
    size_t n = strlen(text);
    if ((size_t)(end - *at) < n || memcmp(*at, text, n) != 0) {
        return false;
    }
    *at += n;
    return true;
}

static bool read_number(const char **at, const char *end, unsigned *number)
{
    const char *begin = *at;
    *number = 0;
    while (*at < end && **at >= '0' && **at <= '9' && *number < 100000) {
        *number = *number * 10 + (unsigned)(**at - '0');
        (*at)++;
    }
    return *at > begin;
}

/* "n7": what client 7 may call itself, and nobody else. */
static void check_name(const struct client *client, unsigned sender, const char *name, size_t n)
{
    const char *at = name;
    unsigned number = 0;
    if (sim_fault_count() > 0 && n < 4 && name[0] == 'n') {
        return; /* a pause made by a fault may have ended its first line in the middle */
    }
    if (skip(&at, name + n, "n") && read_number(&at, name + n, &number) && at == name + n) {
        if (number != sender) {
            fail(client, "H6", "somebody speaks under the name of another");
        }
        return;
    }
    if (n == 4 && memcmp(name, "twin", 4) == 0) {
        return;
    }
    if (sim_fault_count() > 0 && n < 8 &&
        (memcmp(name, "operator", n) == 0 || (n < 4 && memcmp(name, "twin", n) == 0))) {
        return; /* for the same reason */
    }
    if (n < 6 || memcmp(name, "guest", 5) != 0) {
        fail(client, "H6", "a name that nobody took");
    }
}

static void check_rate(const struct client *client, unsigned sender)
{
    uint64_t now = sim_now();
    room.first_ms[sender] = room.said[sender] == 0 ? now : room.first_ms[sender];
    room.said[sender]++;
    /* the bucket was full when it came, and its rate counts from then */
    if (room.said[sender] > BURST + 1 +
        RATE * (now - world.clients[sender].accepted_ms) / 1000 + RATE) {
        fail(client, "H7", "a member says more than it may");
    }
}

/* Somebody's line number seq came to this member. */
static void take_message(struct client *client, struct talk *talk, unsigned sender, unsigned seq,
                         const char *name, size_t name_bytes, bool history)
{
    unsigned message = sender * ROOM_LINES + seq;
    if (sender == client->id && client->life > 0) {
        return; /* it finds in the history what it said when it was here before */
    }
    if (sender == client->id) {
        fail(client, "H1", "a member's own line came back to it");
    }
    if (room.said_ms[message] == 0) {
        room.said_ms[message] = sim_now() + 1;
        check_rate(client, sender);
    }
    check_name(client, sender, name, name_bytes);
    if (!history && !world_stopping() && name_bytes == 4 && memcmp(name, "twin", 4) == 0) {
        if (talk->twin != 0 && talk->twin != sender + 1) {
            fail(client, "H6", "two members have one name");
        }
        talk->twin = (uint8_t)(sender + 1);
    }
    if (talk->place[message] != 0) {
        fail(client, "H1", "a line came twice");
    }
    for (unsigned later = seq + 1; later < ROOM_LINES; later++) {
        if (talk->place[sender * ROOM_LINES + later] != 0) {
            fail(client, "H2", "a line came after a later one of the same member");
        }
    }
    talk->heard++;
    talk->place[message] = (uint16_t)(talk->heard | (history ? (unsigned)HISTORY : 0u));
}

/* What has no line end is a message too: when a pause follows before the first LF of all, and when
 * the connection ends. */
static bool may_be_piece(unsigned sender, unsigned seq)
{
    const struct client *client = &world.clients[sender];
    return client->server_ended || client->server_broken || client->server_gone ||
           (seq == 0 && !chat_talk(client)->nick);
}

/* "OP.<k>" of the operator's, who is nobody else, in order and once. */
static void take_operator(const struct client *client, struct talk *talk, const char *at,
                          const char *end)
{
    unsigned number = 0;
    if (!skip(&at, end, "OP.") || !read_number(&at, end, &number) || at != end) {
        if (sim_fault_count() == 0 && (at == end || *at != '/')) {
            fail(client, "H6", "the operator did not say that");
        }
        return;
    }
    if (number >= operator_said()) {
        fail(client, "H6", "the operator did not say that yet");
    }
    if (number < talk->operator_next) {
        fail(client, "H2", "the operator's lines come twice, or in another order");
    }
    talk->operator_next = number + 1;
}

/* What the bot says, that it can only have from its service, or about it. */
static void take_bot(const struct client *client, const char *text, size_t n)
{
    char words[DESK_ANSWER_BYTES];
    struct text sentence;
    unsigned id = 0;
    unsigned seq = 0;
    if (bot_settings.kind == BOT_NONE) {
        fail(client, "H6", "a bot speaks that is not there");
    }
    for (unsigned failure = BOT_BUSY; failure <= BOT_LONG; failure++) {
        text_begin(&sentence, words, sizeof words);
        bot_api_explain((enum bot_failure)failure, 500, &sentence);
        if (n == sentence.n && memcmp(text, words, n) == 0) {
            return;
        }
    }
    if (n > 0 && (text[0] == 'l' || text[0] == 'f' || bot_settings.kind == BOT_BUILTIN)) {
        return; /* a long answer goes on; a farewell to a piece of a question */
    }
    if (!desk_read_tag('A', text, n, &id, &seq)) {
        fail(client, "H6", "the bot says what its service did not");
    }
    size_t all = service_text(id, seq, true, words);
    if (n != (all < 510 ? all : 510) || memcmp(text, words, n) != 0) {
        fail(client, "H5", "the bot's answer is not the service's");
    }
}

/* <name> text, or * name text, where the text is a line of one of the clients. */
static void take_said(struct client *client, struct talk *talk, const char *at, const char *end,
                      bool history)
{
    char expected[ROOM_LINE_BYTES];
    bool me = *at == '*';
    const char *name = at + (me ? 2 : 1);
    const char *name_end = memchr(name, me ? ' ' : '>', (size_t)(end - name));
    const char *text;
    unsigned sender = 0;
    unsigned seq = 0;
    if (name_end == NULL) {
        fail(client, "H6", "a line without a name");
    }
    text = name_end + (me ? 1 : 2);
    at = text;
    if (!me && name_end - name == 8 && memcmp(name, "operator", 8) == 0 && sim_console_held()) {
        take_operator(client, talk, text, end);
        return;
    }
    if (!me && name_end - name == 3 && memcmp(name, "bot", 3) == 0) {
        take_bot(client, text, (size_t)(end - text));
        return;
    }
    if (text >= end || !skip(&at, end, "L") || !read_number(&at, end, &sender) ||
        !skip(&at, end, ".") || !read_number(&at, end, &seq) || at == end) {
        if (end - text >= 10 && memcmp(text, "xxxxxxxxxx", 10) == 0 && sim_fault_count() == 0) {
            fail(client, "H5", "the end of a line that was too long is a line of its own");
        }
        return; /* not one of ours: the operator's, or a piece of something else */
    }
    if (sender >= ROOM_MEMBERS || seq >= ROOM_LINES || sender >= world.count) {
        fail(client, "H5", "a line that nobody said");
    }
    size_t n = chat_line(sender, seq, true, expected);
    size_t got = (size_t)(end - text);
    bool piece = got < n && may_be_piece(sender, seq);
    if (piece && got > 0 && text[got - 1] == '?') {
        got--; /* of a character that was cut in two */
    }
    if (got > n || memcmp(text, expected, got) != 0 || (got < n && !piece)) {
        fail(client, "H5", "a line is not what was said");
    }
    take_message(client, talk, sender, seq, name, (size_t)(name_end - name), history);
}

static void take_line(struct client *client, struct talk *talk)
{
    const char *at = talk->line;
    const char *end = at + talk->line_bytes;
    unsigned number = 0;
    if (end > at && end[-1] == '\r') {
        end--;
    }
    if (skip(&at, end, "*** ")) {
        if (skip(&at, end, "You missed ") && read_number(&at, end, &number)) {
            talk->missed += number;
            talk->twin = 0;
        } else if (skip(&at, end, "twin ")) {
            talk->twin = 0; /* it came, or left, or is called something else */
        } else if (!talk->greeted) {
            talk->greeted = true;
            talk->greeted_ms = sim_now();
        }
        return;
    }
    if (end - at == 3 && memcmp(at, "***", 3) == 0) {
        return; /* a row of names with none */
    }
    bool history = skip(&at, end, "[history] ");
    if (skip(&at, end, "[private] ")) {
        const char *text = memchr(at, ' ', (size_t)(end - at));
        if (text != NULL && end - text > 2 && text[1] == 'P') {
            text += 2;
            bool read = read_number(&text, end, &number);
            bool cut = sim_fault_count() > 0 && /* a pause may have ended its name early */
                       (number == client->id / 10 || number == client->id / 100);
            if (read && number != client->id && !cut) {
                fail(client, "H6", "a private line came to another");
            }
        }
        return;
    }
    if (at < end && (*at == '<' || *at == '*')) {
        take_said(client, talk, at, end, history);
    }
}

void chat_check(struct client *client, struct talk *talk, const uint8_t *bytes, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (bytes[i] == '\n') {
            take_line(client, talk);
            talk->line_bytes = 0;
            continue;
        }
        if (bytes[i] != '\r') {
            take_character_byte(client, talk, bytes[i]);
        }
        if (talk->line_bytes == ROOM_LINE_BYTES) {
            fail(client, "H5", "a line without end");
        }
        talk->line[talk->line_bytes] = (char)bytes[i];
        talk->line_bytes++;
    }
}

/* ---- The whole ----------------------------------------------------------------------------- */

void chat_check_leaving(const struct client *client, const struct talk *talk)
{
    if (sim_fault_count() > 0 || !talk->greeted || talk->missed > 0 || talk->quits ||
        client->manner == MANNER_SLOW || world.plan.handles < 100 || client->life > 0 ||
        client->window < 500) {
        return; /* or it is behind, and knows it */
    }
    for (unsigned message = 0; message < ROOM_MESSAGES; message++) {
        if (room.said_ms[message] > talk->greeted_ms + ALL_HEARD_MS &&
            room.said_ms[message] + ALL_HEARD_MS < sim_now() && talk->place[message] == 0 &&
            message / ROOM_LINES != client->id) {
            sim_fail("H1", (int32_t)client->id, "a line was said and never came");
        }
    }
}

/* Any two heard what both heard in one order. */
static void check_order(const struct talk *a, const struct talk *b, unsigned id)
{
    uint16_t of_b[ROOM_MESSAGES + 1];
    uint16_t last = 0;
    memset(of_b, 0, sizeof of_b);
    for (unsigned message = 0; message < ROOM_MESSAGES; message++) {
        if (a->place[message] != 0) {
            of_b[a->place[message] & ~HISTORY] = b->place[message] & (uint16_t)~HISTORY;
        }
    }
    for (unsigned i = 1; i <= a->heard && i <= ROOM_MESSAGES; i++) {
        if (of_b[i] != 0) {
            if (of_b[i] < last) {
                sim_fail("H2", (int32_t)id, "two members heard lines in different orders");
            }
            last = of_b[i];
        }
    }
}

/* What b heard between two lines that a heard too, a heard as well, or was told of. */
static void check_gaps(const struct talk *a, const struct talk *b, unsigned a_id)
{
    uint16_t heard_by_b[ROOM_MESSAGES + 1];
    unsigned missing = 0;
    unsigned pending = 0;
    bool inside = false;
    memset(heard_by_b, 0xff, sizeof heard_by_b);
    for (unsigned message = 0; message < ROOM_MESSAGES; message++) {
        if (b->place[message] != 0) {
            heard_by_b[b->place[message] & ~HISTORY] = (uint16_t)message;
        }
    }
    for (unsigned i = 1; i <= b->heard && i <= ROOM_MESSAGES; i++) {
        unsigned message = heard_by_b[i];
        if (message >= ROOM_MESSAGES || message / ROOM_LINES == a_id) {
            continue;
        }
        if (a->place[message] != 0) {
            missing += inside ? pending : 0;
            inside = inside || (a->place[message] & HISTORY) == 0;
            pending = 0;
        } else {
            pending++;
        }
    }
    if (missing > a->missed) {
        sim_fail("H1", (int32_t)a_id, "lines are missing and nobody said so");
    }
}

void chat_check_record(const struct talk *record)
{
    unsigned count = world.count < ROOM_MEMBERS ? world.count : ROOM_MEMBERS;
    for (unsigned id = 0; id < count; id++) {
        const struct talk *talk = chat_talk(&world.clients[id]);
        if (talk->heard > 0 && record->heard > 0) {
            check_order(record, talk, id);
            check_gaps(record, talk, ROOM_MEMBERS);
        }
    }
}

void chat_check_finish(void)
{
    unsigned count = world.count < ROOM_MEMBERS ? world.count : ROOM_MEMBERS;
    for (unsigned a = 0; a < count; a++) {
        for (unsigned b = 0; b < count; b++) {
            const struct talk *of_a = chat_talk(&world.clients[a]);
            const struct talk *of_b = chat_talk(&world.clients[b]);
            if (a != b && of_a->heard > 0 && of_b->heard > 0) {
                if (a < b) {
                    check_order(of_a, of_b, a);
                }
                check_gaps(of_a, of_b, a);
            }
        }
    }
}
