/* SPDX-License-Identifier: MIT */
/* Plays written conversations (.talk) against a server over real sockets; see README.md. */
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "tests/wire/talk.h"

enum { SCRIPT_BYTES = 400000, REPEAT_DEPTH = 4, ROWS_BYTES = 30000, AGAIN_PAUSE_S = 1 };
enum { ANSWER_MS = 2000, ANSWER_PAUSE_MS = 200 };

static struct {
    char title[200];
    bool in_test;  /* a test began */
    bool failed;   /* ... and something in it was wrong: its rest is passed over */
    bool skipping; /* ... or it is not for here */
    bool chatty;
    unsigned tries;      /* how often a test may be played until it passes: TRIES=, else once */
    unsigned tries_left; /* ... and this one still */
    unsigned passed;
    unsigned failures;
    unsigned skipped;
    uint64_t factor;
    char script_text[SCRIPT_BYTES];
    struct command command;
} state;

const char *talk_host;
const char *talk_port;

bool fail(const struct command *command, const char *format, ...)
{
    va_list list;
    printf("%s:%u: %s (%s)\n    ", command->script, command->line, state.title, talk_host);
    va_start(list, format);
    vprintf(format, list);
    va_end(list);
    printf("\n");
    const char *row = variable_get("ROW", 3);
    if (row != NULL) {
        char shown[300];
        printf("    row:      \"%s\"\n",
               bytes_escape((const uint8_t *)row, strlen(row), shown, sizeof shown));
    }
    fflush(stdout);
    state.failed = true;
    return false;
}

void talk_skip(void)
{
    state.skipping = true;
}

uint64_t patience(uint64_t ms)
{
    return ms * state.factor;
}

/* ---- Tests ---------------------------------------------------------------------------------- */

/* Whether the test that went wrong gets another chance, as one does where a busy emulator may stand
 * still for longer than the pauses that a test is about. */
static bool test_again(void)
{
    if (!state.in_test || !state.failed || state.tries_left == 0) {
        return false;
    }
    state.tries_left--;
    state.failed = false;
    state.skipping = false;
    peers_close();
    variable_set("ROW", NULL);
    printf("    tried again: %s (%s)\n", state.title, talk_host);
    fflush(stdout);
    sleep(AGAIN_PAUSE_S);
    return true;
}

static void test_end(void)
{
    peers_close();
    if (state.in_test && state.failed) {
        state.failures++;
    } else if (state.in_test && state.skipping) {
        state.skipped++;
        printf("skipped: %s (%s)\n", state.title, talk_host);
    } else if (state.in_test) {
        state.passed++;
    }
    variable_set("ROW", NULL);
    state.in_test = false;
    state.failed = false;
    state.skipping = false;
}

static void test_begin(const struct command *command)
{
    size_t n = 0;
    size_t cut = 0;
    const uint8_t *bytes = command_bytes(command, 0, &n, &cut);
    test_end();
    state.in_test = true;
    state.tries_left = state.tries - 1;
    bytes_escape(bytes, n, state.title, sizeof state.title);
    if (state.chatty) {
        printf("%s:%u: %s (%s)\n", command->script, command->line, state.title, talk_host);
        fflush(stdout);
    }
}

/* need ipv4 | ipv6 | root | NAME N (the variable NAME is at least N) */
static bool need_run(const struct command *command)
{
    const char *what = command->words[1];
    bool ipv6 = strchr(talk_host, ':') != NULL;
    bool met = true;
    if (strcmp(what, "ipv4") == 0 || strcmp(what, "ipv6") == 0) {
        /* the other family has its turn: not a test that could not be made */
        if (ipv6 != (strcmp(what, "ipv6") == 0)) {
            state.in_test = false;
            state.skipping = true;
        }
        return true;
    }
    if (strcmp(what, "root") == 0) {
        met = geteuid() == 0;
    } else {
        const char *value = variable_get(what, strlen(what));
        met = value != NULL && strtoull(value, NULL, 10) >= command_number(command, what, 1);
    }
    state.skipping = state.skipping || !met;
    return true;
}

