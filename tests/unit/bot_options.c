/* SPDX-License-Identifier: MIT */
/* The bot's options: what a URL, a model and a key may be, since each becomes part of a request. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "apps/chat/bot.h"
#include "apps/chat/bot_options.h"
#include "tests/check.h"

static bool sets(const char *name, const char *value)
{
    for (size_t i = 0; i < bot_options_count; i++) {
        if (strcmp(bot_options[i].name, name) == 0) {
            return bot_options[i].set(value) == NULL;
        }
    }
    EXPECT(name == NULL); /* there is no such option */
    return false;
}

/* The text before, n times c, and the text after. */
static const char *built(const char *before, char c, size_t n, const char *after)
{
    static char text[1024];
    size_t at = strlen(before);
    EXPECT(at + n + strlen(after) < sizeof text);
    memcpy(text, before, at);
    memset(text + at, c, n);
    strcpy(text + at + n, after);
    return text;
}

static void test_urls(void)
{
    static const char *const wrong[] = {
        "https://127.0.0.1/", "127.0.0.1", "http://", "http:///path", "http://user@127.0.0.1/",
        "http://127.0.0.1:0x50/", "http://127.0.0.1:65536/", "http://[::1/", "http://127.0.0.1/a b",
        "http://127.0.0.1/\"", "http://127.0.0.1/\\", "http://127.0.0.1/\xE4", "http://a\r\nb/",
    };
    for (size_t i = 0; i < COUNT_OF(wrong); i++) {
        EXPECT(!sets("--bot", wrong[i]));
    }
    EXPECT(!sets("--bot", built("http://", 'h', BOT_HOST_BYTES + 1, "/")));
    EXPECT(!sets("--bot", built("http://127.0.0.1/", 'p', BOT_PATH_BYTES, "")));
    EXPECT(bot_settings.kind == BOT_NONE && bot_settings.host_bytes == 0);

    EXPECT(sets("--bot", "builtin") && bot_settings.kind == BOT_BUILTIN);
    EXPECT(sets("--bot", "http://127.0.0.1:8000/v1/chat") && bot_settings.kind == BOT_API);
    EXPECT(bot_settings.host_bytes == 14 && memcmp(bot_settings.host, "127.0.0.1:8000", 14) == 0);
    EXPECT(bot_settings.path_bytes == 8 && memcmp(bot_settings.path, "/v1/chat", 8) == 0);
    EXPECT(bot_settings.to.port == 8000 && bot_settings.to.ip[12] == 127);
    EXPECT(sets("--bot", "http://[::1]") && bot_settings.to.port == 80);
    EXPECT(bot_settings.path_bytes == 1 && bot_settings.path[0] == '/');
    EXPECT(sets("--bot", built("http://127.0.0.1/", 'p', BOT_PATH_BYTES - 1, "")));
    EXPECT(bot_settings.path_bytes == BOT_PATH_BYTES);
    EXPECT(!sets("--bot", "http://no.such.host.invalid/"));
}

static void test_format_and_model(void)
{
    EXPECT(sets("--bot-format", "tuling") && bot_settings.format == BOT_TULING);
    EXPECT(!sets("--bot-format", "other") && bot_settings.format == BOT_TULING);
    EXPECT(sets("--bot-format", "openai") && bot_settings.format == BOT_OPENAI);
    EXPECT(sets("--bot-model", "m-1.5:small") && bot_settings.model_bytes == 11);
    EXPECT(!sets("--bot-model", "") && !sets("--bot-model", "a\"b"));
    EXPECT(!sets("--bot-model", "\"a") && !sets("--bot-model", "a\\"));
    EXPECT(!sets("--bot-model", "a ") && !sets("--bot-model", "a\x7f"));
    EXPECT(!sets("--bot-model", built("", 'm', BOT_MODEL_BYTES + 1, "")));
    EXPECT(bot_settings.model_bytes == 11 && memcmp(bot_settings.model, "m-1.5:small", 11) == 0);
    EXPECT(sets("--bot-model", built("", 'm', BOT_MODEL_BYTES, "")));
    EXPECT(sets("--bot-model", "!~"));
}

static void write_key(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");
    EXPECT(file != NULL && fputs(text, file) >= 0 && fclose(file) == 0);
}

/* Hazard 95: a key comes from a file or the environment, never from the command line itself. */
static void test_keys(void)
{
    char path[] = "/tmp/linnet-bot-key-XXXXXX";
    int made = mkstemp(path);
    EXPECT(made >= 0);
    (void)close(made);
    EXPECT(!sets("--bot-key-file", "/no/such/file"));
    write_key(path, "");
    EXPECT(!sets("--bot-key-file", path));
    write_key(path, "two words\n");
    EXPECT(!sets("--bot-key-file", path));
    write_key(path, built("", 'k', BOT_KEY_BYTES + 1, ""));
    EXPECT(!sets("--bot-key-file", path) && bot_settings.key_bytes == 0);

    EXPECT(setenv("LINNET_BOT_KEY", "not\tprintable", 1) == 0);
    EXPECT(!sets("--bot", "builtin"));
    EXPECT(setenv("LINNET_BOT_KEY", "from-outside", 1) == 0);
    EXPECT(sets("--bot", "builtin") && bot_settings.key_bytes == 12);

    write_key(path, "sesame\r\n");
    EXPECT(sets("--bot-key-file", path));
    EXPECT(bot_settings.key_bytes == 6 && memcmp(bot_settings.key, "sesame", 6) == 0);
    EXPECT(sets("--bot", "builtin") && bot_settings.key_bytes == 6); /* the file's key stays */
    write_key(path, built("", 'k', BOT_KEY_BYTES, "\n"));
    EXPECT(sets("--bot-key-file", path) && bot_settings.key_bytes == BOT_KEY_BYTES);
    EXPECT(remove(path) == 0);
}

int main(void)
{
    EXPECT(unsetenv("LINNET_BOT_KEY") == 0);
    test_urls();
    test_format_and_model();
    test_keys();
    return check_report("bot_options");
}
