/* SPDX-License-Identifier: MIT */
/* From a name to an open file. */
#include <string.h>

#include "apps/fileget/fileget_cache.h"
#include "apps/fileget/fileget_sort.h"
#include "apps/fileget/fileget_type.h"
#include "core/name.h"
#include "core/utf8.h"

void fileget_close(struct fileget_conn *fileget)
{
    if (fileget->body == HTTP_BODY_LISTING) {
        fileget_sort_release(fileget);
    }
    if (fileget->lent != 0) {
        fileget_cache_return(fileget);
    } else if (fileget->file != PORT_NONE) {
        port_close(fileget->file);
    }
    fileget->file = PORT_NONE;
}

/* As port_file_open; files that are only kept make room. */
static int open_fresh(struct fileget_conn *fileget, const char *name, size_t n,
                      struct port_file_info *info)
{
    int result = port_file_open(name, n, &fileget->file, info);

    if (result == PORT_FULL && fileget_cache_close_idle(true) > 0) {
        result = port_file_open(name, n, &fileget->file, info);
    }
    return result;
}

/* Opens a name; *directory says what it is. What is forbidden is as absent (RFC 9110 section
 * 15.5.4 allows it), so that nobody learns what exists. */
static enum http_status open_name(struct fileget_conn *fileget, const char *name, size_t n,
                                  bool *directory)
{
    struct port_file_info info;

    CHECK(fileget->file == PORT_NONE);
    *directory = false;
    if (fileget_cache_take(fileget, name, n)) {
        return HTTP_OK;
    }
    switch ((enum port_result)open_fresh(fileget, name, n, &info)) {
    case PORT_OK:
        break;
    case PORT_FULL:
        fileget->file = PORT_NONE;
        return HTTP_BUSY;
    case PORT_IO:
        fileget->file = PORT_NONE;
        return HTTP_FILE_FAILED;
    case PORT_NOENT:
    case PORT_DENIED:
    case PORT_AGAIN:
    case PORT_EOF:
    case PORT_RESET:
    case PORT_SKIP:
    case PORT_REFUSED:
    case PORT_TIMEDOUT:
    case PORT_UNREACHABLE:
    case PORT_INUSE:
        fileget->file = PORT_NONE;
        return HTTP_NOT_FOUND;
    }
    *directory = info.kind == PORT_FILE_DIRECTORY;
    fileget->of.version.size_bytes = info.size_bytes;
    fileget->of.version.modified_s = info.modified_s;
    fileget->of.version.modified_ns = info.modified_ns;
    if (!*directory) {
        fileget_cache_keep(fileget, name, n, &info);
    }
    return HTTP_OK;
}

static enum http_status give_up(struct fileget_conn *fileget, enum http_status status)
{
    fileget_close(fileget);
    return status;
}

static enum http_status found_file(struct fileget_conn *fileget, const char *name, size_t n)
{
    fileget->body = HTTP_BODY_FILE;
    if (fileget->lent == 0) { /* else it is known */
        fileget->type = fileget_type_of(name, n);
    }
    return HTTP_OK;
}

/* The index of a directory; HTTP_NOT_FOUND if it has none. */
static enum http_status find_index(struct fileget_conn *fileget, const char *name, size_t n)
{
    bool directory = false;
    enum http_status status;
    struct text path;

    text_begin(&path, fileget_state.block, sizeof fileget_state.block);
    text_put_bytes(&path, name, n);
    if (n > 0) {
        text_put_char(&path, '/');
    }
    text_put(&path, fileget_settings.index);
    if (fileget_settings.index[0] == '\0' || path.cut) {
        return HTTP_NOT_FOUND;
    }
    status = open_name(fileget, path.bytes, path.n, &directory);
    if (status == HTTP_OK && directory) {
        return give_up(fileget, HTTP_NOT_FOUND);
    }
    return status == HTTP_OK ? found_file(fileget, path.bytes, path.n) : status;
}

size_t fileget_convert(const char *name, size_t n, const char **converted)
{
    const size_t half = sizeof fileget_state.block / 2;
    char *to = fileget_state.block + half;
    bool directory = false;
    size_t to_bytes;
    int got;

    if (PORT_GBK == 0 || utf8_is_valid((const uint8_t *)name, n)) {
        return 0;
    }
    got = port_text_convert(PORT_GBK_TO_UTF8, name, n, to, half);
    to_bytes = (size_t)got;
    if (got < 0
        || name_confine(to, &to_bytes, fileget_settings.dot_files, &directory) != NAME_OK) {
        return 0;
    }
    *converted = to;
    return to_bytes;
}

/* Where one file is all there is: its name and the root's become its own, and no other is one. */
static bool only_name(const char **name, size_t *n)
{
    const char *only = fileget_settings.only;
    size_t only_bytes;

    if (only == NULL) {
        return true;
    }
    only_bytes = strlen(only);
    if (*n > 0 && (*n != only_bytes || memcmp(*name, only, only_bytes) != 0)) {
        return false;
    }
    *name = only;
    *n = only_bytes;
    return true;
}

static enum http_status find(struct fileget_conn *fileget, const char *name, size_t n)
{
    bool slash = (fileget->in.head.facts & HTTP_DIRECTORY) != 0;
    bool directory = false;
    enum http_status status;

    if (fileget_settings.only != NULL && n == 0) {
        slash = false; /* the root's name is that of a file */
    }
    if (!only_name(&name, &n)) {
        return HTTP_NOT_FOUND;
    }
    if (slash) {
        status = find_index(fileget, name, n);
        if (status != HTTP_NOT_FOUND) {
            return status;
        }
    }
    status = open_name(fileget, name, n, &directory);
    if (status != HTTP_OK) {
        return status;
    }
    if (!directory) {
        return slash ? give_up(fileget, HTTP_NOT_FOUND) : found_file(fileget, name, n);
    }
    if (!slash) {
        return give_up(fileget, HTTP_MOVED);
    }
    if (!fileget_settings.listing) {
        return give_up(fileget, HTTP_NOT_FOUND);
    }
    fileget->body = HTTP_BODY_LISTING;
    fileget->of.listing.position = 0;
    return HTTP_OK;
}

enum http_status fileget_find(struct fileget_conn *fileget, const uint8_t *buffer)
{
    const char *name = (const char *)buffer;
    size_t n = http_head_name_bytes(&fileget->in.head, buffer);
    enum http_status status = find(fileget, name, n);

    if (PORT_GBK != 0 && status == HTTP_NOT_FOUND) {
        n = fileget_convert(name, n, &name);
        status = n > 0 ? find(fileget, name, n) : status;
    }
    return status;
}

static enum http_status find_raw(struct fileget_conn *fileget, const char *name, size_t n)
{
    bool directory = false;
    enum http_status status;

    if (!only_name(&name, &n)) {
        return HTTP_NOT_FOUND;
    }
    status = open_name(fileget, name, n, &directory);
    if (status == HTTP_OK && directory) {
        return give_up(fileget, HTTP_NOT_FOUND);
    }
    return status;
}

enum http_status fileget_find_raw(struct fileget_conn *fileget, const char *name, size_t n)
{
    enum http_status status = find_raw(fileget, name, n);

    if (PORT_GBK != 0 && status == HTTP_NOT_FOUND) {
        n = fileget_convert(name, n, &name);
        status = n > 0 ? find_raw(fileget, name, n) : status;
    }
    return status;
}
