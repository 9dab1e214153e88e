/* SPDX-License-Identifier: MIT */
/* Get over the simulated port: every outcome of every call it makes, one at a time. A fault of the
 * network or of a name is made up for by a retry; one of the disk ends it with what was written
 * kept, and -c goes on from there. What is under the file's name is the file, or nothing.
 * uses port/sim */
#include "apps/get/get.h"

#include <stdlib.h>
#include <string.h>

#include "core/config.h"
#include "port/sim/sim.h"
#include "port/sim/state.h"
#include "tests/check.h"

enum { FILE_BYTES = 3000, CUT_BYTES = 1000, SERVICES = 64, NTH_MAX = 400, BYTES_MAX = 6000 };

enum manner { HONEST, CHUNKED, CUT_ONCE, REDIRECTS, TO_THE_END, MANNERS };

/* One connection, as the server of the test has it. */
struct service {
    char request[1024];
    size_t request_bytes;
    char answer[BYTES_MAX];
    size_t answer_bytes;
    size_t sent;
    bool answers;
    bool closed;
};

static struct {
    struct service services[SERVICES];
    enum manner manner;
    unsigned asked; /* requests for the file so far */
    unsigned parts; /* of which for its rest */
} world;

static char file_byte(size_t at)
{
    return (char)(at * 7 % 251);
}

static void answer_put(struct service *service, const char *text)
{
    size_t n = strlen(text);
    memcpy(service->answer + service->answer_bytes, text, n);
    service->answer_bytes += n;
}

static void answer_put_file(struct service *service, size_t from)
{
    for (size_t at = from; at < FILE_BYTES; at++) {
        service->answer[service->answer_bytes] = file_byte(at);
        service->answer_bytes++;
    }
}

static void answer_make(struct service *service)
{
    char line[256];
    const char *range = strstr(service->request, "\r\nRange: bytes=");
    size_t from = range != NULL ? strtoul(range + 15, NULL, 10) : 0;
    if (world.manner == REDIRECTS && strncmp(service->request, "GET /file ", 10) == 0) {
        answer_put(service, "HTTP/1.1 302 Found\r\nLocation: there\r\n\r\n");
        return;
    }
    world.asked++;
    world.parts += from > 0 ? 1 : 0;
    EXPECT(range == NULL || strstr(service->request, "\r\nIf-Range: \"a\"\r\n") != NULL);
    EXPECT(from < FILE_BYTES);
    if (from > 0) {
        snprintf(line, sizeof line, "HTTP/1.1 206 Part\r\nContent-Range: bytes %u-%u/%u\r\n",
                 (unsigned)from, FILE_BYTES - 1u, (unsigned)FILE_BYTES);
        answer_put(service, line);
    } else {
        answer_put(service, "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n");
    }
    answer_put(service, "ETag: \"a\"\r\n");
    if (world.manner == CHUNKED) {
        snprintf(line, sizeof line, "Transfer-Encoding: chunked\r\n\r\n%x;a=b\r\n",
                 FILE_BYTES - (unsigned)from);
        answer_put(service, line);
        answer_put_file(service, from);
        answer_put(service, "\r\n0\r\nA: b\r\n\r\n");
        return;
    }
    if (world.manner != TO_THE_END) {
        snprintf(line, sizeof line, "Content-Length: %u\r\n", FILE_BYTES - (unsigned)from);
        answer_put(service, line);
    }
    answer_put(service, "\r\n");
    answer_put_file(service, from);
    if (world.manner == CUT_ONCE && world.asked == 1) {
        service->answer_bytes -= CUT_BYTES;
    }
}

/* ---- The world ----------------------------------------------------------------------------- */

static void world_arrived(unsigned connection)
{
    struct service *service = &world.services[connection % SERVICES];
    enum sim_peer_state state = sim_peer_state(connection);
    if (connection < SIM_DIALLED || service->closed) {
        return;
    }
    size_t room = sizeof service->request - 1 - service->request_bytes;
    service->request_bytes += sim_peer_read(connection, service->request + service->request_bytes,
                                            room);
    if (!service->answers && strstr(service->request, "\r\n\r\n") != NULL) {
        service->answers = true;
        answer_make(service);
    }
    if (service->answers && state == SIM_PEER_OPEN) {
        size_t left = service->answer_bytes - service->sent;
        service->sent += left > 0 ? sim_peer_send(connection, service->answer + service->sent, left)
                                  : 0;
        if (service->sent == service->answer_bytes) {
            sim_peer_shut(connection);
        }
    }
    if (state == SIM_PEER_ENDED || state == SIM_PEER_RESET) {
        service->closed = true;
        sim_peer_close(connection);
    }
}

