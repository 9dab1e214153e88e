/* SPDX-License-Identifier: MIT */
/* What the head of an answer means for a download. */
#include "apps/get/get_answer.h"

#include <string.h>

static bool has(const struct get_head *head, unsigned what)
{
    return (head->has & what) != 0;
}

static struct get_answer refuse(enum get_status status, const char *why)
{
    struct get_answer answer = {GET_REFUSE, status, false, why, GET_SIZE_UNKNOWN,
                                GET_SIZE_UNKNOWN};
    return answer;
}

static struct get_answer decide(enum get_decision decision)
{
    struct get_answer answer = {decision, GET_DONE, false, NULL, GET_SIZE_UNKNOWN,
                                GET_SIZE_UNKNOWN};
    return answer;
}

static uint64_t body_length(const struct get_head *head)
{
    bool known = has(head, GET_HAS_LENGTH) && !has(head, GET_HAS_CHUNKED);
    return known ? head->length : GET_SIZE_UNKNOWN;
}

static struct get_answer judge_whole(const struct get_head *head)
{
    struct get_answer answer = decide(GET_TAKE_WHOLE);
    answer.body = body_length(head);
    answer.size = answer.body;
    return answer;
}

/* Some servers give a part whatever If-Range says: what they say of the file must be what was
 * known of it, as far as they say it. */
static bool same_file(const struct get_head *head, const struct get_tag *tag)
{
    bool etag = tag->validator[0] == '"';
    const char *bytes = etag ? head->etag : head->modified;
    const struct get_value *value = etag ? &head->etag_value : &head->modified_value;
    bool same = value->n == 0 || (!value->cut && value->n == tag->validator_bytes &&
                                  memcmp(bytes, tag->validator, value->n) == 0);
    return same && (tag->size == GET_SIZE_UNKNOWN || head->range.size == GET_SIZE_UNKNOWN ||
                    tag->size == head->range.size);
}

static struct get_answer judge_part(const struct get_head *head, uint64_t from,
                                    const struct get_tag *tag)
{
    if (from == 0) {
        return refuse(GET_HTTP_ERROR, "is a part of the file, which was not asked for");
    }
    if (!has(head, GET_HAS_RANGE) || !head->range.satisfied) {
        return refuse(GET_NO_RESUME, "is a part of the file, and does not say which");
    }
    if (!same_file(head, tag)) {
        return decide(GET_START_OVER);
    }
    struct get_answer answer = decide(GET_TAKE_REST);
    uint64_t body = head->range.last - head->range.first + 1;
    if (head->range.first != from) {
        return refuse(GET_NO_RESUME, "is another part of the file than was asked for");
    }
    answer.size = head->range.size != GET_SIZE_UNKNOWN ? head->range.size : tag->size;
    if (answer.size != GET_SIZE_UNKNOWN && head->range.last >= answer.size) {
        return refuse(GET_NO_RESUME, "is a part beyond the end of the file");
    }
    answer.body = body_length(head);
    if (answer.body != GET_SIZE_UNKNOWN && answer.body != body) {
        return refuse(GET_NO_RESUME, "is a part whose length is not what it says");
    }
    if (!has(head, GET_HAS_CHUNKED)) {
        answer.body = body;
    }
    return answer;
}

static struct get_answer judge_redirect(const struct get_head *head)
{
    if (!has(head, GET_HAS_LOCATION)) {
        return refuse(GET_HTTP_ERROR, "is a redirect to nowhere");
    }
    if (has(head, GET_HAS_LOCATION_CUT)) {
        return refuse(GET_HTTP_ERROR, "is a redirect to a URL that is too long");
    }
    return decide(GET_FOLLOW);
}

struct get_answer get_answer_judge(const struct get_head *head, uint64_t from,
                                   const struct get_tag *tag)
{
    struct get_answer answer = refuse(GET_HTTP_ERROR, NULL);
    switch (head->status) {
    case 200:
    case 203:
        return judge_whole(head);
    case 206:
        return judge_part(head, from, tag);
    case 301:
    case 302:
    case 303:
    case 307:
    case 308:
        return judge_redirect(head);
    case 416:
        return from > 0 ? decide(GET_START_OVER) : answer;
    case 408:
    case 429:
    case 500:
    case 502:
    case 503:
    case 504:
        answer.transient = true;
        return answer;
    default:
        return answer;
    }
}
