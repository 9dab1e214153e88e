/* SPDX-License-Identifier: MIT */
/* Get over the simulated port, to the millisecond and the byte: what it asks, how long it waits,
 * how often it tries, what it says and draws meanwhile, and how a connection ends.
 * uses port/sim */
#include "apps/get/get.h"

#include <string.h>

#include "apps/get/get_config.h"
#include "port/port_tool.h"
#include "port/sim/state.h"
#include "tests/check.h"
#include "tests/unit/command_line.h"

enum { ANSWERS = 32, TEXT_BYTES = 8192 };
#define SAYS_LATER "\x1f" /* in an answer: the rest a second later */

enum ending { FIN, HANG, RST };

/* What the nth connection is answered. */
struct answer {
    const char *bytes;
    enum ending ending;
};

static struct {
    struct answer answers[ANSWERS];
    size_t answers_count;
    const char *rest[ANSWERS];     /* that is not sent yet, and when */
    uint64_t rest_ms;
    unsigned rest_of;
    char request[TEXT_BYTES];      /* of the last connection */
    size_t request_bytes;
    unsigned dials;
    uint64_t dialled_ms[ANSWERS];
    uint64_t sent_ms;
    uint64_t received_ms;
    uint64_t ended_ms;
    uint64_t drawn_ms[64];
    unsigned drawn;
    unsigned aborts;
    unsigned orders;               /* connections that ended in order */
    char log[TEXT_BYTES];
    size_t log_bytes;
    char out[TEXT_BYTES];          /* standard output */
    size_t out_bytes;
    char bar[512];                 /* the last line drawn */
    unsigned lines;                /* ends of drawn lines */
    unsigned columns;
    uint64_t stop_ms;
    struct sim_fault faults[ANSWERS];
    size_t faults_count;
} world;

static void world_begin(void)
{
    memset(&world, 0, sizeof world);
    world.stop_ms = 100000000;
}

static void answer_add(const char *bytes, enum ending ending)
{
    world.answers[world.answers_count++] = (struct answer){bytes, ending};
}

/* Sends what comes before the next pause, and after it the ending. */
static void answer_go_on(unsigned number, const char *bytes)
{
    unsigned connection = SIM_DIALLED + number;
    size_t n = strcspn(bytes, SAYS_LATER);
    if (n > 0) {
        (void)sim_peer_send(connection, bytes, n);
    }
    if (bytes[n] != '\0') {
        world.rest[number] = bytes + n + 1;
        world.rest_of = number;
        world.rest_ms = sim_now() + 1000;
        sim_step_at(world.rest_ms);
    } else if (world.answers[number].ending == FIN) {
        sim_peer_shut(connection);
    } else if (world.answers[number].ending == RST) {
        sim_peer_reset(connection);
    }
}

static uint64_t world_step(uint64_t now_ms)
{
    if (world.rest_ms != 0 && now_ms >= world.rest_ms) {
        world.rest_ms = 0;
        answer_go_on(world.rest_of, world.rest[world.rest_of]);
    }
    if (now_ms >= world.stop_ms) {
        sim_request(PORT_REQUEST_STOP);
        return UINT64_MAX;
    }
    return world.rest_ms != 0 ? world.rest_ms : world.stop_ms;
}

static void world_arrived(unsigned connection)
{
    unsigned number = connection - SIM_DIALLED;
    char bytes[TEXT_BYTES];
    size_t n = sim_peer_state(connection) == SIM_PEER_OPEN ||
               sim_peer_state(connection) == SIM_PEER_ENDED
                   ? sim_peer_read(connection, bytes, sizeof bytes) : 0;
    if (n > 0 && number < world.answers_count) {
        memcpy(world.request, bytes, n);
        world.request_bytes = n;
        answer_go_on(number, world.answers[number].bytes);
    }
    if (sim_peer_state(connection) == SIM_PEER_ENDED ||
        sim_peer_state(connection) == SIM_PEER_RESET) {
        sim_peer_close(connection);
    }
}

static void world_sent(unsigned connection, const uint8_t *bytes, size_t n)
{
    world.sent_ms = connection >= SIM_DIALLED && bytes != NULL && n > 0 ? sim_now() : 0;
}

static void world_received(unsigned connection, const uint8_t *bytes, size_t n)
{
    world.received_ms = connection >= SIM_DIALLED && bytes != NULL && n > 0 ? sim_now() : 0;
}

static void world_ending(unsigned connection, enum sim_ending how, size_t unread)
{
    (void)connection;
    (void)unread;
    world.aborts += how == SIM_ENDING_ABORT ? 1 : 0;
    world.orders += how == SIM_ENDING_SHUT ? 1 : 0;
}

