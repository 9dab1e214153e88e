/* SPDX-License-Identifier: MIT */
/* Scripts as people write them: a line for each step and for each expectation. */
#include <stdlib.h>
#include <string.h>

#include "tests/sim/files.h"
#include "tests/sim/report.h"
#include "tests/sim/script.h"

enum { WORDS = 12, LINE_BYTES = 2000 };

struct words {
    unsigned count;
    char *at[WORDS];
    size_t n[WORDS];     /* bytes: a quoted word may hold anything */
    char bytes[LINE_BYTES];
};

static int hex(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* A character of a quoted word, behind its backslash. */
static const char *read_escape(const char *text, char *c)
{
    static const char letters[] = "nrt0\"\\";
    static const char meanings[] = "\n\r\t\0\"\\";
    const char *found = strchr(letters, *text);
    if (*text == 'x' && hex(text[1]) >= 0 && hex(text[2]) >= 0) {
        *c = (char)(hex(text[1]) * 16 + hex(text[2]));
        return text + 3;
    }
    if (*text == '\0' || found == NULL) {
        return NULL;
    }
    *c = meanings[found - letters];
    return text + 1;
}

/* Takes one line apart; returns where the next begins, NULL: a word is not one. */
static const char *read_words(const char *text, struct words *words)
{
    size_t used = 0;
    words->count = 0;
    while (*text != '\0' && *text != '\n') {
        bool quoted = *text == '"';
        if (*text == ' ') {
            text++;
            continue;
        }
        if (*text == '#') {
            text += strcspn(text, "\n");
            continue;
        }
        if (words->count == WORDS) {
            return NULL;
        }
        text += quoted ? 1 : 0;
        words->at[words->count] = words->bytes + used;
        while (*text != '\0' && *text != '\n' && *text != (quoted ? '"' : ' ')) {
            char c = *text;
            text = c == '\\' && quoted ? read_escape(text + 1, &c) : text + 1;
            if (text == NULL || used + 2 > LINE_BYTES) {
                return NULL;
            }
            words->bytes[used] = c;
            used++;
        }
        words->n[words->count] = (size_t)(words->bytes + used - words->at[words->count]);
        words->bytes[used] = '\0';
        used++;
        words->count++;
        if (quoted && *text != '"') {
            return NULL;
        }
        text += quoted ? 1 : 0;
    }
    return *text == '\n' ? text + 1 : text;
}

static bool is(const struct words *words, unsigned i, const char *word)
{
    return i < words->count && strcmp(words->at[i], word) == 0;
}

static bool read_number(const struct words *words, unsigned i, uint32_t *number)
{
    char *end;
    if (i >= words->count) {
        return false;
    }
    *number = (uint32_t)strtoul(words->at[i], &end, 10);
    return *end == '\0' && end != words->at[i];
}

static bool read_client(const struct words *words, unsigned i, uint8_t *client)
{
    uint32_t number = 0;
    bool good = read_number(words, i, &number) && number < SCRIPT_CLIENTS;
    *client = (uint8_t)number;
    return good;
}

/* connect PORT [window BYTES] [latency MS] */
static bool read_connect(const struct words *words, unsigned i, struct script_act *act)
{
    bool good = read_number(words, i, &act->n);
    act->what = SCRIPT_CONNECT;
    act->window = 4096;
    for (i++; good && i < words->count; i += 2) {
        good = is(words, i, "window")    ? read_number(words, i + 1, &act->window)
               : is(words, i, "latency") ? read_number(words, i + 1, &act->latency_ms)
                                         : false;
    }
    return good;
}

/* reads all | nothing | N every MS */
static bool read_reads(const struct words *words, unsigned i, struct script_act *act)
{
    act->what = SCRIPT_READS;
    act->n = is(words, i, "all") ? UINT32_MAX : 0;
    if (is(words, i, "all") || is(words, i, "nothing")) {
        return words->count == i + 1;
    }
    return read_number(words, i, &act->n) && is(words, i + 1, "every") &&
           read_number(words, i + 2, &act->window) && act->window > 0;
}

/* at MS CLIENT WHAT ... | at MS type TEXT | at MS stall|unstall|stop|wait | at MS resize FILE N */
static bool read_act(struct script *script, const struct words *words)
{
    struct script_act act;
    uint32_t at_ms = 0;
    uint32_t file = 0;
    memset(&act, 0, sizeof act);
    if (!read_number(words, 1, &at_ms) ||
        (script->acts_count > 0 && script->acts[script->acts_count - 1].at_ms > at_ms) ||
        script->acts_count == SCRIPT_ACTS) {
        return false;
    }
    act.at_ms = at_ms;
    if (is(words, 2, "type") && words->count == 4) {
        act.what = SCRIPT_TYPE;
        script_add(script, act, words->at[3], words->n[3]);
        return true;
    }
    if (is(words, 2, "resize") && read_number(words, 3, &file) && read_number(words, 4, &act.n)) {
        act.what = SCRIPT_RESIZE;
        act.client = (uint8_t)file;
    } else if (is(words, 2, "stall") || is(words, 2, "unstall")) {
        act.what = SCRIPT_STALL;
        act.n = is(words, 2, "stall") ? 1 : 0;
    } else if (is(words, 2, "stop") || is(words, 2, "wait")) {
        act.what = is(words, 2, "stop") ? SCRIPT_STOP : SCRIPT_WAIT;
    } else if (!read_client(words, 2, &act.client)) {
        return false;
    } else if (is(words, 3, "send") && words->count == 5) {
        act.what = SCRIPT_SEND;
        script_add(script, act, words->at[4], words->n[4]);
        return true;
    } else if (is(words, 3, "connect")) {
        if (!read_connect(words, 4, &act)) {
            return false;
        }
    } else if (is(words, 3, "reads")) {
        if (!read_reads(words, 4, &act)) {
            return false;
        }
    } else if (is(words, 3, "shut") || is(words, 3, "close") || is(words, 3, "reset")) {
        act.what = is(words, 3, "shut") ? SCRIPT_SHUT : is(words, 3, "close") ? SCRIPT_CLOSE
                                                                             : SCRIPT_RESET;
    } else {
        return false;
    }
    script_add(script, act, NULL, 0);
    return true;
}

/* expect CLIENT got|has|lacks TEXT, ends fin|reset|open, body FILE, bytes N, by MS, until MS */
static bool read_expectation(struct script *script, const struct words *words)
{
    static const struct {
        const char *word;
        enum script_expected what;
    } texts[] = {{"got", EXPECT_GOT}, {"has", EXPECT_HAS}, {"lacks", EXPECT_HAS_NOT}},
      numbers[] = {{"body", EXPECT_BODY}, {"bytes", EXPECT_BYTES}, {"by", EXPECT_ENDED_BY},
                   {"until", EXPECT_HELD_UNTIL}};
    struct script_expectation *expected = &script->expectations[script->expectations_count];
    if (script->expectations_count == SCRIPT_EXPECTATIONS ||
        !read_client(words, 1, &expected->client) || words->count != 4) {
        return false;
    }
    script->expectations_count++;
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        if (is(words, 2, texts[i].word) &&
            script->text_bytes + words->n[3] <= SCRIPT_TEXT_BYTES) {
            expected->what = (uint8_t)texts[i].what;
            expected->at = script->text_bytes;
            expected->bytes = (uint32_t)words->n[3];
            memcpy(script->text + script->text_bytes, words->at[3], words->n[3]);
            script->text_bytes += expected->bytes;
            return true;
        }
    }
    for (size_t i = 0; i < COUNT_OF(numbers); i++) {
        if (is(words, 2, numbers[i].word)) {
            expected->what = (uint8_t)numbers[i].what;
            return read_number(words, 3, &expected->n);
        }
    }
    expected->what = EXPECT_ENDS;
    expected->n = is(words, 3, "fin") ? SCRIPT_FIN : is(words, 3, "reset") ? SCRIPT_CUT
                                                                          : SCRIPT_OPEN;
    return is(words, 2, "ends") && (expected->n != SCRIPT_OPEN || is(words, 3, "open"));
}

