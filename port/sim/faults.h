/* SPDX-License-Identifier: MIT */
/* The names of all faults: one for each outcome of each call of port.h that is not plain success,
 * and for what networks and clocks do of themselves. For sim.h. */
#ifndef PORT_SIM_FAULTS_H
#define PORT_SIM_FAULTS_H

#define SIM_FAULT_LIST(F) \
    F(START_IO, "start.io") \
    F(LISTEN_INUSE, "listen.inuse") \
    F(LISTEN_DENIED, "listen.denied") \
    F(LISTEN_UNREACHABLE, "listen.unreachable") \
    F(LISTEN_FULL, "listen.full") \
    F(ACCEPT_AGAIN, "accept.again") \
    F(ACCEPT_SKIP, "accept.skip") \
    F(ACCEPT_FULL, "accept.full") \
    F(ACCEPT_GONE, "accept.gone") \
    F(CONNECT_REFUSED, "connect.refused") \
    F(CONNECT_UNREACHABLE, "connect.unreachable") \
    F(CONNECT_DENIED, "connect.denied") \
    F(CONNECT_FULL, "connect.full") \
    F(CONNECTED_REFUSED, "connected.refused") \
    F(CONNECTED_TIMEDOUT, "connected.timedout") \
    F(CONNECTED_UNREACHABLE, "connected.unreachable") \
    F(CONNECTED_RESET, "connected.reset") \
    F(RECEIVE_SHORT, "receive.short") \
    F(RECEIVE_AGAIN, "receive.again") \
    F(RECEIVE_RESET, "receive.reset") \
    F(RECEIVE_FULL, "receive.full") \
    F(DISCARD_RESET, "discard.reset") \
    F(SEND_SHORT, "send.short") \
    F(SEND_AGAIN, "send.again") \
    F(SEND_RESET, "send.reset") \
    F(SEND_FILE_SKIP, "send_file.skip") \
    F(SEND_FILE_SHORT, "send_file.short") \
    F(SEND_FILE_AGAIN, "send_file.again") \
    F(SEND_FILE_RESET, "send_file.reset") \
    F(SEND_FILE_EOF, "send_file.eof") \
    F(SEND_FILE_IO, "send_file.io") \
    F(SHUT_RESET, "shut.reset") \
    F(DATAGRAM_RECEIVE_AGAIN, "datagram_receive.again") \
    F(DATAGRAM_RECEIVE_SKIP, "datagram_receive.skip") \
    F(DATAGRAM_SEND_AGAIN, "datagram_send.again") \
    F(DATAGRAM_SEND_FULL, "datagram_send.full") \
    F(DATAGRAM_SEND_SKIP, "datagram_send.skip") \
    F(NET_LOSS, "net.loss") \
    F(NET_DUPLICATE, "net.duplicate") \
    F(NET_REORDER, "net.reorder") \
    F(WAIT_EARLY, "wait.early") \
    F(WAIT_SPURIOUS, "wait.spurious") \
    F(WAIT_PAUSE, "wait.pause") \
    F(WALL_UNKNOWN, "wall.unknown") \
    F(WALL_STEP, "wall.step") \
    F(FILE_OPEN_NOENT, "file_open.noent") \
    F(FILE_OPEN_DENIED, "file_open.denied") \
    F(FILE_OPEN_FULL, "file_open.full") \
    F(FILE_OPEN_IO, "file_open.io") \
    F(FILE_LOOK_IO, "file_look.io") \
    F(FILE_READ_SHORT, "file_read.short") \
    F(FILE_READ_EOF, "file_read.eof") \
    F(FILE_READ_IO, "file_read.io") \
    F(DIRECTORY_AGAIN, "directory.again") \
    F(DIRECTORY_EOF, "directory.eof") \
    F(DIRECTORY_IO, "directory.io") \
    F(CONSOLE_NOENT, "console.noent") \
    F(CONSOLE_AGAIN, "console.again") \
    F(CONSOLE_EOF, "console.eof") \
    F(CONSOLE_SHORT, "console_write.short") \
    F(CONSOLE_STALL, "console_write.again") \
    F(CONSOLE_GONE, "console_write.eof") \
    F(LOG_LOST, "log.lost") \
    F(RECORD_FULL, "record_write.full") \
    F(RECORD_IO, "record_write.io") \
    F(TOOL_NOENT, "tool.noent") \
    F(TOOL_DENIED, "tool.denied") \
    F(TOOL_SKIP, "tool.skip") \
    F(TOOL_AGAIN, "tool.again") \
    F(TOOL_FULL, "tool.full") \
    F(TOOL_IO, "tool.io")

#define SIM_FAULT_ENUM(name, text) SIM_##name,
enum sim_fault_kind { SIM_FAULT_LIST(SIM_FAULT_ENUM) SIM_FAULT_KINDS };
#undef SIM_FAULT_ENUM

#endif
