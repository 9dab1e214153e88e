/* SPDX-License-Identifier: MIT */
/* What the head of an answer means for a download, decided on what was asked and what came. Pure.
 * For get and its tests. */
#ifndef APPS_GET_ANSWER_H
#define APPS_GET_ANSWER_H

#include "apps/get/get_head.h"
#include "apps/get/get_tag.h"

/* Exit statuses of get. */
enum get_status {
    GET_DONE = 0,
    GET_USAGE = 2,
    GET_NO_HOST = 6,
    GET_NO_CONNECTION = 7,
    GET_PARTIAL = 18,
    GET_HTTP_ERROR = 22,
    GET_NO_WRITE = 23,
    GET_TIMED_OUT = 28,
    GET_NO_RESUME = 33,
    GET_TOO_MANY_REDIRECTS = 47
};

enum get_decision {
    GET_TAKE_WHOLE, /* the body is the file from its first byte */
    GET_TAKE_REST,  /* the body is the file from the byte that was asked for */
    GET_FOLLOW,     /* a redirect, to head->location */
    GET_START_OVER, /* the rest cannot be had: ask for the whole */
    GET_REFUSE      /* no file; `status` and `why` */
};

struct get_answer {
    enum get_decision decision;
    enum get_status status; /* for GET_REFUSE */
    bool transient;         /* and it may be another time */
    const char *why;        /* what the answer does; NULL: the status code says it */
    uint64_t size;          /* of the whole file, or GET_SIZE_UNKNOWN */
    uint64_t body;          /* bytes of the body, or GET_SIZE_UNKNOWN: chunked, or to the end */
};

/* `from` is the first byte that was asked for, 0 if no range was; `tag` is what was known of the
 * file when it was not 0. */
struct get_answer get_answer_judge(const struct get_head *head, uint64_t from,
                                   const struct get_tag *tag);

#endif
