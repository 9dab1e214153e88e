/* SPDX-License-Identifier: MIT */
/* `linnet ping`: the command line, names, and the loop's turns. */
#include "apps/ping/ping.h"

#include <string.h>

#include "apps/client.h"
#include "apps/ping/ping_app.h"
#include "apps/ping/ping_payload.h"
#include "apps/ping/ping_report.h"
#include "core/address.h"
#include "core/loop.h"

enum {
    EXIT_ANSWERED = 0,
    EXIT_FAULTS = 1,
    EXIT_UNREACHED = 7,
    DEFAULT_PORT = 7007,
    SECONDS_MAX = 3600
};

static const char usage[] =
    "usage: linnet ping [options] HOST[:PORT]\n"
    "\n"
    "Sends bytes to an echo service, measures how long they take to come back, and\n"
    "compares them. PORT is 7007 unless given; IPv6 with a port is\n"
    "[2001:db8::1]:7007, link-local [fe80::1%eth0]:7007. Ctrl-C ends it with a\n"
    "summary.\n"
    "Exit status: 0 all came back, 1 not all did, 2 wrong command line, 7 HOST\n"
    "cannot be reached.\n"
    "Values in parentheses are the defaults.\n";

/* ---- Options ------------------------------------------------------------------------------- */

/* Reads "2", "0.25" or "2.5" as milliseconds, of at most SECONDS_MAX seconds. */
static bool read_seconds(const char *value, uint32_t *ms)
{
    const char *point = strchr(value, '.');
    size_t whole_digits = point != NULL ? (size_t)(point - value) : strlen(value);
    uint64_t seconds = 0;
    uint64_t thousandths = 0;
    if (!text_read_number(value, whole_digits, SECONDS_MAX, &seconds)) {
        return false;
    }
    if (point != NULL) {
        size_t digits = strlen(point + 1);
        if (digits > 3 || !text_read_number(point + 1, digits, 999, &thousandths)) {
            return false;
        }
        for (; digits < 3; digits++) {
            thousandths *= 10;
        }
    }
    *ms = (uint32_t)(seconds * 1000 + thousandths);
    return *ms <= SECONDS_MAX * 1000;
}

static const char *set_count(const char *value)
{
    return option_number_set(value, 1, 4000000000U, &ping_settings.count,
                             "a number from 1 to 4000000000");
}

static const char *set_interval(const char *value)
{
    bool right = read_seconds(value, &ping_settings.interval_ms);
    return right ? NULL : "seconds from 0 to 3600, such as 0.2";
}

static const char *set_timeout(const char *value)
{
    bool right = read_seconds(value, &ping_settings.timeout_ms) && ping_settings.timeout_ms > 0;
    return right ? NULL : "seconds from 0.001 to 3600, such as 0.5";
}

static const char *set_size(const char *value)
{
    return option_number_set(value, 1, CFG_PING_BYTES_MAX, &ping_settings.bytes,
                             "a number of bytes; --help says how many are possible");
}

static const char *set_datagrams(const char *value)
{
    (void)value;
    ping_settings.datagrams = true;
    return NULL;
}

static const char *set_quiet(const char *value)
{
    (void)value;
    ping_settings.quiet = true;
    return NULL;
}

static const char *set_ipv4(const char *value)
{
    (void)value;
    return client_family_set(&ping_settings.family, PORT_NAME_IPV4);
}

static const char *set_ipv6(const char *value)
{
    (void)value;
    return client_family_set(&ping_settings.family, PORT_NAME_IPV6);
}

#define NUMBER_TEXT2(number) #number
#define NUMBER_TEXT(number) NUMBER_TEXT2(number)

