/* SPDX-License-Identifier: MIT */
/* What one member alone is told, row by row. */
#include "apps/chat/chat_reply.h"

#include "apps/chat/chat.h"
#include "apps/chat/chat_door.h"
#include "apps/chat/chat_output.h"
#include "apps/chat/chat_report.h"
#include "apps/chat/chat_room.h"
#include "apps/chat/chat_welcome.h"

#define TEXT_OF(macro) TEXT_OF2(macro)
#define TEXT_OF2(macro) #macro

enum { WHO_ROW_BYTES = 72 }; /* names are put into a row up to here */

static const char *const help[] = {
    "*** Whatever you type is said to everybody here, except:",
    "***   /nick NAME        changes what you are called",
    "***   /who              lists who is here",
    "***   /me TEXT          says what you do",
    "***   /msg NAME TEXT    says something to one alone",
    "***   /topic            what the topic is; /topic TEXT sets it, /topic - takes it away",
    "***   /help             lists this",
    "***   /quit, or bye     leaves",
    "***   //TEXT            says a line that begins with /"
};

static const char *const desk_help[] = {
    "***   @NUMBER TEXT      answers a guest; TEXT alone: the one that spoke last",
    "***   /who              lists who is here",
    "***   /help             lists this"
};

static const char *const operator_help[] = {
    "***   /kick NAME        removes somebody",
    "***   /mute NAME, /unmute NAME",
    "***   /ban NAME or ADDRESS, MINUTES if it is to end; /unban ADDRESS, /bans",
    "***   /say TEXT         the same as the text alone",
    "***   /stats            counts"
};

/* Replies of one row that never differ; NULL: see chat_reply_row. */
static const char *fixed_row(enum chat_reply reply)
{
    switch (reply) {
    case CHAT_REPLY_CUT:
        return "*** Your line was longer than " TEXT_OF(CFG_CHAT_LINE_BYTES)
               " bytes; its end was cut.";
    case CHAT_REPLY_LATE:
        return "*** Your line was not finished in time and was dropped.";
    case CHAT_REPLY_UNKNOWN:
        return "*** There is no such command; /help lists them.";
    case CHAT_REPLY_NOBODY:
        return "*** Nobody here has that name.";
    case CHAT_REPLY_NAME_TAKEN:
        return "*** Somebody has that name.";
    case CHAT_REPLY_NAME_BAD:
        return "*** A name has letters of one alphabet, digits, - _ and . and at most "
               TEXT_OF(CFG_CHAT_NAME_BYTES) " bytes.";
    case CHAT_REPLY_NAME_RESERVED:
        return "*** Nobody may take that name.";
    case CHAT_REPLY_TEXT_MISSING:
        return "*** Something is missing; /help shows how it is written.";
    case CHAT_REPLY_MUTED:
        return "*** The operator has muted you: nobody hears this.";
    case CHAT_REPLY_DONE:
        return "*** Done.";
    case CHAT_REPLY_BANS_FULL:
        return "*** No more addresses can be banned.";
    case CHAT_REPLY_MINUTES:
        return "*** A ban lasts 1 to 1000000 minutes, or has no end.";
    case CHAT_REPLY_TOPIC_LONG:
        return "*** A topic has at most " TEXT_OF(CFG_CHAT_TOPIC_BYTES) " bytes.";
    case CHAT_REPLY_NOT_BANNED:
        return "*** That is not an address that is banned.";
    case CHAT_REPLY_AT_BOT:
        return CHAT_BOT ? "*** The bot still has your last question." : "";
    case CHAT_REPLY_WAITS:
        return "*** This waits for its next question.";
    case CHAT_REPLY_KICKED:
        return "*** The operator removed you.";
    case CHAT_REPLY_BYE:
        return "bye";
    case CHAT_REPLY_BYE_CHINESE:
        return "\xE5\x86\x8D\xE8\xA7\x81";
    case CHAT_REPLY_NONE:
    case CHAT_REPLY_TOPIC:
    case CHAT_REPLY_NAME:
    case CHAT_REPLY_WHO:
    case CHAT_REPLY_HELP:
    case CHAT_REPLY_STATS:
    case CHAT_REPLY_BANS:
    case CHAT_REPLY_TELNET:
        break;
    }
    return NULL;
}

static void reply_end(struct chat_member *member)
{
    member->reply = CHAT_REPLY_NONE;
    member->reply_row = 0;
}

bool chat_reply_owed(struct chat_member *member)
{
    bool names = member->reply == CHAT_REPLY_WHO && member->reply_row > 0;
    if (names && chat_room_next(member->reply_row - 1u) == NULL) {
        reply_end(member);
    }
    return member->reply != CHAT_REPLY_NONE;
}

void chat_reply(struct conn *conn, enum chat_reply reply)
{
    struct chat_member *member = chat_member_of(conn);
    if (chat_protocol_of(member) == CHAT_BARE && reply != CHAT_REPLY_TELNET) {
        return;
    }
    if (member->reply == CHAT_REPLY_NONE) {
        member->reply = (uint8_t)reply;
        member->reply_row = 0;
        conn_output_ask(conn);
    }
}