static bool read_fault(struct script *script, const struct words *words)
{
    if (script->faults_count == SCRIPT_FAULTS || words->count != 2 ||
        report_read_fault(words->at[1], &script->faults[script->faults_count]) == NULL) {
        return false;
    }
    script->faults_count++;
    return true;
}

static bool read_setting(struct script *script, const struct words *words)
{
    uint32_t number = 0;
    if (words->count == 1) {
        script->desk = script->desk || is(words, 0, "desk");
        script->console = script->console || is(words, 0, "console");
        script->service = script->service || is(words, 0, "service");
        script->files_sent = script->files_sent || is(words, 0, "sendfile");
        return is(words, 0, "desk") || is(words, 0, "console") || is(words, 0, "service") ||
               is(words, 0, "sendfile");
    }
    if (!read_number(words, 1, &number) || words->count != 2) {
        return false;
    }
    if (is(words, 0, "handles")) {
        script->handles = (uint16_t)number;
    } else if (is(words, 0, "capacity")) {
        script->capacity = (uint16_t)number;
    } else if (is(words, 0, "seed")) {
        script->seed = number;
    } else {
        return false;
    }
    return true;
}

bool script_read(struct script *script, const char *text, unsigned *line)
{
    static struct words words;
    script_begin(script);
    *line = 0;
    while (*text != '\0') {
        bool good = true;
        (*line)++;
        text = read_words(text, &words);
        if (text == NULL) {
            return false;
        }
        if (words.count == 0) {
            continue;
        }
        if (is(&words, 0, "at")) {
            good = read_act(script, &words);
        } else if (is(&words, 0, "expect")) {
            good = read_expectation(script, &words);
        } else if (is(&words, 0, "fault")) {
            good = read_fault(script, &words);
        } else {
            good = read_setting(script, &words);
        }
        if (!good) {
            return false;
        }
    }
    return true;
}
