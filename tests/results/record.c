/* SPDX-License-Identifier: MIT */
/*
 * A layer between a program and its port that notes what each call said, in the file that RESULTS
 * names. The linker puts it there: what was a call of port_x is one of __wrap_port_x, and
 * __real_port_x is the port's own (--wrap=port_x).
 */
#define _POSIX_C_SOURCE 200809L
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "port/port_tool.h"
#include "tests/results/results.h"

enum { HANDLES = 65536 };

static struct {
    uint8_t *noted;         /* NULL: not asked for */
    bool tried;
    uint64_t calls[HANDLES]; /* which were made on each handle since it was opened, a bit each */
} state;
STATIC_ASSERT(RESULTS_CALL_COUNT <= 64);

/* The first call of all is made before anything is given up, confined or served. */
static void begin(void)
{
    const char *path = getenv("RESULTS");
    int file = path == NULL ? -1 : open(path, O_RDWR | O_CLOEXEC);
    void *noted = MAP_FAILED;
    state.tried = true;
    if (file >= 0) {
        noted = mmap(NULL, RESULTS_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
        (void)close(file);
    }
    if (noted != MAP_FAILED) {
        state.noted = noted;
    }
}

static void note(enum results_call call, port_handle handle, enum results_shape shape)
{
    uint64_t *calls = &state.calls[(uint32_t)handle % HANDLES];
    uint64_t bit = UINT64_C(1) << call;
    unsigned place = handle != PORT_NONE && (*calls & bit) != 0 ? RESULTS_LATER : RESULTS_FIRST;
    if (!state.tried) {
        begin();
    }
    if (state.noted != NULL) {
        state.noted[RESULTS_AT(call, shape, place)] = 1;
    }
}

static void made(enum results_call call, port_handle handle)
{
    if (handle != PORT_NONE) {
        state.calls[(uint32_t)handle % HANDLES] |= UINT64_C(1) << call;
    }
}

/* A new one, or one that is gone. */
static void forget(port_handle handle)
{
    state.calls[(uint32_t)handle % HANDLES] = 0;
}

static enum results_shape shape_of(int result)
{
    return result >= PORT_INUSE && result <= PORT_OK ? (enum results_shape)(RESULTS_OK - result)
                                                     : RESULTS_UNKNOWN;
}

/* An outcome, or a count of what was asked for. */
static int counted(enum results_call call, port_handle handle, int result, size_t asked)
{
    enum results_shape shape = shape_of(result);
    if (result >= 0) {
        size_t n = (size_t)result;
        shape = n == 0 ? RESULTS_ZERO
                : n < asked ? RESULTS_SHORT
                : n == asked ? RESULTS_ALL : RESULTS_CUT;
    }
    note(call, handle, shape);
    made(call, handle);
    return result;
}

static int said(enum results_call call, port_handle handle, int result)
{
    note(call, handle, shape_of(result));
    made(call, handle);
    return result;
}

static int opened(enum results_call call, int result, port_handle *handle)
{
    if (result == PORT_OK) {
        forget(*handle);
    }
    return said(call, PORT_NONE, result);
}

static bool answered(enum results_call call, bool result)
{
    note(call, PORT_NONE, result ? RESULTS_YES : RESULTS_NO);
    return result;
}

/* ---- Calls of which the result is all ------------------------------------------------------- */

/* One that says something of a handle, or of none. */
#define SAYS(name, handle, parameters, arguments) \
    int __real_port_##name parameters; \
    int __wrap_port_##name parameters; \
    int __wrap_port_##name parameters \
    { \
        return said(RESULTS_CALL_##name, handle, __real_port_##name arguments); \
    }

/* One that opens a handle. */
#define OPENS(name, handle, parameters, arguments) \
    int __real_port_##name parameters; \
    int __wrap_port_##name parameters; \
    int __wrap_port_##name parameters \
    { \
        return opened(RESULTS_CALL_##name, __real_port_##name arguments, handle); \
    }

/* One that returns a count, of `asked`. */
#define COUNTS(name, handle, asked, parameters, arguments) \
    int __real_port_##name parameters; \
    int __wrap_port_##name parameters; \
    int __wrap_port_##name parameters \
    { \
        return counted(RESULTS_CALL_##name, handle, __real_port_##name arguments, asked); \
    }

#define ANSWERS(name, parameters, arguments) \
    bool __real_port_##name parameters; \
    bool __wrap_port_##name parameters; \
    bool __wrap_port_##name parameters \
    { \
        return answered(RESULTS_CALL_##name, __real_port_##name arguments); \
    }

SAYS(start, PORT_NONE, (void), ())
OPENS(listen, listener, (struct port_address *at, enum port_family family, port_handle *listener),
      (at, family, listener))
ANSWERS(listener_queues, (void), ())
OPENS(connect, connection, (const struct port_address *to, port_handle *connection),
      (to, connection))
SAYS(connected, connection, (port_handle connection), (connection))
COUNTS(receive, connection, n, (port_handle connection, void *bytes, size_t n),
       (connection, bytes, n))
COUNTS(peek, connection, n, (port_handle connection, void *bytes, size_t n),
       (connection, bytes, n))
ANSWERS(unread, (port_handle connection), (connection))
SAYS(discard, connection, (port_handle connection, size_t n), (connection, n))
COUNTS(send, connection, n, (port_handle connection, const void *bytes, size_t n, bool more),
       (connection, bytes, n, more))
COUNTS(send_file, connection, n,
       (port_handle connection, port_handle file, uint64_t offset, size_t n),
       (connection, file, offset, n))
SAYS(shut, connection, (port_handle connection), (connection))
OPENS(datagram_open, datagrams,
      (struct port_address *at, enum port_family family, port_handle *datagrams),
      (at, family, datagrams))
COUNTS(datagram_send, datagrams, n,
       (port_handle datagrams, const void *bytes, size_t n, const struct port_address *from,
        const struct port_address *to), (datagrams, bytes, n, from, to))
ANSWERS(wall_time, (int64_t *unix_seconds, uint32_t *nanoseconds), (unix_seconds, nanoseconds))
SAYS(file_look, file, (port_handle file, struct port_file_info *info), (file, info))
COUNTS(file_read, file, n, (port_handle file, uint64_t offset, void *bytes, size_t n),
       (file, offset, bytes, n))
SAYS(record_write, record, (port_handle record, const void *bytes, size_t n), (record, bytes, n))
OPENS(console_open, input, (port_handle *input), (input))
COUNTS(console_read, input, n, (port_handle input, void *bytes, size_t n), (input, bytes, n))
COUNTS(console_write, PORT_NONE, n, (const void *bytes, size_t n), (bytes, n))

SAYS(root_open, PORT_NONE, (const char *path, unsigned flags), (path, flags))
SAYS(user_become, PORT_NONE, (const char *user, bool confine), (user, confine))
OPENS(record_open, record, (const char *path, port_handle *record), (path, record))
COUNTS(resolve, PORT_NONE, max,
       (const char *host, enum port_name_family family, uint16_t port, struct port_address *list,
        size_t max), (host, family, port, list, max))
SAYS(print, PORT_NONE, (enum port_stream stream, const char *bytes, size_t n), (stream, bytes, n))
COUNTS(text_read, PORT_NONE, n, (const char *path, char *bytes, size_t n), (path, bytes, n))
OPENS(output_open, output,
      (const char *path, bool keep, port_handle *output, uint64_t *size_bytes),
      (path, keep, output, size_bytes))
ANSWERS(output_replaceable, (const char *path), (path))
SAYS(output_write, output, (port_handle output, const void *bytes, size_t n), (output, bytes, n))
SAYS(output_sync, output, (port_handle output), (output))
SAYS(output_rename, PORT_NONE, (const char *from, const char *to), (from, to))
SAYS(output_remove, PORT_NONE, (const char *path), (path))
SAYS(console_raw, PORT_NONE, (bool raw), (raw))

/* ---- The others ------------------------------------------------------------------------------ */

size_t __real_port_handles(size_t wanted);
size_t __wrap_port_handles(size_t wanted);
size_t __wrap_port_handles(size_t wanted)
{
    size_t granted = __real_port_handles(wanted);
    if (wanted > 0) {
        (void)counted(RESULTS_CALL_handles, PORT_NONE, (int)granted, wanted);
    }
    return granted;
}

uint32_t __real_port_interface_number(const char *name);
uint32_t __wrap_port_interface_number(const char *name);
uint32_t __wrap_port_interface_number(const char *name)
{
    uint32_t number = __real_port_interface_number(name);
    (void)answered(RESULTS_CALL_interface_number, number != 0);
    return number;
}

unsigned __real_port_terminal_columns(enum port_stream stream);
unsigned __wrap_port_terminal_columns(enum port_stream stream);
unsigned __wrap_port_terminal_columns(enum port_stream stream)
{
    unsigned columns = __real_port_terminal_columns(stream);
    (void)answered(RESULTS_CALL_terminal_columns, columns != 0);
    return columns;
}

const char *__real_port_environment(const char *name);
const char *__wrap_port_environment(const char *name);
const char *__wrap_port_environment(const char *name)
{
    const char *value = __real_port_environment(name);
    (void)answered(RESULTS_CALL_environment, value != NULL);
    return value;
}

int __real_port_text_convert(enum port_conversion conversion, const char *text, size_t n,
                             char *out, size_t out_bytes);
int __wrap_port_text_convert(enum port_conversion conversion, const char *text, size_t n,
                             char *out, size_t out_bytes);
int __wrap_port_text_convert(enum port_conversion conversion, const char *text, size_t n,
                             char *out, size_t out_bytes)
{
    int result = __real_port_text_convert(conversion, text, n, out, out_bytes);
    (void)said(RESULTS_CALL_text_convert, PORT_NONE, result > 0 ? PORT_OK : result);
    return result;
}

int __real_port_accept(port_handle listener, port_handle *connection, struct port_address *peer);
int __wrap_port_accept(port_handle listener, port_handle *connection, struct port_address *peer);
int __wrap_port_accept(port_handle listener, port_handle *connection, struct port_address *peer)
{
    int result = __real_port_accept(listener, connection, peer);
    if (result == PORT_OK) {
        forget(*connection);
    }
    return said(RESULTS_CALL_accept, listener, result);
}

void __real_port_close(port_handle handle);
void __wrap_port_close(port_handle handle);
void __wrap_port_close(port_handle handle)
{
    forget(handle);
    __real_port_close(handle);
}

void __real_port_abort(port_handle connection);
void __wrap_port_abort(port_handle connection);
void __wrap_port_abort(port_handle connection)
{
    forget(connection);
    __real_port_abort(connection);
}

int __real_port_datagram_receive(port_handle datagrams, void *bytes, size_t n,
                                 struct port_datagram *info);
int __wrap_port_datagram_receive(port_handle datagrams, void *bytes, size_t n,
                                 struct port_datagram *info);
int __wrap_port_datagram_receive(port_handle datagrams, void *bytes, size_t n,
                                 struct port_datagram *info)
{
    int result = __real_port_datagram_receive(datagrams, bytes, n, info);
    if (result >= 0 && info->from_self) {
        note(RESULTS_CALL_datagram_receive, datagrams, RESULTS_SELF);
    }
    if (result >= 0 && info->to_many) {
        note(RESULTS_CALL_datagram_receive, datagrams, RESULTS_MANY);
    }
    return counted(RESULTS_CALL_datagram_receive, datagrams, result, n);
}

int __real_port_file_open(const char *name, size_t n, port_handle *file,
                          struct port_file_info *info);
int __wrap_port_file_open(const char *name, size_t n, port_handle *file,
                          struct port_file_info *info);
int __wrap_port_file_open(const char *name, size_t n, port_handle *file,
                          struct port_file_info *info)
{
    int result = __real_port_file_open(name, n, file, info);
    if (result != PORT_OK) {
        return said(RESULTS_CALL_file_open, PORT_NONE, result);
    }
    forget(*file);
    note(RESULTS_CALL_file_open, PORT_NONE,
         info->kind == PORT_FILE_REGULAR ? RESULTS_FILE : RESULTS_FOLDER);
    return result;
}

int __real_port_directory_read(port_handle directory, uint64_t *position,
                               struct port_entry *entry);
int __wrap_port_directory_read(port_handle directory, uint64_t *position,
                               struct port_entry *entry);
int __wrap_port_directory_read(port_handle directory, uint64_t *position,
                               struct port_entry *entry)
{
    int result = __real_port_directory_read(directory, position, entry);
    if (result != PORT_OK) {
        return said(RESULTS_CALL_directory_read, directory, result);
    }
    note(RESULTS_CALL_directory_read, directory,
         entry->info.kind == PORT_FILE_REGULAR ? RESULTS_FILE : RESULTS_FOLDER);
    made(RESULTS_CALL_directory_read, directory);
    return result;
}

/* What each handle that is waited on was told; or nothing, before or when the time was over. */
int __real_port_wait(struct port_event *events, size_t n, int32_t timeout_ms);
int __wrap_port_wait(struct port_event *events, size_t n, int32_t timeout_ms);
int __wrap_port_wait(struct port_event *events, size_t n, int32_t timeout_ms)
{
    uint64_t began_ms = port_now_ms();
    int ready = __real_port_wait(events, n, timeout_ms);
    bool early = timeout_ms < 0 || port_now_ms() < began_ms + (uint64_t)timeout_ms;
    for (size_t i = 0; i < n; i++) {
        if (events[i].got != 0) {
            note(RESULTS_CALL_wait, events[i].handle,
                 events[i].got == PORT_READ ? RESULTS_READ
                 : events[i].got == PORT_WRITE ? RESULTS_WRITE : RESULTS_BOTH);
            made(RESULTS_CALL_wait, events[i].handle);
        }
    }
    if (ready == 0) {
        note(RESULTS_CALL_wait, PORT_NONE, early ? RESULTS_EARLY : RESULTS_NOTHING);
    }
    return ready;
}

unsigned __real_port_requests(void);
unsigned __wrap_port_requests(void);
unsigned __wrap_port_requests(void)
{
    static const enum results_shape shapes[] = {RESULTS_STOP, RESULTS_STOP_NOW, RESULTS_REPORT,
                                                RESULTS_REDRAW};
    unsigned requests = __real_port_requests();
    for (unsigned i = 0; i < COUNT_OF(shapes); i++) {
        if ((requests >> i & 1u) != 0) {
            note(RESULTS_CALL_requests, PORT_NONE, shapes[i]);
        }
    }
    if (requests == 0) {
        note(RESULTS_CALL_requests, PORT_NONE, RESULTS_NOTHING);
    }
    return requests;
}
