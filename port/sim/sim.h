/* SPDX-License-Identifier: MIT */
/*
 * The other side of the glass, for tests only: peers, files, operator, clock and faults of the
 * simulated port. What the server sees is port.h.
 *
 * A run is a function of its plan and of the calls made here and nothing else: no time, process,
 * pointer or address of this machine, no shared stream of random numbers. What happens to a
 * connection is a hash of (seed, connection, how many times before), so taking one connection or
 * one fault away leaves all others as they were.
 *
 * Connections have ids; a test's peer and the server's handle are two ends of one link. Times are
 * virtual milliseconds since the run began.
 */
#ifndef PORT_SIM_SIM_H
#define PORT_SIM_SIM_H

#include <setjmp.h>

#include "port/port.h"
#include "port/sim/faults.h"

enum {
    SIM_NOBODY = -1,           /* the connection of faults that belong to none */
    SIM_PEERS = 192,           /* connections of test peers that can exist at once */
    SIM_DIALLED = 1 << 20,     /* the first id of those that the server dials; 64 at once */
    SIM_LINKS = 256,
    SIM_PIPE_BYTES = 65536,    /* the largest window */
    SIM_DATAGRAM_BYTES = 2048, /* what is kept of a datagram */
    SIM_FILES = 400,
    SIM_PATH_BYTES = 128,
    SIM_FAULTS_MAX = 4096      /* faults of one plan, or remembered of one run */
};

/* ---- A run --------------------------------------------------------------------------------- */

/* A fault: the nth time (from 0) that `kind` could happen to `connection`. For SIM_WAIT_* the nth
 * millisecond of the run instead. It stays for sticky_ms, 0: once. */
struct sim_fault {
    uint8_t kind; /* enum sim_fault_kind */
    int32_t connection;
    uint32_t nth;
    uint16_t sticky_ms;
};

struct sim_plan {
    uint64_t seed;
    uint64_t start_ms;     /* what port_now_ms says first */
    uint16_t handles;      /* how many may be open at once */
    bool queues;           /* port_listener_queues */
    bool console;          /* there is one */
    bool wall_known;       /* the date is known */
    bool files_sent;       /* port_send_file is possible */
    bool strict;           /* a receive or accept must follow readiness, as invariant C11 says */
    uint32_t record_bytes; /* what a record takes, where `record` hears of it */
    uint16_t cost_base_us; /* what a wait costs, and each thing waited on, in 1/16 us */
    uint16_t cost_each_us16;

    /* Faults: a list, or rates. rate[kind] is the chance in 65,536 of each occasion. */
    bool listed;
    const struct sim_fault *list;
    size_t list_count;
    uint16_t rate[SIM_FAULT_KINDS];
    int32_t only;          /* rates are for this connection alone; SIM_NOBODY: for all */
};

/* What a run tells the test as it goes. Hooks may call anything below but no call of port.h. All
 * may be NULL. */
enum sim_ending { SIM_ENDING_SHUT, SIM_ENDING_CLOSE, SIM_ENDING_ABORT };

struct sim_hooks {
    /* Time has come to `now`: act, and return when to be called again (UINT64_MAX: not). */
    uint64_t (*step)(uint64_t now);
    /* Something came to a test's peer: bytes, the end, a reset, that it is connected, or room to
     * send after sim_peer_send took less than it was given. */
    void (*arrived)(unsigned connection);
    /* The server's calls, after they succeeded. */
    void (*accepted)(unsigned connection);
    void (*received)(unsigned connection, const uint8_t *bytes, size_t n);
    void (*ended)(unsigned connection);  /* the server was told PORT_EOF */
    void (*broken)(unsigned connection); /* the server was told PORT_RESET */
    void (*sent)(unsigned connection, const uint8_t *bytes, size_t n);
    void (*ending)(unsigned connection, enum sim_ending how, size_t unread_bytes);
    /* The server received one, of true length n; `kept` bytes of it. */
    void (*datagram_received)(const struct port_datagram *info, const uint8_t *bytes, size_t kept,
                              size_t n);
    /* The server sent a datagram; it may still be lost. */
    void (*datagram)(const struct port_address *from, const struct port_address *to,
                     const uint8_t *bytes, size_t n);
    void (*console)(const uint8_t *bytes, size_t n);
    void (*log)(const char *line, size_t n);
    /* port_record_write was asked for, and this came of it. Who hears that keeps the bytes. */
    void (*record)(const uint8_t *bytes, size_t n, int result);
    /* port_wait begins and ends. */
    void (*waiting)(const struct port_event *events, size_t n, int32_t timeout_ms);
    void (*waited)(const struct port_event *events, size_t n, int ready);
    /* Nothing will ever happen again. Make something happen, or the run fails. */
    void (*idle)(uint64_t now);
    /* Each call and its result, for people. */
    void (*trace)(const char *call, int32_t connection, int64_t result);
};

