/* SPDX-License-Identifier: MIT */
/* What NAME.part.tag says of NAME.part, so that the rest can be fetched later: four lines, of the
 * form's name, the URL, the size of the whole and the validator. Pure. For get and its tests. */
#ifndef APPS_GET_TAG_H
#define APPS_GET_TAG_H

#include "apps/get/get_range.h"
#include "apps/get/get_url.h"

/* The longest "http://host:port/path", and the longest tag. */
enum {
    GET_URL_TEXT_BYTES = CFG_GET_URL_BYTES + TARGET_HOST_BYTES + 16,
    GET_TAG_BYTES = GET_URL_TEXT_BYTES + CFG_GET_VALIDATOR_BYTES + 48
};

struct get_tag {
    uint64_t size; /* of the whole; GET_SIZE_UNKNOWN */
    uint16_t validator_bytes; /* 0: none, so there is nothing to resume by */
    char validator[CFG_GET_VALIDATOR_BYTES]; /* as If-Range takes it */
};

/* Writes a tag with a validator. */
void get_tag_put(struct text *text, const char *url, size_t url_bytes, const struct get_tag *tag);

/* Reads one. False: it is not whole, not of this form, or of another URL. */
bool get_tag_read(const char *bytes, size_t n, const char *url, size_t url_bytes,
                  struct get_tag *tag);

#endif
