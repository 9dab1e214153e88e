/* SPDX-License-Identifier: MIT */
/* The simulated port's state and inner calls; only for port/sim. */
#ifndef PORT_SIM_STATE_H
#define PORT_SIM_STATE_H

#include "port/sim/sim.h"

enum {
    SIM_HANDLES = 512,     /* a handle is an index here and a generation above it */
    SIM_GENERATION = 1024, /* the first bit of the generation */
    SIM_LISTENERS = 256,
    SIM_BACKLOG = 32,
    SIM_SEGMENTS = 8,
    SIM_DATAGRAMS = 64,
    SIM_STICKY = 16,
    SIM_CONSOLE_BYTES = 1024,
    SIM_OUTPUTS = 4,
    SIM_OUTPUT_BYTES = 8192
};
#define SIM_NEVER UINT64_MAX

enum sim_handle_kind {
    SIM_HANDLE_FREE,
    SIM_HANDLE_LISTENER,
    SIM_HANDLE_STREAM,
    SIM_HANDLE_DATAGRAM,
    SIM_HANDLE_FILE,
    SIM_HANDLE_CONSOLE,
    SIM_HANDLE_OUTPUT
};

struct sim_handle {
    uint8_t kind;
    uint8_t ready;       /* what the last wait said and nothing has used up */
    uint8_t side;        /* stream: which end of the link */
    bool touched;        /* used since the last wait */
    uint32_t generation;
    uint32_t object;     /* index of link, socket, file, output */
    uint64_t size_bytes; /* file: as it was at open */
};

struct sim_segment {
    uint64_t at_ms;
    uint64_t until; /* stream position behind its last byte */
};

/* The bytes on their way to one end. Positions count from the beginning of the stream. */
struct sim_pipe {
    uint64_t sent;     /* written by the other end */
    uint64_t released; /* of these not held back for more */
    uint64_t arrived;  /* can be read */
    uint64_t taken;    /* was read */
    uint64_t end_ms;   /* when the end arrives */
    uint64_t tag;      /* names the jitter */
    uint32_t window;
    uint8_t segment_first;
    uint8_t segment_count;
    bool end_sent;
    bool end_arrived;
    struct sim_segment segments[SIM_SEGMENTS];
};

struct sim_end {
    struct sim_pipe in;
    struct port_address address;
    uint64_t reset_ms;   /* when a reset arrives here */
    uint64_t wake_ms;    /* when a test's peer hears of room to send */
    port_handle handle;  /* PORT_NONE: a test's peer, or not accepted */
    uint32_t peeked;     /* bytes of the last port_peek, if nothing came after it */
    bool open;
    bool shut;           /* its direction is ended */
    bool reset;          /* a reset is here */
    bool reset_told;     /* and the server was told */
    bool blocked;        /* it could not send all it had */
};

enum sim_stage {
    SIM_STAGE_FREE,
    SIM_STAGE_DIALLED, /* on its way to the listener */
    SIM_STAGE_QUEUED,  /* waits to be accepted */
    SIM_STAGE_OPEN,
    SIM_STAGE_OVER     /* both ends are gone */
};

/* ends[0] connected, ends[1] listened. */
struct sim_link {
    uint8_t stage;
    bool by_server;       /* ends[0] is the server's */
    bool to_server;       /* ends[1] is the server's */
    bool worse;           /* a reset destroys what was not read */
    bool answered;        /* the one who connected knows how it ended */
    int8_t outcome;       /* port_connected */
    uint32_t id;
    uint32_t latency_ms;
    uint32_t listener;
    uint64_t stage_ms;    /* when the stage is over */
    struct sim_end ends[2];
    uint32_t chances[SIM_FAULT_KINDS];
};

struct sim_listener {
    struct port_address at;
    uint8_t family;
    bool open;
    bool datagrams;
    bool defers;      /* peers speak first */
    uint8_t queued;
    uint16_t queue[SIM_BACKLOG]; /* links */
};

struct sim_datagram {
    struct port_datagram info;
    uint64_t at_ms;
    uint64_t order;
    uint32_t n;
    uint16_t socket;
    bool used;
    bool error; /* a queued error instead of a datagram */
};

struct sim_file {
    char path[SIM_PATH_BYTES];
    char target[SIM_PATH_BYTES];
    uint16_t path_bytes;
    uint16_t target_bytes;
    uint8_t kind;
    bool there;
    uint16_t rights;     /* who may read it: SIM_OWNER and so on */
    const uint8_t *text; /* NULL: sim_file_byte */
    uint32_t modified_ns;
    uint64_t size_bytes;
    int64_t modified_s;
    uint64_t revision;   /* counts its changes */
};

struct sim_sticky {
    uint8_t kind;
    int32_t connection;
    uint64_t until_ms;
};

struct sim_output {
    char path[SIM_PATH_BYTES];
    bool there;
    uint32_t n;
};

