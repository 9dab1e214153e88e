/* SPDX-License-Identifier: MIT */
/* The access log, in the common log format: host, two dashes, date, request, status, bytes. What a
 * peer sent is escaped; what was not understood is a dash. */
#include "apps/fileget/fileget_conn.h"
#include "apps/fileget/http_date.h"
#include "core/log.h"

enum { REST_BYTES = 44 }; /* " HTTP/1.1", quotes, a status, the longest number, spaces */

static void put_name(struct text *line, const char *name, size_t n, bool directory)
{
    CHECK(line->capacity > REST_BYTES);
    line->capacity -= REST_BYTES;
    text_put_char(line, '/');
    text_put_escaped(line, name, n);
    if (directory && n > 0) {
        text_put_char(line, '/');
    }
    line->capacity += REST_BYTES;
    if (line->cut) {
        line->cut = false;
        text_put(line, "...");
    }
}

static void put_request(struct text *line, const struct fileget_conn *fileget, const char *name)
{
    const struct http_head *head = &fileget->in.head;
    bool raw = fileget_has(fileget, FILEGET_RAW);
    bool known = (head->facts & HTTP_READ) != 0;

    text_put(line, "] \"");
    if (!raw && (!known || head->method > HTTP_HEAD || (head->facts & HTTP_REFUSED) != 0)) {
        text_put_char(line, '-');
    } else {
        text_put(line, raw ? "RAW" : http_methods[head->method]);
        text_put_char(line, ' ');
        put_name(line, name, http_head_name_bytes(head, (const uint8_t *)name),
                 (head->facts & HTTP_DIRECTORY) != 0);
        if (!raw) {
            text_put(line, (head->facts & HTTP_IS_11) != 0 ? " HTTP/1.1" : " HTTP/1.0");
        }
    }
    text_put(line, "\" ");
}

static void put_bytes(struct text *line, const struct fileget_conn *fileget)
{
    enum http_body body = (enum http_body)fileget->body;

    text_put_char(line, ' ');
    if (body == HTTP_BODY_FILE) {
        text_put_number(line, fileget->in.head.range_first - fileget->from);
    } else if (body == HTTP_BODY_STATUS && fileget->in.head.method != HTTP_HEAD) {
        text_put_number(line, http_status_bytes((enum http_status)fileget->status));
    } else {
        text_put_char(line, '-');
    }
}

void fileget_log(struct conn *conn)
{
    const struct fileget_conn *fileget = conn_state(conn);
    struct port_address peer = conn_peer(conn);
    int64_t date_s = fileget_date();
    struct text *line;

    if (!fileget_settings.access_log) {
        return;
    }
    line = log_begin();
    line->n = 0; /* these lines are for programs that know the format: nothing stands before it */
    text_put_ip(line, &peer);
    text_put(line, " - - [");
    if (date_s != HTTP_DATE_UNKNOWN) {
        http_date_put_log(line, date_s);
    } else {
        text_put_char(line, '-');
    }
    put_request(line, fileget, (const char *)conn_buffer(conn));
    text_put_number(line, fileget->status);
    put_bytes(line, fileget);
    log_end();
}
