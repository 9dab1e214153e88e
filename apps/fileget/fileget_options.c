/* SPDX-License-Identifier: MIT */
/* file-get's options on the command line. */
#include "apps/fileget/fileget_options.h"

#include <string.h>

#include "apps/fileget/fileget.h"
#include "apps/fileget/http_head.h"

static const char *set_index(const char *value)
{
    if (strlen(value) > PORT_NAME_BYTES_MAX || strchr(value, '/') != NULL) {
        return "a file's name without a slash, or an empty one for none";
    }
    fileget_settings.index = value;
    return NULL;
}

/* It becomes part of a header field: only what a charset's name may hold (RFC 2978). */
static bool is_charset_byte(char byte)
{
    char lower = (char)(byte | 0x20);

    return (lower >= 'a' && lower <= 'z') || (byte >= '0' && byte <= '9') || byte == '-' ||
           byte == '_' || byte == '.';
}

static const char *set_charset(const char *value)
{
    size_t n = 0;

    while (is_charset_byte(value[n])) {
        n++;
    }
    if (value[n] != '\0' || n > 40) {
        return "the name of a character set, like utf-8, or an empty one for none";
    }
    fileget_settings.charset = value;
    return NULL;
}

static const char *set_gap(const char *value)
{
    return option_number_set(value, 0, 60000, &fileget_settings.quiet_gap_ms,
                             "a number of milliseconds, 0 (no pause ends a name) to 60000");
}

/* Fields that say how an answer is framed, or what is served: file-get's own. In lower case. */
static const char own_fields[] =
    "accept-ranges\0allow\0connection\0content-encoding\0content-length\0content-range\0"
    "content-type\0date\0etag\0keep-alive\0last-modified\0location\0proxy-connection\0"
    "retry-after\0te\0trailer\0transfer-encoding\0upgrade\0x-content-type-options\0";

/* The length of the field's name in "Name: value"; 0: it is not of that form (RFC 9110 section
 * 5), or the name is one of ours. */
static size_t field_name_bytes(const char *field)
{
    const uint8_t *bytes = (const uint8_t *)field;
    size_t n = 0;

    while (http_is_token_byte(bytes[n])) {
        n++;
    }
    if (bytes[n] != ':') {
        return 0;
    }
    for (size_t i = n; bytes[i] != '\0'; i++) {
        if ((bytes[i] < ' ' && bytes[i] != '\t') || bytes[i] == 0x7f) {
            return 0;
        }
    }
    for (const char *own = own_fields; *own != '\0'; own += strlen(own) + 1) {
        if (http_equal(bytes, n, own)) {
            return 0;
        }
    }
    return n;
}

static const char *set_header(const char *value)
{
    size_t bytes = strlen(value) + 2; /* with its line end */
    size_t count = 0;

    if (field_name_bytes(value) == 0) {
        return "\"Name: value\", and not a field that file-get sends of itself";
    }
    while (count < CFG_FILEGET_HEADERS_MAX && fileget_settings.headers[count] != NULL) {
        bytes += strlen(fileget_settings.headers[count]) + 2;
        count++;
    }
    if (count == CFG_FILEGET_HEADERS_MAX || bytes > CFG_FILEGET_HEADERS_BYTES) {
        return "fewer fields, or shorter ones: see CFG_FILEGET_HEADERS_MAX of --limits";
    }
    fileget_settings.headers[count] = value;
    return NULL;
}

static const char *set_no_listing(const char *value)
{
    (void)value;
    fileget_settings.listing = false;
    return NULL;
}

static const char *set_access_log(const char *value)
{
    (void)value;
    fileget_settings.access_log = true;
    return NULL;
}

static const char *set_dot_files(const char *value)
{
    (void)value;
    fileget_settings.dot_files = true;
    return NULL;
}

const struct option fileget_options[] = {
    OPTION("--index", "NAME", "the file that stands for its directory (index.html; empty: none)",
           set_index),
    OPTION("--charset", "NAME", "what text files are said to be in (utf-8; empty: not said)",
           set_charset),
    OPTION("--file-gap", "MS",
           "a raw name without a line end is over after such a pause (250; 0: never)",
           set_gap),
    OPTION("--header", "FIELD", "add \"Name: value\" to the head of every HTTP answer; repeatable",
           set_header),
    OPTION("--no-listing", NULL, "do not list directories that have no index", set_no_listing),
    OPTION("--dot-files", NULL, "serve and list names that begin with a dot as well",
           set_dot_files),
    OPTION("--access-log", NULL, "log every request, in the common log format", set_access_log),
};

const size_t fileget_options_count = COUNT_OF(fileget_options);
