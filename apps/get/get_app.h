/* SPDX-License-Identifier: MIT */
/* Get as an app of the core's loop: one request to one address at a time. For get.c. */
#ifndef APPS_GET_GET_APP_H
#define APPS_GET_GET_APP_H

#include "apps/get/get_answer.h"
#include "apps/get/get_output.h"
#include "apps/get/get_progress.h"
#include "apps/get/get_url.h"
#include "core/app.h"

struct get_settings {
    enum port_name_family family;
    const char *output; /* a file's name, "-" for standard output; NULL: from the URL */
    uint32_t timeout_ms; /* for connecting, for a head, and without a byte of the body */
    uint32_t retries;
    bool resume;
    bool quiet;
    bool gbk;     /* raw names go out in GBK */
    bool several; /* URLs: each progress bar has a line that says which it is of */
};
extern struct get_settings get_settings;

extern const struct app get_app;

/* The download of one URL, over all its redirects and retries. */
struct get_job {
    struct get_url url;       /* what is asked for now */
    struct get_output output;
    struct get_tag tag;       /* of what the output holds; counts while there are bytes of it */
    uint16_t text_bytes;
    char text[GET_URL_TEXT_BYTES + 1]; /* what was asked for at first, as get_url_put has it */
};
extern struct get_job get_job;

/* How a request went. */
enum get_outcome {
    GET_RUNNING,
    GET_UNREACHED, /* another address may do */
    GET_ENDED,     /* `status` and `why` */
    GET_REDIRECTED, /* get_job.url is where to */
    GET_AGAIN       /* without asking for a part */
};

struct get_result {
    enum get_outcome outcome;
    enum get_status status;
    bool transient;         /* a retry may do better */
    uint32_t retry_after_s; /* as the server said; 0: it did not */
    const char *why;        /* what happened, in words that are safe to show */
};

/* Begins to ask one address for get_job.url, for the whole or for what is missing. False: there is
 * no free connection while older ones still close; turn the loop and ask again. */
bool get_begin(const struct port_address *address);

/* Puts what raw asks for in get_job.url into `name`, CFG_GET_URL_BYTES of them: the count, at least
 * 1. Else 0 (it asks for nothing), PORT_SKIP (no UTF-8, or GBK lacks a character), PORT_NOENT (this
 * system converts none). */
int get_raw_name(char *name);

/* How it went so far; the struct stays the same. */
const struct get_result *get_result(void);

/* Puts pieces together where a result's `why` may point to, until the next request begins. */
const char *get_words(const char *first, const char *second, const char *third,
                      const char *fourth);

/* Connections that are still closing. */
unsigned get_leaving(void);

/* Has the loop turn for this long; says whether that is over. */
void get_pause_begin(uint32_t ms);
bool get_pause_over(void);

/* Ends the line of the progress bar, if there is one, so that other words can be shown. */
void get_bar_end(void);

#endif
