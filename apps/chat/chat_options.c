/* SPDX-License-Identifier: MIT */
/* The chat app's options. */
#include "apps/chat/chat_options.h"

#include <string.h>

#include "apps/chat/chat_record.h"
#include "apps/chat/chat_welcome.h"
#include "core/utf8.h"
#include "port/port_tool.h"

static const char *set_rate(const char *value)
{
    return option_number_set(value, 0, 100000, &chat_settings.rate,
                             "a number of lines per second, 0 (no limit) to 100000");
}

static const char *set_join_rate(const char *value)
{
    return option_number_set(value, 0, 100000, &chat_settings.join_rate,
                             "a number of arrivals per second, 0 (no limit) to 100000");
}

static const char *set_history(const char *value)
{
    return option_number_set(value, 0, 100000, &chat_settings.history_lines,
                             "a number of lines, 0 to 100000");
}

static const char *set_gap(const char *value)
{
    return option_number_set(value, 1, 60000, &chat_settings.gap_ms,
                             "a number of milliseconds, 1 to 60000");
}

static const char *set_mode(const char *value)
{
    if (strcmp(value, "room") != 0 && strcmp(value, "desk") != 0) {
        return "room or desk";
    }
    chat_settings.desk = strcmp(value, "desk") == 0;
    return NULL;
}

static const char *set_greeting(const char *value)
{
    static const char wanted[] = "a text in UTF-8 without control characters, of 1 to the bytes "
                                 "that --limits says";
    size_t n = strlen(value);
    if (n == 0 || n > sizeof chat_settings.greeting) {
        return wanted;
    }
    for (size_t at = 0; at < n;) {
        uint32_t code;
        at += utf8_decode((const uint8_t *)value + at, n - at, &code);
        if (!utf8_is_safe(code)) {
            return wanted;
        }
    }
    memcpy(chat_settings.greeting, value, n);
    chat_settings.greeting_bytes = (uint16_t)n;
    return NULL;
}

#if CFG_CHAT_WELCOME_BYTES > 0
static const char *set_greeting_file(const char *value)
{
    char text[CFG_CHAT_WELCOME_BYTES];
    int n = port_text_read(value, text, sizeof text);
    if (n < 0 || !chat_welcome_set(text, (size_t)n)) {
        return "a file of as many bytes as --limits says, or fewer";
    }
    return NULL;
}
#endif

#if CFG_CHAT_RECORD
static const char *set_record(const char *value)
{
    port_handle file = PORT_NONE;
    if (port_record_open(value, &file) != PORT_OK) {
        return "a regular file, or the name of a new one, that this user may write to";
    }
    chat_record_set(file);
    return NULL;
}
#endif

const struct option chat_options[] = {
    OPTION("--chat-mode", "MODE",
           "room: all hear each other (the default); desk: every guest is alone "
           "with who answers", set_mode),
    OPTION("--chat-rate", "N",
           "lines per second and member (10; bursts of twice as many; 0: no limit)",
           set_rate),
    OPTION("--join-rate", "N", "arrivals per second and address (20; loopback exempt; 0: no limit)",
           set_join_rate),
    OPTION("--history", "N", "lines that a newcomer is shown (20), as far as the log holds them",
           set_history),
    OPTION("--chat-gap", "MS", "a message without a line end is over after such a pause (250)",
           set_gap),
    OPTION("--greeting", "TEXT", "what a newcomer reads first (\"Welcome.\")", set_greeting),
#if CFG_CHAT_RECORD
    OPTION("--chat-log", "FILE", "add what everybody in the room could read to FILE, with the time",
           set_record),
#endif
#if CFG_CHAT_WELCOME_BYTES > 0
    OPTION("--chat-greeting", "FILE", "what a newcomer reads next: the lines of FILE",
           set_greeting_file),
#endif
};

const size_t chat_options_count = COUNT_OF(chat_options);