static const struct option rows[] = {
    OPTION("-c", "COUNT", "probes to send (until interrupted)", set_count),
    OPTION("-i", "SECONDS", "from one probe to the next (1; 0: as soon as the last was answered)",
           set_interval),
    OPTION("-W", "SECONDS", "how long a reply may take (2)", set_timeout),
    OPTION("-s", "BYTES", "in a probe (64; 1 to " NUMBER_TEXT(CFG_PING_BYTES_MAX) ", over UDP 8 to "
           NUMBER_TEXT(CFG_DATAGRAM_BYTES) ")", set_size),
    OPTION("-u", NULL, "over UDP rather than TCP", set_datagrams),
    OPTION("-4", NULL, "IPv4 alone", set_ipv4),
    OPTION("-6", NULL, "IPv6 alone", set_ipv6),
    OPTION("-q", NULL, "print the summary alone", set_quiet),
};

static const struct option_table table = {rows, COUNT_OF(rows), "options"};

static const struct ping_settings defaults = {
    .target = {"", DEFAULT_PORT},
    .family = PORT_NAME_ANY,
    .interval_ms = 1000,
    .timeout_ms = 2000,
    .bytes = 64,
};

static int settings_read(int argc, char **argv, int first)
{
    int status = client_options_parse(argc, argv, first, usage, &table, &ping_settings.target);
    bool fits = !ping_settings.datagrams || (ping_settings.bytes >= PING_HEADER_BYTES &&
                                             ping_settings.bytes <= CFG_DATAGRAM_BYTES);
    if (status == 0 && !fits) {
        return client_usage_complain("ping", "over UDP a probe has 8 to ",
                                     NUMBER_TEXT(CFG_DATAGRAM_BYTES), " bytes");
    }
    return status;
}

/* ---- Running ------------------------------------------------------------------------------- */

/* Begins with one address over UDP. False: this system has none of its family. */
static bool begin_datagrams(const struct client_route *route)
{
    const struct port_address *address = client_address(route);
    enum port_family family = address_is_ipv4(address) ? PORT_IPV4 : PORT_IPV6;
    struct port_address own = address_any(family, 0);
    int socket = loop_datagrams(0, &own, family);
    if (socket < 0) {
        client_complain(route, &ping_settings.target, "there is no such address family here");
        return false;
    }
    ping_begin(address, (unsigned)socket);
    return true;
}

/* Turns the loop until an address has been pinged, or could not be reached. `*alive` is whether the
 * loop goes on. */
static void ping_address(const struct client_route *route, bool *alive)
{
    if (!ping_settings.datagrams) {
        ping_begin(client_address(route), 0);
    } else if (!begin_datagrams(route)) {
        return;
    }
    while (*alive && !ping_ended() && ping_unreached() == NULL) {
        *alive = loop_turn();
    }
    if (ping_unreached() != NULL) {
        client_complain(route, &ping_settings.target, ping_unreached());
    }
}

static int exit_status(void)
{
    const struct ping_track *track = ping_track();
    bool right = track->received > 0 && track->lost == 0 && ping_findings()->damaged == 0 &&
                 !ping_findings()->broken;
    return right ? EXIT_ANSWERED : EXIT_FAULTS;
}

int ping_main(int argc, char **argv, int first)
{
    static const struct app *const apps[] = {&ping_app};
    struct client_route route;
    char why[CLIENT_WHY_BYTES];
    bool alive = true;
    ping_settings = defaults;
    int status = settings_read(argc, argv, first);
    if (status != 0) {
        return status == OPTIONS_HELP ? 0 : status;
    }
    if (client_find(&route, &ping_settings.target, ping_settings.family, why) != PORT_OK) {
        option_complain(why, NULL);
        return EXIT_UNREACHED;
    }
    if (!client_start(apps)) {
        return EXIT_FAULTS;
    }
    ping_address(&route, &alive);
    while (alive && !ping_ended() && client_next(&route)) {
        ping_address(&route, &alive);
    }
    if (alive) {
        client_end(ping_owes(), false); /* in order if the peer took all, else without waiting */
    }
    if (!ping_findings()->connected) {
        return EXIT_UNREACHED;
    }
    bool read = ping_report_summary(ping_track(), ping_findings());
    return read ? exit_status() : EXIT_FAULTS;
}
