/* SPDX-License-Identifier: MIT */
/* Tables of HTTP cases: answers, read strictly, and compared with what a line expects. */
#include "tests/wire/cases.h"

#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

enum { WAIT_MS = 4000 };

/* ---- Reading ------------------------------------------------------------------------------- */

/* Reads up to n bytes: the count, 0 at the end, -1 when nothing comes or there is a reset. */
static ssize_t some_read(int fd, char *bytes, size_t n)
{
    const char *patience = getenv("PATIENCE");
    struct pollfd one = {fd, POLLIN, 0};

    if (poll(&one, 1, WAIT_MS * (patience != NULL ? atoi(patience) : 1)) != 1) {
        return -1;
    }
    return recv(fd, bytes, n, 0);
}

static bool all_read(int fd, char *bytes, size_t n)
{
    while (n > 0) {
        ssize_t got = some_read(fd, bytes, n);

        if (got <= 0) {
            return false;
        }
        bytes += got;
        n -= (size_t)got;
    }
    return true;
}

/* Reads to the end of a line, byte by byte; cuts CR LF off. False: there is none. */
static bool line_read(int fd, char *line, size_t n)
{
    size_t used = 0;

    while (used + 1 < n && all_read(fd, line + used, 1)) {
        used++;
        if (line[used - 1] == '\n') {
            if (used < 2 || line[used - 2] != '\r') {
                return false;
            }
            line[used - 2] = '\0';
            return true;
        }
    }
    return false;
}

bool answer_ended(int fd)
{
    char byte;
    ssize_t got = some_read(fd, &byte, 1);

    return got == 0;
}

static const char *take_chunks(int fd, struct answer *answer)
{
    char line[64];

    for (;;) {
        unsigned long n;

        if (!line_read(fd, line, sizeof line)) {
            return "a chunk without its length";
        }
        n = strtoul(line, NULL, 16);
        if (n > sizeof answer->body - answer->body_bytes) {
            return "a chunk that is too long";
        }
        if (n > 0 && !all_read(fd, answer->body + answer->body_bytes, n)) {
            return "a chunk that is cut short";
        }
        answer->body_bytes += n;
        if (!line_read(fd, line, sizeof line) || line[0] != '\0') {
            return "no line end behind a chunk";
        }
        if (n == 0) {
            return NULL;
        }
    }
}

static const char *take_to_end(int fd, struct answer *answer)
{
    for (;;) {
        ssize_t got = some_read(fd, answer->body + answer->body_bytes,
                                sizeof answer->body - answer->body_bytes);

        if (got < 0) {
            return "no end of a body without a length";
        }
        if (got == 0) {
            return NULL;
        }
        answer->body_bytes += (size_t)got;
    }
}

/* ---- Heads --------------------------------------------------------------------------------- */

const char *answer_field(const struct answer *answer, const char *name)
{
    for (size_t i = 0; i < answer->fields; i++) {
        if (strcasecmp(answer->names[i], name) == 0) {
            return answer->values[i];
        }
    }
    return NULL;
}

static const char *take_fields(int fd, struct answer *answer, size_t used)
{
    for (answer->fields = 0; answer->fields < ANSWER_FIELDS_MAX; answer->fields++) {
        char *line = answer->head + used;
        char *colon;

        if (!line_read(fd, line, sizeof answer->head - used)) {
            return "a head that is cut short";
        }
        if (line[0] == '\0') {
            return NULL;
        }
        used += strlen(line) + 1;
        colon = strstr(line, ": ");
        if (colon == NULL || colon == line || strchr(" \t", line[0]) != NULL) {
            return "a field that is none";
        }
        *colon = '\0';
        if (answer_field(answer, line) != NULL) {
            return "a field that comes twice";
        }
        answer->names[answer->fields] = line;
        answer->values[answer->fields] = colon + 2;
    }
    return "too many fields";
}

static bool is_date(const char *text)
{
    static const char form[] = "Aaa, 00 Aaa 0000 00:00:00 GMT";

    for (size_t i = 0; i < sizeof form; i++) {
        bool digit = text[i] >= '0' && text[i] <= '9';
        bool letter = (text[i] >= 'A' && text[i] <= 'Z') || (text[i] >= 'a' && text[i] <= 'z');

        if (form[i] == '0' ? !digit : form[i] == 'A' || form[i] == 'a' ? !letter
                                                                       : text[i] != form[i]) {
            return false;
        }
    }
    return true;
}

/* What holds for every answer, whatever was asked (RFC 9110 sections 6.6.1, 8.6, 15.4.5). */
static const char *check_head(const struct answer *answer)
{
    const char *date = answer_field(answer, "Date");
    const char *modified = answer_field(answer, "Last-Modified");
    bool file = answer->status == 200 || answer->status == 206;

    if (date == NULL || !is_date(date)) {
        return "no Date, or none that is one";
    }
    if (modified != NULL && !is_date(modified)) {
        return "a Last-Modified that is no date";
    }
    if (file && answer_field(answer, "Content-Type") == NULL) {
        return "a body without a type";
    }
    if ((answer->status == 206) != (answer_field(answer, "Content-Range") != NULL) &&
        answer->status != 416) {
        return "Content-Range and 206 do not go together";
    }
    if (answer->status != 304 && strcmp(answer_field(answer, "X-Content-Type-Options") == NULL
                                            ? ""
                                            : answer_field(answer, "X-Content-Type-Options"),
                                        "nosniff") != 0) {
        return "no nosniff";
    }
    return NULL;
}

