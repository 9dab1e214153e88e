/* SPDX-License-Identifier: MIT */
/* A full room: many members, a few who stall, some who talk. All others see the same lines in the
 * same order; who stalled is told how many lines he missed, or is cut; nobody waits for him.
 * room HOST CHAT_PORT MEMBERS STALLED SENDERS LINES      (the server runs with no rate limits) */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/check.h"
#include "tests/wire/client.h"

enum {
    MEMBERS_MAX = 300,
    LINES_MAX = 20000,
    PARTIAL_BYTES = 4096,
    PAYLOAD_BYTES = 400,
    BATCH = 5, /* lines of each sender under way at once */
    PATIENCE_MS = 10000
};

/* Every line of text carries "T:SENDER:LINE:"; a common line's number is SENDER * LINES + LINE.
 * What a member saw is kept as such numbers, and NOTICE + n for a notice in which a number n
 * stood. */
enum { NOTICE = 1 << 24, SEEN_MAX = LINES_MAX + 4000 };

struct member {
    int fd;
    bool stalled;
    bool cut;    /* the server ended it */
    long sender; /* or -1 */
    size_t got;  /* common lines seen */
    unsigned wrong;
    size_t missed;
    size_t seen_count;
    size_t partial;
    char bytes[PARTIAL_BYTES];
    uint32_t seen[SEEN_MAX];
};

static struct {
    struct member members[MEMBERS_MAX];
    size_t count;
    size_t senders;
    size_t lines;
    size_t place[LINES_MAX]; /* of a common line in the order of who saw all, + 1 */
} room;

static void seen_add(struct member *member, uint32_t what)
{
    if (member->seen_count == SEEN_MAX) {
        member->wrong++;
        return;
    }
    member->seen[member->seen_count++] = what;
}

/* The largest number in a notice. */
static size_t number_in(const char *line)
{
    size_t largest = 0;
    while (*line != '\0') {
        size_t digits = strspn(line, "0123456789");
        size_t number = digits > 0 ? strtoul(line, NULL, 10) : 0;
        largest = number > largest ? number : largest;
        line += digits > 0 ? digits : 1;
    }
    return largest;
}

static void line_take(struct member *member, const char *line)
{
    const char *token = strncmp(line, "[history]", 9) == 0 ? NULL : strstr(line, " T:");
    size_t sender = 0;
    size_t number = 0;
    if (token != NULL && sscanf(token, " T:%zu:%zu:", &sender, &number) == 2) {
        size_t n = strlen(line);
        if (n < PAYLOAD_BYTES || line[n - 1] != '.') {
            member->wrong++; /* a line in part */
        }
        if (sender >= room.senders || number >= room.lines || (long)sender == member->sender) {
            member->wrong++; /* never said, or his own */
            return;
        }
        seen_add(member, (uint32_t)(sender * room.lines + number));
        member->got++;
    } else if (strstr(line, "missed") != NULL) {
        seen_add(member, (uint32_t)(NOTICE + number_in(line) % NOTICE));
    }
}

static void bytes_take(struct member *member)
{
    char *begin = member->bytes;
    char *end = NULL;
    member->bytes[member->partial] = '\0';
    while ((end = strchr(begin, '\n')) != NULL) {
        *end = '\0';
        if (end > begin && end[-1] == '\r') {
            end[-1] = '\0';
        }
        line_take(member, begin);
        begin = end + 1;
    }
    member->partial = strlen(begin);
    memmove(member->bytes, begin, member->partial);
    if (member->partial > PARTIAL_BYTES - 200) {
        member->wrong++;
        member->partial = 0;
    }
}

static bool member_read(struct member *member)
{
    ssize_t got = recv(member->fd, member->bytes + member->partial,
                       PARTIAL_BYTES - 1 - member->partial, 0);
    if (got > 0) {
        member->partial += (size_t)got;
        bytes_take(member);
        return true;
    }
    if (got == 0 || (errno != EAGAIN && errno != EINTR)) {
        member->cut = true;
    }
    return false;
}

/* Reads for all (stalled or not stalled) members until nothing comes for quiet_ms, or each has got
 * the common lines there are by `lines` of each sender. False: too late. */
static bool room_read(bool stalled, size_t lines, uint64_t quiet_ms)
{
    static struct pollfd polls[MEMBERS_MAX];
    uint64_t begin_ms = clock_ms();
    uint64_t moved_ms = begin_ms;
    for (;;) {
        bool complete = lines > 0;
        for (size_t i = 0; i < room.count; i++) {
            struct member *member = &room.members[i];
            size_t others = room.senders - (member->sender >= 0 ? 1 : 0);
            bool reads = member->stalled == stalled && !member->cut;
            polls[i] = (struct pollfd){reads ? member->fd : -1, POLLIN, 0};
            complete = complete && (!reads || member->got >= others * lines);
        }
        uint64_t now = clock_ms();
        if (complete || (lines == 0 && now - moved_ms >= quiet_ms)) {
            return true;
        }
        if (now - begin_ms > client_patience(PATIENCE_MS)) {
            return false;
        }
        poll(polls, (nfds_t)room.count, 20);
        for (size_t i = 0; i < room.count; i++) {
            while (polls[i].fd >= 0 && polls[i].revents != 0
                   && member_read(&room.members[i])) {
                moved_ms = clock_ms();
            }
        }
    }
}

