/* SPDX-License-Identifier: MIT */
/* What the parts of the wire player share: texts, peers, and how a failure is said. */
#ifndef TESTS_WIRE_TALK_H
#define TESTS_WIRE_TALK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

/* ---- Texts (talk_text.c) -------------------------------------------------------------------- */

/* A text as a script writes it: a byte each, or one of these. */
enum { CODE_ANY_ONE = 256, CODE_ANY_RUN, CODE_NUMBER, CODE_CUT };
enum { TEXT_CODES = 300000, WORDS_MAX = 32, WORD_BYTES = 64 };

/* One command: its bare words, and all its quoted texts joined into one. */
struct command {
    const char *script;
    unsigned line;
    char words[WORDS_MAX][WORD_BYTES];
    size_t words_count;
    bool has_text;
    size_t codes_count;
    uint16_t codes[TEXT_CODES];
};

/* Sets NAME for $NAME in texts and words; the strings must stay. */
void variable_set(const char *name, const char *value);
const char *variable_get(const char *name, size_t name_bytes);

/* Reads the logical line at *cursor (a line that begins with a quote continues the one before) and
 * moves on. False at the end of the script. NULL words_count and no text: an empty line. */
bool command_read(const char **cursor, unsigned *line, struct command *command);

/* The word after `name`, or NULL; whether the bare word stands there; a number after it. */
const char *command_word_after(const struct command *command, const char *name);
bool command_has(const struct command *command, const char *name);
uint64_t command_number(const struct command *command, const char *name, uint64_t otherwise);

/* Follows a text with wildcards byte by byte; for texts without them as well. */
enum { PATTERN_CODES = 4096 };
struct matcher {
    bool plain; /* no wildcards: `bytes` must come */
    size_t position;
    size_t bytes_count;
    const uint8_t *bytes;
    size_t codes_count;
    uint16_t codes[PATTERN_CODES];
    uint8_t states[PATTERN_CODES + 1]; /* 1: the pattern up to here has been seen */
};
enum match { MATCH_NO, MATCH_MORE, MATCH_DONE };
bool matcher_start(struct matcher *matcher, const struct command *command, unsigned number);
enum match matcher_step(struct matcher *matcher, uint8_t byte);

/* The command's text as bytes for peer `number`; *cut: where | stands, or its length. */
const uint8_t *command_bytes(const struct command *command, unsigned number, size_t *n,
                             size_t *cut);

/* Bytes as a script would write them, cut to what fits. Returns `out`. */
const char *bytes_escape(const uint8_t *bytes, size_t n, char *out, size_t size);

/* n pseudo-random bytes from `position` of the stream `seed`. */
void random_fill(uint64_t seed, uint64_t position, uint8_t *bytes, size_t n);

/* ---- Peers (talk_peer.c) -------------------------------------------------------------------- */

enum { PEERS_MAX = 520, PEER_IN_BYTES = 66000 };
enum peer_end { PEER_OPEN, PEER_FIN, PEER_RESET };

struct peer {
    char name[WORD_BYTES];
    unsigned number;
    int fd; /* -1: this place is free */
    bool is_udp;
    bool reading;   /* peers_wait may receive for it */
    bool datagram;  /* one datagram lies in `in`, which may be empty */
    bool strange;   /* it came from elsewhere than we sent to */
    bool reset_seen;
    enum peer_end end;
    struct sockaddr_storage to;
    socklen_t to_bytes;
    size_t in_bytes;
    uint64_t out_left; /* pseudo-random bytes still to send, in the background */
    uint64_t out_position;
    uint64_t out_seed;
    uint8_t in[PEER_IN_BYTES];
};

struct target {
    const char *host;   /* numeric */
    const char *port;
    const char *from;   /* our address, or NULL */
    const char *source; /* our port, or NULL */
    int window_bytes;   /* SO_RCVBUF, or 0 */
    bool is_udp;
};

struct peer *peer_find(const char *name);
struct peer *peer_new(const char *name, unsigned number);

/* Opens and connects, at most 5 s. 0, or an errno. */
int peer_open(struct peer *peer, const struct target *target);

/* Sends all n bytes, or one datagram. False: it failed, or took too long. */
bool peer_send(struct peer *peer, const uint8_t *bytes, size_t n, uint64_t deadline_ms);

void peer_shut(struct peer *peer);
void peer_close(struct peer *peer, bool with_reset);
void peers_close(void);

/* Receives for all that are reading, sends what is due in the background; until something moved or
 * the deadline came. False: the deadline came. */
bool peers_wait(uint64_t deadline_ms);

/* Drops the first n bytes received. */
void peer_consume(struct peer *peer, size_t n);

uint64_t now_ms(void);

/* ---- Verdicts (talk.c) ---------------------------------------------------------------------- */

/* Says what is wrong with this command; always false. */
bool fail(const struct command *command, const char *format, ...);

/* Whom we talk to: a numeric address and a port. */
extern const char *talk_host;
extern const char *talk_port;

/* This test cannot be made here: it counts as skipped. */
void talk_skip(void);

/* Bounds grow by this factor where the server runs on an emulated processor. */
uint64_t patience(uint64_t ms);

/* Any other verb (talk_verbs.c). False: it went wrong, and fail has said how. */
bool command_run(const struct command *command);

/* The verb `expect` (talk_expect.c): this peer must see this, in time. */
bool expect_run(const struct command *command, struct peer **peers, size_t peers_count);

#endif