/* Lines are kept without the program's name, which those on a terminal's bar have not. */
static void world_log(const char *line, size_t n)
{
    static const char name[] = "linnet: ";
    if (n > sizeof name && memcmp(line, name, sizeof name - 1) == 0) {
        line += sizeof name - 1;
        n -= sizeof name - 1;
    }
    if (n > 0 && line[0] == '\r') {
        memcpy(world.bar, line + 1, n - 1);
        world.bar[n - 1] = '\0';
        world.drawn_ms[world.drawn % COUNT_OF(world.drawn_ms)] = sim_now();
        world.drawn++;
    } else if (n == 0) {
        world.lines++;
    } else if (world.log_bytes + n + 2 < sizeof world.log) {
        memcpy(world.log + world.log_bytes, line, n);
        world.log_bytes += n;
        world.log[world.log_bytes++] = '\n';
    }
}

static void world_console(const uint8_t *bytes, size_t n)
{
    if (world.out_bytes + n < sizeof world.out) {
        memcpy(world.out + world.out_bytes, bytes, n);
        world.out_bytes += n;
    }
}

static void world_trace(const char *call, int32_t connection, int64_t result)
{
    (void)connection;
    (void)result;
    if (strcmp(call, "Connect") == 0) {
        world.dialled_ms[world.dials % ANSWERS] = sim_now();
        world.dials++;
    }
}

static const struct sim_hooks hooks = {.step = world_step, .arrived = world_arrived,
                                       .sent = world_sent, .received = world_received,
                                       .ending = world_ending, .log = world_log,
                                       .trace = world_trace, .console = world_console};

static void file_put(const char *name, const char *text)
{
    port_handle handle = PORT_NONE;
    uint64_t size = 0;
    EXPECT(port_output_open(name, false, &handle, &size) == PORT_OK);
    EXPECT(port_output_write(handle, text, strlen(text)) == PORT_OK);
    port_close(handle);
}

static bool file_is(const char *name, const char *text)
{
    char bytes[TEXT_BYTES];
    int n = port_text_read(name, bytes, sizeof bytes);
    return text == NULL ? n == PORT_NOENT
                        : n == (int)strlen(text) && memcmp(bytes, text, (size_t)n) == 0;
}

/* Fetches; `part` and `tag` are there before, if not NULL. */
static int get_with(const char *words, const char *part, const char *tag)
{
    static struct command_line line;
    struct port_address at = {{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 127, 0, 0, 1}, 0, 80};
    struct sim_plan plan = sim_plan_quiet(1);
    plan.listed = true;
    plan.list = world.faults;
    plan.list_count = world.faults_count;
    command_line_set(&line, "get", words);
    sim_begin(&plan, &hooks);
    sim_step_at(0);
    sim_terminal_set(world.columns);
    sim_peer_listen(&at);
    at.port = 8080;
    sim_peer_listen(&at);
    EXPECT(port_start() == PORT_OK);
    if (part != NULL) {
        file_put("file.part", part);
        file_put("file.part.tag", tag);
    }
    int status = get_main(line.argc, line.argv, 2);
    world.ended_ms = sim_now();
    EXPECT(sim_handles_open() == 0);
    port_end();
    return status;
}

static int get(const char *words)
{
    return get_with(words, NULL, NULL);
}

static bool said(const char *wanted)
{
    return strcmp(world.log, wanted) == 0;
}

#define OK "HTTP/1.1 200 OK\r\n"
#define HELLO OK "Content-Length: 5\r\n\r\nhello"
#define TAG "linnet get 1\nhttp://127.0.0.1/file\n10\n\"a\"\n"
#define TAG_UNSIZED "linnet get 1\nhttp://127.0.0.1/file\n-\n\"a\"\n"

/* ---- What is asked ------------------------------------------------------------------------- */

static bool asked(const char *wanted)
{
    return world.request_bytes == strlen(wanted) &&
           memcmp(world.request, wanted, world.request_bytes) == 0;
}

