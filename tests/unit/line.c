/* SPDX-License-Identifier: MIT */
/* core/line: the same lines and facts however the input is split. */
#include "core/line.h"

#include <string.h>

#include "tests/check.h"

enum { MAX = 12, LINES = 8, INPUT = 4096 };

/* All that came of one input. */
struct outcome {
    unsigned lines;
    unsigned asked;
    unsigned wrong;
    uint8_t answers[LINES][LINE_ANSWER_BYTES];
    size_t lengths[LINES];
    uint8_t facts[LINES];
    uint8_t bytes[LINES][MAX];
    size_t open_bytes;     /* of the line that is not complete */
    uint8_t open[MAX];
    uint8_t last_facts;
};

static void note_line(struct outcome *outcome, const struct line *line, const uint8_t *buffer)
{
    if (outcome->lines < LINES) {
        outcome->lengths[outcome->lines] = line->n;
        outcome->facts[outcome->lines] = line->facts & LINE_CUT;
        memcpy(outcome->bytes[outcome->lines], buffer, line->n);
    }
    outcome->lines++;
}

static void take_all(struct line *line, uint8_t *buffer, const uint8_t *bytes, size_t n,
                     struct outcome *outcome)
{
    while (n > 0) {
        enum line_event event;
        size_t taken = line_take(line, buffer, MAX, bytes, n, &event);
        outcome->wrong += taken == 0 || taken > n ? 1 : 0;
        outcome->wrong += event == LINE_OPEN && taken < n ? 1 : 0;
        bytes += taken;
        n -= taken;
        if (event == LINE_COMPLETE) {
            note_line(outcome, line, buffer);
            line_next(line);
        } else if (event == LINE_ASKED && outcome->asked < LINES) {
            line_answer(line, outcome->answers[outcome->asked]);
            outcome->asked++;
        }
    }
}

/* Splits before every byte i for which bit i % 16 of `mask` is set. */
static struct outcome run_split(const uint8_t *bytes, size_t n, unsigned mask)
{
    struct line line;
    struct outcome outcome;
    uint8_t buffer[MAX];
    size_t begin = 0;
    memset(&outcome, 0, sizeof outcome);
    line_begin(&line);
    for (size_t i = 1; i <= n; i++) {
        if (i == n || (mask >> i % 16 & 1) != 0) {
            take_all(&line, buffer, bytes + begin, i - begin, &outcome);
            begin = i;
        }
    }
    outcome.open_bytes = line.n;
    memcpy(outcome.open, buffer, line.n);
    outcome.last_facts = line.facts & (uint8_t)~LINE_TYPED;
    return outcome;
}

struct row {
    const char *input;
    size_t n;
    const char *lines; /* with | behind each, then what is not complete */
    unsigned asked;
    unsigned facts;    /* at the end, but for LINE_BEGUN and LINE_TYPED */
};

#define IN(text) text, sizeof text - 1

