/* SPDX-License-Identifier: MIT */
/* The wire player's texts: parsing of script lines, escapes, wildcards, pseudo-random bytes. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/wire/talk.h"

enum { VARIABLES_MAX = 32 };

static struct {
    const char *names[VARIABLES_MAX];
    const char *values[VARIABLES_MAX];
    size_t count;
} variables;

void variable_set(const char *name, const char *value)
{
    for (size_t i = 0; i < variables.count; i++) {
        if (strcmp(variables.names[i], name) == 0) {
            variables.values[i] = value;
            return;
        }
    }
    if (variables.count < VARIABLES_MAX) {
        variables.names[variables.count] = name;
        variables.values[variables.count] = value;
        variables.count++;
    }
}

const char *variable_get(const char *name, size_t name_bytes)
{
    for (size_t i = 0; i < variables.count; i++) {
        if (strlen(variables.names[i]) == name_bytes
            && memcmp(variables.names[i], name, name_bytes) == 0) {
            return variables.values[i];
        }
    }
    return NULL;
}

/* ---- Parsing -------------------------------------------------------------------------------- */

static void die(const struct command *command, const char *why)
{
    printf("%s:%u: %s\n", command->script, command->line, why);
    exit(2);
}

static void code_add(struct command *command, uint16_t code)
{
    if (command->codes_count == TEXT_CODES) {
        die(command, "the text is too long");
    }
    command->codes[command->codes_count++] = code;
}

static unsigned hex_digit(const struct command *command, char c)
{
    const char *digits = "0123456789abcdef";
    const char *found = c == '\0' ? NULL : strchr(digits, tolower((unsigned char)c));
    if (found == NULL) {
        die(command, "\\x wants two hexadecimal digits");
    }
    return (unsigned)(found - digits);
}

/* What follows a backslash. */
static const char *escape_read(const char *at, struct command *command)
{
    static const char names[] = "rnt0";
    static const char values[] = "\r\n\t";
    const char *found = *at == '\0' ? NULL : strchr(names, *at);
    if (*at == 'x') {
        unsigned high = hex_digit(command, at[1]);
        code_add(command, (uint16_t)(high * 16U + hex_digit(command, at[2])));
        return at + 3;
    }
    if (*at == '#') {
        code_add(command, CODE_NUMBER);
    } else if (found != NULL) {
        code_add(command, (uint16_t)values[found - names]);
    } else if (*at != '\0' && strchr("\\\"$*?|", *at) != NULL) {
        code_add(command, (uint16_t)(unsigned char)*at);
    } else {
        die(command, "no such escape");
    }
    return at + 1;
}

/* How many characters of a variable's name stand here. */
static size_t name_length(const char *at)
{
    size_t n = 0;
    while (isupper((unsigned char)at[n]) || at[n] == '_') {
        n++;
    }
    return n;
}

/* The value of $NAME; `at` is behind the dollar. */
static const char *variable_read(const char *at, struct command *command)
{
    size_t n = name_length(at);
    const char *value = variable_get(at, n);
    if (value == NULL && !(n == 3 && memcmp(at, "ROW", 3) == 0)) { /* unset after a failure */
        die(command, "no such variable");
    }
    for (; value != NULL && *value != '\0'; value++) {
        code_add(command, (uint16_t)(unsigned char)*value);
    }
    return at + n;
}

/* One quoted text and the *N that may follow it; `at` is behind the first quote. */
static const char *text_read(const char *at, struct command *command)
{
    bool wild = command_has(command, "like");
    size_t begin = command->codes_count;
    command->has_text = true;
    while (*at != '"') {
        if (*at == '\0' || *at == '\n') {
            die(command, "the text has no end");
        }
        char c = *at++;
        if (c == '\\') {
            at = escape_read(at, command);
        } else if (c == '$') {
            at = variable_read(at, command);
        } else if (wild && (c == '*' || c == '?')) {
            code_add(command, c == '*' ? CODE_ANY_RUN : CODE_ANY_ONE);
        } else if (c == '|' && !wild && command_has(command, "cut")) {
            code_add(command, CODE_CUT);
        } else {
            code_add(command, (uint16_t)(unsigned char)c);
        }
    }
    at++;
    if (*at == '*') {
        char *end = NULL;
        unsigned long times = strtoul(at + 1, &end, 10);
        size_t n = command->codes_count - begin;
        for (size_t i = n; i < n * times; i++) {
            code_add(command, command->codes[begin + i % n]);
        }
        command->codes_count = begin + n * times;
        at = end;
    }
    if (command_has(command, "for")) {
        code_add(command, CODE_CUT); /* its texts are rows, and stay apart */
    }
    return at;
}

