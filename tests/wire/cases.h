/* SPDX-License-Identifier: MIT */
/* Tables of HTTP cases: what a line says, and what an answer is. For cases.c and its other part. */
#ifndef TESTS_WIRE_CASES_H
#define TESTS_WIRE_CASES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    CASE_REQUEST_BYTES = 16384,
    CASE_ITEMS_MAX = 12,
    ANSWER_BYTES = 400000,
    ANSWER_FIELDS_MAX = 40
};

/* A line of the table. */
struct test_case {
    int line;
    char request[CASE_REQUEST_BYTES];
    size_t request_bytes;
    char *statuses;              /* "404" or "400/404" */
    char *items[CASE_ITEMS_MAX]; /* what else is expected */
    size_t items_count;
    bool head;                   /* a HEAD request: no body */
    bool old;                    /* HTTP/1.0 */
};

/* Reads a line; `etag` stands where it says $ETAG. False: it is no case (a comment, or empty). Ends
 * the program when it cannot be understood. */
bool case_read(struct test_case *test, int line, char *text, const char *etag);

/* An answer, taken apart; `field` returns a field's value, or NULL. */
struct answer {
    char head[8192];
    int status;
    char *names[ANSWER_FIELDS_MAX];
    char *values[ANSWER_FIELDS_MAX];
    size_t fields;
    bool closes;  /* nothing may follow */
    size_t body_bytes;
    char body[ANSWER_BYTES];
};

const char *answer_field(const struct answer *answer, const char *name);

/* Reads one answer from a connection; NULL, or what is wrong with it, whatever the case expects. */
const char *answer_take(int fd, struct answer *answer, bool head);

/* Whether the connection is at its end within two seconds. */
bool answer_ended(int fd);

/* What of the expectation is not so; NULL: it is all there. */
const char *answer_judge(const struct answer *answer, const struct test_case *test,
                         const char *root);

#endif
