/* SPDX-License-Identifier: MIT */
/*
 * The simulated world: a server of ours on port/sim, clients of every kind around it, and oracles
 * that know what clients may see (the wire) and what the port was asked, but nothing of the
 * server's own variables except how many connections it believes to have.
 */
#ifndef TESTS_SIM_WORLD_H
#define TESTS_SIM_WORLD_H

#include "core/app.h"
#include "port/sim/sim.h"

enum { WORLD_CLIENTS = 160 }; /* of one run; the soak makes them anew */

enum world_app { WORLD_ECHO, WORLD_UDP, WORLD_FILE, WORLD_CHAT, WORLD_DESK, WORLD_MIXED,
                 WORLD_CANARY, WORLD_SCRIPT, WORLD_APPS };

/* Everything that decides a run. */
struct scenario {
    enum world_app app;
    uint64_t seed;
    unsigned clients;      /* how many there are */
    bool one_kind;         /* of faults alone: `kind`, often, beside a full table */
    uint8_t kind;
    bool masked;           /* only those of `mask` take part */
    uint8_t mask[WORLD_CLIENTS / 8];
    bool listed;           /* faults: this list, instead of the seed's rates */
    const struct sim_fault *list;
    size_t list_count;
    uint64_t soak_ms;      /* clients come again until then */
    bool start_given;
    uint64_t start_ms;
    bool verbose;
    /* Isolation: no fault but on one client's connection, which is rude, or else tamed. */
    bool isolated;
    bool tamed;
    unsigned suspect;
    const struct script *script; /* NULL: the seed decides */
};

struct outcome {
    bool failed;
    struct sim_failure failure;
    uint64_t hash;
    uint64_t connections;
    uint64_t calls;
    uint64_t virtual_ms;
    size_t faults;
};

/* Plays it. */
void world_run(const struct scenario *scenario, struct outcome *outcome);

/* A hash of all bytes that client `id` got in the last run, and whether it got all it asked for. */
uint64_t world_stream(unsigned id, bool *whole);
/* Whether it did all that is needed to be served to the end. */
bool world_patient(unsigned id);
bool world_takes_part(const struct scenario *scenario, unsigned id);
const char *world_app_name(enum world_app app);
int world_app_by_name(const char *name); /* or -1 */

/* The seed's own world: who comes, how hostile it is. */
struct scenario plan_scenario(enum world_app app, uint64_t seed);
void plan_faults(const struct scenario *scenario, struct sim_plan *plan);

/* ---- Clients ------------------------------------------------------------------------------- */

enum client_stage { CLIENT_AWAY, CLIENT_CONNECTING, CLIENT_OPEN, CLIENT_DONE };

enum client_manner {
    MANNER_NORMAL,  /* reads at once, ends in order */
    MANNER_SLOW,    /* reads a little now and then */
    MANNER_DRIP,    /* sends a byte at a time */
    MANNER_HALF,    /* half-closes at once after what it has to say */
    MANNER_SILENT,  /* says nothing for long */
    MANNER_DEAF,    /* never reads */
    MANNER_RUDE,    /* resets in the middle */
    MANNER_HASTY,   /* closes in the middle, with bytes unread */
    MANNERS
};

struct client {
    unsigned id;
    uint8_t app;       /* enum world_app, never MIXED */
    uint8_t stage;     /* enum client_stage */
    uint8_t manner;    /* enum client_manner */
    bool shut;         /* has half-closed */
    bool patient;      /* does all that is needed to be served to the end */
    bool whole;        /* got all it asked for */
    uint32_t life;     /* the soak: it came so many times before */
    uint64_t next_ms;  /* when it acts again; UINT64_MAX: when it hears something */
    uint64_t began_ms;
    uint64_t step;     /* acts so far, to hash from */
    uint64_t to_send;
    uint64_t sent;
    uint64_t got;
    uint64_t stream;   /* hash of all it got */

    /* What the server did with it. */
    bool accepted;
    bool server_ended;  /* was told of our end */
    bool server_broken; /* was told of a reset */
    bool server_shut;
    bool server_gone;
    bool server_aborted;
    bool evicted;
    size_t unread;      /* bytes of it that nobody read when the server shut or closed */
    uint64_t dialled_ms;
    uint64_t accepted_ms;
    uint64_t heard_ms;  /* bytes of it were received, or it was accepted */
    uint64_t received;
    uint64_t replied;
    uint64_t owed_ms;   /* since when it is owed bytes; UINT64_MAX: is not */
    uint64_t taken_ms;  /* when it took some last */
    uint64_t shut_ms;
    uint64_t seen_ms;   /* was last among what the server waits for */
    uint32_t peer_key;
    uint32_t window;