/* Begins a run: everything before is forgotten. The hooks must outlive it. */
void sim_begin(const struct sim_plan *plan, const struct sim_hooks *hooks);

/* A quiet world: no fault, a console, dates, 200 handles. */
struct sim_plan sim_plan_quiet(uint64_t seed);

/* Why a run failed. */
struct sim_failure {
    const char *invariant; /* "C5" ... or "CHECK" */
    const char *text;
    const char *file; /* of a CHECK */
    int line;
    int32_t connection;
    uint64_t at_ms;
};

/* Where failures go: `if (setjmp(*sim_failure_jump()) == 0) { run } else { sim_failure() }`.
 * Until somebody asked for it, and after sim_failure_end, a failure aborts the program. */
jmp_buf *sim_failure_jump(void);
void sim_failure_end(void);
const struct sim_failure *sim_failure(void);

/* Ends the run as failed. */
PORT_NORETURN void sim_fail(const char *invariant, int32_t connection, const char *text);

/* The hash of every call, result and byte so far, and of the clock. */
uint64_t sim_hash(void);
/* Adds to it what the test itself saw. */
void sim_hash_add(uint64_t value);

/* Time passes outside of port_wait: port_now_ms shows it when the next wait ends. */
void sim_pass(uint64_t ms);
/* Has `step` called at that time, if not before. */
void sim_step_at(uint64_t ms);

uint64_t sim_now(void);      /* virtual, since the run began */
uint64_t sim_progress(void); /* grows with bytes, accepts, ends and one-time faults */
uint64_t sim_calls(void);    /* port calls made */
uint64_t sim_waits(void);

/* A number that depends on its arguments alone. */
uint64_t sim_mix(uint64_t a, uint64_t b, uint64_t c);

/* ---- Faults -------------------------------------------------------------------------------- */

const char *sim_fault_name(enum sim_fault_kind kind);
int sim_fault_by_name(const char *name, size_t n); /* or -1 */

/* Faults that happened, in order; more than SIM_FAULTS_MAX are counted only. */
size_t sim_fault_count(void);
const struct sim_fault *sim_fault_at(size_t i);

/* How often `kind` could have happened to a connection (SIM_NOBODY too) until now. */
unsigned sim_fault_chances(enum sim_fault_kind kind, int32_t connection);

/* No fault from now on, whatever the plan says: the world heals. */
void sim_faults_off(void);
/* Whether a sticky fault still lasts. */
bool sim_fault_lasts(enum sim_fault_kind kind);
bool sim_faults_last(void); /* any */

/* ---- Peers --------------------------------------------------------------------------------- */

/* Connects from `from` to a listener of the server's at `to`; the test chooses the id, below
 * SIM_DIALLED, and may use one again when it was closed by both. PORT_OK, or PORT_FULL (id modulo
 * SIM_PEERS is taken). Whether somebody listens is known when it arrives there. */
int sim_peer_connect(unsigned id, const struct port_address *from, const struct port_address *to,
                     uint32_t latency_ms, uint32_t window_bytes);

/* Lets the server connect to `at`: at most 4 such. Those connections have the ids SIM_DIALLED
 * and up, in the order of being dialled. */
void sim_peer_listen(const struct port_address *at);

/* How the peer's end stands. */
enum sim_peer_state {
    SIM_PEER_CONNECTING,
    SIM_PEER_OPEN,
    SIM_PEER_ENDED,   /* the server's FIN was read up to */
    SIM_PEER_RESET,   /* refused, or reset by the server */
    SIM_PEER_CLOSED   /* by the peer itself */
};
enum sim_peer_state sim_peer_state(unsigned connection);