/* A bare word; $NAME in it is replaced. */
static const char *word_read(const char *at, struct command *command)
{
    size_t n = 0;
    if (command->words_count == WORDS_MAX) {
        die(command, "too many words");
    }
    char *word = command->words[command->words_count];
    while (*at != '\0' && strchr(" \t\n\"", *at) == NULL) {
        size_t name_bytes = 0;
        const char *value = at;
        size_t value_bytes = 1;
        if (*at == '$') {
            name_bytes = name_length(at + 1);
            value = variable_get(at + 1, name_bytes);
            value_bytes = value == NULL ? WORD_BYTES : strlen(value);
        }
        if (n + value_bytes >= WORD_BYTES) {
            n = 0; /* a variable that an earlier failure left unset, or nonsense */
            value = "?";
            value_bytes = 1;
        }
        memcpy(word + n, value, value_bytes);
        n += value_bytes;
        at += 1 + name_bytes;
    }
    word[n] = '\0';
    command->words_count++;
    return at;
}

static const char *physical_line_read(const char *at, struct command *command)
{
    while (*at != '\0' && *at != '\n') {
        if (*at == ' ' || *at == '\t') {
            at++;
        } else if (*at == '#') {
            at += strcspn(at, "\n");
        } else if (*at == '"') {
            at = text_read(at + 1, command);
        } else {
            at = word_read(at, command);
        }
    }
    return *at == '\n' ? at + 1 : at;
}

bool command_read(const char **cursor, unsigned *line, struct command *command)
{
    if (**cursor == '\0') {
        return false;
    }
    (*line)++;
    command->line = *line;
    command->words_count = 0;
    command->has_text = false;
    command->codes_count = 0;
    *cursor = physical_line_read(*cursor, command);
    while ((*cursor)[strspn(*cursor, " \t")] == '"') {
        (*line)++;
        *cursor = physical_line_read(*cursor, command);
    }
    return true;
}

const char *command_word_after(const struct command *command, const char *name)
{
    for (size_t i = 0; i + 1 < command->words_count; i++) {
        if (strcmp(command->words[i], name) == 0) {
            return command->words[i + 1];
        }
    }
    return NULL;
}

bool command_has(const struct command *command, const char *name)
{
    for (size_t i = 0; i < command->words_count; i++) {
        if (strcmp(command->words[i], name) == 0) {
            return true;
        }
    }
    return false;
}

uint64_t command_number(const struct command *command, const char *name, uint64_t otherwise)
{
    const char *word = command_word_after(command, name);
    char *end = NULL;
    if (word == NULL) {
        return otherwise;
    }
    uint64_t number = strtoull(word, &end, 10);
    if (*word == '\0' || *end != '\0') {
        die(command, "a number was expected");
    }
    return number;
}

/* ---- Matching and printing ------------------------------------------------------------------ */

const uint8_t *command_bytes(const struct command *command, unsigned number, size_t *n,
                             size_t *cut)
{
    static uint8_t bytes[TEXT_CODES + 16];
    char digits[16];
    size_t digits_count = (size_t)snprintf(digits, sizeof digits, "%u", number);
    size_t count = 0;
    bool has_cut = false;
    for (size_t i = 0; i < command->codes_count && count < TEXT_CODES; i++) {
        if (command->codes[i] == CODE_NUMBER) {
            memcpy(bytes + count, digits, digits_count);
            count += digits_count;
        } else if (command->codes[i] == CODE_CUT) {
            *cut = count;
            has_cut = true;
        } else {
            bytes[count++] = (uint8_t)command->codes[i];
        }
    }
    if (!has_cut) {
        *cut = count;
    }
    *n = count;
    return bytes;
}

