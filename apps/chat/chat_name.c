/* SPDX-License-Identifier: MIT */
/* The names of members. */
#include "apps/chat/chat_name.h"

#include "core/utf8.h"

/* Scripts with letters that look like each other's; a name has letters of one of them at most. */
enum { SCRIPT_NEUTRAL = 0, SCRIPT_LATIN = 1, SCRIPT_GREEK = 2, SCRIPT_CYRILLIC = 4 };

struct letters {
    uint16_t first;
    uint16_t last;
    uint8_t script;
};

/* Only ranges without invisible, combining or turning characters. */
static const struct letters letters[] = {
    {'A', 'Z', SCRIPT_LATIN},
    {'a', 'z', SCRIPT_LATIN},
    {0x00C0, 0x00D6, SCRIPT_LATIN},
    {0x00D8, 0x00F6, SCRIPT_LATIN},
    {0x00F8, 0x012F, SCRIPT_LATIN},
    {0x0132, 0x0137, SCRIPT_LATIN},
    {0x0139, 0x0148, SCRIPT_LATIN},
    {0x014A, 0x017E, SCRIPT_LATIN},
    {0x0386, 0x0386, SCRIPT_GREEK},
    {0x0388, 0x038A, SCRIPT_GREEK},
    {0x038E, 0x03A1, SCRIPT_GREEK},
    {0x03A3, 0x03CE, SCRIPT_GREEK},
    {0x0400, 0x045F, SCRIPT_CYRILLIC},
    {0x048A, 0x04BF, SCRIPT_CYRILLIC},
    {0x05D0, 0x05EA, SCRIPT_NEUTRAL}, /* Hebrew */
    {0x0620, 0x063F, SCRIPT_NEUTRAL}, /* Arabic */
    {0x0641, 0x064A, SCRIPT_NEUTRAL},
    {0x3041, 0x3096, SCRIPT_NEUTRAL}, /* Hiragana */
    {0x30A1, 0x30FA, SCRIPT_NEUTRAL}, /* Katakana */
    {0x3400, 0x4DBF, SCRIPT_NEUTRAL}, /* Han */
    {0x4E00, 0x9FFF, SCRIPT_NEUTRAL},
    {0xAC00, 0xD7A3, SCRIPT_NEUTRAL}  /* Hangul */
};

/* One after the other, a blank behind each. */
static const char reserved[] =
    "admin administrator all anonymous bot console everybody everyone guest history linnet "
    "moderator nobody operator private root server system you ";

static const struct letters *find_letters(uint32_t code)
{
    for (size_t i = 0; i < COUNT_OF(letters); i++) {
        if (code >= letters[i].first && code <= letters[i].last) {
            return &letters[i];
        }
    }
    return NULL;
}

/* Ranges of small letters, and how far above the capital each lies. */
struct folding {
    uint16_t first;
    uint16_t last;
    uint8_t distance;
};

static const struct folding foldings[] = {
    {'A', 'Z', 32}, {0x00C0, 0x00DE, 32}, {0x0388, 0x038A, 37}, {0x0391, 0x03AB, 32},
    {0x0400, 0x040F, 80}, {0x0410, 0x042F, 32}
};

/* The small letter of a capital of `letters`; all else as it is. */
static uint32_t fold(uint32_t code)
{
    for (size_t i = 0; i < COUNT_OF(foldings); i++) {
        if (code >= foldings[i].first && code <= foldings[i].last) {
            return code + foldings[i].distance;
        }
    }
    /* Where capitals and small letters alternate, capitals are even, or odd in these two. */
    if ((code >= 0x0139 && code <= 0x0148) || (code >= 0x0179 && code <= 0x017E)) {
        return code + (code & 1);
    }
    if ((code >= 0x0100 && code <= 0x0177) || (code >= 0x048A && code <= 0x04BF)) {
        return code | 1;
    }
    switch (code) {
    case 0x0178:
        return 0x00FF;
    case 0x0386:
        return 0x03AC;
    case 0x038C:
        return 0x03CC;
    case 0x038E:
    case 0x038F:
        return code + 63;
    case 0x03C2: /* the sigma at the end of a word */
        return 0x03C3;
    default:
        return code;
    }
}

/* Small letters, and digits, that look like a Latin one, or whose capitals do; from Greek and from
 * Cyrillic. A small nu and upsilon look like others than their capitals: see is_disguise. */
struct likeness {
    uint16_t code;
    char like;
};