static const char *take_body(int fd, struct answer *answer)
{
    const char *length = answer_field(answer, "Content-Length");

    if (answer_field(answer, "Transfer-Encoding") != NULL) {
        return length != NULL ? "a length and a coding" : take_chunks(fd, answer);
    }
    if (length == NULL) {
        return answer->closes ? take_to_end(fd, answer) : "no length on a connection that stays";
    }
    answer->body_bytes = strtoul(length, NULL, 10);
    if (answer->body_bytes > sizeof answer->body) {
        return "a body that is longer than this test takes";
    }
    return all_read(fd, answer->body, answer->body_bytes) ? NULL : "a body that is cut short";
}

const char *answer_take(int fd, struct answer *answer, bool head)
{
    const char *connection;
    const char *wrong;

    answer->body_bytes = 0;
    answer->status = 0;
    answer->fields = 0;
    if (!line_read(fd, answer->head, sizeof answer->head)) {
        return "no answer";
    }
    if (strncmp(answer->head, "HTTP/1.1 ", 9) != 0 || strlen(answer->head) < 14 ||
        answer->head[12] != ' ') {
        return "no status line";
    }
    answer->status = atoi(answer->head + 9);
    wrong = take_fields(fd, answer, strlen(answer->head) + 1);
    if (wrong != NULL) {
        return wrong;
    }
    connection = answer_field(answer, "Connection");
    answer->closes = connection != NULL && strcmp(connection, "close") == 0;
    wrong = check_head(answer);
    if (wrong != NULL) {
        return wrong;
    }
    return head || answer->status == 304 ? NULL : take_body(fd, answer);
}

/* ---- What a line expects ------------------------------------------------------------------- */

/* "FILE", or "FILE FIRST-LAST": these bytes of it. */
static const char *judge_bytes(const struct answer *answer, char *text, const char *root)
{
    static char path[4096];
    static char bytes[ANSWER_BYTES];
    char name[256];
    unsigned long long first = 0;
    unsigned long long last = 0;
    size_t n = answer->body_bytes;
    ssize_t got;
    int parts = sscanf(text, "%255s %llu-%llu", name, &first, &last);
    int fd;

    (void)snprintf(path, sizeof path, "%s/%s", root, name);
    fd = open(path, O_RDONLY);
    if (fd < 0) {
        return "there is no such file to compare with";
    }
    got = pread(fd, bytes, sizeof bytes, (off_t)first);
    (void)close(fd);
    if (parts == 3 ? n != last - first + 1 : got < 0 || n != (size_t)got) {
        return "not as many bytes";
    }
    return got >= (ssize_t)n && memcmp(bytes, answer->body, n) == 0 ? NULL : "other bytes";
}

static bool body_is(const struct answer *answer, const char *text)
{
    return answer->body_bytes == strlen(text) &&
           memcmp(answer->body, text, answer->body_bytes) == 0;
}

static const char *judge_item(const struct answer *answer, char *item, const char *root)
{
    char *colon = strchr(item, ':');
    const char *value;

    if (strcmp(item, "close") == 0 || strcmp(item, "keep") == 0) {
        return answer->closes == (item[0] == 'c') ? NULL : "the connection";
    }
    if (strncmp(item, "bytes ", 6) == 0) {
        return judge_bytes(answer, item + 6, root);
    }
    if (strcmp(item, "body") == 0 || strncmp(item, "body ", 5) == 0) {
        return body_is(answer, item[4] == '\0' ? "" : item + 5) ? NULL : "the body";
    }
    if (strncmp(item, "holds ", 6) == 0) {
        return memmem(answer->body, answer->body_bytes, item + 6, strlen(item + 6)) != NULL
                   ? NULL : "the body";
    }
    if (item[0] == '-') {
        return answer_field(answer, item + 1) == NULL ? NULL : "a field that should not be there";
    }
    if (colon == NULL) {
        return "the table: what is that?";
    }
    *colon = '\0';
    value = answer_field(answer, item);
    *colon = ':';
    return value != NULL && (colon[1] == '\0' || strcmp(value, colon + 2) == 0) ? NULL : "a field";
}

const char *answer_judge(const struct answer *answer, const struct test_case *test,
                         const char *root)
{
    char status[16];
    char line[64];
    bool says_body = test->head || answer->status < 400;

    (void)snprintf(status, sizeof status, "%d", answer->status);
    if (strstr(test->statuses, status) == NULL) {
        return "the status";
    }
    for (size_t i = 0; i < test->items_count; i++) {
        const char *wrong = judge_item(answer, test->items[i], root);

        if (wrong != NULL) {
            return wrong;
        }
        says_body = says_body || strncmp(test->items[i], "body", 4) == 0;
    }
    (void)snprintf(line, sizeof line, "%.50s\n", answer->head + 9);
    return says_body || body_is(answer, line) ? NULL : "the body of an error";
}
