/* SPDX-License-Identifier: MIT */
/*
 * linnet as the only program of a board: what the kernel starts as /init. It mounts /proc and /dev,
 * loads the modules that /modules names, sets up the interface from the kernel's command line,
 * serves, and sees to what the first process must: it reaps whatever dies, switches off when the
 * server ended well, and starts the board again when it did not.
 *
 *   linnet.interface=eth0            waited for; lo comes up in any case
 *   linnet.ip=192.0.2.7/24           as often as there are addresses, IPv6 too
 *   linnet.gateway=192.0.2.1
 *   linnet.time=1700000000           seconds since 1970, for a board without a clock
 *   -- -r /srv --echo 7              what follows two dashes are options of `linnet serve`
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <arpa/inet.h>
#include <net/if.h>
#include <net/route.h>
#include <netinet/in.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "apps/serve.h"
#include "port/port.h"

enum {
    FILE_BYTES = 4096,        /* of /modules and of the kernel's command line */
    INTERFACE_WAIT_MS = 15000, /* USB takes its time */
    INTERFACE_LOOK_MS = 20,
    REBOOT_PAUSE_MS = 1000    /* so that a board that cannot work does not spin */
};

/* As the kernel has it for SIOCSIFADDR on an IPv6 socket; no C library declares it. */
struct ipv6_request {
    struct in6_addr address;
    uint32_t prefix_bits;
    int interface;
};

/* Says "init: ..." of the strings up to NULL. */
static void say(const char *first, ...)
{
    va_list rest;
    va_start(rest, first);
    (void)!write(STDERR_FILENO, "init: ", 6);
    for (const char *part = first; part != NULL; part = va_arg(rest, const char *)) {
        (void)!write(STDERR_FILENO, part, strlen(part));
    }
    (void)!write(STDERR_FILENO, "\n", 1);
    va_end(rest);
}

static void complain(const char *what, const char *which)
{
    say(what, " ", which, ": ", strerror(errno), NULL);
}

static void pause_ms(long ms)
{
    struct timespec time = {ms / 1000, ms % 1000 * 1000000};
    (void)nanosleep(&time, NULL);
}

/* ---- Files --------------------------------------------------------------------------------- */

static void mount_all(void)
{
    (void)mkdir("/proc", 0755);
    (void)mkdir("/dev", 0755);
    if (mount("proc", "/proc", "proc", 0, NULL) != 0) {
        complain("cannot mount", "/proc");
    }
    if (mount("devtmpfs", "/dev", "devtmpfs", 0, NULL) != 0) {
        complain("cannot mount", "/dev");
    }
}

/* Reads a small file as a string; what is longer is cut. False: there is none. */
static bool file_read(const char *name, char text[FILE_BYTES])
{
    size_t n = 0;
    ssize_t count = 1;
    int fd = open(name, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        return false;
    }
    while (count > 0 && n < FILE_BYTES - 1) {
        count = read(fd, text + n, FILE_BYTES - 1 - n);
        n += count > 0 ? (size_t)count : 0;
    }
    text[n] = '\0';
    (void)close(fd);
    return true;
}

/* The names in /modules, one in a line, in the order in which they need each other. */
static void modules_load(void)
{
    static char names[FILE_BYTES];
    if (!file_read("/modules", names)) {
        return;
    }
    char *rest = names;
    for (char *name = strsep(&rest, "\n"); name != NULL; name = strsep(&rest, "\n")) {
        if (*name == '\0') {
            continue;
        }
        int fd = open(name, O_RDONLY | O_CLOEXEC);
        if (fd < 0 || (syscall(SYS_finit_module, fd, "", 0) != 0 && errno != EEXIST)) {
            complain("cannot load", name);
        }
        if (fd >= 0) {
            (void)close(fd);
        }
    }
}

/* ---- The network --------------------------------------------------------------------------- */

static void interface_name(struct ifreq *request, const char *interface)
{
    memset(request, 0, sizeof *request);
    strncpy(request->ifr_name, interface, sizeof request->ifr_name - 1);
}

static bool interface_wait(const char *interface)
{
    for (int waited_ms = 0; waited_ms < INTERFACE_WAIT_MS; waited_ms += INTERFACE_LOOK_MS) {
        if (if_nametoindex(interface) != 0) {
            return true;
        }
        pause_ms(INTERFACE_LOOK_MS);
    }
    say("there is no interface ", interface, NULL);
    return false;
}

static void interface_up(int ipv4, const char *interface)
{
    struct ifreq request;
    interface_name(&request, interface);
    if (ioctl(ipv4, SIOCGIFFLAGS, &request) != 0) {
        complain("cannot find", interface);
        return;
    }
    request.ifr_flags = (short)(request.ifr_flags | IFF_UP);
    if (ioctl(ipv4, SIOCSIFFLAGS, &request) != 0) {
        complain("cannot start", interface);
    }
}

static struct sockaddr ipv4_sockaddr(in_addr_t address)
{
    union {
        struct sockaddr any;
        struct sockaddr_in ipv4;
    } both;
    memset(&both, 0, sizeof both);
    both.ipv4.sin_family = AF_INET;
    both.ipv4.sin_addr.s_addr = address;
    return both.any;
}

static bool ipv4_add(int ipv4, const char *interface, in_addr_t address, unsigned bits)
{
    struct ifreq request;
    interface_name(&request, interface);
    request.ifr_addr = ipv4_sockaddr(address);
    if (ioctl(ipv4, SIOCSIFADDR, &request) != 0) {
        return false;
    }
    interface_name(&request, interface);
    request.ifr_netmask = ipv4_sockaddr(bits == 0 ? 0 : htonl(0xffffffffu << (32 - bits)));
    return ioctl(ipv4, SIOCSIFNETMASK, &request) == 0;
}

