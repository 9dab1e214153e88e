/* SPDX-License-Identifier: MIT */
/*
 * chat: one room for all who come with nc, telnet or a program of their own, and for the operator;
 * or a desk, where every guest is alone with the operator.
 *
 *     chat.c          the hooks: how bytes become lines, and when
 *     chat_command.c  what a line means: something said, or a command
 *     chat_operator.c what the operator alone may do
 *     chat_desk.c     what a line means at the desk
 *     chat_gbk.c      texts that are not UTF-8
 *     chat_room.c     the members, their names, and the log they all read from
 *     chat_log.c      that log
 *     chat_output.c   what a member is owed, rendered on the way out
 *     chat_reply.c    the text that is for one member alone
 *     chat_record.c   the file that keeps what all could read
 *     chat_welcome.c  what a newcomer reads first
 *     chat_door.c     who may come in
 *     chat_pace.c     how fast a member may talk
 *     chat_name.c, chat_sniff.c   names; other protocols
 *     chat_report.c   limits and counters
 *     bot.h           the bot
 */
#ifndef APPS_CHAT_H
#define APPS_CHAT_H

#include "apps/chat/chat_config.h"
#include "core/app.h"

struct chat_settings {
    uint32_t rate;          /* lines per second and member, 0: no limit */
    uint32_t join_rate;     /* arrivals per second and address, loopback exempt, 0: no limit */
    uint32_t history_lines; /* that a newcomer is shown, as far as the log holds them */
    uint32_t gap_ms;        /* a pause of so long ends a message without a line end */
    bool desk;              /* a desk instead of a room */
    uint16_t greeting_bytes;
    char greeting[CFG_CHAT_GREETING_BYTES];
};

extern struct chat_settings chat_settings;
extern const struct app chat_app;

#endif
