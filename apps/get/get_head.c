/* SPDX-License-Identifier: MIT */
/* The head of an HTTP/1.1 answer, byte by byte. */
#include "apps/get/get_head.h"

#include <string.h>

#include "core/text.h"

enum head_state {
    STATUS,      /* "HTTP/1.1 200", name_bytes of it so far */
    STATUS_END,  /* behind the code */
    REASON,
    LINE,        /* at the beginning of a line */
    NAME,
    BLANK,       /* before a field's value */
    VALUE,
    LINE_LF,     /* after the CR of a line */
    LAST_LF      /* after the CR of the empty line */
};

enum head_field {
    FIELD_NONE, /* before the first one */
    FIELD_OTHER,
    FIELD_LENGTH,
    FIELD_CODING,
    FIELD_RANGE,
    FIELD_RETRY,
    FIELD_LOCATION,
    FIELD_ETAG,
    FIELD_MODIFIED,
    FIELD_DATE
};

static const struct {
    const char *name;
    enum head_field field;
} fields[] = {
    {"content-length", FIELD_LENGTH}, {"transfer-encoding", FIELD_CODING},
    {"content-range", FIELD_RANGE},   {"retry-after", FIELD_RETRY},
    {"location", FIELD_LOCATION},     {"etag", FIELD_ETAG},
    {"last-modified", FIELD_MODIFIED}, {"date", FIELD_DATE},
};

enum { RETRY_MAX_S = 1000000 };

void get_head_begin(struct get_head *head)
{
    memset(head, 0, sizeof *head);
}

bool get_head_idle(const struct get_head *head)
{
    return head->bytes == 0;
}

static enum get_head_event move(struct get_head *head, enum head_state to)
{
    head->state = (uint8_t)to;
    return GET_HEAD_MORE;
}

static enum get_head_event fault(struct get_head *head, enum get_head_fault what)
{
    head->fault = (uint8_t)what;
    return GET_HEAD_FAULT;
}

/* ---- Values -------------------------------------------------------------------------------- */

/* Where the value being read is kept; NULL: nowhere. */
static struct get_value *value_of(struct get_head *head, char **bytes, size_t *capacity)
{
    switch ((enum head_field)head->field) {
    case FIELD_NONE: /* the status line */
        *bytes = head->reason;
        *capacity = sizeof head->reason;
        return &head->reason_value;
    case FIELD_OTHER:
        break;
    case FIELD_LENGTH:
    case FIELD_CODING:
    case FIELD_RANGE:
    case FIELD_RETRY:
        *bytes = head->number;
        *capacity = sizeof head->number;
        return &head->number_value;
    case FIELD_LOCATION:
        *bytes = head->location;
        *capacity = sizeof head->location;
        return &head->location_value;
    case FIELD_ETAG:
        *bytes = head->etag;
        *capacity = sizeof head->etag;
        return &head->etag_value;
    case FIELD_MODIFIED:
        *bytes = head->modified;
        *capacity = sizeof head->modified;
        return &head->modified_value;
    case FIELD_DATE:
        *bytes = head->date;
        *capacity = sizeof head->date;
        return &head->date_value;
    }
    return NULL;
}

static bool value_begun(struct get_head *head)
{
    char *bytes = NULL;
    size_t capacity = 0;
    const struct get_value *value = value_of(head, &bytes, &capacity);
    return value != NULL && value->n > 0;
}

static void value_put(struct get_head *head, uint8_t byte)
{
    char *bytes = NULL;
    size_t capacity = 0;
    struct get_value *value = value_of(head, &bytes, &capacity);
    if (value == NULL) {
        return;
    }
    if (value->n == capacity) {
        value->cut = value->cut || (byte != ' ' && byte != '\t');
        return;
    }
    bytes[value->n] = (char)byte;
    value->n++;
}

