/* SPDX-License-Identifier: MIT */
/* What the built-in bot says: the time, who is here, and a few rules. */
#include "apps/chat/bot.h"

#include "apps/chat/chat_room.h"
#include "core/date.h"

enum topic { TOPIC_TIME, TOPIC_WHO, TOPIC_HELP, TOPIC_FIXED };

struct rule {
    const char *word;   /* small letters, or not ASCII */
    enum topic topic;
    const char *answer; /* TOPIC_FIXED */
};

/* The first rule whose word is in the question. */
static const struct rule rules[] = {
    {"help", TOPIC_HELP, NULL},
    {"\xE5\xB8\xAE\xE5\x8A\xA9", TOPIC_HELP, NULL},
    {"time", TOPIC_TIME, NULL},
    {"date", TOPIC_TIME, NULL},
    {"\xE6\x97\xB6\xE9\x97\xB4", TOPIC_TIME, NULL},
    {"\xE5\x87\xA0\xE7\x82\xB9", TOPIC_TIME, NULL},
    {"who", TOPIC_WHO, NULL},
    {"\xE8\xB0\x81", TOPIC_WHO, NULL},
    {"bye", TOPIC_FIXED, "bye"},
    {"\xE5\x86\x8D\xE8\xA7\x81", TOPIC_FIXED, "\xE5\x86\x8D\xE8\xA7\x81"},
    {"hello", TOPIC_FIXED, "Hello."},
    {"hi", TOPIC_FIXED, "Hello."},
    {"\xE4\xBD\xA0\xE5\xA5\xBD", TOPIC_FIXED, "\xE4\xBD\xA0\xE5\xA5\xBD"},
    {"thank", TOPIC_FIXED, "You are welcome."},
    {"\xE8\xB0\xA2", TOPIC_FIXED, "\xE4\xB8\x8D\xE5\xAE\xA2\xE6\xB0\x94"},
    {"ping", TOPIC_FIXED, "pong"},
    {"name", TOPIC_FIXED, "I am a bot of a few rules."}
};

static char small(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool is_letter(char c)
{
    return small(c) >= 'a' && small(c) <= 'z';
}

/* Whether the word begins at text[0]. */
static bool begins(const char *text, size_t n, const char *word)
{
    size_t i = 0;
    while (word[i] != '\0' && i < n && small(text[i]) == word[i]) {
        i++;
    }
    return word[i] == '\0';
}

/* Words of ASCII count where a word begins: "hi", not "which". */
static const struct rule *find_rule(const char *text, size_t n)
{
    for (size_t i = 0; i < COUNT_OF(rules); i++) {
        for (size_t at = 0; at < n; at++) {
            bool inside = at > 0 && is_letter(text[at - 1]) && is_letter(text[at]);
            if (!inside && begins(text + at, n - at, rules[i].word)) {
                return &rules[i];
            }
        }
    }
    return NULL;
}

static void put_time(struct text *answer)
{
    struct date date;
    if (!date_now(&date)) {
        text_put(answer, "I do not know the time.");
        return;
    }
    text_put(answer, "It is ");
    date_put_minute(answer, &date);
    text_put(answer, " UTC, ");
    date_put_day(answer, &date);
    text_put_char(answer, '.');
}

unsigned bot_rules_find(const char *question, size_t n)
{
    const struct rule *rule = find_rule(question, n);
    return rule != NULL ? (unsigned)(rule - rules) : (unsigned)COUNT_OF(rules);
}

void bot_rules_answer(unsigned number, struct text *answer)
{
    if (number >= COUNT_OF(rules)) {
        text_put(answer, "I have no answer to that; say help, and I tell what I know.");
        return;
    }
    switch (rules[number].topic) {
    case TOPIC_TIME:
        put_time(answer);
        break;
    case TOPIC_WHO:
        text_put(answer, "Connected: ");
        text_put_number(answer, chat_room_counts()->members);
        text_put_char(answer, '.');
        break;
    case TOPIC_HELP:
        text_put(answer, "Ask me about the time, who is here, my name, or say hello, ping, bye.");
        break;
    case TOPIC_FIXED:
        text_put(answer, rules[number].answer);
        break;
    }
}
