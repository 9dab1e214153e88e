/* SPDX-License-Identifier: MIT */
/* The bot's options. Names are found here, before serving. */
#include "apps/chat/bot_options.h"

#include <string.h>

#include "apps/chat/bot.h"
#include "apps/target.h"
#include "port/port_tool.h"

enum { HTTP_PORT = 80 };

/* Printable ASCII without blanks, and nothing that JSON would have to escape. */
static bool is_plain(const char *text, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (text[i] <= ' ' || text[i] > '~' || text[i] == '"' || text[i] == '\\') {
            return false;
        }
    }
    return n > 0;
}

static bool take_key(const char *key, size_t n)
{
    while (n > 0 && (key[n - 1] == '\n' || key[n - 1] == '\r')) {
        n--;
    }
    if (n > sizeof bot_settings.key || !is_plain(key, n)) {
        return false;
    }
    port_secret_held();
    memcpy(bot_settings.key, key, n);
    bot_settings.key_bytes = (uint16_t)n;
    return true;
}

/* http://HOST[:PORT][/PATH] */
static const char *set_url(const char *rest)
{
    static const char wanted[] = "builtin, or the http:// URL of a JSON service";
    char authority[BOT_HOST_BYTES + 1];
    struct target target = {.port = HTTP_PORT};
    size_t host_bytes = strcspn(rest, "/?#");
    const char *path = rest[host_bytes] == '/' ? rest + host_bytes : "/";
    size_t path_bytes = strlen(path);
    if (host_bytes > BOT_HOST_BYTES || path_bytes > BOT_PATH_BYTES ||
        !is_plain(rest, host_bytes) || !is_plain(path, path_bytes)) {
        return wanted;
    }
    memcpy(authority, rest, host_bytes);
    authority[host_bytes] = '\0';
    if (strchr(authority, '@') != NULL || !target_read(authority, &target)) {
        return wanted;
    }
    if (port_resolve(target.host, PORT_NAME_ANY, target.port, &bot_settings.to, 1) != 1) {
        return "a URL whose host is known here, or an address in numbers";
    }
    memcpy(bot_settings.host, rest, host_bytes);
    bot_settings.host_bytes = (uint16_t)host_bytes;
    memcpy(bot_settings.path, path, path_bytes);
    bot_settings.path_bytes = (uint16_t)path_bytes;
    bot_settings.kind = BOT_API;
    return NULL;
}

static const char *set_bot(const char *value)
{
    static const char scheme[] = "http://";
    const char *key = port_environment("LINNET_BOT_KEY");
    if (bot_settings.key_bytes == 0 && key != NULL && !take_key(key, strlen(key))) {
        return "a key in LINNET_BOT_KEY that is printable and at most 256 bytes";
    }
    if (strcmp(value, "builtin") == 0) {
        bot_settings.kind = BOT_BUILTIN;
        return NULL;
    }
    if (strncmp(value, scheme, sizeof scheme - 1) != 0) {
        return "builtin, or the http:// URL of a JSON service";
    }
    return set_url(value + sizeof scheme - 1);
}

static const char *set_format(const char *value)
{
    if (strcmp(value, "openai") == 0) {
        bot_settings.format = BOT_OPENAI;
    } else if (strcmp(value, "tuling") == 0) {
        bot_settings.format = BOT_TULING;
    } else {
        return "openai or tuling";
    }
    return NULL;
}

static const char *set_model(const char *value)
{
    size_t n = strlen(value);
    if (n > sizeof bot_settings.model || !is_plain(value, n)) {
        return "the name of a model, at most 64 bytes";
    }
    memcpy(bot_settings.model, value, n);
    bot_settings.model_bytes = (uint16_t)n;
    return NULL;
}

static const char *set_key_file(const char *value)
{
    char key[BOT_KEY_BYTES + 2];
    int n = port_text_read(value, key, sizeof key);
    if (n < 0 || !take_key(key, (size_t)n)) {
        return "a file that holds a key, printable and at most 256 bytes";
    }
    return NULL;
}

const struct option bot_options[] = {
    OPTION("--bot", "WHO",
           "who answers at the desk, and in the room what begins with \"bot:\": builtin "
           "(rules), or a service at an http:// URL", set_bot),
    OPTION("--bot-format", "NAME", "how the service speaks: openai (the default) or tuling",
           set_format),
    OPTION("--bot-model", "NAME", "which model an openai service is to use (\"default\")",
           set_model),
    OPTION("--bot-key-file", "FILE", "where the service's key is; else LINNET_BOT_KEY has it",
           set_key_file),
};

const size_t bot_options_count = COUNT_OF(bot_options);
