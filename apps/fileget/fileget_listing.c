/* SPDX-License-Identifier: MIT */
/* Plain listings of directories, streamed, in the order of names where fileget_sort.h can do that.
 * Names are percent-encoded in links and escaped in text; a listing holds no script and no style,
 * and its policy allows none. */
#include "apps/fileget/fileget_conn.h"
#include "apps/fileget/fileget_sort.h"
#include "apps/fileget/http_date.h"
#include "core/name.h"

enum {
    CHUNK_HEAD_BYTES = 6, /* "0a2f\r\n": leading zeros are allowed (RFC 9112 section 7.1) */
    CHUNK_TAIL_BYTES = 2,
    ESCAPED_BYTES = 5 /* of a byte at most */
};
STATIC_ASSERT(CFG_FILEGET_BLOCK_BYTES <= 0xffff);

/* Escapes what could end a text in HTML; the charset is UTF-8, where no other byte can. */
static void put_escaped(struct text *text, const char *bytes, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (bytes[i] == '&') {
            text_put(text, "&amp;");
        } else if (bytes[i] == '<') {
            text_put(text, "&lt;");
        } else if (bytes[i] == '>') {
            text_put(text, "&gt;");
        } else {
            text_put_char(text, bytes[i]);
        }
    }
}

/* Leaves room for a chunk's length; returns where it goes. */
static size_t chunk_begin(struct text *text, bool chunked)
{
    size_t at = text->n;

    if (chunked) {
        text_put(text, "0000\r\n");
    }
    return at;
}

/* Fills in the length; a chunk without content vanishes, for it would end the body. */
static void chunk_end(struct text *text, size_t at, bool chunked)
{
    size_t n = text->n - at - (chunked ? (size_t)CHUNK_HEAD_BYTES : 0);

    if (!chunked) {
        return;
    }
    if (n == 0) {
        text->n = at;
        return;
    }
    for (unsigned i = 0; i < 4; i++) {
        text->bytes[at + i] = "0123456789abcdef"[n >> (12 - 4 * i) & 15];
    }
    text_put(text, "\r\n");
}

/* As much of it as the block's first half holds: escaped, a long one is longer than the block; and
 * one that was converted lies in the second half. */
static void put_title(struct text *text, const char *title, size_t n)
{
    for (size_t i = 0; i < n && text->n + ESCAPED_BYTES <= text->capacity / 2; i++) {
        put_escaped(text, title + i, 1);
    }
}

void fileget_listing_begin(struct text *text, const char *name, size_t n, bool chunked)
{
    size_t at = chunk_begin(text, chunked);
    const char *title = name;
    size_t title_bytes = PORT_GBK != 0 ? fileget_convert(name, n, &title) : 0;

    text_put(text, "<!DOCTYPE html>\n<meta charset=utf-8>\n"
                   "<meta name=viewport content=\"width=device-width\">\n<title>/");
    put_title(text, title, title_bytes > 0 ? title_bytes : n);
    text_put(text, "</title>\n<table cellpadding=3>\n");
    if (n > 0) {
        text_put(text, "<tr><td><a href=\"../\">../</a>\n");
    }
    chunk_end(text, at, chunked);
}

void fileget_listing_end(struct text *text, bool chunked)
{
    size_t at = chunk_begin(text, chunked);

    text_put(text, "</table>\n");
    chunk_end(text, at, chunked);
    if (chunked) {
        text_put(text, "0\r\n\r\n");
    }
}

/* The link begins with "./", so that no name is taken for a scheme. */
static void put_row(struct text *text, const struct port_entry *entry)
{
    bool directory = entry->info.kind == PORT_FILE_DIRECTORY;

    text_put(text, "<tr><td><a href=\"./");
    http_path_put(text, entry->name, entry->name_bytes);
    text_put(text, directory ? "/\">" : "\">");
    put_escaped(text, entry->name, entry->name_bytes);
    text_put(text, directory ? "/</a><td>" : "</a><td align=right>");
    if (!directory) {
        text_put_number(text, entry->info.size_bytes);
    }
    text_put(text, "<td nowrap>");
    if (date_is_known(entry->info.modified_s)) {
        http_date_put_short(text, entry->info.modified_s);
    }
    text_put_char(text, '\n');
}

static bool is_shown(const struct port_entry *entry)
{
    return name_component_shown(entry->name, entry->name_bytes, fileget_settings.dot_files);
}

/* Adds an entry's row. False: it does not fit, and nothing was added. */
static bool add_row(struct text *text, const struct port_entry *entry)
{
    size_t before = text->n;

    put_row(text, entry);
    if (text->cut) {
        text->n = before;
        text->cut = false;
        return false;
    }
    return true;
}

/* Rows in the file system's order, from *position on. As fileget_listing_rows. */
static int rows_put(struct text *text, port_handle directory, uint64_t *position)
{
    struct port_entry *entry = &fileget_state.entry;
    size_t first = text->n;
    int result = PORT_OK;

    for (unsigned i = 0; i < CFG_FILEGET_ENTRIES && result != PORT_EOF; i++) {
        uint64_t after = *position;

        result = port_directory_read(directory, &after, entry);
        if (result == PORT_IO) {
            return result;
        }
        /* What does not fit begins the next piece; alone in a piece it never will, and is left
         * out: hundreds of bytes that all must be escaped. */
        if (result == PORT_OK && is_shown(entry) && !add_row(text, entry) && text->n > first) {
            break;
        }
        *position = after;
    }
    return result;
}

/* Offers some of the directory to the window. As fileget_listing_rows. */
static int names_gather(const struct fileget_conn *fileget, struct fileget_sort *sort)
{
    struct port_entry *entry = &fileget_state.entry;

    for (unsigned i = 0; i < CFG_FILEGET_ENTRIES; i++) {
        int result = port_directory_read(fileget->file, &sort->position, entry);

        if (result == PORT_IO) {
            return result;
        }
        if (result == PORT_OK && is_shown(entry)) {
            fileget_sort_offer(sort, entry);
        }
        if (result == PORT_EOF) {
            if (!fileget_sort_whole(sort)) {
                fileget_sort_release(fileget);
            }
            break;
        }
    }
    return PORT_OK;
}

/* Rows of the window, from *position on; when none is left, the next ones are gathered. */
static int sorted_rows_put(struct text *text, struct fileget_sort *sort, uint64_t *position)
{
    struct port_entry *entry = &fileget_state.entry;
    size_t first = text->n;
    size_t next = fileget_sort_read(sort, (size_t)*position, entry);

    if (next == 0) {
        *position = 0;
        return fileget_sort_again(sort) ? PORT_OK : PORT_EOF;
    }
    while (next != 0 && (add_row(text, entry) || text->n == first)) {
        *position = next;
        next = fileget_sort_read(sort, next, entry);
    }
    return PORT_OK;
}

int fileget_listing_rows(struct text *text, const struct fileget_conn *fileget, uint64_t *position,
                         bool chunked)
{
    struct fileget_sort *sort = fileget_sort_of(fileget, false);
    size_t at = chunk_begin(text, chunked);
    int result;

    text->capacity -= CHUNK_TAIL_BYTES;
    if (sort == NULL) {
        result = rows_put(text, fileget->file, position);
    } else if (sort->whole) {
        result = sorted_rows_put(text, sort, position);
    } else {
        result = names_gather(fileget, sort);
    }
    text->capacity += CHUNK_TAIL_BYTES;
    chunk_end(text, at, chunked);
    return result == PORT_EOF || result == PORT_IO ? result : PORT_OK;
}