size_t sim_peer_send(unsigned connection, const void *bytes, size_t n); /* what fits now */
size_t sim_peer_read(unsigned connection, void *bytes, size_t n);
size_t sim_peer_readable(unsigned connection);
void sim_peer_shut(unsigned connection);
void sim_peer_close(unsigned connection);
void sim_peer_reset(unsigned connection);

/* Whether the server holds a handle of it: accepted and not closed. */
bool sim_held(unsigned connection);
unsigned sim_held_count(void);      /* streams the server holds */
unsigned sim_handles_open(void);    /* handles of all kinds */
uint64_t sim_full_ms(void);         /* when an accept last said PORT_FULL; UINT64_MAX: never */
unsigned sim_backlog(void);         /* peers that wait to be accepted */
int32_t sim_connection_of(port_handle handle); /* SIM_NOBODY: not a stream */
bool sim_handle_listens(port_handle handle);
bool sim_handle_datagrams(port_handle handle);
/* Whether anything was asked of it since the last wait. */
bool sim_handle_touched(port_handle handle);
struct port_address sim_peer_address(unsigned connection);
/* Bytes the server could receive now, and could send now. */
size_t sim_server_readable(unsigned connection);
size_t sim_server_room(unsigned connection);

/* ---- Datagrams ----------------------------------------------------------------------------- */

/* Sends one to a socket of the server's. `n` may exceed SIM_DATAGRAM_BYTES: the rest is zeros. */
void sim_datagram_send(const struct port_address *from, const struct port_address *to,
                       const void *bytes, size_t n, uint32_t latency_ms, bool to_many);
unsigned sim_datagrams_waiting(void);

/* ---- Files --------------------------------------------------------------------------------- */

enum sim_file_kind {
    SIM_FILE,
    SIM_FOLDER,
    SIM_LINK,   /* to another path under the root, or "/..." or "..": out of it */
    SIM_DEVICE  /* neither file nor folder */
};

/* Adds an entry under the root; its folder was added before ("" is there). The content of a file
 * is sim_file_byte. Returns its index. */
unsigned sim_file_add(const char *path, enum sim_file_kind kind, uint64_t size_bytes,
                      int64_t modified_s, bool readable);
void sim_file_link(unsigned file, const char *target);
/* Gives it these bytes instead, which must last, and a time to the nanosecond. */
void sim_file_text(unsigned file, const void *bytes, size_t n);
void sim_file_date(unsigned file, int64_t modified_s, uint32_t modified_ns);
void sim_file_resize(unsigned file, uint64_t size_bytes);
void sim_file_remove(unsigned file);
void sim_file_return(unsigned file); /* its name is there again */
void sim_file_rights(unsigned file, bool readable); /* of a folder: also of what is in it */
/* Who may read it; a file is public when all may. */
enum { SIM_OWNER = 0400, SIM_GROUP = 040, SIM_OTHERS = 04, SIM_ALL = 0444 };
void sim_file_mode(unsigned file, unsigned rights);
/* Whether port_file_open gives it away now, were its folders all public. */
bool sim_file_public(unsigned file);
uint8_t sim_file_byte(unsigned file, uint64_t offset);
unsigned sim_files_open(void);
/* How often port_file_advise was called, and the end of what it was told last. */
unsigned sim_files_advised(uint64_t *end);

/* ---- Operator ------------------------------------------------------------------------------ */

void sim_console_type(const void *bytes, size_t n); /* n is at most sim_console_room() */
size_t sim_console_room(void);
bool sim_console_held(void);                 /* the server has it open */
void sim_console_end(void);
void sim_console_stall(bool stalled);
void sim_log_stall(bool stalled);            /* what is logged meanwhile is lost */
void sim_request(unsigned requests);         /* PORT_REQUEST_* */
void sim_wall_set(bool known, int64_t unix_seconds);

/* ---- For client tools ---------------------------------------------------------------------- */

void sim_terminal_set(unsigned columns);     /* the console is one of that width; 0: it is none */
void sim_output_fail(int result);            /* syncing, renaming and removing say that */
void sim_print_close(void);                  /* nobody reads what is printed */
void sim_environment_set(const char *name, const char *value); /* one; both must last */

#endif