/* ---- Scripts -------------------------------------------------------------------------------- */

struct repeat {
    const char *cursor;
    unsigned line;
    uint64_t left;
    const char *row; /* of `for`: the next one; they follow each other, each ended by a NUL */
    char rows[ROWS_BYTES];
};

static const char *script_load(const char *path)
{
    int fd = open(path, O_RDONLY);
    size_t n = 0;
    ssize_t got = 0;
    while (fd >= 0 && n < SCRIPT_BYTES - 1
           && (got = read(fd, state.script_text + n, SCRIPT_BYTES - 1 - n)) > 0) {
        n += (size_t)got;
    }
    if (fd < 0 || got < 0 || n == SCRIPT_BYTES - 1) {
        printf("%s: cannot be read\n", path);
        exit(2);
    }
    close(fd);
    state.script_text[n] = '\0';
    return state.script_text;
}

/* repeat N, or for "row" "row"...: up to `done`, each row in turn as $ROW. */
static bool repeat_begin(struct repeat *repeat, const char *cursor, unsigned line,
                         const struct command *command)
{
    size_t n = 0;
    repeat->cursor = cursor;
    repeat->line = line;
    repeat->row = NULL;
    if (strcmp(command->words[0], "repeat") == 0) {
        repeat->left = command_number(command, "repeat", 1);
        return true;
    }
    repeat->left = 0;
    for (size_t i = 0; i < command->codes_count && n < ROWS_BYTES; i++) {
        bool is_end = command->codes[i] == CODE_CUT;
        repeat->rows[n++] = is_end ? '\0' : (char)command->codes[i];
        repeat->left += is_end ? 1 : 0;
    }
    repeat->row = repeat->rows;
    variable_set("ROW", repeat->row);
    return (n < ROWS_BYTES && repeat->left > 0) || fail(command, "no rows, or too many");
}

/* At `done`: true when there is another round. */
static bool repeat_next(struct repeat *repeat)
{
    repeat->left--;
    if (repeat->row != NULL) {
        repeat->row += strlen(repeat->row) + 1;
        variable_set("ROW", repeat->left > 0 ? repeat->row : NULL);
    }
    return repeat->left > 0;
}

static void script_play(const char *path)
{
    static struct repeat repeats[REPEAT_DEPTH];
    size_t depth = 0;
    const char *cursor = script_load(path);
    unsigned line = 0;
    const char *test_cursor = cursor;
    unsigned test_line = 0;
    struct command *command = &state.command;
    command->script = path;
    for (;;) {
        bool more = command_read(&cursor, &line, command);
        const char *verb = more && command->words_count > 0 ? command->words[0] : "";
        if ((!more || strcmp(verb, "test") == 0) && test_again()) {
            cursor = test_cursor;
            line = test_line;
            depth = 0;
        } else if (!more) {
            break;
        } else if (strcmp(verb, "test") == 0) {
            test_begin(command);
            test_cursor = cursor;
            test_line = line;
            depth = 0;
        } else if (*verb == '\0' || state.failed || state.skipping) {
            continue;
        } else if (strcmp(verb, "need") == 0) {
            need_run(command);
        } else if ((strcmp(verb, "repeat") == 0 || strcmp(verb, "for") == 0)
                   && depth < REPEAT_DEPTH) {
            repeat_begin(&repeats[depth++], cursor, line, command);
        } else if (strcmp(verb, "done") == 0 && depth > 0) {
            struct repeat *repeat = &repeats[depth - 1];
            bool again = repeat_next(repeat);
            cursor = again ? repeat->cursor : cursor;
            line = again ? repeat->line : line;
            depth -= again ? 0 : 1;
        } else {
            command_run(command);
        }
    }
    test_end();
}

