/* SPDX-License-Identifier: MIT */
/* Heads of HTTP answers, and the small texts that go with errors. */
#include "apps/fileget/http_answer.h"

#include "apps/fileget/http_date.h"

#define NOSNIFF "X-Content-Type-Options: nosniff\r\n"

static const char *status_text(enum http_status status)
{
    switch (status) {
    case HTTP_NONE:
        break;
    case HTTP_OK:
        return "OK";
    case HTTP_PARTIAL:
        return "Partial Content";
    case HTTP_MOVED:
        return "Moved Permanently";
    case HTTP_NOT_MODIFIED:
        return "Not Modified";
    case HTTP_BAD_REQUEST:
        return "Bad Request";
    case HTTP_NOT_FOUND:
        return "Not Found";
    case HTTP_METHOD_NOT_ALLOWED:
        return "Method Not Allowed";
    case HTTP_TIMEOUT:
        return "Request Timeout";
    case HTTP_CONDITION_FAILED:
        return "Precondition Failed";
    case HTTP_NAME_TOO_LONG:
        return "URI Too Long";
    case HTTP_RANGE_NOT_SATISFIABLE:
        return "Range Not Satisfiable";
    case HTTP_EXPECTATION_FAILED:
        return "Expectation Failed";
    case HTTP_HEAD_TOO_LARGE:
        return "Request Header Fields Too Large";
    case HTTP_FILE_FAILED:
        return "Internal Server Error";
    case HTTP_METHOD_UNKNOWN:
        return "Not Implemented";
    case HTTP_BUSY:
        return "Service Unavailable";
    case HTTP_VERSION_UNKNOWN:
        return "HTTP Version Not Supported";
    }
    CHECK(false);
    return "";
}

void http_status_put(struct text *text, enum http_status status)
{
    text_put_number(text, (uint64_t)status);
    text_put_char(text, ' ');
    text_put(text, status_text(status));
}

static bool stays_in_path(char c)
{
    if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')) {
        return true;
    }
    return c == '/' || c == '-' || c == '.' || c == '_' || c == '~' || c == ',' || c == '+'
           || c == '=' || c == '@' || c == '(' || c == ')' || c == '!';
}

void http_path_put(struct text *text, const char *bytes, size_t n)
{
    static const char digits[] = "0123456789ABCDEF";

    for (size_t i = 0; i < n; i++) {
        unsigned char byte = (unsigned char)bytes[i];

        if (stays_in_path(bytes[i])) {
            text_put_char(text, bytes[i]);
        } else {
            text_put_char(text, '%');
            text_put_char(text, digits[byte >> 4]);
            text_put_char(text, digits[byte & 15]);
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
    if (http_date_known(modified_s)) {
        put_date_field(text, "Last-Modified: ", modified_s);
    }
    text_put(text, "ETag: ");
    http_tag_put(text, &answer->version);
    text_put(text, "\r\n");
}

static void put_type(struct text *text, const struct http_answer *answer, bool is_text)
{
    text_put(text, "Content-Type: ");
    text_put(text, answer->type);
    if (is_text && answer->charset != NULL && answer->charset[0] != '\0') {
        text_put(text, "; charset=");
        text_put(text, answer->charset);
    }
    text_put(text, "\r\n" NOSNIFF);
}

static bool begins_text(const char *type)
{
    static const char prefix[] = "text/";
    size_t i = 0;

    while (prefix[i] != '\0' && type[i] == prefix[i]) {
        i++;
    }
    return prefix[i] == '\0';
}

static void put_file(struct text *text, const struct http_answer *answer)
{
    put_type(text, answer, begins_text(answer->type));
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
    text_put(text, "Content-Type: text/html; charset=utf-8\r\n" NOSNIFF
                   "Content-Security-Policy: default-src 'none'; base-uri 'none'; "
                   "form-action 'none'; frame-ancestors 'none'\r\n");
    if (answer->is_11) {
        text_put(text, "Transfer-Encoding: chunked\r\n");
    }
}

/* The line of text that names the status, "404 Not Found\n"; how long it is. */
static void put_status_body(struct text *text, enum http_status status)
{
    http_status_put(text, status);
    text_put_char(text, '\n');
}

static size_t status_body_bytes(enum http_status status)
{
    size_t n = 5; /* the code, the space, the line end */

    for (const char *at = status_text(status); *at != '\0'; at++) {
        n++;
    }
    return n;
}

static void put_status_fields(struct text *text, const struct http_answer *answer)
{
    text_put(text, "Content-Type: text/plain; charset=utf-8\r\n" NOSNIFF);
    put_number_field(text, "Content-Length: ", status_body_bytes(answer->status));
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
        text_put(text, "/\r\n");
    }
}

void http_answer_put(struct text *text, const struct http_answer *answer)
{
    text_put(text, "HTTP/1.1 ");
    http_status_put(text, answer->status);
    text_put(text, "\r\n");
    if (answer->date_s != HTTP_DATE_UNKNOWN) {
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
        put_file(text, answer);
        break;
    case HTTP_BODY_LISTING:
        put_listing(text, answer);
        break;
    }
    if (!answer->keep) {
        text_put(text, "Connection: close\r\n");
    } else if (!answer->is_11) {
        text_put(text, "Connection: keep-alive\r\n");
    }
    text_put(text, "\r\n");
    if (answer->body == HTTP_BODY_STATUS && !answer->without_body) {
        put_status_body(text, answer->status);
    }
}
