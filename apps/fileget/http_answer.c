/* SPDX-License-Identifier: MIT */
/* Heads of HTTP answers, and the small texts that go with errors. */
#include "apps/fileget/http_answer.h"

#include "apps/fileget/fileget_type.h"
#include "apps/fileget/http_date.h"

/* One line for each member of enum http_status. */
static const char status_lines[] =
    "200 OK\n"
    "206 Partial Content\n"
    "301 Moved Permanently\n"
    "304 Not Modified\n"
    "400 Bad Request\n"
    "404 Not Found\n"
    "405 Method Not Allowed\n"
    "408 Request Timeout\n"
    "412 Precondition Failed\n"
    "414 URI Too Long\n"
    "416 Range Not Satisfiable\n"
    "417 Expectation Failed\n"
    "431 Request Header Fields Too Large\n"
    "500 Internal Server Error\n"
    "501 Not Implemented\n"
    "503 Service Unavailable\n"
    "505 HTTP Version Not Supported\n";

/* The line of a status, and its length with the line end. */
static const char *status_line(enum http_status status, size_t *n)
{
    const char *line = status_lines;

    for (;;) {
        uint64_t code;
        const char *end = line;

        CHECK(*line != '\0');
        while (*end != '\n') {
            end++;
        }
        *n = (size_t)(end - line) + 1;
        if (text_read_number(line, 3, 999, &code) && code == (unsigned)status) {
            return line;
        }
        line = end + 1;
    }
}

void http_status_put(struct text *text, enum http_status status)
{
    size_t n;
    const char *line = status_line(status, &n);

    text_put_bytes(text, line, n - 1);
}

size_t http_status_bytes(enum http_status status)
{
    size_t n;

    (void)status_line(status, &n);
    return n;
}

static bool stays_in_path(char c)
{
    char lower = (char)http_lower((uint8_t)c);

    /* "-./" and the digits, "+,", "()", "_", "~", "=" and "@" */
    return (lower >= 'a' && lower <= 'z') || (c >= '+' && c <= '9') || c == '(' || c == ')'
           || c == '_' || c == '~' || c == '=' || c == '@';
}

static void put_escape(struct text *text, unsigned char byte)
{
    static const char digits[] = "0123456789ABCDEF";

    text_put_char(text, '%');
    text_put_char(text, digits[byte >> 4]);
    text_put_char(text, digits[byte & 15]);
}

void http_path_put(struct text *text, const char *bytes, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (stays_in_path(bytes[i])) {
            text_put_char(text, bytes[i]);
        } else {
            put_escape(text, (unsigned char)bytes[i]);
        }
    }
}

/* As it came, and it came without spaces and control bytes; but a field holds ASCII alone. */
static void put_query(struct text *text, const char *bytes, size_t n)
{
    text_put_char(text, '?');
    for (size_t i = 0; i < n; i++) {
        if ((unsigned char)bytes[i] > '~' || bytes[i] == '"' || bytes[i] == '<') {
            put_escape(text, (unsigned char)bytes[i]);
        } else {
            text_put_char(text, bytes[i]);
        }
    }
}

/* ---- Fields -------------------------------------------------------------------------------- */

static void put_number_field(struct text *text, const char *name, uint64_t number)
{
    text_put(text, name);
    text_put_number(text, number);
    text_put(text, "\r\n");
}

static void put_date_field(struct text *text, const char *name, int64_t seconds)
{
    text_put(text, name);
    http_date_put(text, seconds);
    text_put(text, "\r\n");
}

/* What a cache or a resumed download needs to know a version again. A file from the future was
 * modified now (RFC 9110 section 8.8.2.1). */
static void put_version(struct text *text, const struct http_answer *answer)
{
    int64_t modified_s = answer->version.modified_s;

    if (answer->date_s != HTTP_DATE_UNKNOWN && modified_s > answer->date_s) {
        modified_s = answer->date_s;
    }
    if (date_is_known(modified_s)) {
        put_date_field(text, "Last-Modified: ", modified_s);
    }
    text_put(text, "ETag: ");
    http_tag_put(text, &answer->version);
    text_put(text, "\r\n");
}

