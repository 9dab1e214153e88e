/* SPDX-License-Identifier: MIT */
/* What NAME.part.tag says. A file that others may have written is believed in nothing: what does
 * not fit makes a download start over. */
#include "apps/get/get_tag.h"

#include <string.h>

static const char form[] = "linnet get 1";

void get_tag_put(struct text *text, const char *url, size_t url_bytes, const struct get_tag *tag)
{
    CHECK(tag->validator_bytes > 0);
    text_put(text, form);
    text_put_char(text, '\n');
    text_put_bytes(text, url, url_bytes);
    text_put_char(text, '\n');
    if (tag->size == GET_SIZE_UNKNOWN) {
        text_put_char(text, '-');
    } else {
        text_put_number(text, tag->size);
    }
    text_put_char(text, '\n');
    text_put_bytes(text, tag->validator, tag->validator_bytes);
    text_put_char(text, '\n');
}

/* Takes the next line off the front, without its end. */
static bool line_take(const char **bytes, size_t *n, const char **line, size_t *line_bytes)
{
    const char *end = memchr(*bytes, '\n', *n);
    if (end == NULL) {
        return false;
    }
    *line = *bytes;
    *line_bytes = (size_t)(end - *bytes);
    *bytes += *line_bytes + 1;
    *n -= *line_bytes + 1;
    return true;
}

/* It will stand in a request: a strong entity tag, or a date. */
static bool validator_right(const char *bytes, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        unsigned char byte = (unsigned char)bytes[i];
        if (byte < ' ' || byte == 0x7f) {
            return false;
        }
    }
    bool tag = n >= 2 && bytes[0] == '"' && bytes[n - 1] == '"';
    bool date = n > 4 && bytes[3] == ',';
    return tag || date;
}

bool get_tag_read(const char *bytes, size_t n, const char *url, size_t url_bytes,
                  struct get_tag *tag)
{
    const char *line = NULL;
    size_t line_bytes = 0;
    if (!line_take(&bytes, &n, &line, &line_bytes) || line_bytes != sizeof form - 1 ||
        memcmp(line, form, line_bytes) != 0) {
        return false;
    }
    if (!line_take(&bytes, &n, &line, &line_bytes) || line_bytes != url_bytes ||
        memcmp(line, url, url_bytes) != 0) {
        return false;
    }
    if (!line_take(&bytes, &n, &line, &line_bytes)) {
        return false;
    }
    tag->size = GET_SIZE_UNKNOWN;
    if ((line_bytes != 1 || line[0] != '-') &&
        !text_read_number(line, line_bytes, (uint64_t)GET_SIZE_MAX, &tag->size)) {
        return false;
    }
    if (!line_take(&bytes, &n, &line, &line_bytes) || n != 0 ||
        line_bytes > sizeof tag->validator || !validator_right(line, line_bytes)) {
        return false;
    }
    memcpy(tag->validator, line, line_bytes);
    tag->validator_bytes = (uint16_t)line_bytes;
    return true;
}
