/* SPDX-License-Identifier: MIT */
/* apps/chat/chat_name: what may be a name, and which names are the same; hazards 92, 96. */
#include "apps/chat/chat_name.h"

#include <string.h>

#include "core/utf8.h"
#include "tests/check.h"

struct row {
    const char *name;
    enum chat_name_fault fault;
};

static const struct row rows[] = {
    {"alice", CHAT_NAME_GOOD},
    {"a", CHAT_NAME_GOOD},
    {"_x-1.2", CHAT_NAME_GOOD},
    {"Jos\xC3\xA9", CHAT_NAME_GOOD},
    {"\xE5\xB0\x8F\xE6\x98\x8E", CHAT_NAME_GOOD},
    {"Tom\xE5\xB0\x8F\xE6\x98\x8E", CHAT_NAME_GOOD},
    {"\xD0\x90\xD0\xBD\xD0\xBD\xD0\xB0", CHAT_NAME_GOOD},
    {"abcdefghijklmnopqrstuvwx", CHAT_NAME_GOOD},
    {"", CHAT_NAME_BAD},
    {"abcdefghijklmnopqrstuvwxy", CHAT_NAME_BAD},
    {"1up", CHAT_NAME_BAD},
    {"-x", CHAT_NAME_BAD},
    {".x", CHAT_NAME_BAD},
    {"a b", CHAT_NAME_BAD},
    {"a>b", CHAT_NAME_BAD},
    {"<a", CHAT_NAME_BAD},
    {"a:b", CHAT_NAME_BAD},
    {"a!b", CHAT_NAME_BAD},
    {"a@b", CHAT_NAME_BAD},
    {"a,b", CHAT_NAME_BAD},
    {"a\rb", CHAT_NAME_BAD},
    {"a\x1B", CHAT_NAME_BAD},
    {"a\x7F", CHAT_NAME_BAD},
    {"a\xFF", CHAT_NAME_BAD},
    {"a\xC3", CHAT_NAME_BAD},
    {"a\xC2\xA0" "b", CHAT_NAME_BAD},             /* a blank that is none */
    {"a\xC2\xAD" "b", CHAT_NAME_BAD},             /* a soft hyphen */
    {"a\xE2\x80\x8B" "b", CHAT_NAME_BAD},         /* no width */
    {"a\xE2\x80\xAE", CHAT_NAME_BAD},             /* turns what follows around */
    {"a\xCC\x81", CHAT_NAME_BAD},                 /* an accent upon the letter before */
    {"\xEF\xBC\xA1", CHAT_NAME_BAD},              /* a wide A */
    {"\xF0\x9F\x98\x80", CHAT_NAME_BAD},
    {"\xD0\xB0lice", CHAT_NAME_BAD},              /* the first letter is Cyrillic */
    {"\xCE\xBFperator", CHAT_NAME_BAD},           /* Greek */
    {"\xCE\xB1\xD0\xB0", CHAT_NAME_BAD},
    {"admin", CHAT_NAME_RESERVED},
    {"administrator", CHAT_NAME_RESERVED},
    {"all", CHAT_NAME_RESERVED},
    {"anonymous", CHAT_NAME_RESERVED},
    {"bot", CHAT_NAME_RESERVED},
    {"everybody", CHAT_NAME_RESERVED},
    {"everyone", CHAT_NAME_RESERVED},
    {"history", CHAT_NAME_RESERVED},
    {"linnet", CHAT_NAME_RESERVED},
    {"moderator", CHAT_NAME_RESERVED},
    {"nobody", CHAT_NAME_RESERVED},
    {"private", CHAT_NAME_RESERVED},
    {"root", CHAT_NAME_RESERVED},
    {"system", CHAT_NAME_RESERVED},
    {"you", CHAT_NAME_RESERVED},
    {"operator", CHAT_NAME_RESERVED},
    {"OPERATOR", CHAT_NAME_RESERVED},
    {"Server", CHAT_NAME_RESERVED},
    {"console", CHAT_NAME_RESERVED},
    {"guest", CHAT_NAME_RESERVED},
    {"Guest7", CHAT_NAME_RESERVED},
    {"guest007", CHAT_NAME_RESERVED},
    {"guest7a", CHAT_NAME_GOOD},
    {"server1", CHAT_NAME_GOOD},
    {"0perator", CHAT_NAME_BAD},                  /* begins with a digit */
    {"operat0r", CHAT_NAME_RESERVED},
    {"ADMlN", CHAT_NAME_RESERVED},
    {"adm1n", CHAT_NAME_RESERVED},
    {"LlNNET", CHAT_NAME_RESERVED},
    {"AI1", CHAT_NAME_RESERVED},                  /* all */
    {"guestl", CHAT_NAME_RESERVED},               /* guest1 */
    {"guestI0O", CHAT_NAME_RESERVED},
    {"guestlol9", CHAT_NAME_RESERVED},
    {"guestlolz", CHAT_NAME_GOOD},
    {"gues", CHAT_NAME_GOOD},
    {"\xCE\x91\xCE\x9D\xCE\x9D\xCE\x91", CHAT_NAME_GOOD},  /* Greek capitals: as ANNA */
    {"\xCE\xBD\xCE\xBF", CHAT_NAME_BAD},          /* small Greek that looks like vo */
    {"\xCE\xBD\xCE\xB1\xCE\xB9", CHAT_NAME_BAD},
    {"\xCE\xBD\xCE\xB4", CHAT_NAME_GOOD},         /* with a delta it does not */
    {"\xD0\xB0\xD1\x85", CHAT_NAME_GOOD},         /* Cyrillic: the same as ax */
    {"\xEF\xBD\x81\xEF\xBD\x82", CHAT_NAME_BAD}, /* wide a, b */
    {"\xEF\xBC\xAF" "perator", CHAT_NAME_BAD}
};