static void test_requests(void)
{
    world_begin();
    answer_add(HELLO, HANG);
    EXPECT(get("127.0.0.1/file") == 0 && said("") && file_is("file", "hello"));
    EXPECT(asked("GET /file HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: linnet\r\nAccept: */*\r\n"
                 "Accept-Encoding: identity\r\nConnection: close\r\n\r\n"));
    EXPECT(world.aborts == 0 && world.orders == 1);
    world_begin();
    answer_add("hello", FIN);
    EXPECT(get("raw://127.0.0.1/file%20x") == 0 && asked("file x") && file_is("file x", "hello"));
    world_begin();
    answer_add("HTTP/1.1 206 x\r\nContent-Range: bytes 5-9/10\r\nETag: \"a\"\r\n\r\n56789", HANG);
    EXPECT(get_with("-c 127.0.0.1/file", "01234", TAG) == 0 && file_is("file", "0123456789"));
    EXPECT(asked("GET /file HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: linnet\r\nAccept: */*\r\n"
                 "Accept-Encoding: identity\r\nRange: bytes=5-\r\nIf-Range: \"a\"\r\n"
                 "Connection: close\r\n\r\n"));
    EXPECT(file_is("file.part", NULL) && file_is("file.part.tag", NULL));
    world_begin(); /* of what may be whole, the last byte; it has grown, and comes in pieces */
    answer_add("HTTP/1.1 206 x\r\nContent-Range: bytes 4-9/10\r\nETag: \"a\"\r\n\r\n4" SAYS_LATER
               "567" SAYS_LATER "89", HANG);
    EXPECT(get_with("-c 127.0.0.1/file", "01234", TAG_UNSIZED) == 0);
    EXPECT(strstr(world.request, "\r\nRange: bytes=4-\r\n") != NULL);
    EXPECT(file_is("file", "0123456789"));
    world_begin(); /* another file by now */
    answer_add(HELLO, HANG);
    EXPECT(get_with("-c 127.0.0.1/file", "01234", TAG) == 0 && file_is("file", "hello"));
    world_begin(); /* one byte is there */
    answer_add("HTTP/1.1 206 x\r\nContent-Range: bytes 1-9/10\r\n\r\n123456789", HANG);
    EXPECT(get_with("-c 127.0.0.1/file", "0", TAG) == 0 && file_is("file", "0123456789"));
}

/* ---- How long it waits --------------------------------------------------------------------- */

static void test_timeouts(void)
{
    static const char late[] = "http://127.0.0.1/file: the server did not answer in time\n";
    static const char silent[] = "http://127.0.0.1/file: nothing came any more\n";
    static const struct {
        const char *answer;
        const char *said;
        bool body; /* counted from its last byte, not from the request */
    } rows[] = {
        {"", late, false},
        {"HTTP/1.1 200" SAYS_LATER " OK\r\nA:" SAYS_LATER " b\r\n", late, false},
        {OK "Content-Length: 9\r\n\r\n0" SAYS_LATER "1" SAYS_LATER "2", silent, true},
        {OK "\r\n" SAYS_LATER SAYS_LATER "0", silent, true},
        {OK "Content-Length: 9\r\n\r\n", silent, true},
        {OK "Transfer-Encoding: chunked\r\n\r\n5\r\n0" SAYS_LATER "1", silent, true},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        world_begin();
        answer_add(rows[i].answer, HANG);
        EXPECT(get("--timeout 5 127.0.0.1/file") == 28 && said(rows[i].said));
        EXPECT(world.ended_ms == (rows[i].body ? world.received_ms : world.sent_ms) + 5000);
        EXPECT(world.aborts == 1 && world.orders == 0);
    }
}

/* 1, 2, 4 seconds and so on, or as long as the server says. */
static void test_retries(void)
{
    enum { RETRIES = 15 };
    uint64_t pause_s = 1;
    world_begin();
    for (int32_t i = 0; i <= RETRIES; i++) {
        world.faults[world.faults_count++] =
            (struct sim_fault){SIM_CONNECT_REFUSED, SIM_DIALLED + i, 0, 0};
    }
    EXPECT(get("--retry 15 127.0.0.1/file") == 7 && world.dials == RETRIES + 1);
    for (unsigned i = 0; i < RETRIES; i++) {
        uint64_t took_ms = world.dialled_ms[i + 1] - world.dialled_ms[i];
        EXPECT(took_ms >= pause_s * 1000 && took_ms < pause_s * 1000 + 250);
        pause_s = 2 * pause_s < CFG_GET_PAUSE_MAX_S ? 2 * pause_s : CFG_GET_PAUSE_MAX_S;
    }
    world_begin();
    answer_add("HTTP/1.1 503 Busy\r\nRetry-After: 7\r\n\r\n", FIN);
    answer_add("HTTP/1.1 503 Busy\r\nRetry-After: 1\r\n\r\n", FIN);
    answer_add(HELLO, FIN);
    EXPECT(get("--retry 100 127.0.0.1/file") == 0 && file_is("file", "hello"));
    EXPECT(said("http://127.0.0.1/file: the server's answer 503: Busy; trying again in 7 s\n"
                "http://127.0.0.1/file: the server's answer 503: Busy; trying again in 2 s\n"));
    EXPECT(world.dials == 3 && world.aborts == 2 && world.orders == 1);
    world_begin(); /* told to stop in a pause, it says what it said before */
    answer_add("HTTP/1.1 503 Busy\r\nRetry-After: 7\r\n\r\n", FIN);
    world.stop_ms = 3000;
    EXPECT(get("--retry 3 127.0.0.1/file") == 22 && world.dials == 1 && world.ended_ms < 3300);
    EXPECT(said("http://127.0.0.1/file: the server's answer 503: Busy; trying again in 7 s\n"
                "http://127.0.0.1/file: the server's answer 503: Busy\n"));
}