    /* For the app's file alone. */
    uint32_t word[8];
};

/* How an app's clients behave and what holds for them. All hooks may be NULL. */
struct trade {
    void (*begin)(struct client *client);  /* the run begins: what it will do */
    void (*act)(struct client *client);    /* connected, and something came or its time did */
    void (*gone)(struct client *client, bool reset); /* the server ended it */
    /* The server's side. */
    void (*received)(struct client *client, const uint8_t *bytes, size_t n);
    void (*sent)(struct client *client, const uint8_t *bytes, size_t n);
    void (*ended)(struct client *client);  /* was told of our end */
    /* Whether it may end now, beside what holds for all (reset, stop, eviction): NULL if so. */
    const char *(*ending)(struct client *client, enum sim_ending how);
    void (*waiting)(struct client *client);
    bool (*settled)(const struct client *client); /* its first request is whole */
    void (*finish)(void);                  /* the run ended well */
};

extern const struct trade trade_echo;
extern const struct trade trade_file;
extern const struct trade trade_chat;
extern const struct trade trade_desk;
extern const struct trade trade_script;

struct world {
    struct scenario scenario;
    struct sim_plan plan;
    unsigned count;       /* clients */
    unsigned capacity;
    unsigned sockets;
    uint64_t connections; /* tried */
    uint64_t heal_ms;
    uint64_t stop_ms;     /* when a stop was asked for; UINT64_MAX: not */
    uint64_t stop_now_ms; /* and when for the second time */
    int32_t timeout_ms;   /* of the wait that lasts */
    size_t faults;        /* so far */
    bool finishing;
    bool reported;        /* its counters were asked for */
    bool over;            /* the server said that it has ended */
    bool udp;
    const struct trade *other; /* of guests of the desk, and of clients in a script */
    struct port_address listen[4]; /* by app: echo, file, chat; and echo's datagrams */
    struct client clients[WORLD_CLIENTS];
};
extern struct world world;

/* client.c: what it will do, from the beginning; its turn. */
void client_begin(struct client *client, unsigned id, uint32_t life);
void client_act(struct client *client);
/* A number that depends on the run, the client and what it is for. */
uint64_t client_hash(const struct client *client, uint64_t what);
/* The same, different at each of its steps; 0 to n - 1. */
uint32_t client_pick(struct client *client, uint32_t n);
/* Reads what has come, at most so many bytes: into its counts and the hash of its stream. */
void client_hear(struct client *client, size_t most);
void client_connect(struct client *client);
void client_done(struct client *client);
void client_later(struct client *client, uint64_t ms);
struct client *world_client(unsigned id);
struct port_address world_address(unsigned family, uint32_t host, uint16_t port);
/* Where an app listens, in a family. */
struct port_address world_server(unsigned app, unsigned family);
bool world_stopping(void);

/* server.c: starts it (false: it could not), paints its console anew, closes what it began with. */
bool server_begin(void);
void server_follow_console(void);
void server_end(void);

/* oracle.c: what holds for every app. */
void oracle_begin(void);
void oracle_accepted(unsigned id);
void oracle_received(unsigned id, const uint8_t *bytes, size_t n);
void oracle_ended(unsigned id);
void oracle_broken(unsigned id);
void oracle_sent(unsigned id, const uint8_t *bytes, size_t n);
void oracle_ending(unsigned id, enum sim_ending how, size_t unread_bytes);
void oracle_waiting(const struct port_event *events, size_t n, int32_t timeout_ms);
void oracle_waited(const struct port_event *events, size_t n, int ready);
void oracle_finish(void);
const struct trade *oracle_trade(const struct client *client);

/* udp.c */
void udp_begin(void);
uint64_t udp_step(uint64_t now);
void udp_reply(const struct port_address *from, const struct port_address *to,
               const uint8_t *bytes, size_t n);
void udp_received(const struct port_datagram *info, const uint8_t *bytes, size_t kept, size_t n);
void udp_waiting(void);
void udp_finish(void);

/* files.c: the tree that is served. */
void files_begin(void);
void files_step(uint64_t now);

/* chat_check.c */
void chat_check_begin(void);

/* record.c: the file that keeps what everybody could read. */
void record_open(void);
uint32_t record_room(void); /* what it takes, in bytes */
void record_wrote(const uint8_t *bytes, size_t n, int result);
void record_finish(void);
void record_close(void);

/* canary.c: an app with a planted defect. */
extern const struct app canary_app;

#endif
