/* SPDX-License-Identifier: MIT */
/* Plays written conversations (.talk) against a server over real sockets; see README.md. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "tests/wire/talk.h"

enum { SCRIPT_BYTES = 400000, REPEAT_DEPTH = 4, ROWS_BYTES = 30000, SEND_MS = 10000 };

static struct {
    const char *host;
    const char *port;
    char title[200];
    bool in_test;  /* a test began */
    bool failed;   /* ... and something in it was wrong: its rest is passed over */
    bool skipping; /* ... or it is not for here */
    bool chatty;
    unsigned passed;
    unsigned failures;
    unsigned skipped;
    uint64_t factor;
    char script_text[SCRIPT_BYTES];
    struct command command;
} state;

bool fail(const struct command *command, const char *format, ...)
{
    va_list list;
    printf("%s:%u: %s (%s)\n    ", command->script, command->line, state.title, state.host);
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

uint64_t patience(uint64_t ms)
{
    return ms * state.factor;
}

static void pause_ms(uint64_t ms)
{
    uint64_t deadline_ms = now_ms() + ms;
    while (peers_wait(deadline_ms)) {
        /* until the time is over */
    }
}

/* ---- Tests ---------------------------------------------------------------------------------- */

static void test_end(void)
{
    peers_close();
    if (state.in_test && state.failed) {
        state.failures++;
    } else if (state.in_test && state.skipping) {
        state.skipped++;
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
    bytes_escape(bytes, n, state.title, sizeof state.title);
    if (state.chatty) {
        printf("%s:%u: %s (%s)\n", command->script, command->line, state.title, state.host);
        fflush(stdout);
    }
}

/* need ipv4 | ipv6 | root | NAME N (the variable NAME is at least N) */
static bool need_run(const struct command *command)
{
    const char *what = command->words[1];
    bool ipv6 = strchr(state.host, ':') != NULL;
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

/* ---- Verbs ---------------------------------------------------------------------------------- */

/* The names a word stands for, "a" or "m[1-200]". False: not such a word. */
static bool set_read(const char *word, char *stem, unsigned *first, unsigned *last)
{
    size_t n = strcspn(word, "[");
    memcpy(stem, word, n);
    stem[n] = '\0';
    *first = 1;
    *last = 1;
    if (word[n] == '\0') {
        return true;
    }
    return sscanf(word + n, "[%u-%u]", first, last) == 2 && *first <= *last
           && *last - *first < PEERS_MAX;
}

static void set_name(const char *word, const char *stem, unsigned number, char *name)
{
    if (strchr(word, '[') == NULL) {
        strcpy(name, stem);
        return;
    }
    snprintf(name, WORD_BYTES, "%.40s%u", stem, number);
}

static size_t peers_of(const struct command *command, struct peer **peers)
{
    char stem[WORD_BYTES];
    char name[WORD_BYTES];
    unsigned first = 0;
    unsigned last = 0;
    const char *word = command->words[1];
    if (command->words_count < 2 || !set_read(word, stem, &first, &last)) {
        fail(command, "a peer's name is missing");
        return 0;
    }
    size_t count = 0;
    for (unsigned i = first; i <= last; i++) {
        set_name(word, stem, i, name);
        peers[count] = peer_find(name);
        if (peers[count] == NULL) {
            fail(command, "no such peer: %s", name);
            return 0;
        }
        count++;
    }
    return count;
}

static struct target target_of(const struct command *command)
{
    struct target target;
    memset(&target, 0, sizeof target);
    target.host = command_word_after(command, "to");
    target.port = command_word_after(command, "port");
    target.from = command_word_after(command, "from");
    target.source = command_word_after(command, "source");
    target.window_bytes = (int)command_number(command, "window", 0);
    target.is_udp = strcmp(command->words[0], "udp") == 0;
    if (target.host == NULL) {
        target.host = state.host;
    }
    if (target.port == NULL) {
        target.port = state.port;
    }
    return target;
}

static bool open_run(const struct command *command)
{
    char stem[WORD_BYTES];
    char name[WORD_BYTES];
    unsigned first = 0;
    unsigned last = 0;
    struct target target = target_of(command);
    if (command->words_count < 2 || !set_read(command->words[1], stem, &first, &last)) {
        return fail(command, "a peer's name is missing");
    }
    for (unsigned i = first; i <= last; i++) {
        set_name(command->words[1], stem, i, name);
        struct peer *peer = peer_find(name) == NULL ? peer_new(name, i) : NULL;
        if (peer == NULL) {
            return fail(command, "peer %s is open already, or there are too many", name);
        }
        int error = peer_open(peer, &target);
        if (error == EADDRINUSE || error == EACCES || error == EADDRNOTAVAIL) {
            state.skipping = true; /* this source address or port cannot be had here */
            return true;
        }
        if (error != 0) {
            return fail(command, "cannot open %s: %s", name, strerror(error));
        }
    }
    return true;
}

static bool refused_run(const struct command *command)
{
    struct target target = target_of(command);
    struct peer *peer = peer_new("refused", 1);
    int error = peer == NULL ? EMFILE : peer_open(peer, &target);
    if (error != ECONNREFUSED) {
        return fail(command, "not refused: %s", error == 0 ? "connected" : strerror(error));
    }
    return true;
}

static bool peer_send_random(const struct command *command, struct peer *peer)
{
    static uint8_t datagram[PEER_IN_BYTES];
    uint64_t n = command_number(command, "random", 0);
    uint64_t seed = command_number(command, "seed", 1);
    if (peer->is_udp) {
        random_fill(seed, 0, datagram, (size_t)n);
        return peer_send(peer, datagram, (size_t)n, 0);
    }
    peer->out_left = n;
    peer->out_position = command_number(command, "at", 0);
    peer->out_seed = seed;
    return true;
}

/* Sends the parts of the peers' texts from `from` to `until`, in pieces where the command says so.
 * With `cut` but no bar in the text, each peer's text is cut behind as many bytes as its number. */
static bool parts_send(const struct command *command, struct peer **peers, size_t count,
                       bool second)
{
    uint64_t piece = command_number(command, "by", 0);
    uint64_t gap_ms = command_number(command, "pause", 0);
    uint64_t deadline_ms = now_ms() + patience(command_number(command, "within", SEND_MS));
    for (size_t i = 0; i < count; i++) {
        size_t n = 0;
        size_t cut = 0;
        const uint8_t *bytes = command_bytes(command, peers[i]->number, &n, &cut);
        if (command_has(command, "cut") && cut == n) {
            cut = peers[i]->number < n ? peers[i]->number : n;
        }
        size_t at = second ? cut : 0;
        size_t end = second ? n : cut;
        do {
            size_t length = piece != 0 && piece < end - at ? (size_t)piece : end - at;
            bool may_fail = command_has(command, "maybe");
            if (!peer_send(peers[i], bytes + at, length, deadline_ms) && !may_fail) {
                return fail(command, "peer %s: the server does not take the bytes",
                            peers[i]->name);
            }
            at += length;
            if (piece != 0 && gap_ms != 0 && at < end) {
                pause_ms(gap_ms);
            }
        } while (at < end);
    }
    return true;
}

static bool send_run(const struct command *command, struct peer **peers, size_t count)
{
    if (command_has(command, "random")) {
        for (size_t i = 0; i < count; i++) {
            if (!peer_send_random(command, peers[i])) {
                return fail(command, "cannot send: %s", strerror(errno));
            }
        }
        return true;
    }
    if (!command->has_text) {
        return fail(command, "nothing to send");
    }
    if (!parts_send(command, peers, count, false)) {
        return false;
    }
    if (command_has(command, "cut")) {
        pause_ms(command_number(command, "pause", 20));
        return parts_send(command, peers, count, true);
    }
    return true;
}

/* The text is a line for the shell, which must succeed. */
static bool shell_run(const struct command *command)
{
    static char line[2048];
    size_t n = 0;
    size_t cut = 0;
    const uint8_t *bytes = command_bytes(command, 0, &n, &cut);
    if (n == 0 || n >= sizeof line) {
        return fail(command, "no line for the shell, or one too long");
    }
    memcpy(line, bytes, n);
    line[n] = '\0';
    return system(line) == 0 || fail(command, "the shell's line failed");
}

static bool command_run(const struct command *command)
{
    static struct peer *peers[PEERS_MAX];
    const char *verb = command->words[0];
    if (strcmp(verb, "open") == 0 || strcmp(verb, "udp") == 0) {
        return open_run(command);
    }
    if (strcmp(verb, "refused") == 0) {
        return refused_run(command);
    }
    if (strcmp(verb, "shell") == 0) {
        return shell_run(command);
    }
    if (strcmp(verb, "pause") == 0) {
        pause_ms(command_number(command, "pause", 0));
        return true;
    }
    size_t count = peers_of(command, peers);
    if (count == 0) {
        return false;
    }
    if (strcmp(verb, "send") == 0) {
        return send_run(command, peers, count);
    }
    if (strcmp(verb, "expect") == 0) {
        return expect_run(command, peers, count);
    }
    for (size_t i = 0; i < count; i++) {
        if (strcmp(verb, "shut") == 0) {
            peer_shut(peers[i]);
        } else if (strcmp(verb, "close") == 0 || strcmp(verb, "reset") == 0) {
            peer_close(peers[i], strcmp(verb, "reset") == 0);
        } else {
            return fail(command, "no such verb: %s", verb);
        }
    }
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
    struct command *command = &state.command;
    command->script = path;
    while (command_read(&cursor, &line, command)) {
        const char *verb = command->words_count > 0 ? command->words[0] : "";
        if (strcmp(verb, "test") == 0) {
            test_begin(command);
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

int main(int argc, char **argv)
{
    struct rlimit handles = {PEERS_MAX + 16, PEERS_MAX + 16};
    const char *factor = getenv("PATIENCE");
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
               "       talk --clock                  milliseconds, for measuring in scripts\n");
        return 2;
    }
    signal(SIGPIPE, SIG_IGN);
    setrlimit(RLIMIT_NOFILE, &handles);
    state.host = argv[1];
    state.port = argv[2];
    state.factor = factor != NULL ? strtoull(factor, NULL, 10) : 1;
    state.chatty = getenv("TALK_CHATTY") != NULL;
    variable_set("HOST", state.host);
    variable_set("PORT", state.port);
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
