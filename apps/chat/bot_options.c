/* SPDX-License-Identifier: MIT */
/* The bot's options. */
#include "apps/chat/bot_options.h"

#include <string.h>

#include "apps/chat/bot.h"

static const char *set_bot(const char *value)
{
    if (strcmp(value, "builtin") != 0) {
        return "builtin";
    }
    bot_settings.kind = BOT_BUILTIN;
    return NULL;
}

const struct option bot_options[] = {
    {"--bot", "WHO", "answers at the desk, and in the room lines that begin with \"bot:\": builtin "
     "rules", set_bot},
};

const size_t bot_options_count = COUNT_OF(bot_options);