/* White space at the end of a value does not count. */
static void value_trim(struct get_head *head)
{
    char *bytes = NULL;
    size_t capacity = 0;
    struct get_value *value = value_of(head, &bytes, &capacity);
    while (value != NULL && value->n > 0 &&
           (bytes[value->n - 1] == ' ' || bytes[value->n - 1] == '\t')) {
        value->n--;
    }
}

/* Compares the value in `number` with a lower-case word. */
static bool number_is(const struct get_head *head, const char *lower)
{
    size_t i = 0;
    while (i < head->number_value.n && lower[i] != '\0' && (head->number[i] | 0x20) == lower[i]) {
        i++;
    }
    return i == head->number_value.n && lower[i] == '\0';
}

static enum get_head_fault length_read(struct get_head *head)
{
    uint64_t length = 0;
    bool right = !head->number_value.cut &&
                 text_read_number(head->number, head->number_value.n, (uint64_t)GET_SIZE_MAX,
                                  &length);
    if (!right || ((head->has & GET_HAS_LENGTH) != 0 && head->length != length)) {
        return GET_FAULT_LENGTH;
    }
    head->length = length;
    head->has |= GET_HAS_LENGTH;
    return GET_FAULT_NONE;
}

static enum get_head_fault coding_read(struct get_head *head)
{
    bool again = (head->has & GET_HAS_CODING) != 0;
    head->has |= GET_HAS_CODING;
    if (again || head->number_value.cut) {
        return GET_FAULT_CODING;
    }
    if (number_is(head, "chunked")) {
        head->has |= GET_HAS_CHUNKED;
        return GET_FAULT_NONE;
    }
    return number_is(head, "identity") ? GET_FAULT_NONE : GET_FAULT_CODING; /* RFC 2616's none */
}

static void range_note(struct get_head *head)
{
    bool first = (head->has & (GET_HAS_RANGE | GET_HAS_RANGE_BAD)) == 0;
    bool right = !head->number_value.cut &&
                 get_range_read(head->number, head->number_value.n, &head->range);
    head->has = (uint8_t)(head->has & ~(unsigned)GET_HAS_RANGE);
    head->has |= first && right ? GET_HAS_RANGE : GET_HAS_RANGE_BAD;
}

/* The field that was being read is whole. */
static enum get_head_fault field_end(struct get_head *head)
{
    uint64_t seconds = 0;
    value_trim(head);
    switch ((enum head_field)head->field) {
    case FIELD_LENGTH:
        return length_read(head);
    case FIELD_CODING:
        return coding_read(head);
    case FIELD_RANGE:
        range_note(head);
        break;
    case FIELD_RETRY: /* a date instead is ignored */
        if (text_read_number(head->number, head->number_value.n, RETRY_MAX_S, &seconds)) {
            head->retry_after_s = (uint32_t)seconds;
        }
        break;
    case FIELD_LOCATION:
        head->has |= head->location_value.cut ? GET_HAS_LOCATION | GET_HAS_LOCATION_CUT
                                              : GET_HAS_LOCATION;
        break;
    case FIELD_NONE:
    case FIELD_OTHER:
    case FIELD_ETAG:
    case FIELD_MODIFIED:
    case FIELD_DATE:
        break;
    }
    return GET_FAULT_NONE;
}

/* ---- Lines --------------------------------------------------------------------------------- */

static bool is_digit(uint8_t byte)
{
    return byte >= '0' && byte <= '9';
}

/* RFC 9110 section 5.6.2. */
static bool is_token(uint8_t byte)
{
    return byte > ' ' && byte < 0x7f && strchr("\"(),/:;<=>?@[\\]{}", byte) == NULL;
}