void chat_reply_missed(const struct chat_member *member, struct text *text)
{
    text_put(text, "*** You missed ");
    text_put_number(text, member->missed);
    text_put(text, member->missed == 1 ? " line." : " lines.");
}

static void help_row(struct chat_member *member, struct text *text)
{
    const char *const *rows = chat_settings.desk ? desk_help : help;
    size_t own = chat_settings.desk ? COUNT_OF(desk_help) : COUNT_OF(help);
    size_t all = own + (chat_has(member, CHAT_OPERATOR) ? COUNT_OF(operator_help) : 0);
    unsigned row = member->reply_row;
    text_put(text, row < own ? rows[row] : operator_help[row - own]);
    member->reply_row++;
    if (member->reply_row == all) {
        reply_end(member);
    }
}

/* What lasts so long: "59 min", "2 h", "3 d". */
static void put_duration(struct text *text, uint32_t minutes)
{
    bool hours = minutes >= 60;
    bool days = minutes >= 24 * 60;
    text_put_number(text, days ? minutes / (24 * 60) : hours ? minutes / 60 : minutes);
    text_put(text, days ? " d" : hours ? " h" : " min");
}

/* One who is here, and for how long it was silent; for the operator with its address. */
static void put_one(struct text *text, bool all, struct conn *conn)
{
    const struct chat_member *other = chat_member_of(conn);
    uint32_t minutes = chat_time_in_seconds(chat_time() - other->heard_at) / 60;
    text_put_char(text, ' ');
    text_put_bytes(text, other->name, other->name_bytes);
    if (all && !conn_is_console(conn)) {
        struct port_address peer = conn_peer(conn);
        text_put_char(text, ' ');
        text_put_address(text, &peer);
        text_put(text, chat_has(other, CHAT_MUTED) ? " muted" : "");
    }
    if (minutes > 0) {
        text_put(text, " (idle ");
        put_duration(text, minutes);
        text_put_char(text, ')');
    }
}

/* The number first, and names as many as fit; for the operator one a row. */
static void who_row(struct chat_member *member, struct text *text)
{
    bool all = chat_has(member, CHAT_OPERATOR);
    bool full = false;
    text_put(text, "***");
    if (member->reply_row == 0) {
        text_put_char(text, ' ');
        text_put_number(text, chat_room_counts()->members);
        text_put(text, " here:");
        member->reply_row = 1;
        full = all;
    } else {
        text_put(text, "  ");
    }
    size_t begin = text->n;
    struct conn *conn = chat_room_next(member->reply_row - 1u);
    while (conn != NULL && !full) {
        text_put(text, text->n > begin ? "," : "");
        put_one(text, all, conn);
        member->reply_row = (uint16_t)(conn_index(conn) + 2);
        full = all || text->n - begin >= WHO_ROW_BYTES;
        conn = chat_room_next(member->reply_row - 1u);
    }
    if (conn == NULL) {
        reply_end(member);
    }
}

static void put_stats(struct text *text)
{
    text_put(text, "***");
    chat_report_room(text);
}

/* The number first, then each in a row of its own. */
static void bans_row(struct chat_member *member, struct text *text)
{
    struct port_address address;
    uint32_t minutes = 0;
    text_put(text, "*** ");
    if (member->reply_row == 0) {
        text_put_number(text, chat_door_bans());
        text_put(text, chat_door_bans() > 0 ? " banned:" : " banned.");
    } else if (chat_door_ban_at(member->reply_row - 1u, &address, &minutes)) {
        text_put(text, "  ");
        text_put_ip(text, &address);
        if (minutes > 0) {
            text_put(text, " for another ");
            put_duration(text, minutes);
        }
    }
    member->reply_row++;
    if (member->reply_row > chat_door_bans()) {
        reply_end(member);
    }
}

/* What a reply of one row says. */
static void only_row(struct chat_member *member, enum chat_reply reply, struct text *text)
{
    if (reply == CHAT_REPLY_STATS) {
        put_stats(text);
    } else if (reply == CHAT_REPLY_TOPIC) {
        chat_welcome_topic_row(text);
    } else if (reply == CHAT_REPLY_TELNET) {
        uint8_t answer[LINE_ANSWER_BYTES];
        line_answer(&member->line, answer);
        text_put_bytes(text, (const char *)answer, sizeof answer);
    } else if (reply == CHAT_REPLY_NAME) {
        text_put(text, "*** You are now ");
        text_put_bytes(text, member->name, member->name_bytes);
        text_put_char(text, '.');
    } else {
        const char *row = fixed_row(reply);
        CHECK(row != NULL);
        text_put(text, row);
    }
}

void chat_reply_row(struct chat_member *member, struct text *text)
{
    enum chat_reply reply = (enum chat_reply)member->reply;
    if (reply == CHAT_REPLY_WHO) {
        who_row(member, text);
    } else if (reply == CHAT_REPLY_HELP) {
        help_row(member, text);
    } else if (reply == CHAT_REPLY_BANS) {
        bans_row(member, text);
    } else {
        only_row(member, reply, text);
        reply_end(member);
    }
}
