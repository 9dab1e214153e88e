/* SPDX-License-Identifier: MIT */
/* The request that is under way, and what its parts do to it. For get_app.c and get_body.c. */
#ifndef APPS_GET_GET_STATE_H
#define APPS_GET_GET_STATE_H

#include "apps/get/get_app.h"
#include "apps/get/get_chunk.h"

enum {
    GET_SLOT_TIMEOUT, /* deadlines of the app */
    GET_SLOT_TICK,    /* the progress bar, or a pause */
    GET_REQUEST_BYTES = CFG_GET_URL_BYTES + TARGET_HOST_BYTES + CFG_GET_VALIDATOR_BYTES + 256,
    GET_WORDS_BYTES = 320
};

/* What the next byte belongs to. */
enum get_phase {
    GET_DIALLING,
    GET_HEAD,
    GET_BODY_COUNTED, /* `left` bytes, known beforehand */
    GET_BODY_CHUNKED,
    GET_BODY_TO_END,  /* all until the server ends the connection */
    GET_OVER
};

struct get_state {
    struct conn *conn;
    struct get_result result;
    struct get_head head;
    struct get_chunk chunk;
    struct get_progress progress;
    struct port_address address;
    uint64_t from;  /* the first byte that was asked for */
    uint64_t skip;  /* bytes of the body that are there already */
    uint64_t left;  /* of the body, or of the chunk */
    uint64_t size;  /* of the whole file, or GET_SIZE_UNKNOWN */
    uint64_t pause_end_ms;
    size_t request_bytes;
    size_t request_sent;
    unsigned leaving;
    unsigned timeout_kind;
    unsigned tick_kind;
    uint8_t phase;  /* enum get_phase */
    bool fresh;     /* the body begins the file anew, and not a byte of it is written */
    bool shows_bar;
    bool bar_there; /* the cursor stands behind one */
    char request[GET_REQUEST_BYTES];
    char words[GET_WORDS_BYTES]; /* what result.why points to when it is no constant */
};
extern struct get_state get_state;

/* Starts to show how the body comes, where there is a terminal. */
void get_bar_begin(void);

/* Takes bytes of the head; returns how many were of it. The phase tells how it goes on. */
size_t get_head_take(const uint8_t *bytes, size_t n);

/* Takes bytes of the body, of what the phase says. */
void get_body_take(const uint8_t *bytes, size_t n);

/* The server ended the connection, in the middle of an answer or where it should. */
void get_body_end(void);

/* Ends the request. A connection that ends in order may still bring bytes, which are dropped. */
void get_over(enum get_outcome outcome, bool in_order);
void get_fail(enum get_status status, bool transient, const char *why);

#endif