static const struct sim_hooks hooks = {.arrived = world_arrived};

static const struct sim_output *output_named(const char *path)
{
    for (size_t i = 0; i < SIM_OUTPUTS; i++) {
        if (sim_store.outputs[i].there && strcmp(sim_store.outputs[i].path, path) == 0) {
            return &sim_store.outputs[i];
        }
    }
    return NULL;
}

/* Whether an output is the file, or how it begins. */
static bool output_right(const struct sim_output *output, bool whole)
{
    const char *bytes = sim_store.output_bytes[output - sim_store.outputs];
    for (uint32_t at = 0; at < output->n; at++) {
        if (bytes[at] != file_byte(at)) {
            return false;
        }
    }
    return whole ? output->n == FILE_BYTES : output->n <= FILE_BYTES;
}

static int get(bool retries)
{
    static char name[] = "linnet";
    static char verb[] = "get";
    static char retry[] = "--retry=2";
    static char no_retry[] = "--retry=0";
    static char timeout[] = "--timeout=5";
    static char resume[] = "-c";
    static char url[] = "127.0.0.1/file";
    char *arguments[] = {name, verb, retries ? retry : no_retry, timeout, resume, url, NULL};
    memset(world.services, 0, sizeof world.services);
    return get_main(6, arguments, 2);
}

static bool result_right(int status)
{
    const struct sim_output *file = output_named("file");
    const struct sim_output *part = output_named("file.part");
    if (status == 0) {
        return file != NULL && output_right(file, true) && part == NULL;
    }
    return file == NULL && (part == NULL || output_right(part, false));
}

static void world_prepare(enum manner manner, const struct sim_fault *fault)
{
    static struct sim_fault listed;
    struct port_address at = {{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 127, 0, 0, 1}, 0, 80};
    struct sim_plan plan = sim_plan_quiet(1);
    listed = *fault;
    plan.listed = true;
    plan.list = &listed;
    plan.list_count = 1;
    memset(&world, 0, sizeof world);
    world.manner = manner;
    sim_begin(&plan, &hooks);
    sim_peer_listen(&at);
}

/* One run with one fault, and another without any, which goes on from there. Returns whether the
 * fault came about at all. */
static bool world_run(enum manner manner, const struct sim_fault *fault)
{
    if (setjmp(*sim_failure_jump()) != 0) {
        const struct sim_failure *failure = sim_failure();
        printf("%s nth %u of connection %d, manner %d: %s %s (%s:%d)\n",
               sim_fault_name((enum sim_fault_kind)fault->kind), (unsigned)fault->nth,
               (int)fault->connection, (int)manner, failure->invariant, failure->text,
               failure->file != NULL ? failure->file : "", failure->line);
        EXPECT(failure == NULL);
        return true;
    }
    world_prepare(manner, fault);
    if (port_start() != PORT_OK) {
        return true;
    }
    int status = get(true);
    bool happened = sim_fault_count() > 0;
    bool disk = fault->kind >= SIM_TOOL_NOENT && fault->kind != SIM_TOOL_AGAIN;
    bool right = result_right(status) && (status == 0 || (disk && status == 23));
    right = right && sim_handles_open() == 0;
    sim_faults_off();
    unsigned asked = world.asked;
    int again = status == 0 ? 0 : get(true);
    bool healed = again == 0 && result_right(0) && output_named("file.part.tag") == NULL;
    if (!right || !healed) {
        printf("%s nth %u of connection %d, manner %d: status %d, then %d; %u + %u requests, %u "
               "handles\n", sim_fault_name((enum sim_fault_kind)fault->kind), (unsigned)fault->nth,
               (int)fault->connection, (int)manner, status, again, asked, world.asked - asked,
               sim_handles_open());
    }
    EXPECT(right);
    EXPECT(healed);
    port_end();
    return happened;
}

/* Kinds that are counted in milliseconds of the run, not in occasions. */
static bool is_timed(unsigned kind)
{
    return kind == SIM_WAIT_EARLY || kind == SIM_WAIT_SPURIOUS || kind == SIM_WAIT_PAUSE;
}