/* Where a run may be empty, what stands behind it may begin as well. */
static void states_spread(struct matcher *matcher)
{
    for (size_t i = 0; i < matcher->codes_count; i++) {
        if (matcher->states[i] != 0 && matcher->codes[i] == CODE_ANY_RUN) {
            matcher->states[i + 1] = 1;
        }
    }
}

/* Copies the pattern, with the peer's number in its places. */
static bool pattern_copy(struct matcher *matcher, const struct command *command, unsigned number)
{
    char digits[16];
    size_t digits_count = (size_t)snprintf(digits, sizeof digits, "%u", number);
    matcher->codes_count = 0;
    for (size_t i = 0; i < command->codes_count; i++) {
        if (matcher->codes_count + digits_count >= PATTERN_CODES) {
            return false;
        }
        if (command->codes[i] != CODE_NUMBER) {
            matcher->codes[matcher->codes_count++] = command->codes[i];
            continue;
        }
        for (size_t k = 0; k < digits_count; k++) {
            matcher->codes[matcher->codes_count++] = (uint16_t)digits[k];
        }
    }
    return true;
}

bool matcher_start(struct matcher *matcher, const struct command *command, unsigned number)
{
    matcher->position = 0;
    matcher->plain = !command_has(command, "like");
    if (matcher->plain) {
        size_t cut = 0;
        matcher->bytes = command_bytes(command, number, &matcher->bytes_count, &cut);
        return true;
    }
    if (!pattern_copy(matcher, command, number)) {
        return false;
    }
    memset(matcher->states, 0, matcher->codes_count + 1);
    matcher->states[0] = 1;
    states_spread(matcher);
    return true;
}

static enum match plain_step(struct matcher *matcher, uint8_t byte)
{
    if (matcher->position >= matcher->bytes_count || matcher->bytes[matcher->position] != byte) {
        return MATCH_NO;
    }
    matcher->position++;
    return matcher->position == matcher->bytes_count ? MATCH_DONE : MATCH_MORE;
}

enum match matcher_step(struct matcher *matcher, uint8_t byte)
{
    if (matcher->plain) {
        return plain_step(matcher, byte);
    }
    bool alive = false;
    for (size_t i = matcher->codes_count; i > 0; i--) {
        uint16_t code = matcher->codes[i - 1];
        bool was = matcher->states[i - 1] != 0;
        bool stays = was && code == CODE_ANY_RUN;
        bool moves = was && (code == byte || code == CODE_ANY_ONE);
        if (i == matcher->codes_count || moves) {
            matcher->states[i] = moves ? 1 : 0;
        }
        matcher->states[i - 1] = stays ? 1 : 0;
        alive = alive || stays || moves;
    }
    states_spread(matcher);
    if (matcher->states[matcher->codes_count] != 0) {
        return MATCH_DONE;
    }
    return alive ? MATCH_MORE : MATCH_NO;
}

const char *bytes_escape(const uint8_t *bytes, size_t n, char *out, size_t size)
{
    size_t used = 0;
    for (size_t i = 0; i < n && used + 12 < size; i++) {
        uint8_t byte = bytes[i];
        if (byte == '\r' || byte == '\n' || byte == '\\' || byte == '"') {
            out[used++] = '\\';
            out[used++] = (char)(byte == '\r' ? 'r' : byte == '\n' ? 'n' : byte);
        } else if (byte >= 0x20 && byte < 0x7f) {
            out[used++] = (char)byte;
        } else {
            used += (size_t)snprintf(out + used, size - used, "\\x%02x", byte);
        }
        if (used + 12 >= size && i + 1 < n) {
            memcpy(out + used, "...", 3);
            used += 3;
        }
    }
    out[used] = '\0';
    return out;
}

void random_fill(uint64_t seed, uint64_t position, uint8_t *bytes, size_t n)
{
    uint64_t word = 0;
    for (size_t i = 0; i < n; i++, position++) {
        if (i == 0 || position % 8 == 0) {
            word = seed * 0x9e3779b97f4a7c15U + position / 8 * 0xbf58476d1ce4e5b9U;
            word = (word ^ (word >> 30)) * 0xbf58476d1ce4e5b9U;
            word = (word ^ (word >> 27)) * 0x94d049bb133111ebU;
            word ^= word >> 31;
        }
        bytes[i] = (uint8_t)(word >> (position % 8 * 8));
    }
}
