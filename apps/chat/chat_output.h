/* SPDX-License-Identifier: MIT */
/*
 * What a member is owed, rendered on the way out: rows for it alone, then entries of the log. As
 * much as fits goes into one block and out in one call; members that stand at the same place in the
 * log share its rendering.
 *
 * When the connection takes a part, the rest of what is half sent moves into the member's buffer.
 * If there it is typing a line that leaves no room, only how much was sent is kept, and the entry
 * is rendered again, as long as the log holds it.
 */
#ifndef APPS_CHAT_OUTPUT_H
#define APPS_CHAT_OUTPUT_H

#include "apps/chat/chat_room.h"

struct chat_output {
    bool shared;        /* the block holds the entries from `from` to `to`, as CHAT_PLAIN */
    uint32_t from;
    uint32_t to;
    size_t n;
    uint64_t shares;    /* blocks that were sent once more without being rendered */
    struct chat_entry entry; /* the one being rendered; here for the stack's sake */
    char block[CFG_CHAT_BLOCK_BYTES];
};

enum { CHAT_OUTPUT_STATIC_BYTES = sizeof(struct chat_output) };

void chat_output_start(void);

/* Puts an entry that everybody may see as nc shows it, with its line end. */
void chat_output_render(const struct chat_entry *entry, struct text *text);

/* The app's `produce`. */
bool chat_output_produce(struct conn *conn);

/* The member finished a line: what is left of one that was half sent may have room now. */
void chat_output_free_log(struct conn *conn);

uint64_t chat_output_shares(void);

#endif