static const struct row rows[] = {
    {IN("abc\n"), "abc|", 0, LINE_FED},
    {IN("abc\r\n"), "abc|", 0, LINE_FED},
    {IN("abc"), "abc", 0, 0},
    {IN("\n\r\n"), "||", 0, LINE_FED},
    {IN("a\nb\r\nc"), "a|b|c", 0, LINE_FED},
    {IN("a\rb\n"), "a\rb|", 0, LINE_FED},
    {IN("a\r\r\n"), "a\r|", 0, LINE_FED},
    {IN("a\r"), "a", 0, 0},
    {IN("a\r\0b\n"), "ab|", 0, LINE_FED},
    {IN("a\r\0"), "a", 0, LINE_ENTER},
    {IN("a\r\0\r\n"), "a|", 0, LINE_FED},
    {IN("123456789012\n"), "123456789012|", 0, LINE_FED},
    {IN("1234567890123\nx\n"), "123456789012|x|", 0, LINE_FED},
    {IN("12345678901234567"), "123456789012", 0, LINE_CUT},
    {IN("123456789012\r\n"), "123456789012|", 0, LINE_FED},
    {IN("\xFF\xF1" "abc\n"), "abc|", 0, LINE_FED | LINE_TELNET},
    {IN("a\xFF\xFF" "b\n"), "a\xFF" "b|", 0, LINE_FED},
    {IN("\xFF\xFD\x03" "abc\n"), "abc|", 1, LINE_FED | LINE_TELNET},
    {IN("\xFF\xFB\x1F\xFF\xFD\x06x\n"), "x|", 2, LINE_FED | LINE_TELNET},
    {IN("\xFF\xFC\x01\xFF\xFE\x01x\n"), "x|", 0, LINE_FED | LINE_TELNET},
    {IN("\xFF\xFD\x0Ax\n"), "x|", 1, LINE_FED | LINE_TELNET},
    {IN("\xFF\xFA\x1F\n\xFF\xFF\r\n\xFF\xF0x\n"), "x|", 0, LINE_FED | LINE_TELNET},
    {IN("\xFF\xFA\x18\xFF\xF1z\xFF\xF0x\n"), "x|", 0, LINE_FED | LINE_TELNET},
    /* An interrupt: IAC IP, IAC DO TIMING-MARK, IAC and a DM that travelled out of band. */
    {IN("\xFF\xF4\xFF\xFD\x06\xFFhi\r\n"), "hi|", 1, LINE_FED | LINE_TELNET},
    {IN("\xFF\xF4\xFF\xFF\xF4\xFF\xFD\x06\xFFhi\r\n"), "hi|", 1, LINE_FED | LINE_TELNET},
    {IN("\xFF\r\nx\n"), "|x|", 0, LINE_FED},
    {IN("a\r\xFF\xF1\n"), "a\r|", 0, LINE_FED | LINE_TELNET}
};

static void expect_row(const struct row *row, const struct outcome *outcome)
{
    const char *want = row->lines;
    unsigned lines = 0;
    const char *bar;
    while ((bar = strchr(want, '|')) != NULL) {
        EXPECT(outcome->lengths[lines] == (size_t)(bar - want));
        EXPECT(memcmp(outcome->bytes[lines], want, (size_t)(bar - want)) == 0);
        want = bar + 1;
        lines++;
    }
    EXPECT(outcome->lines == lines);
    EXPECT(outcome->open_bytes == strlen(want));
    EXPECT(memcmp(outcome->open, want, strlen(want)) == 0);
    EXPECT(outcome->asked == row->asked);
    EXPECT(outcome->wrong == 0);
    EXPECT(outcome->last_facts == (row->facts | LINE_BEGUN));
}

static void test_rows(void)
{
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        unsigned failed = check_failed;
        struct outcome whole = run_split((const uint8_t *)rows[i].input, rows[i].n, 0);
        expect_row(&rows[i], &whole);
        /* Every way to split up to 16 bytes; longer ones in every pattern of 16. */
        for (unsigned mask = 1; mask < 1u << 16; mask++) {
            struct outcome split = run_split((const uint8_t *)rows[i].input, rows[i].n, mask);
            bool same_however_it_is_split = memcmp(&split, &whole, sizeof whole) == 0;
            EXPECT(same_however_it_is_split);
            if (!same_however_it_is_split) {
                break;
            }
        }
        if (check_failed != failed) {
            printf("row %u\n", (unsigned)i);
        }
    }
}

/* Random bytes, rich in special ones: the same whole, in single bytes, and in odd pieces. */
static void test_any_bytes(void)
{
    static const uint8_t special[] = {0xFF, 0xFA, 0xF0, 0xFB, 0xFD, 0xFE, '\r', '\n', 0, 'a', 6};
    static uint8_t bytes[INPUT];
    uint32_t seed = 1;
    unsigned different = 0;
    for (unsigned round = 0; round < 300; round++) {
        for (size_t i = 0; i < sizeof bytes; i++) {
            seed = seed * UINT32_C(1664525) + UINT32_C(1013904223);
            bytes[i] = seed >> 30 == 0 ? (uint8_t)(seed >> 16)
                                       : special[(seed >> 16) % sizeof special];
        }
        size_t n = 1 + (seed >> 8) % 64;
        struct outcome whole = run_split(bytes, n, 0);
        for (unsigned mask = 1; mask < 1u << 16; mask += 1 + round) {
            struct outcome split = run_split(bytes, n, mask);
            different += memcmp(&split, &whole, sizeof whole) != 0 ? 1 : 0;
        }
    }
    EXPECT(different == 0);
}