void http_fields_put(struct text *text, const struct http_answer *answer)
{
    text_put(text, "Content-Type: ");
    fileget_type_put(text, answer->type, answer->charset);
    text_put(text, "\r\n");
    put_number_field(text, "Content-Length: ", answer->end - answer->first);
    if (answer->status == HTTP_PARTIAL) {
        text_put(text, "Content-Range: bytes ");
        text_put_number(text, answer->first);
        text_put_char(text, '-');
        text_put_number(text, answer->end - 1);
        text_put_char(text, '/');
        text_put_number(text, answer->version.size_bytes);
        text_put(text, "\r\n");
    }
    put_version(text, answer);
    text_put(text, "Accept-Ranges: bytes\r\n");
}

static void put_listing(struct text *text, const struct http_answer *answer)
{
    text_put(text, "Content-Type: text/html; charset=utf-8\r\n"
                   "Content-Security-Policy: default-src 'none'; base-uri 'none'; "
                   "form-action 'none'; frame-ancestors 'none'\r\n");
    if (answer->is_11) {
        text_put(text, "Transfer-Encoding: chunked\r\n");
    }
}

static void put_status_fields(struct text *text, const struct http_answer *answer)
{
    text_put(text, "Content-Type: text/plain; charset=utf-8\r\n");
    put_number_field(text, "Content-Length: ", http_status_bytes(answer->status));
    if (answer->status == HTTP_METHOD_NOT_ALLOWED) {
        text_put(text, "Allow: GET, HEAD\r\n");
    } else if (answer->status == HTTP_BUSY) {
        text_put(text, "Retry-After: 1\r\n");
    } else if (answer->status == HTTP_RANGE_NOT_SATISFIABLE) {
        text_put(text, "Content-Range: bytes */");
        text_put_number(text, answer->version.size_bytes);
        text_put(text, "\r\n");
    } else if (answer->status == HTTP_MOVED) {
        text_put(text, "Location: /");
        http_path_put(text, answer->name, answer->name_bytes);
        text_put_char(text, '/');
        if (answer->query != NULL) {
            put_query(text, answer->query, answer->query_bytes);
        }
        text_put(text, "\r\n");
    }
}

void http_answer_put(struct text *text, const struct http_answer *answer)
{
    text_put(text, "HTTP/1.1 ");
    http_status_put(text, answer->status);
    text_put(text, "\r\n");
    if (answer->date != NULL) {
        text_put(text, "Date: ");
        text_put_bytes(text, answer->date, HTTP_DATE_BYTES);
        text_put(text, "\r\n");
    } else if (answer->date_s != HTTP_DATE_UNKNOWN) {
        put_date_field(text, "Date: ", answer->date_s);
    }
    switch (answer->body) {
    case HTTP_BODY_NONE:
        put_version(text, answer);
        break;
    case HTTP_BODY_STATUS:
        put_status_fields(text, answer);
        break;
    case HTTP_BODY_FILE:
        if (answer->fields != NULL) {
            text_put_bytes(text, answer->fields, answer->fields_bytes);
        } else {
            http_fields_put(text, answer);
        }
        break;
    case HTTP_BODY_LISTING:
        put_listing(text, answer);
        break;
    }
    if (answer->body != HTTP_BODY_NONE) {
        text_put(text, "X-Content-Type-Options: nosniff\r\n");
    }
    for (size_t i = 0; i < answer->headers_max && answer->headers[i] != NULL; i++) {
        text_put(text, answer->headers[i]);
        text_put(text, "\r\n");
    }
    if (!answer->keep) {
        text_put(text, "Connection: close\r\n");
    } else if (!answer->is_11) {
        text_put(text, "Connection: keep-alive\r\n");
    }
    text_put(text, "\r\n");
    if (answer->body == HTTP_BODY_STATUS && !answer->without_body) {
        http_status_put(text, answer->status);
        text_put_char(text, '\n');
    }
}