static void test_every_outcome(enum manner manner)
{
    static const int32_t connections[] = {SIM_NOBODY, SIM_DIALLED, SIM_DIALLED + 1};
    unsigned runs = 0;
    for (unsigned kind = 0; kind < SIM_FAULT_KINDS; kind++) {
        for (size_t c = 0; c < COUNT_OF(connections); c++) {
            uint32_t most = is_timed(kind) ? 10 : NTH_MAX;
            for (uint32_t nth = 0; nth < most; nth++) {
                struct sim_fault fault = {(uint8_t)kind, connections[c], nth, 0};
                bool happened = world_run(manner, &fault);
                runs++;
                if (!happened && !is_timed(kind)) {
                    break;
                }
            }
        }
    }
    EXPECT(runs > 3 * SIM_FAULT_KINDS + 40); /* many of them did come about */
}

/* Without a retry, each says what it was. */
static void test_statuses(void)
{
    static const struct {
        enum sim_fault_kind kind;
        int32_t connection;
        int status;
    } rows[] = {
        {SIM_TOOL_AGAIN, SIM_NOBODY, 6}, {SIM_CONNECT_REFUSED, SIM_NOBODY, 7},
        {SIM_CONNECT_REFUSED, SIM_DIALLED, 7}, {SIM_CONNECT_UNREACHABLE, SIM_NOBODY, 7},
        {SIM_CONNECT_UNREACHABLE, SIM_DIALLED, 7}, {SIM_CONNECT_FULL, SIM_NOBODY, 7},
        {SIM_CONNECT_FULL, SIM_DIALLED, 7}, {SIM_CONNECTED_REFUSED, SIM_DIALLED, 7},
        {SIM_CONNECTED_UNREACHABLE, SIM_DIALLED, 7}, {SIM_CONNECTED_TIMEDOUT, SIM_DIALLED, 28},
        {SIM_SEND_RESET, SIM_DIALLED, 18}, {SIM_RECEIVE_RESET, SIM_DIALLED, 18},
        {SIM_TOOL_DENIED, SIM_NOBODY, 23}, {SIM_TOOL_NOENT, SIM_NOBODY, 23},
        {SIM_TOOL_FULL, SIM_NOBODY, 23}, {SIM_TOOL_IO, SIM_NOBODY, 23},
    };
    unsigned happened = 0;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        /* The first call that can fail for the tools' sake is to read a tag, which may. */
        uint32_t nth = rows[i].status == 23 && rows[i].kind != SIM_TOOL_FULL ? 1 : 0;
        struct sim_fault fault = {(uint8_t)rows[i].kind, rows[i].connection, nth, 0};
        world_prepare(HONEST, &fault);
        EXPECT(port_start() == PORT_OK);
        int status = get(false);
        if (sim_fault_count() > 0 && status != rows[i].status) {
            printf("%s: status %d, not %d\n", sim_fault_name(rows[i].kind), status,
                   rows[i].status);
        }
        EXPECT(sim_fault_count() == 0 ? status == 0 : status == rows[i].status);
        happened += sim_fault_count() > 0 ? 1 : 0;
        port_end();
    }
    EXPECT(happened >= 12);
}

/* A part is gone on with, not fetched again: the requests say so. */
static void test_resumes(void)
{
    struct sim_fault none = {SIM_LISTEN_FULL, SIM_NOBODY, 0, 0};
    (void)world_run(CUT_ONCE, &none);
    EXPECT(world.asked == 2 && world.parts == 1);
    (void)world_run(HONEST, &none);
    EXPECT(world.asked == 1 && world.parts == 0);
    struct sim_fault full = {SIM_TOOL_FULL, SIM_NOBODY, 2, 0};
    (void)world_run(CUT_ONCE, &full); /* the writes are the tag, the first part, the second */
    if (CFG_READ_BYTES >= 32768) { /* else these are more writes */
        EXPECT(world.asked == 3 && world.parts == 2);
    }
}

int main(void)
{
    for (unsigned manner = 0; manner < MANNERS; manner++) {
        test_every_outcome((enum manner)manner);
    }
    test_resumes();
    sim_failure_end(); /* from here on, one ends the program */
    test_statuses();
    return check_report("get_faults");
}