static void test_cut_is_said_once(void)
{
    const struct outcome outcome = run_split((const uint8_t *)"1234567890123456\nok\n", 20, 0xAAAA);
    EXPECT(outcome.lines == 2);
    EXPECT(outcome.facts[0] == LINE_CUT);
    EXPECT(outcome.facts[1] == 0);
}

static bool gap_ends(const char *input, size_t n, size_t first)
{
    struct line line;
    struct outcome outcome;
    uint8_t buffer[MAX];
    memset(&outcome, 0, sizeof outcome);
    line_begin(&line);
    take_all(&line, buffer, (const uint8_t *)input, first, &outcome);
    if (n > first) {
        take_all(&line, buffer, (const uint8_t *)input + first, n - first, &outcome);
    }
    return line_gap_ends(&line);
}

static void test_gap(void)
{
    EXPECT(gap_ends("hello", 5, 5));
    EXPECT(gap_ends("hello", 5, 2));
    EXPECT(!gap_ends("hello", 5, 1));         /* typed */
    EXPECT(!gap_ends("a\nhello", 7, 7));      /* a line client */
    EXPECT(!gap_ends("a\n", 2, 2));           /* nothing to end */
    EXPECT(!gap_ends("\xFF\xF1hello", 7, 7)); /* telnet */
    EXPECT(gap_ends("hello\r\0", 7, 1));      /* Enter, typed in character mode */
    EXPECT(!gap_ends("hello\r\0x", 8, 1));
    EXPECT(!gap_ends("\r\0", 2, 1));
}

static void test_next_keeps_a_command(void)
{
    struct line line;
    struct outcome outcome;
    uint8_t buffer[MAX];
    memset(&outcome, 0, sizeof outcome);
    line_begin(&line);
    take_all(&line, buffer, (const uint8_t *)"ab\xFF\xFA\x01", 5, &outcome);
    line_next(&line);
    take_all(&line, buffer, (const uint8_t *)"zz\xFF\xF0" "cd\n", 7, &outcome);
    EXPECT(outcome.lines == 1 && outcome.lengths[0] == 2);
    EXPECT(memcmp(outcome.bytes[0], "cd", 2) == 0);
}

/* A return that ended a line with a pause is not put before the next one. */
static void test_next_forgets_a_return(void)
{
    struct line line;
    struct outcome outcome;
    uint8_t buffer[MAX];
    memset(&outcome, 0, sizeof outcome);
    line_begin(&line);
    take_all(&line, buffer, (const uint8_t *)"ab\r", 3, &outcome);
    line_next(&line);
    take_all(&line, buffer, (const uint8_t *)"cd\n", 3, &outcome);
    EXPECT(outcome.lines == 1 && outcome.lengths[0] == 2);
    EXPECT(memcmp(outcome.bytes[0], "cd", 2) == 0);
}

static void test_answers(void)
{
    static const uint8_t input[] = {255, 253, 1, 255, 251, 31, 255, 253, 6};
    static const uint8_t want[] = {255, 252, 1, 255, 254, 31, 255, 251, 6};
    struct outcome outcome = run_split(input, sizeof input, 0);
    EXPECT(outcome.asked == 3);
    EXPECT(memcmp(outcome.answers, want, sizeof want) == 0);
}

/* What was not taken yet may lie in the same buffer, at its end: chat keeps it there. */
static void test_in_one_buffer(void)
{
    uint8_t buffer[MAX];
    struct line line;
    enum line_event event;
    memcpy(buffer, "\rabc\xFF\xFF" "efghi\n", MAX);
    line_begin(&line);
    EXPECT(line_take(&line, buffer, MAX, buffer, MAX, &event) == MAX);
    EXPECT(event == LINE_COMPLETE);
    EXPECT(line.n == 10);
    EXPECT(memcmp(buffer, "\rabc\xFF" "efghi", 10) == 0);
}

int main(void)
{
    test_rows();
    test_any_bytes();
    test_cut_is_said_once();
    test_gap();
    test_next_keeps_a_command();
    test_next_forgets_a_return();
    test_answers();
    test_in_one_buffer();
    return check_report("line");
}