static enum get_head_event status_feed(struct get_head *head, uint8_t byte)
{
    static const char form[] = "HTTP/1.# ###"; /* a # is a digit */
    char wanted = form[head->name_bytes];
    CHECK(head->name_bytes < sizeof form - 1);
    if (wanted == '#' ? !is_digit(byte) : byte != (uint8_t)wanted) {
        return fault(head, GET_FAULT_NOT_HTTP);
    }
    head->name_bytes++;
    if (head->name_bytes > sizeof form - 1 - 3) {
        head->status = (uint16_t)(head->status * 10 + (byte - '0'));
    }
    if (head->name_bytes < sizeof form - 1) {
        return GET_HEAD_MORE;
    }
    return head->status >= 100 ? move(head, STATUS_END) : fault(head, GET_FAULT_NOT_HTTP);
}

static enum get_head_event name_feed(struct get_head *head, uint8_t byte)
{
    if (byte == ':' && head->name_bytes > 0) {
        head->field = FIELD_OTHER;
        for (size_t i = 0; i < COUNT_OF(fields); i++) {
            size_t n = strlen(fields[i].name);
            if (n == head->name_bytes && memcmp(fields[i].name, head->name, n) == 0) {
                head->field = (uint8_t)fields[i].field;
            }
        }
        head->number_value.n = 0;
        head->number_value.cut = false;
        if (value_begun(head)) {
            head->field = FIELD_OTHER; /* of two, the first counts */
        }
        return move(head, BLANK);
    }
    if (!is_token(byte)) {
        return fault(head, byte == 0 ? GET_FAULT_BYTE : GET_FAULT_LINE);
    }
    if (head->name_bytes < sizeof head->name) { /* none of ours is as long */
        bool upper = byte >= 'A' && byte <= 'Z';
        head->name[head->name_bytes] = (char)(upper ? byte + ('a' - 'A') : byte);
        head->name_bytes++;
    }
    return move(head, NAME);
}

static enum get_head_event head_end(struct get_head *head)
{
    if (head->status >= 200) {
        return GET_HEAD_END;
    }
    if (head->status == 101) {
        return fault(head, GET_FAULT_SWITCH);
    }
    uint32_t bytes = head->bytes; /* an interim answer (RFC 9110 section 15.2) */
    get_head_begin(head);
    head->bytes = bytes;
    return GET_HEAD_MORE;
}

/* The first byte of a line: the end, a line that goes on with the last one's value, or a field. */
static enum get_head_event line_feed(struct get_head *head, uint8_t byte)
{
    if ((byte == ' ' || byte == '\t') && head->field != FIELD_NONE) {
        if (value_begun(head)) {
            value_put(head, ' ');
        }
        return move(head, BLANK);
    }
    enum get_head_fault found = field_end(head);
    if (found != GET_FAULT_NONE) {
        return fault(head, found);
    }
    if (byte == '\r') {
        return move(head, LAST_LF);
    }
    if (byte == '\n') {
        return head_end(head);
    }
    head->name_bytes = 0;
    return name_feed(head, byte);
}

/* A byte of the reason or of a value, or the end of its line. */
static enum get_head_event value_feed(struct get_head *head, uint8_t byte, enum head_state next)
{
    if (byte == '\r') {
        return move(head, LINE_LF);
    }
    if (byte == '\n') {
        return move(head, LINE);
    }
    if (byte == 0) {
        return fault(head, GET_FAULT_BYTE);
    }
    if ((byte == ' ' || byte == '\t') && next == BLANK) {
        return GET_HEAD_MORE;
    }
    value_put(head, byte);
    return move(head, next == BLANK ? VALUE : next);
}

