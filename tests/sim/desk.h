/* SPDX-License-Identifier: MIT */
/* The desk, its guests, the operator at the console and the bot's service: for desk.c,
 * desk_check.c, operator.c, service.c, and for the operator and the bot of a room. */
#ifndef TESTS_SIM_DESK_H
#define TESTS_SIM_DESK_H

#include "tests/sim/world.h"

enum {
    DESK_QUESTIONS = 6,         /* of one guest */
    DESK_TEXT_BYTES = 700,      /* of a question */
    DESK_ANSWER_BYTES = 3200    /* of an answer as its author gives it */
};

/* Question `seq` of a client: as it is sent, or as others see it. Returns its bytes. */
size_t desk_question(unsigned id, unsigned seq, bool said, char *bytes);
/* Reads a letter and "<id>.<seq> " at the front of n bytes: 'Q' is on questions. */
bool desk_read_tag(char letter, const char *bytes, size_t n, unsigned *id, unsigned *seq);

/* ---- service.c: the HTTP JSON service that the bot asks ------------------------------------ */

enum service_way {
    WAY_COUNTED,      /* right, with a Content-Length */
    WAY_CHUNKED,      /* right, in chunks */
    WAY_UNTIL_END,    /* right, up to the end of the connection */
    WAY_SLOW,         /* right, in small pieces */
    WAY_SILENT,       /* never answers */
    WAY_ENDLESS,      /* a byte now and then, for ever */
    WAY_RESET,        /* a reset in the middle */
    WAY_CLOSE,        /* an end in the middle */
    WAY_NOT_JSON,
    WAY_OTHER_JSON,
    WAY_STATUS,       /* 500 */
    WAY_NOT_HTTP,
    WAY_MEGABYTE,     /* more than the bot reads */
    WAYS
};

/* What it did with a question; way is -1 when it never came. */
struct service_record {
    int way;
    uint64_t connected_ms;
    uint64_t asked_ms;      /* the whole request was here */
};

void service_begin(bool used);
uint64_t service_step(uint64_t now);
void service_arrived(unsigned connection);
struct service_record service_record(unsigned id, unsigned seq);
/* The text it has for a question: as JSON has it, or as others must see it. */
size_t service_text(unsigned id, unsigned seq, bool said, char *bytes);
/* What it is about on a connection, as a bit of enum matrix_situation. */
unsigned service_situation(unsigned connection);
bool service_refuses(void);
/* In some worlds it is quick and always right, and everybody wants it. */
bool service_hurries(void);

/* ---- operator.c: the operator at the console ----------------------------------------------- */

enum operator_manner {
    OPERATOR_NONE,    /* there is no console */
    OPERATOR_SILENT,
    OPERATOR_PROMPT,  /* answers every question at once, once */
    OPERATOR_SLOW,    /* within some seconds */
    OPERATOR_ODD      /* twice, to others, too long, commands; the console stalls */
};

enum { OPERATOR_TEXTS = 12 }; /* typed for one guest */

/* One text that was typed for a guest: "O<id>.<k> ...". */
struct operator_text {
    uint64_t typed_ms;
    bool delivered;
    bool loose;       /* typed without a name: it may reach whoever spoke last */
};

struct operator_guest {
    unsigned count;
    bool kicked;
    bool muted;
    struct operator_text texts[OPERATOR_TEXTS];
};

void operator_begin(bool desk);
uint64_t operator_step(uint64_t now);
void operator_console(const uint8_t *bytes, size_t n);
enum operator_manner operator_manner(void);
struct operator_guest *operator_guest(unsigned id);
/* Text k for a guest as it must be seen; returns its bytes. */
size_t operator_text(unsigned id, unsigned k, bool said, char *bytes);
/* In a room: how many lines it said, "OP.<k> ..."; whether it removed or banned anybody. */
unsigned operator_said(void);
bool operator_meddled(void);

/* ---- desk_check.c: what guests may be sent ------------------------------------------------- */

enum { GUEST_BUFFER_BYTES = 1400 };

struct guest {
    bool bare;            /* never sends an LF */
    bool alternates;      /* asks again only when answered */
    bool goodbye;         /* its last question is one */
    uint8_t questions;
    uint8_t question;     /* the one it sends, or waits for */
    bool waits;           /* it was sent */
    uint64_t asked_ms;    /* by the client: when it was sent */
    uint64_t patience_ms;
    uint32_t split_at;    /* position of the pause in the question, 0: none */
    char text[DESK_QUESTIONS * DESK_TEXT_BYTES];
    uint16_t ends[DESK_QUESTIONS]; /* positions in the text */
    /* The server's side. */
    uint8_t asked;        /* questions of which every byte was received */
    uint64_t last_ms[DESK_QUESTIONS]; /* when the last byte of each was */
    uint64_t ended_ms;    /* when its half-close was heard; UINT64_MAX: not */
    unsigned pieces;      /* receives so far */
    unsigned answers;     /* whole ones */
    unsigned notices;
    bool byed;            /* it was told good-bye */
    bool split_sent;      /* the answer in the buffer came in more than one send */
    uint16_t buffer_bytes;
    char buffer[GUEST_BUFFER_BYTES];
};

struct guest *desk_guest(const struct client *client);
void desk_check(struct client *client, struct guest *guest, const uint8_t *bytes, size_t n);
const char *desk_check_ending(struct client *client, struct guest *guest, enum sim_ending how);
void desk_check_leaving(const struct client *client, const struct guest *guest);
/* Whether faults so far may have changed who answered what, and when. */
bool desk_spoiled(void);
/* Whether it asks again only when it was answered, as far as it can tell. */
bool desk_takes_turns(const struct client *client, const struct guest *guest);

#endif
