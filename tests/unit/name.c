/* SPDX-License-Identifier: MIT */
/* Name confinement, hazards 51 and 53 to 55: every row as bytes (raw, TFTP) and as a URL path
 * (HTTP), and the normaliser against a model that was written another way. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/name.h"
#include "tests/check.h"

struct row {
    const char *given;
    enum name_result result;
    const char *name; /* when NAME_OK */
    bool directory;
};

static const struct row rows[] = {
    {"", NAME_OK, "", true},
    {"/", NAME_OK, "", true},
    {"a", NAME_OK, "a", false},
    {"/a", NAME_OK, "a", false},
    {"//a", NAME_OK, "a", false},
    {"a/", NAME_OK, "a", true},
    {"a//", NAME_OK, "a", true},
    {"a/b", NAME_OK, "a/b", false},
    {"a//b///c", NAME_OK, "a/b/c", false},
    {"//etc/passwd", NAME_OK, "etc/passwd", false},
    {".", NAME_OK, "", true},
    {"./a", NAME_OK, "a", false},
    {"a/.", NAME_OK, "a", true},
    {"a/./b", NAME_OK, "a/b", false},
    {"/./", NAME_OK, "", true},
    {"..", NAME_REFUSED, NULL, false},
    {"../", NAME_REFUSED, NULL, false},
    {"/..", NAME_REFUSED, NULL, false},
    {"../a", NAME_REFUSED, NULL, false},
    {"/../../../etc/passwd", NAME_REFUSED, NULL, false},
    {"a/..", NAME_OK, "", true},
    {"a/../b", NAME_OK, "b", false},
    {"a/b/..", NAME_OK, "a", true},
    {"a/b/../..", NAME_OK, "", true},
    {"a/..//..", NAME_REFUSED, NULL, false},
    {"a/../../b", NAME_REFUSED, NULL, false},
    {"a/b/../../../c", NAME_REFUSED, NULL, false},
    {"...", NAME_REFUSED, NULL, false},
    {"a..", NAME_OK, "a..", false},
    {"a/b..c/d", NAME_OK, "a/b..c/d", false},
    {".git", NAME_REFUSED, NULL, false},
    {".git/config", NAME_REFUSED, NULL, false},
    {"a/.b", NAME_REFUSED, NULL, false},
    {"a/.b/c", NAME_REFUSED, NULL, false},
    {".git/../a", NAME_OK, "a", false},
    {".well-known", NAME_OK, ".well-known", false},
    {".well-known/acme/x", NAME_OK, ".well-known/acme/x", false},
    {".well-known/.x", NAME_REFUSED, NULL, false},
    {".well-known/.well-known", NAME_REFUSED, NULL, false},
    {".well-known2", NAME_REFUSED, NULL, false},
    {".well-know", NAME_REFUSED, NULL, false},
    {"a/.well-known", NAME_REFUSED, NULL, false},
    {"..\\a", NAME_MALFORMED, NULL, false},
    {"a\\b", NAME_MALFORMED, NULL, false},
    {"\xe4\xb8\xad\\b", NAME_MALFORMED, NULL, false}, /* UTF-8: the backslash is one */
    {"\x9c/\\b", NAME_MALFORMED, NULL, false},
    {"\x9c\x9c\\b", NAME_MALFORMED, NULL, false},
    {"\x9c\\\\", NAME_MALFORMED, NULL, false},
    {"C:\\x", NAME_MALFORMED, NULL, false},
    {"a\x01" "b", NAME_MALFORMED, NULL, false},
    {"a\nb", NAME_MALFORMED, NULL, false},
    {"a\rb", NAME_MALFORMED, NULL, false},
    {"a\x7f", NAME_MALFORMED, NULL, false},
    {"\x1b[2J", NAME_MALFORMED, NULL, false},
    {"a.", NAME_OK, "a.", false},
    {"a ", NAME_OK, "a ", false},
    {" a", NAME_OK, " a", false},
    {"%2e%2e/a", NAME_OK, "%2e%2e/a", false}, /* a name like any other once decoded */
    {"\xc0\xae\xc0\xae/a", NAME_OK, "\xc0\xae\xc0\xae/a", false},
    {"\xe6\x96\x87\xe4\xbb\xb6.txt", NAME_OK, "\xe6\x96\x87\xe4\xbb\xb6.txt", false},
    {"\xce\xc4\xbc\xfe.txt", NAME_OK, "\xce\xc4\xbc\xfe.txt", false},
    {"COM1", NAME_OK, "COM1", false},
    {"~root", NAME_OK, "~root", false}
};

