/* SPDX-License-Identifier: MIT */
/* What the tools have in common. */
#include "apps/client.h"

#include <string.h>

#include "core/loop.h"

enum { HANDLES_SPARE = 4 }; /* beyond the connections, for what a port needs */

/* ---- The command line ---------------------------------------------------------------------- */

const char *client_family_set(enum port_name_family *family, enum port_name_family wanted)
{
    bool right = *family == PORT_NAME_ANY || *family == wanted;
    *family = wanted;
    if (right) {
        return NULL;
    }
    return wanted == PORT_NAME_IPV4 ? "no -6 beside it" : "no -4 beside it";
}

const char *client_shorten(const char *piece, char bytes[CLIENT_PIECE_BYTES])
{
    static const char dots[] = "...";
    if (strlen(piece) < CLIENT_PIECE_BYTES) {
        return piece;
    }
    memcpy(bytes, piece, CLIENT_PIECE_BYTES - sizeof dots);
    memcpy(bytes + CLIENT_PIECE_BYTES - sizeof dots, dots, sizeof dots);
    return bytes;
}

int client_usage_complain(const char *verb, const char *what, const char *subject,
                          const char *why)
{
    char shown[2][CLIENT_PIECE_BYTES];
    option_complain(client_shorten(what, shown[0]), client_shorten(subject, shown[1]), why,
                    "; see \"linnet ", verb, " --help\"", NULL);
    return CLIENT_EXIT_USAGE;
}

int client_options_parse(int argc, char **argv, int first, const char *usage,
                         const struct option_table *table, struct target *target)
{
    const char *verb = argv[first - 1];
    const char *operand = NULL;
    size_t count = 0;
    int status = options_parse(argc, argv, first, usage, table, 1, &operand, 1, &count);
    if (status != 0) {
        return status;
    }
    if (count == 0) {
        return client_usage_complain(verb, verb, " wants a HOST", "");
    }
    if (!target_read(operand, target)) {
        return client_usage_complain(verb, verb, " wants HOST or HOST:PORT, not ", operand);
    }
    return 0;
}

/* ---- The way to a host --------------------------------------------------------------------- */

static const char *kind_of(enum port_name_family family)
{
    switch (family) {
    case PORT_NAME_ANY:
        return "";
    case PORT_NAME_IPV4:
        return " with an IPv4 address";
    case PORT_NAME_IPV6:
        return " with an IPv6 address";
    }
    return "";
}

int client_find(struct client_route *route, const struct target *target,
                enum port_name_family family, char why[CLIENT_WHY_BYTES])
{
    int found = port_resolve(target->host, family, target->port, route->addresses,
                             COUNT_OF(route->addresses));
    if (found > 0) {
        route->at = 0;
        route->count = (size_t)found;
        return PORT_OK;
    }
    bool silent = found == PORT_AGAIN;
    struct text text;
    text_begin(&text, why, CLIENT_WHY_BYTES);
    text_put(&text, silent ? "the name service does not answer for " : "there is no host ");
    text_put(&text, target->host);
    text_put(&text, silent ? "" : kind_of(family));
    text_put_char(&text, '\0');
    CHECK(!text.cut);
    return silent ? PORT_AGAIN : PORT_NOENT;
}

bool client_next(struct client_route *route)
{
    CHECK(route->at < route->count);
    route->at = (route->at + 1) % route->count;
    return route->at > 0;
}

const struct port_address *client_address(const struct client_route *route)
{
    CHECK(route->at < route->count);
    return &route->addresses[route->at];
}

const char *client_reason(enum conn_end why)
{
    switch (why) {
    case CONN_END_REFUSED:
        return "connection refused";
    case CONN_END_TIMEDOUT:
        return "nobody answers";
    case CONN_END_UNREACHABLE:
        return "there is no way to that address";
    case CONN_END_RESET:
        return "connection reset";
    case CONN_END_STALLED:
    case CONN_END_DONE:
    case CONN_END_ABORTED:
    case CONN_END_EVICTED:
    case CONN_END_STOPPED:
        return "interrupted";
    }
    return "interrupted";
}

void client_complain(const struct client_route *route, const struct target *target,
                     const char *why)
{
    char shown[TARGET_SHOWN_BYTES];
    option_complain("cannot reach ", target->host, " at ",
                    target_show(client_address(route), shown), ": ", why, NULL);
}

/* ---- The loop ------------------------------------------------------------------------------ */

bool client_start(const struct app *const *apps)
{
    (void)port_handles(CLIENT_CONNECTIONS + HANDLES_SPARE);
    return loop_start(apps, 1, CLIENT_CONNECTIONS);
}

void client_end(bool now, bool patient)
{
    loop_stop(now);
    while (loop_turn()) {
        if (!patient) {
            loop_stop(true);
        }
    }
}