/* All that a run changes; cleared when one begins. */
struct sim_state {
    struct sim_plan plan;
    struct sim_hooks hooks;
    bool begun;
    bool healed;
    uint64_t now_ms;
    uint64_t hash;
    uint64_t progress;
    uint64_t calls;
    uint64_t waits;
    uint64_t step_ms;
    uint64_t passed_ms;   /* outside of waits */
    uint64_t randoms;
    uint64_t clock_calls;
    uint32_t cost_us;
    uint32_t dialled;
    uint32_t links_used;  /* slots ever used */
    uint64_t link_next[SIM_LINKS]; /* when something happens on it of itself */
    uint32_t handles_open;
    uint32_t streams_open;
    uint32_t handles_used;
    uint32_t handle_next;
    uint32_t datagrams_used;
    uint64_t datagrams_sent;
    uint64_t datagrams_next_ms;
    uint32_t files_count;
    uint32_t files_advised;
    uint64_t files_advised_end;
    uint32_t port_next;
    uint64_t full_ms;     /* plus 1 */
    uint32_t wait_nth[3]; /* the last millisecond in which a wait could fail, plus 1 */
    unsigned requests;
    unsigned reports;     /* asked for and not told yet */
    bool request_new;
    bool wall_known;
    int64_t wall_s;
    bool root_open;
    bool root_any;
    bool root_scratch;    /* and nothing is in it */
    bool no_converters;
    uint64_t log_lost;    /* lines since one fitted */
    bool log_stalled;
    bool console_open;
    bool console_ended;
    bool console_stalled;
    bool console_gone;
    unsigned columns;     /* of the terminal; 0: there is none */
    bool print_closed;
    int output_result;
    const char *environment[2];
    uint32_t console_first;
    uint32_t console_count;
    size_t faults_count;
    size_t peer_listens;
    struct port_address peer_listen[4];
    uint8_t fault_filter[512]; /* one bit per hash of a listed fault */
    uint32_t chances[SIM_FAULT_KINDS];
    size_t sticky_count;
    struct sim_sticky sticky[SIM_STICKY];
    struct sim_handle handles[SIM_HANDLES];
    struct sim_listener listeners[SIM_LISTENERS];
};

/* What is written before it is read, so that no run has to clear it. */
struct sim_store {
    struct sim_failure failure;
    jmp_buf jump;
    bool jump_set;
    struct sim_link links[SIM_LINKS];
    uint8_t pipes[SIM_LINKS][2][SIM_PIPE_BYTES];
    struct sim_datagram datagrams[SIM_DATAGRAMS];
    uint8_t datagram_bytes[SIM_DATAGRAMS][SIM_DATAGRAM_BYTES];
    struct sim_file files[SIM_FILES];
    struct sim_fault faults[SIM_FAULTS_MAX];
    uint8_t console[SIM_CONSOLE_BYTES];
    struct sim_output outputs[SIM_OUTPUTS];
    char output_bytes[SIM_OUTPUTS][SIM_OUTPUT_BYTES];
};

extern struct sim_state sim;
extern struct sim_store sim_store;

/* trace.c: notes a call's result in the hash, and hands it through. */
int sim_result(const char *call, int32_t connection, int result);
void sim_hash_bytes(const void *bytes, size_t n);
uint64_t sim_read_u64(const uint8_t *bytes); /* little-endian on every machine */

/* fault.c: whether `kind` happens now to the connection; counts the occasion. */
bool sim_fault(enum sim_fault_kind kind, int32_t connection);
bool sim_fault_at_wait(enum sim_fault_kind kind);
/* Whether it lasts: who is told again and again that nothing can be had is not ready either. */
bool sim_fault_sticks(enum sim_fault_kind kind, int32_t connection);
uint64_t sim_faults_next(void); /* when the next one ends */
/* A number from 0 to n - 1 for the size of the last fault. */
uint32_t sim_fault_amount(enum sim_fault_kind kind, int32_t connection, uint32_t n);
void sim_faults_begin(void);

/* handle.c */
port_handle sim_handle_take(enum sim_handle_kind kind, uint32_t object, unsigned side);
void sim_handle_free(port_handle handle);
bool sim_handles_left(void);
struct sim_handle *sim_handle_get(port_handle handle, enum sim_handle_kind kind, const char *call);
struct sim_handle *sim_handle_any(port_handle handle, const char *call);
/* Fails unless the last wait said that it is ready. */
void sim_handle_must_be_ready(port_handle handle, unsigned what, const char *call);

/* link.c: links and their pipes. */
struct sim_link *sim_link_new(uint32_t id, uint32_t latency_ms, uint32_t window_bytes);
struct sim_link *sim_link_by_id(uint32_t id);
struct sim_link *sim_link_at(uint32_t slot);
uint32_t sim_link_slot(const struct sim_link *link);
size_t sim_pipe_room(const struct sim_pipe *pipe);
size_t sim_end_write(struct sim_link *link, unsigned side, const uint8_t *bytes, size_t n,
                     bool more);
size_t sim_end_read(struct sim_link *link, unsigned side, uint8_t *bytes, size_t n, bool keep);
void sim_end_shut(struct sim_link *link, unsigned side);
void sim_end_close(struct sim_link *link, unsigned side);
void sim_end_reset(struct sim_link *link, unsigned side);
bool sim_end_readable(const struct sim_link *link, unsigned side);
bool sim_end_writable(const struct sim_link *link, unsigned side);
void sim_link_schedule(struct sim_link *link);
void sim_links_step(void);
uint64_t sim_links_next(void);

/* net.c */
struct sim_listener *sim_listener_for(const struct port_address *to, bool datagrams);
bool sim_address_is_ours(const struct port_address *address);
/* Whether a datagram to `to` can leave from that address of ours. */
bool sim_address_may_send(const struct port_address *from, const struct port_address *to);
/* Whether what is sent to `to` reaches a socket bound so. */
bool sim_socket_reached(const struct sim_listener *socket, const struct port_address *to);
int sim_socket_open(struct port_address *at, enum port_family family, bool datagrams,
                    port_handle *handle);
void sim_socket_close(uint32_t socket);

/* datagram.c, console.c, file.c, tool.c */
bool sim_datagram_ready(uint32_t socket);
uint64_t sim_datagrams_step_next(void);
bool sim_console_ready(void);
int sim_file_of(port_handle file, const char *call);
uint64_t sim_file_now(port_handle file);
void sim_output_close(uint32_t output);

#endif