static const struct likeness likenesses[] = {
    {'0', 'o'},    {'1', 'l'},    {'i', 'l'},    {0x03B1, 'a'}, {0x03B2, 'b'}, {0x03B5, 'e'},
    {0x03B6, 'z'}, {0x03B7, 'h'}, {0x03B9, 'l'}, {0x03BA, 'k'}, {0x03BC, 'm'}, {0x03BD, 'n'},
    {0x03BF, 'o'}, {0x03C1, 'p'}, {0x03C4, 't'}, {0x03C5, 'y'}, {0x03C7, 'x'}, {0x0430, 'a'},
    {0x0432, 'b'}, {0x0433, 'r'}, {0x0435, 'e'}, {0x043A, 'k'}, {0x043C, 'm'}, {0x043D, 'h'},
    {0x043E, 'o'}, {0x0440, 'p'}, {0x0441, 'c'}, {0x0442, 't'}, {0x0443, 'y'}, {0x0445, 'x'},
    {0x0455, 's'}, {0x0456, 'l'}, {0x0458, 'j'}, {0x04AF, 'y'}, {0x04BB, 'h'}, {0x04BD, 'e'}
};

/* What a small letter or digit looks like: a Latin letter, or itself. */
static uint32_t likeness(uint32_t code)
{
    for (size_t i = 0; i < COUNT_OF(likenesses); i++) {
        if (likenesses[i].code == code) {
            return (uint32_t)likenesses[i].like;
        }
    }
    return code;
}

/* The next character of a name, so that it equals all that are the same. */
static uint32_t next_character(const char *name, size_t n, size_t *at)
{
    uint32_t code;
    *at += utf8_decode((const uint8_t *)name + *at, n - *at, &code);
    return likeness(fold(code));
}

/* A name in Greek of nothing but letters that look Latin, one of which looks unlike its capital, as
 * which it counts: a Latin name that looks the same would be another. */
static bool is_disguise(const char *name, size_t n)
{
    bool small = false;
    for (size_t at = 0; at < n;) {
        uint32_t code;
        at += utf8_decode((const uint8_t *)name + at, n - at, &code);
        if (code >= 0x80 && likeness(fold(code)) >= 0x80) {
            return false;
        }
        small = small || code == 0x03BD || code == 0x03C5;
    }
    return small;
}

bool chat_name_same(const char *a, size_t a_bytes, const char *b, size_t b_bytes)
{
    size_t a_at = 0;
    size_t b_at = 0;
    while (a_at < a_bytes && b_at < b_bytes) {
        if (next_character(a, a_bytes, &a_at) != next_character(b, b_bytes, &b_at)) {
            return false;
        }
    }
    return a_at == a_bytes && b_at == b_bytes;
}

uint16_t chat_name_hash(const char *name, size_t n)
{
    uint32_t hash = UINT32_C(2166136261);
    size_t at = 0;
    while (at < n) {
        hash = (hash ^ next_character(name, n, &at)) * UINT32_C(16777619);
    }
    hash = (hash ^ hash >> 16) & UINT16_MAX;
    return hash == 0 ? 1 : (uint16_t)hash;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* What a guest is called whom nobody else gave a name: guest, guest7, and what looks like it. */
static bool is_guest(const char *name, size_t n)
{
    static const char stem[] = "guest";
    size_t at = 0;
    for (size_t i = 0; i < sizeof stem - 1; i++) {
        if (at == n || next_character(name, n, &at) != (uint8_t)stem[i]) {
            return false;
        }
    }
    while (at < n) {
        uint32_t code = next_character(name, n, &at);
        if (code != 'o' && code != 'l' && !(code >= '2' && code <= '9')) {
            return false;
        }
    }
    return true;
}

static bool is_reserved(const char *name, size_t n)
{
    if (is_guest(name, n)) {
        return true;
    }
    size_t begin = 0;
    for (size_t end = 0; end < sizeof reserved - 1; end++) {
        if (reserved[end] == ' ') {
            if (chat_name_same(name, n, reserved + begin, end - begin)) {
                return true;
            }
            begin = end + 1;
        }
    }
    return false;
}

enum chat_name_fault chat_name_check(const char *name, size_t n)
{
    if (n == 0 || n > CFG_CHAT_NAME_BYTES || is_digit(name[0]) || name[0] == '-' ||
        name[0] == '.') {
        return CHAT_NAME_BAD;
    }
    unsigned scripts = 0;
    size_t at = 0;
    while (at < n) {
        uint32_t code;
        at += utf8_decode((const uint8_t *)name + at, n - at, &code);
        if ((code >= '0' && code <= '9') || code == '-' || code == '_' || code == '.') {
            continue;
        }
        const struct letters *found = find_letters(code);
        if (found == NULL) {
            return CHAT_NAME_BAD;
        }
        scripts |= found->script;
    }
    if ((scripts & (scripts - 1)) != 0 || (scripts == SCRIPT_GREEK && is_disguise(name, n))) {
        return CHAT_NAME_BAD;
    }
    return is_reserved(name, n) ? CHAT_NAME_RESERVED : CHAT_NAME_GOOD;
}
