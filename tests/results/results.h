/* SPDX-License-Identifier: MIT */
/* Which results a port has shown: a byte for each call of the contract, shape of its result, and
 * whether it was the first such call on its handle. In a file that many processes share. */
#ifndef TESTS_RESULTS_RESULTS_H
#define TESTS_RESULTS_RESULTS_H

/* Calls whose results are noted; contract.txt says what each may be. */
#define RESULTS_CALLS(F) \
    F(start) F(handles) F(listen) F(listener_queues) F(accept) F(connect) F(connected) \
    F(receive) F(peek) F(unread) F(discard) F(send) F(send_file) F(shut) F(datagram_open) \
    F(datagram_receive) F(datagram_send) F(wait) F(wall_time) F(requests) F(file_open) \
    F(file_look) F(file_read) F(directory_read) F(text_convert) F(record_write) F(console_open) \
    F(console_read) F(console_write) F(root_open) F(user_become) F(record_open) F(resolve) \
    F(interface_number) F(print) F(terminal_columns) F(text_read) F(environment) F(output_open) \
    F(output_replaceable) F(output_write) F(output_sync) F(output_rename) F(output_remove) \
    F(console_raw)

/* Outcomes of port.h; counts beside what was asked for; what a datagram, a file, a wait, a request
 * is; yes and no. */
#define RESULTS_SHAPES(F) \
    F(OK) F(AGAIN) F(EOF) F(RESET) F(FULL) F(SKIP) F(NOENT) F(DENIED) F(IO) F(REFUSED) \
    F(TIMEDOUT) F(UNREACHABLE) F(INUSE) F(UNKNOWN) \
    F(ZERO) F(SHORT) F(ALL) F(CUT) \
    F(SELF) F(MANY) F(FILE) F(FOLDER) \
    F(NOTHING) F(EARLY) F(READ) F(WRITE) F(BOTH) \
    F(STOP) F(STOP_NOW) F(REPORT) F(REDRAW) \
    F(YES) F(NO)

#define RESULTS_CALL(name) RESULTS_CALL_##name,
enum results_call { RESULTS_CALLS(RESULTS_CALL) RESULTS_CALL_COUNT };
#undef RESULTS_CALL

#define RESULTS_SHAPE(name) RESULTS_##name,
enum results_shape { RESULTS_SHAPES(RESULTS_SHAPE) RESULTS_SHAPE_COUNT };
#undef RESULTS_SHAPE

enum { RESULTS_FIRST, RESULTS_LATER, RESULTS_PLACES };
enum { RESULTS_BYTES = RESULTS_CALL_COUNT * RESULTS_SHAPE_COUNT * RESULTS_PLACES };

/* Where in the file. */
#define RESULTS_AT(call, shape, place) \
    (((unsigned)(call) * RESULTS_SHAPE_COUNT + (unsigned)(shape)) * RESULTS_PLACES + (place))

#endif