/* What may be better another time is tried again, and nothing else. */
static void test_transience(void)
{
    static const struct {
        const char *words;
        const char *answer;
        enum ending ending;
        int status;
        unsigned dials;
    } rows[] = {
        {"", "HTTP/1.1 404 x\r\n\r\n", FIN, 22, 1},
        {"", "SSH-2.0-x\r\n", FIN, 22, 1},
        {"", "HTTP/1.1 302 x\r\nLocation: ftp://x/\r\n\r\n", FIN, 22, 1},
        {"", "HTTP/1.1 302 x\r\n\r\n", FIN, 22, 1},
        {"", "HTTP/1.1 206 x\r\nContent-Range: bytes 0-9/10\r\n\r\n", FIN, 22, 1},
        {"", "HTTP/1.1 500 x\r\n\r\n", FIN, 22, 2},
        {"", OK "Content-Length: 9\r\n\r\n0", FIN, 18, 2},
        {"", OK "Content-Length: 9\r\n\r\n0", RST, 18, 2},
        {"", OK "Content-Length: 9\r\n\r\n0", HANG, 28, 2},
        {"", OK "Transfer-Encoding: chunked\r\n\r\nxyz", HANG, 18, 2},
        {"", OK "Content-Le", FIN, 18, 2},
        {"", "", FIN, 18, 2},
        {"", "", RST, 18, 2},
        {"", "", HANG, 28, 2},
        {"raw://", "", FIN, 22, 1}, {"-o - ", "", FIN, 18, 2},
        {"-c ", "HTTP/1.1 206 x\r\nContent-Range: bytes 5-9/10\r\n"
         "Transfer-Encoding: chunked\r\n\r\n6\r\n56789X\r\n0\r\n\r\n", HANG, 33, 1},
        {"-c ", "HTTP/1.1 206 x\r\nContent-Range: bytes 0-9/10\r\n\r\n", FIN, 33, 1},
        {"-c ", "HTTP/1.1 206 x\r\nContent-Range: bytes 5-6/10\r\n\r\n56", FIN, 18, 2},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char words[80];
        bool part = strcmp(rows[i].words, "-c ") == 0;
        world_begin();
        answer_add(rows[i].answer, rows[i].ending);
        answer_add(rows[i].answer, rows[i].ending);
        snprintf(words, sizeof words, "--timeout 5 --retry 1 %s127.0.0.1/file", rows[i].words);
        int status = get_with(words, part ? "01234" : NULL, TAG);
        EXPECT(world.dials == rows[i].dials);
        EXPECT(status == rows[i].status || (part && world.dials == 2));
    }
    static const char *const others[] = {"HTTP/1.1 416 x\r\n\r\n", HELLO};
    for (size_t i = 0; i < COUNT_OF(others); i++) { /* what was printed cannot be taken back */
        world_begin();
        answer_add(OK "Content-Length: 9\r\nETag: \"a\"\r\n\r\n0", FIN);
        answer_add(others[i], FIN);
        answer_add(others[i], FIN);
        EXPECT(get("--retry 2 -o - 127.0.0.1/file") == 33 && world.dials == 2);
    }
    world_begin(); /* as often as was said, and no more */
    EXPECT(get("--retry 100 nowhere/file") == 6 && world.dials == 0);
    EXPECT(get("--retry 101 127.0.0.1/file") == 2 && get("--timeout 3601 127.0.0.1/file") == 2);
    EXPECT(get("--timeout 3600 nowhere/x") == 6 && get("--timeout 1 nowhere/x --bogus") == 2);
}