static void test_rows(void)
{
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        bool right = chat_name_check(rows[i].name, strlen(rows[i].name)) == rows[i].fault;
        EXPECT(right);
        if (!right) {
            printf("row %u: %s\n", (unsigned)i, rows[i].name);
        }
    }
    EXPECT(chat_name_check("a\0b", 3) == CHAT_NAME_BAD);
}

static bool same(const char *a, const char *b)
{
    bool one = chat_name_same(a, strlen(a), b, strlen(b));
    bool other = chat_name_same(b, strlen(b), a, strlen(a));
    EXPECT(one == other);
    if (one) {
        EXPECT(chat_name_hash(a, strlen(a)) == chat_name_hash(b, strlen(b)));
    }
    return one;
}

static void test_same(void)
{
    EXPECT(same("alice", "Alice"));
    EXPECT(same("JOS\xC3\x89", "jos\xC3\xA9"));
    EXPECT(same("\xD0\x90\xD0\x91\xD0\x81", "\xD0\xB0\xD0\xB1\xD1\x91"));
    EXPECT(same("\xCE\x91\xCE\xA3\xCE\x8F", "\xCE\xB1\xCF\x82\xCF\x8E"));
    EXPECT(same("\xC4\x80\xC5\xBB\xC4\xB9", "\xC4\x81\xC5\xBC\xC4\xBA"));
    EXPECT(same("\xC3\xBF", "\xC5\xB8"));
    EXPECT(!same("alice", "alic"));
    EXPECT(!same("alice", "alicf"));
    EXPECT(!same("\xC3\x97", "\xC3\xB6"));
    EXPECT(chat_name_hash("x", 1) != 0);
    EXPECT(chat_name_hash("x\xC3\xA9", 2) != chat_name_hash("x\xC3\xA9", 3));
}

/* Other letters that look the same. */
static void test_look_alikes(void)
{
    EXPECT(same("Anno", "ann0") && same("BOB", "b0b") && same("O0o", "000"));
    EXPECT(same("bill", "biII") && same("bill", "bi11") && same("Ida", "lda") && same("x1", "xI"));
    EXPECT(same("\xD0\xB0\xD0\xBD\xD0\xBD\xD0\xB0", "ahha"));       /* as capitals: AHHA */
    EXPECT(same("\xD1\x81\xD0\xBE\xD1\x80", "cop"));
    EXPECT(same("\xD0\xA1\xD0\x90\xD0\xA0\xD0\x90", "CAPA"));
    EXPECT(same("\xD1\x95\xD0\xB0\xD1\x85", "Sax"));
    EXPECT(same("\xCE\x91\xCE\x9D\xCE\x9D\xCE\x91", "Anna"));
    EXPECT(same("\xCE\x96\xCE\x97\xCE\xA4\xCE\x91", "zhta"));
    EXPECT(same("\xCE\x9F\xD0\x9E", "oo"));
    EXPECT(!same("bob", "b8b") && !same("ann", "am") && !same("il", "i"));
    EXPECT(!same("\xD0\xB1\xD0\xBE\xD0\xB1", "bob")); /* a b that has no Latin likeness */
    EXPECT(!same("\xCE\xB4", "d"));
}

/* Puts one character as UTF-8, up to three bytes. */
static size_t put(uint32_t code, char *name)
{
    if (code < 0x80) {
        name[0] = (char)code;
        return 1;
    }
    if (code < 0x800) {
        name[0] = (char)(0xC0 | code >> 6);
        name[1] = (char)(0x80 | (code & 0x3F));
        return 2;
    }
    name[0] = (char)(0xE0 | code >> 12);
    name[1] = (char)(0x80 | (code >> 6 & 0x3F));
    name[2] = (char)(0x80 | (code & 0x3F));
    return 3;
}

/* No separator, no control, nothing invisible among all of the first 65,536 characters; and what is
 * the same as another has the same hash. */
static void test_every_character(void)
{
    unsigned good = 0;
    unsigned wrong = 0;
    for (uint32_t code = 1; code < 0x10000; code++) {
        char name[4] = "x";
        size_t n = 1 + put(code, name + 1);
        bool alone = code >= 0xD800 && code <= 0xDFFF;
        if (chat_name_check(name, n) != CHAT_NAME_GOOD) {
            n = put(code, name);
            alone = alone || chat_name_check(name, n) != CHAT_NAME_GOOD;
            wrong += code < 0x80 && code >= 'a' && code <= 'z' && alone ? 1 : 0;
            continue;
        }
        good++;
        wrong += alone || !utf8_is_safe(code) || (code >= 0x2000 && code < 0x3041) ? 1 : 0;
        wrong += code < 0x80 && strchr(" !\"#$%&'()*+,/:;<=>?@[\\]^`{|}~", (int)code) != NULL;
    }
    EXPECT(good > 30000);
    EXPECT(wrong == 0);
}

int main(void)
{
    test_rows();
    test_same();
    test_look_alikes();
    test_every_character();
    return check_report("chat_name");
}