enum get_head_event get_head_feed(struct get_head *head, uint8_t byte)
{
    if (head->bytes == CFG_GET_HEAD_BYTES) {
        return fault(head, GET_FAULT_ENDLESS);
    }
    head->bytes++;
    switch ((enum head_state)head->state) {
    case STATUS:
        return status_feed(head, byte);
    case STATUS_END:
        if (byte == ' ') {
            return move(head, REASON);
        }
        return byte == '\r' || byte == '\n' ? value_feed(head, byte, REASON)
                                            : fault(head, GET_FAULT_NOT_HTTP);
    case REASON:
        return value_feed(head, byte, REASON);
    case LINE:
        return line_feed(head, byte);
    case NAME:
        return name_feed(head, byte);
    case BLANK:
        return value_feed(head, byte, BLANK);
    case VALUE:
        return value_feed(head, byte, VALUE);
    case LINE_LF:
        return byte == '\n' ? move(head, LINE) : fault(head, GET_FAULT_BYTE);
    case LAST_LF:
        return byte == '\n' ? head_end(head) : fault(head, GET_FAULT_BYTE);
    }
    return fault(head, GET_FAULT_LINE);
}

const char *get_head_fault_text(enum get_head_fault fault)
{
    switch (fault) {
    case GET_FAULT_NONE:
        return "";
    case GET_FAULT_NOT_HTTP:
        return "does not begin as HTTP does";
    case GET_FAULT_LINE:
        return "has a line in its head that is no header field";
    case GET_FAULT_BYTE:
        return "has a byte in its head that no head has";
    case GET_FAULT_LENGTH:
        return "gives a length that cannot be";
    case GET_FAULT_CODING:
        return "has a transfer coding that nobody asked for";
    case GET_FAULT_SWITCH:
        return "changes to another protocol";
    case GET_FAULT_ENDLESS:
        return "has a head without an end";
    }
    return "";
}

/* ---- Validators ---------------------------------------------------------------------------- */

enum { IMF_KEY_BYTES = 14 };

/* "Sun, 06 Nov 1994 08:49:37 GMT" as "19941006084937", in the order of time. */
static bool date_key(const char *date, size_t n, char key[IMF_KEY_BYTES])
{
    static const char form[] = "aaa, ## aaa #### ##:##:## GMT"; /* a: a letter, #: a digit */
    static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    if (n != sizeof form - 1) {
        return false;
    }
    for (size_t i = 0; form[i] != '\0'; i++) {
        if (form[i] == '#' ? !is_digit((uint8_t)date[i]) : form[i] != 'a' && form[i] != date[i]) {
            return false;
        }
    }
    unsigned month = 0;
    while (month < 12 && memcmp(months + month * 3, date + 8, 3) != 0) {
        month++;
    }
    struct text text;
    text_begin(&text, key, IMF_KEY_BYTES);
    text_put_bytes(&text, date + 12, 4);
    text_put_padded(&text, month, 2, '0');
    text_put_bytes(&text, date + 5, 2);
    text_put_bytes(&text, date + 17, 2);
    text_put_bytes(&text, date + 20, 2);
    text_put_bytes(&text, date + 23, 2);
    return month < 12;
}

static bool modified_is_strong(const struct get_head *head)
{
    char modified[IMF_KEY_BYTES];
    char date[IMF_KEY_BYTES];
    return date_key(head->modified, head->modified_value.n, modified) &&
           date_key(head->date, head->date_value.n, date) &&
           memcmp(modified, date, IMF_KEY_BYTES) < 0;
}

static bool etag_is_strong(const struct get_head *head)
{
    size_t n = head->etag_value.n;
    if (head->etag_value.cut || n < 2 || head->etag[0] != '"' || head->etag[n - 1] != '"') {
        return false;
    }
    for (size_t i = 1; i < n - 1; i++) {
        unsigned char byte = (unsigned char)head->etag[i];
        if (byte <= ' ' || byte == '"' || byte == 0x7f) {
            return false;
        }
    }
    return true;
}

size_t get_head_validator(const struct get_head *head, const char **validator)
{
    if (head->etag_value.n > 0) { /* a weak one rules the date out as well (section 13.1.5) */
        *validator = head->etag;
        return etag_is_strong(head) ? head->etag_value.n : 0;
    }
    *validator = head->modified;
    return modified_is_strong(head) ? head->modified_value.n : 0;
}