struct escape {
    const char *given;
    bool decodes;
    const char *decoded;
    enum name_result result; /* of the decoded name */
};

static const struct escape escapes[] = {
    {"a%20b", true, "a b", NAME_OK},
    {"%61", true, "a", NAME_OK},
    {"%2e%2e/", true, "../", NAME_REFUSED},
    {"%2E%2e%2fetc", true, "../etc", NAME_REFUSED},
    {"..%2f", true, "../", NAME_REFUSED},
    {"..%5c", true, "..\\", NAME_MALFORMED},
    {"%252e%252e/", true, "%2e%2e/", NAME_OK},
    {"%252e", true, "%2e", NAME_OK},
    {"%c0%ae", true, "\xc0\xae", NAME_OK},
    {"a%2fb", true, "a/b", NAME_OK},
    {"%0a", true, "\n", NAME_MALFORMED},
    {"%7f", true, "\x7f", NAME_MALFORMED},
    {"%", false, NULL, NAME_OK},
    {"%2", false, NULL, NAME_OK},
    {"a%2", false, NULL, NAME_OK},
    {"%2g", false, NULL, NAME_OK},
    {"%g2", false, NULL, NAME_OK},
    {"%%41", false, NULL, NAME_OK},
    {"%u0041", false, NULL, NAME_OK},
    {"%-1", false, NULL, NAME_OK},
    {"%+1", false, NULL, NAME_OK},
    {"% 1", false, NULL, NAME_OK}
};

/* Runs on a block of exactly the name's size, so that a sanitizer sees one byte too much. */
static enum name_result confine(const char *given, size_t n, bool dots, char *name, size_t *name_n,
                                bool *directory)
{
    char *exact = malloc(n > 0 ? n : 1);
    enum name_result result;

    if (exact == NULL) {
        abort();
    }
    memcpy(exact, given, n);
    *name_n = n;
    result = name_confine(exact, name_n, dots, directory);
    memcpy(name, exact, *name_n);
    free(exact);
    return result;
}

static void test_rows(void)
{
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char name[64];
        size_t n;
        bool directory;
        enum name_result result =
            confine(rows[i].given, strlen(rows[i].given), false, name, &n, &directory);

        EXPECT(result == rows[i].result);
        if (result != rows[i].result) {
            printf("# row %zu: %s\n", i, rows[i].given);
        }
        if (result == NAME_OK && rows[i].name != NULL) {
            EXPECT(n == strlen(rows[i].name) && memcmp(name, rows[i].name, n) == 0);
            EXPECT(directory == rows[i].directory);
        }
    }
}

/* The second byte of a character in GBK, where there are such names. */
static void test_halves(void)
{
    enum name_result expected = PORT_GBK ? NAME_OK : NAME_MALFORMED;
    static const char *const names[] = {"\x9c\\", "a/\xd6\xd0\x9c\\.txt", "\x9c\\/b",
                                        "\x9c\\\x9c\\"};
    char name[16];
    size_t n;
    bool directory;

    for (size_t i = 0; i < COUNT_OF(names); i++) {
        EXPECT(confine(names[i], strlen(names[i]), false, name, &n, &directory) == expected);
        EXPECT(expected != NAME_OK ||
               (n == strlen(names[i]) && memcmp(name, names[i], n) == 0 && !directory));
    }
    EXPECT(confine("\x9c\\/../..", 8, false, name, &n, &directory) ==
           (PORT_GBK ? NAME_REFUSED : NAME_MALFORMED));
    EXPECT(name_component_shown("\x9c\\", 2, false) == (PORT_GBK != 0));
    EXPECT(!name_component_shown("\xe4\xb8\xad\\", 4, false));
}

static void test_escapes(void)
{
    for (size_t i = 0; i < COUNT_OF(escapes); i++) {
        char bytes[32];
        char name[32];
        size_t n = strlen(escapes[i].given);
        bool directory;
        bool decodes;

        memcpy(bytes, escapes[i].given, n);
        decodes = name_decode(bytes, &n);
        EXPECT(decodes == escapes[i].decodes);
        if (decodes && escapes[i].decodes) {
            EXPECT(n == strlen(escapes[i].decoded) && memcmp(bytes, escapes[i].decoded, n) == 0);
            EXPECT(confine(bytes, n, false, name, &n, &directory) == escapes[i].result);
        }
    }
}

