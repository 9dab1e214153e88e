/* SPDX-License-Identifier: MIT */
/*
 * The world of fuzz_world.c: clients that do what the input says, and what holds for the server
 * whatever they do. What holds for all apps is in tests/sim/oracle.c, which knows clients by the
 * structs of tests/sim/world.h; what holds for one app is in world_*.c.
 */
#ifndef TESTS_FUZZ_WORLD_H
#define TESTS_FUZZ_WORLD_H

#include "tests/fuzz/fuzz.h"
#include "tests/sim/world.h"

enum {
    FUZZ_CLIENTS = 24, /* more than the table has */
    FUZZ_HEARS = 512   /* bytes that a client reads at once */
};

/* Of all clients of a life. */
struct fuzz_client {
    bool pure;    /* said nothing but whole phrases, so what must come is known */
    bool unknown; /* it may be shown out for what it said */
    uint32_t life;
};
struct fuzz_client *fuzz_client_of(const struct client *client);

/* Whether anything happened that excuses a failure: a fault, few handles, a changed file. */
bool fuzz_world_disturbed(void);
/* Whether the operator typed anything, which may show members out. */
bool fuzz_world_operated(void);

/* An address of the simulated server's. */
struct port_address fuzz_server(bool ipv4, uint16_t port);

/* Says what it has to say as far as it goes; a part said makes it impure. */
void fuzz_say(struct client *client, const void *bytes, size_t n);

/* The app's part of each operation; `which` is 0 to 15. */
void fuzz_echo_phrase(struct client *client, unsigned which);
void fuzz_echo_read(struct client *client, const uint8_t *bytes, size_t n);
void fuzz_file_join(struct client *client);
void fuzz_file_phrase(struct client *client, unsigned which);
const char *fuzz_piece(unsigned which);
void fuzz_chat_begin(void);
void fuzz_chat_join(struct client *client);
void fuzz_chat_phrase(struct client *client, unsigned which);
extern const char *const fuzz_operator_lines[16];

/* world_udp.c */
void fuzz_udp_begin(void);
void fuzz_udp_send(unsigned source, unsigned which);
void fuzz_udp_reply(const struct port_address *from, const struct port_address *to,
                    const uint8_t *bytes, size_t n);

/* In a quiet world that is not stopping, all who may ask were answered. */
void fuzz_udp_finish(void);

/* world_file.c: the tree, and what happens to it. */
void fuzz_files_begin(void);
void fuzz_files_change(unsigned file, unsigned how);
bool fuzz_files_changed(void);

#endif