static void talk_all(void)
{
    static char text[PAYLOAD_BYTES + 64];
    uint64_t slowest_ms = 0;
    for (size_t line = 0; line < room.lines; line += BATCH) {
        uint64_t begin_ms = clock_ms();
        for (size_t i = 0; i < room.senders * BATCH; i++) {
            struct member *member = &room.members[room.count - room.senders + i % room.senders];
            size_t number = line + i / room.senders;
            int n = snprintf(text, sizeof text, "T:%zu:%zu:", i % room.senders, number);
            memset(text + n, 'x', PAYLOAD_BYTES - (size_t)n);
            memcpy(text + PAYLOAD_BYTES, ".\n", 3);
            EXPECT(client_say(member->fd, text));
        }
        bool all_got_all = room_read(false, line + BATCH, 0);
        EXPECT(all_got_all);
        if (!all_got_all) {
            return;
        }
        uint64_t took_ms = clock_ms() - begin_ms;
        slowest_ms = took_ms > slowest_ms ? took_ms : slowest_ms;
    }
    printf("the slowest %zu lines took %lu ms to reach all\n", room.senders * BATCH,
           (unsigned long)slowest_ms);
    EXPECT(slowest_ms <= client_patience(1000));
}

static void room_fill(const char *host, const char *port, size_t stalled)
{
    char name[32];
    for (size_t i = 0; i < room.count; i++) {
        struct member *member = &room.members[i];
        member->stalled = i < stalled;
        bool sends = i >= room.count - room.senders;
        member->sender = sends ? (long)(i + room.senders - room.count) : -1;
        member->fd = client_open(host, port, member->stalled ? 2048 : 0);
        snprintf(name, sizeof name, "/nick m%zu\n", i);
        EXPECT(member->fd >= 0);
        EXPECT(client_say(member->fd, name));
    }
    room_read(false, 0, 700);
}

/* The order is what the first member saw who neither stalled nor spoke; he saw all. */
static size_t order_find(void)
{
    for (size_t i = 0; i < room.count; i++) {
        const struct member *member = &room.members[i];
        if (member->stalled || member->sender >= 0) {
            continue;
        }
        size_t count = 0;
        for (size_t k = 0; k < member->seen_count; k++) {
            if (member->seen[k] < NOTICE) {
                EXPECT(room.place[member->seen[k]] == 0); /* no line twice */
                room.place[member->seen[k]] = ++count;
            }
        }
        return count;
    }
    return 0;
}

/* The lines of this sender by place, summed up, so that gaps can be counted without them. */
static void own_count(const struct member *member, size_t *own_until)
{
    memset(own_until, 0, (LINES_MAX + 1) * sizeof *own_until);
    for (size_t number = 0; number < room.senders * room.lines; number++) {
        bool own = member->sender >= 0 && number / room.lines == (size_t)member->sender;
        if (own && room.place[number] != 0) {
            own_until[room.place[number]] = 1;
        }
    }
    for (size_t i = 1; i <= LINES_MAX; i++) {
        own_until[i] += own_until[i - 1];
    }
}

/* The same order, and no gap that was not announced; the one at the end counts as well. */
static void member_judge(struct member *member, size_t common)
{
    static size_t own_until[LINES_MAX + 1];
    size_t at = 0;
    size_t told = 0;
    own_count(member, own_until);
    for (size_t k = 0; k <= member->seen_count; k++) {
        bool is_end = k == member->seen_count;
        if (!is_end && member->seen[k] >= NOTICE) {
            told += member->seen[k] - NOTICE;
            continue;
        }
        size_t place = is_end ? common + 1 : room.place[member->seen[k]];
        if (place <= at) {
            member->wrong++; /* another order, or a line twice */
            return;
        }
        size_t missed = place - at - 1 - (own_until[place - 1] - own_until[at]);
        if (missed > told && !(is_end && member->cut)) {
            member->wrong++;
        }
        member->missed += missed;
        told = 0;
        at = place;
    }
}

static void judge(void)
{
    size_t cut = 0;
    size_t missed = 0;
    size_t common = order_find();
    EXPECT(common == room.senders * room.lines);
    for (size_t i = 0; i < room.count; i++) {
        struct member *member = &room.members[i];
        size_t own = member->sender >= 0 ? room.lines : 0;
        member_judge(member, common);
        if (member->wrong > 0) {
            printf("member %zu: %u lines wrong\n", i, member->wrong);
        }
        EXPECT(member->wrong == 0);
        EXPECT(member->stalled || (!member->cut && member->got == common - own));
        if (member->stalled) {
            EXPECT(member->cut || member->got < common); /* else nobody stalled */
            missed += member->missed;
        }
        cut += member->cut ? 1 : 0;
    }
    printf("%zu members, %zu common lines; stalled members: %zu cut, %zu lines missed\n",
           room.count, common, cut, missed);
}

int main(int argc, char **argv)
{
    if (argc != 7 || !client_handles(MEMBERS_MAX + 16)) {
        printf("usage: room HOST CHAT_PORT MEMBERS STALLED SENDERS LINES\n");
        return 2;
    }
    size_t stalled = strtoul(argv[4], NULL, 10);
    room.count = strtoul(argv[3], NULL, 10);
    room.senders = strtoul(argv[5], NULL, 10);
    room.lines = strtoul(argv[6], NULL, 10) / BATCH * BATCH;
    if (room.count > MEMBERS_MAX || room.senders * room.lines > LINES_MAX
        || stalled + room.senders >= room.count) {
        printf("room: numbers out of range\n");
        return 2;
    }
    room_fill(argv[1], argv[2], stalled);
    talk_all();
    room_read(true, 0, 1000);
    judge();
    return check_report("room");
}
