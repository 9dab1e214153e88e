/* SPDX-License-Identifier: MIT */
/* What the chat app says of itself. */
#include "apps/chat/chat_report.h"

#include "apps/chat/bot.h"
#include "apps/chat/chat_door.h"
#include "apps/chat/chat_output.h"
#include "apps/chat/chat_record.h"
#include "apps/chat/chat_room.h"

#if CORE_LIMITS
const struct limit chat_limits[CHAT_LIMITS] = {
    LIMIT(CFG_CHAT_LOG_BYTES, "bytes", "the log all members read from"),
    LIMIT(CFG_CHAT_LINE_BYTES, "bytes", "the longest line"),
    LIMIT(CFG_CHAT_NAME_BYTES, "bytes", "the longest name"),
    LIMIT(CFG_CHAT_GREETING_BYTES, "bytes", "the longest --greeting"),
    LIMIT(CFG_CHAT_TOPIC_BYTES, "bytes", "the longest topic"),
    LIMIT(CFG_CHAT_WELCOME_BYTES, "bytes", "of --chat-greeting"),
    LIMIT(CFG_CHAT_RECORD, "yes or no", "there is --chat-log"),
    LIMIT(CFG_CHAT_BLOCK_BYTES, "bytes", "sent to a member in one call"),
    LIMIT(CFG_CHAT_NOTICE_BURST, "notices", "of arrivals, at once"),
    LIMIT(CFG_CHAT_NOTICE_RATE, "per second", "and from then on"),
    LIMIT(CFG_CHAT_JOIN_SETS, "sets of 4", "addresses whose arrivals count"),
    LIMIT(CFG_CHAT_BANS_MAX, "addresses", "the operator can ban"),
    LIMIT(CFG_CHAT_SNIFF_MS, "ms", "a silent newcomer is greeted"),
    LIMIT(CFG_CHAT_LINE_MS, "ms", "an unfinished line is dropped"),
    LIMIT(CFG_CHAT_WORD_MS, "ms", "a goodbye waits for the last word"),
#if CHAT_BOT
    LIMIT(CFG_BOT_ANSWER_BYTES, "bytes", "the bot's longest answer"),
    LIMIT(CFG_BOT_CALLS, "connections", "of the bot to its service"),
    LIMIT(CFG_BOT_QUEUE, "questions", "that wait for one of them"),
    LIMIT(CFG_BOT_BODY_BYTES, "bytes", "of what the service sends"),
    LIMIT(CFG_BOT_ANSWER_MS, "ms", "the service may take"),
    LIMIT(CFG_BOT_WAIT_MS, "ms", "a question waits to be asked"),
    LIMIT(CFG_BOT_BURST, "answers", "of the bot in a room, at once"),
    LIMIT(CFG_BOT_RATE, "per second", "and from then on"),
#endif
};
#endif

void chat_report_room(struct text *line)
{
    const struct chat_counts *counts = chat_room_counts();
    text_put_count(line, "members", counts->members);
    text_put_count(line, "lines", counts->lines);
    text_put_count(line, "missed", counts->missed);
    text_put_count(line, "cut", counts->cut);
    text_put_count(line, "refused", chat_door_refused());
}

void chat_report(struct text *line)
{
    chat_report_room(line);
    text_put_count(line, "shared", chat_output_shares());
    if (CFG_CHAT_RECORD) {
        text_put_count(line, "unrecorded", chat_record_lost());
    }
    if (CHAT_BOT) {
        bot_report(line);
    }
}