/* What a part that is there is worth is said when there is one. */
static void test_kept(void)
{
    world_begin();
    answer_add(OK "ETag: \"b\"\r\nContent-Length: 10\r\n\r\n", FIN);
    EXPECT(get_with("-c 127.0.0.1/file", "01234", TAG) == 18);
    EXPECT(said("http://127.0.0.1/file: the connection ended 10 bytes too early\n"));
    world_begin();
    answer_add(OK "ETag: \"b\"\r\nContent-Length: 10\r\n\r\n0", FIN);
    EXPECT(get("127.0.0.1/file") == 18);
    EXPECT(said("http://127.0.0.1/file: the connection ended 9 bytes too early; -c goes on "
                "with what is there\n"));
    world_begin();
    answer_add(OK "Content-Length: 10\r\n\r\n0", FIN);
    EXPECT(get("127.0.0.1/file") == 18);
    EXPECT(said("http://127.0.0.1/file: the connection ended 9 bytes too early\n"));
    world_begin();
    answer_add("HTTP/1.1 302 x\r\nLocation: /none\r\n\r\n", FIN);
    answer_add("HTTP/1.1 404 x\r\n\r\n", FIN);
    EXPECT(get("127.0.0.1/file") == 22);
    EXPECT(said("http://127.0.0.1/file, redirected to http://127.0.0.1/none: the server's "
                "answer 404: x\n"));
}

/* ---- The bar ------------------------------------------------------------------------------- */

static void test_bar(void)
{
    static const char slow[] = OK "Content-Length: 10\r\n\r\n01234" SAYS_LATER "56789";
    world_begin();
    world.columns = 60;
    answer_add(slow, HANG);
    EXPECT(get("127.0.0.1/file") == 0 && world.lines == 1 && said(""));
    EXPECT(world.drawn >= 5 && world.drawn <= 7 && world.drawn_ms[2] == world.drawn_ms[1] + 200);
    EXPECT(strlen(world.bar) == 59 && world.bar[58] != ' ');
    EXPECT(strncmp(world.bar, "100% [=", 7) == 0);
    world_begin();
    world.columns = 400;
    answer_add(slow, HANG);
    EXPECT(get("127.0.0.1/file") == 0 && world.drawn > 0 && strlen(world.bar) == 159);
    static const unsigned columns[] = {0, 1, 60};
    for (size_t i = 0; i < COUNT_OF(columns); i++) {
        world_begin();
        world.columns = columns[i];
        answer_add(slow, HANG);
        EXPECT(get(i < 2 ? "127.0.0.1/file" : "-q 127.0.0.1/file") == 0 && world.drawn == 0);
    }
    world_begin(); /* two say which is which, and the first is not drawn any more */
    world.columns = 60;
    answer_add(slow, HANG);
    answer_add(SAYS_LATER SAYS_LATER HELLO, HANG);
    EXPECT(get("127.0.0.1/file 127.0.0.1/other") == 0 && world.lines == 1 + 2);
    EXPECT(said("http://127.0.0.1/file\nhttp://127.0.0.1/other\n") && world.drawn <= 7);
}

/* A terminal is shown text as it is, however it comes, and nothing that it would obey. */
static void test_terminal(void)
{
    static char text[6000];
    static char answer[6500];
    size_t n = 0;
    for (size_t line = 509; line < 516; line += 2) { /* lines end around 512 bytes */
        text[n++] = line % 4 == 1 ? 'a' : 'b';
        for (size_t i = 1; i + 1 < line; i += 2) {
            memcpy(text + n, "\xc3\xa9", 2); /* in two pieces, here and there */
            n += 2;
        }
        text[n++] = '\n';
        memset(text + n, 'x', line + 1);
        n += line + 1;
        text[n++] = '\n';
    }
    text[n] = '\0';
    snprintf(answer, sizeof answer, OK "\r\n%s", text);
    world_begin();
    world.columns = 60;
    answer_add(answer, FIN);
    EXPECT(get("-o - 127.0.0.1/file") == 0 && world.drawn == 0);
    EXPECT(world.out_bytes == n && memcmp(world.out, text, n) == 0);
    world_begin();
    world.columns = 60;
    answer_add(OK "\r\na\x1b[31m\xe6" SAYS_LATER "\x96" SAYS_LATER "\x87\n\x9b", FIN);
    EXPECT(get("-o - 127.0.0.1/file") == 0);
    EXPECT(strncmp(world.out, "a?[31m\xe6\x96\x87\n", 10) == 0);
    world_begin(); /* no terminal: the bytes themselves */
    answer_add(OK "\r\na\x1b[31m\x9b", FIN);
    EXPECT(get("-o - 127.0.0.1/file") == 0 && strcmp(world.out, "a\x1b[31m\x9b") == 0);
}

int main(void)
{
    test_terminal();
    test_requests();
    test_timeouts();
    test_retries();
    test_transience();
    test_kept();
    test_bar();
    return check_report("get_time");
}
