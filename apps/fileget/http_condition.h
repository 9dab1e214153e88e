/* SPDX-License-Identifier: MIT */
/*
 * Conditional requests (RFC 9110 section 13). An element of a conditional field is compared with
 * the file as soon as it was read, so that only its outcome has to be kept, however long the list.
 */
#ifndef APPS_FILEGET_HTTP_CONDITION_H
#define APPS_FILEGET_HTTP_CONDITION_H

#include "apps/fileget/http_head.h"
#include "core/text.h"

/* What tells one version of a file from another. */
struct http_version {
    uint64_t size_bytes;
    int64_t modified_s;
    uint32_t modified_ns;
};

/* The entity tag with its quotes, at most HTTP_TAG_BYTES: strong, from size and full date. */
enum { HTTP_TAG_BYTES = 48 };
void http_tag_put(struct text *text, const struct http_version *version);

/* Compares the element that HTTP_CONDITION told of with the file, and notes the outcome in the
 * head. `now` is the date, or negative where it is not known. */
void http_condition_note(struct http_head *head, const uint8_t *buffer,
                         const struct http_version *version, int64_t now);

/* What the conditions of a whole head come to, in the order of RFC 9110 section 13.2.2:
 * HTTP_NONE (go on), HTTP_CONDITION_FAILED or HTTP_NOT_MODIFIED. Only for an existing file. */
enum http_status http_condition_status(const struct http_head *head);

/* False: If-Range says that the range is of another version, so the whole file is wanted. */
bool http_condition_range_holds(const struct http_head *head);

#endif