static void test_nul_and_every_byte(void)
{
    char name[8];
    char nul[] = "a%00b";
    size_t n = 5;
    bool directory;

    EXPECT(name_decode(nul, &n) && n == 3 && nul[1] == '\0');
    EXPECT(confine(nul, n, false, name, &n, &directory) == NAME_MALFORMED);
    for (int byte = 0; byte < 256; byte++) {
        char given[3] = {'a', (char)byte, 'b'};
        bool bad = byte < 0x20 || byte == 0x7f || byte == '\\';

        EXPECT(confine(given, 3, false, name, &n, &directory)
               == (bad ? NAME_MALFORMED : NAME_OK));
        EXPECT(name_component_shown(given, 3, false) == !bad);
    }
}

static void test_dot_files(void)
{
    char name[32];
    size_t n;
    bool directory;

    EXPECT(confine(".git/config", 11, true, name, &n, &directory) == NAME_OK && n == 11);
    EXPECT(confine("../a", 4, true, name, &n, &directory) == NAME_REFUSED);
    EXPECT(confine("...", 3, true, name, &n, &directory) == NAME_OK && n == 3);
    EXPECT(!name_component_shown(".a", 2, false) && name_component_shown(".a", 2, true));
}

static void test_lengths(void)
{
    static char given[4096 + 8];
    static char name[4096 + 8];
    size_t n;
    bool directory;

    memset(given, 'x', sizeof given);
    EXPECT(confine(given, 255, false, name, &n, &directory) == NAME_OK && n == 255);
    EXPECT(confine(given, 256, false, name, &n, &directory) == NAME_REFUSED);
    for (size_t i = 0; i + 4 <= 4096; i += 4) {
        memcpy(given + i, "/../", 4);
    }
    EXPECT(confine(given, 4096, false, name, &n, &directory) == NAME_REFUSED);
    for (size_t i = 0; i + 4 <= 4096; i += 4) {
        memcpy(given + i, "/a/.", 4);
    }
    EXPECT(confine(given, 4096, false, name, &n, &directory) == NAME_OK && n == 2047);
    EXPECT(directory);
}

/* The model: a stack of components, rebuilt from scratch. */
static enum name_result model(const char *given, char *name, size_t *name_n, bool *directory)
{
    char copy[16];
    const char *stack[16];
    size_t depth = 0;
    char *at = copy;
    char *end;

    strcpy(copy, given);
    do {
        end = strchr(at, '/');
        if (end != NULL) {
            *end = '\0';
        }
        *directory = at[0] == '\0' || strcmp(at, ".") == 0 || strcmp(at, "..") == 0;
        if (strcmp(at, "..") == 0) {
            if (depth == 0) {
                return NAME_REFUSED;
            }
            depth--;
        } else if (!*directory) {
            stack[depth++] = at;
        }
        at = end != NULL ? end + 1 : at;
    } while (end != NULL);
    name[0] = '\0';
    for (size_t i = 0; i < depth; i++) {
        if (stack[i][0] == '.') {
            return NAME_REFUSED;
        }
        strcat(name, i > 0 ? "/" : "");
        strcat(name, stack[i]);
    }
    *name_n = strlen(name);
    return NAME_OK;
}

/* Every name of up to nine bytes over an alphabet that holds all there is to decide. */
static void test_model(void)
{
    static const char alphabet[] = {'.', '/', 'a'};
    size_t differences = 0;

    for (size_t length = 0; length <= 9; length++) {
        size_t count = 1;

        for (size_t i = 0; i < length; i++) {
            count *= 3;
        }
        for (size_t number = 0; number < count; number++) {
            char given[16] = "";
            char name[16];
            char expected[16];
            size_t n;
            size_t expected_n = 0;
            bool directory;
            bool expected_directory;
            size_t rest = number;
            enum name_result result;

            for (size_t i = 0; i < length; i++) {
                given[i] = alphabet[rest % 3];
                rest /= 3;
            }
            result = confine(given, length, false, name, &n, &directory);
            if (result != model(given, expected, &expected_n, &expected_directory)
                || (result == NAME_OK
                    && (n != expected_n || memcmp(name, expected, n) != 0
                        || directory != expected_directory))) {
                differences++;
            }
        }
    }
    EXPECT(differences == 0);
}

int main(void)
{
    test_rows();
    test_halves();
    test_escapes();
    test_nul_and_every_byte();
    test_dot_files();
    test_lengths();
    test_model();
    return check_report("name");
}