static int random_write(const char *count, const char *seed)
{
    static uint8_t block[65536];
    uint64_t left = strtoull(count, NULL, 10);
    uint64_t position = 0;
    while (left > 0) {
        size_t n = left < sizeof block ? (size_t)left : sizeof block;
        random_fill(strtoull(seed, NULL, 10), position, block, n);
        if (write(1, block, n) != (ssize_t)n) {
            return 1;
        }
        left -= n;
        position += n;
    }
    return 0;
}

/* Whether this host has the family of this numeric address, by taking a port of it. */
static int family_probe(const char *host)
{
    struct target target = {host, "9", host, NULL, 0, true};
    struct peer *peer = peer_new("probe", 1);
    return peer != NULL && peer_open(peer, &target) == 0 ? 0 : 1;
}

/* Waits until a server at this address answers, with whatever it has; some seconds at most. */
static int answer_await(const char *host, const char *port, const char *seconds)
{
    struct target target = {host, port, NULL, NULL, 0, false};
    state.factor = 1;
    uint64_t end_ms = now_ms() + strtoull(seconds, NULL, 10) * 1000U;
    while (now_ms() < end_ms) {
        struct peer *peer = peer_new("probe", 1);
        if (peer != NULL && peer_open(peer, &target) == 0) {
            peer->reading = true;
            peer_send(peer, (const uint8_t *)"?\n", 2, 0);
            if (peers_wait(now_ms() + ANSWER_MS)) {
                return 0;
            }
        }
        peers_close();
        peers_wait(now_ms() + ANSWER_PAUSE_MS);
    }
    printf("%s port %s does not answer within %s s\n", host, port, seconds);
    return 1;
}

int main(int argc, char **argv)
{
    struct rlimit handles = {PEERS_MAX + 16, PEERS_MAX + 16};
    const char *factor = getenv("PATIENCE");
    const char *tries = getenv("TRIES");
    if (argc == 5 && strcmp(argv[1], "--await") == 0) {
        return answer_await(argv[2], argv[3], argv[4]);
    }
    if (argc == 4 && strcmp(argv[1], "--random") == 0) {
        return random_write(argv[2], argv[3]);
    }
    if (argc == 3 && strcmp(argv[1], "--have") == 0) {
        return family_probe(argv[2]);
    }
    if (argc == 2 && strcmp(argv[1], "--clock") == 0) {
        printf("%llu\n", (unsigned long long)now_ms());
        return 0;
    }
    if (argc < 4) {
        printf("usage: talk HOST PORT [NAME=VALUE...] SCRIPT...\n"
               "       talk --random BYTES SEED      pseudo-random bytes, as scripts expect them\n"
               "       talk --have HOST              succeeds where this address is ours\n"
               "       talk --await HOST PORT SECONDS   until a server answers there\n"
               "       talk --clock                  milliseconds, for measuring in scripts\n");
        return 2;
    }
    signal(SIGPIPE, SIG_IGN);
    setrlimit(RLIMIT_NOFILE, &handles);
    talk_host = argv[1];
    talk_port = argv[2];
    state.factor = factor != NULL ? strtoull(factor, NULL, 10) : 1;
    state.tries = tries != NULL && *tries > '0' ? (unsigned)strtoul(tries, NULL, 10) : 1;
    state.chatty = getenv("TALK_CHATTY") != NULL;
    variable_set("HOST", talk_host);
    variable_set("PORT", talk_port);
    for (int i = 3; i < argc; i++) {
        char *equals = strchr(argv[i], '=');
        if (equals != NULL) {
            *equals = '\0';
            variable_set(argv[i], equals + 1);
        } else {
            script_play(argv[i]);
        }
    }
    printf("%u passed, %u failed", state.passed, state.failures);
    printf(state.skipped > 0 ? ", %u skipped\n" : "\n", state.skipped);
    return state.failures > 0 ? 1 : 0;
}