static bool ipv6_add(const char *interface, const struct in6_addr *address, unsigned bits)
{
    struct ipv6_request request = {*address, bits, (int)if_nametoindex(interface)};
    int ipv6 = socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    bool done = ipv6 >= 0 && ioctl(ipv6, SIOCSIFADDR, &request) == 0;
    if (ipv6 >= 0) {
        (void)close(ipv6);
    }
    return done;
}

/* ADDRESS/BITS of either family. */
static void address_add(int ipv4, const char *interface, char *text)
{
    struct in_addr address;
    struct in6_addr wide;
    unsigned bits = 0;
    char *slash = strchr(text, '/');
    if (slash == NULL) {
        say("an address needs its prefix, as in 192.0.2.7/24, and this has none: ", text, NULL);
        return;
    }
    *slash = '\0';
    for (const char *digit = slash + 1; *digit >= '0' && *digit <= '9' && bits <= 128; digit++) {
        bits = bits * 10 + (unsigned)(*digit - '0');
    }
    bool done = false;
    errno = EINVAL;
    if (inet_pton(AF_INET, text, &address) == 1 && bits <= 32) {
        done = ipv4_add(ipv4, interface, address.s_addr, bits);
    } else if (inet_pton(AF_INET6, text, &wide) == 1 && bits <= 128) {
        done = ipv6_add(interface, &wide, bits);
    }
    if (!done) {
        complain("cannot take the address", text);
    }
}

static void gateway_add(int ipv4, const char *text)
{
    struct in_addr address;
    struct rtentry route;
    if (inet_pton(AF_INET, text, &address) != 1) {
        say("not an IPv4 address: ", text, NULL);
        return;
    }
    memset(&route, 0, sizeof route);
    route.rt_dst = ipv4_sockaddr(0);
    route.rt_genmask = ipv4_sockaddr(0);
    route.rt_gateway = ipv4_sockaddr(address.s_addr);
    route.rt_flags = RTF_UP | RTF_GATEWAY;
    if (ioctl(ipv4, SIOCADDRT, &route) != 0) {
        complain("cannot route by", text);
    }
}

/* The value of the word if it is NAME=VALUE, else NULL. */
static char *value_of(char *word, const char *name)
{
    size_t n = strlen(name);
    return strncmp(word, name, n) == 0 && word[n] == '=' ? word + n + 1 : NULL;
}

static void time_set(const char *text)
{
    struct timespec now = {0, 0};
    for (const char *digit = text; *digit >= '0' && *digit <= '9'; digit++) {
        now.tv_sec = now.tv_sec * 10 + (*digit - '0');
    }
    if (clock_settime(CLOCK_REALTIME, &now) != 0) {
        complain("cannot set the time to", text);
    }
}

/* Does what the kernel's command line says. */
static void parameters_follow(void)
{
    static char line[FILE_BYTES];
    const char *interface = "eth0";
    int ipv4 = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (ipv4 < 0 || !file_read("/proc/cmdline", line)) {
        complain("cannot set up", "the network");
        return;
    }
    interface_up(ipv4, "lo");
    char *rest = line;
    bool waited = false;
    for (char *word = strsep(&rest, " \n"); word != NULL; word = strsep(&rest, " \n")) {
        char *value = NULL;
        if (strcmp(word, "--") == 0) {
            break;
        } else if ((value = value_of(word, "linnet.interface")) != NULL) {
            interface = value;
            waited = interface_wait(interface);
            interface_up(ipv4, interface);
        } else if ((value = value_of(word, "linnet.ip")) != NULL && waited) {
            address_add(ipv4, interface, value);
        } else if ((value = value_of(word, "linnet.gateway")) != NULL && waited) {
            gateway_add(ipv4, value);
        } else if ((value = value_of(word, "linnet.time")) != NULL) {
            time_set(value);
        }
    }
    (void)close(ipv4);
}

/* ---- The server ---------------------------------------------------------------------------- */

static int serve(int argc, char **argv)
{
    if (port_start() != PORT_OK) {
        return 1;
    }
    int status = serve_main(argc, argv, 1);
    port_end();
    return status;
}

/* Waits for the server's end; whatever else dies is reaped. Returns whether it ended well. */
static bool server_await(pid_t server)
{
    int status = 0;
    pid_t ended;
    do {
        ended = wait(&status);
    } while (ended != server && (ended > 0 || errno == EINTR));
    return ended == server && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static void console_open(void)
{
    int fd = open("/dev/console", O_RDWR);
    if (fd >= 0) {
        for (int standard = STDIN_FILENO; standard <= STDERR_FILENO; standard++) {
            (void)dup2(fd, standard);
        }
    }
    if (fd > STDERR_FILENO) {
        (void)close(fd);
    }
}

int main(int argc, char **argv)
{
    if (getpid() != 1) {
        say("this is the first process of a board, and nothing else", NULL);
        return 2;
    }
    (void)umask(022);
    mount_all();
    console_open();
    modules_load();
    parameters_follow();
    pid_t server = fork();
    if (server == 0) {
        _exit(serve(argc, argv));
    }
    bool well = server > 0 && server_await(server);
    say(well ? "the server ended; switching off" : "the server failed; starting again", NULL);
    sync();
    pause_ms(well ? 0 : REBOOT_PAUSE_MS);
    (void)reboot(well ? RB_POWER_OFF : RB_AUTOBOOT);
    for (;;) {
        (void)pause();
    }
}
