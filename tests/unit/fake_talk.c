/* SPDX-License-Identifier: MIT */
/* `linnet talk` as a whole in a world that follows a script. */
#include "tests/unit/fake_talk.h"

#include <stdio.h>
#include <string.h>

#include "apps/talk/talk.h"
#include "port/port_tool.h"
#include "tests/unit/fake_terminal.h"

#define CHECK_PART
#include "tests/check.h"

enum { SERVER_PORT = 6667, TEXT_BYTES = 1 << 14, LINE_BYTES = 70, EACH_MS = 10, HOUR_MS = 3600000 };

struct kept {
    size_t n;
    char bytes[TEXT_BYTES];
};

static struct {
    const struct talk_session *session;
    const char *name;    /* of the table */
    size_t number;
    size_t step;
    uint64_t step_ms;    /* when that is next */
    uint64_t played_ms;  /* when the one before was */
    unsigned filled;     /* lines of a FILL */
    size_t shown_before; /* the step before */
    unsigned dials;
    bool raw;            /* talk wanted the terminal to be */
    enum talk_ending ending;
    struct kept shown;
    struct kept said;
    struct kept heard;   /* on the last connection */
} world;

static void keep(struct kept *kept, const void *bytes, size_t n)
{
    size_t room = sizeof kept->bytes - kept->n;
    n = n < room ? n : room;
    memcpy(kept->bytes + kept->n, bytes, n);
    kept->n += n;
}

static void expect(bool right, const char *what)
{
    if (!right) {
        printf("%s[%u], step %u: %s\n", world.name, (unsigned)world.number, (unsigned)world.step,
               what);
    }
    EXPECT(right);
}

static void expect_text(const struct kept *kept, const char *text, const char *what)
{
    const char *wanted = text != NULL ? text : "";
    bool right = kept->n == strlen(wanted) && memcmp(kept->bytes, wanted, kept->n) == 0;
    if (!right) {
        printf("\"%.*s\", not \"%s\"\n", (int)kept->n, kept->bytes, wanted);
    }
    expect(right, what);
}

/* ---- The script ---------------------------------------------------------------------------- */

static unsigned server(void)
{
    return SIM_DIALLED + world.dials - 1;
}

static void expect_shown(const char *text)
{
    if (world.session->columns > 0) {
        expect(rows_are(text != NULL ? text : ""), "shown");
    } else {
        expect_text(&world.shown, text, "shown");
    }
}

static void look(const struct talk_step *step)
{
    switch ((int)step->deed) {
    case HEARD_SHUT:
        expect(sim_peer_state(server()) == SIM_PEER_ENDED, "the end");
        expect_text(&world.heard, step->text, "heard");
        break;
    case HEARD:
        expect(sim_peer_state(server()) == SIM_PEER_OPEN, "no end");
        expect_text(&world.heard, step->text, "heard");
        break;
    case HEARD_BYTES:
        if (world.heard.n != step->number) {
            printf("%u bytes, not %u\n", (unsigned)world.heard.n, step->number);
        }
        expect(world.heard.n == step->number, "bytes heard");
        break;
    case SHOWN:
        expect_shown(step->text);
        break;
    case ROW:
        expect(row_is(step->text), "row");
        break;
    case SILENT:
        expect(world.shown.n == world.shown_before, "silent");
        break;
    case BELLS:
        expect(screen.bells == step->number, "bells");
        break;
    case DIALS:
        expect(world.dials == step->number, "dials");
        break;
    default:
        expect(false, "no such deed");
    }
}

static void fill(void)
{
    char line[LINE_BYTES];
    memset(line, 'x', sizeof line);
    line[LINE_BYTES - 1] = '\r';
    sim_console_type(line, sizeof line);
    world.filled++;
}

static void act(const struct talk_step *step)
{
    size_t n = step->text != NULL ? strlen(step->text) : 0;
    switch ((int)step->deed) {
    case TYPE:
        sim_console_type(step->text, n);
        break;
    case FILL:
        fill();
        break;
    case INPUT_ENDS:
        sim_console_end();
        break;
    case SEND:
        expect(sim_peer_send(server(), step->text, n) == n, "sent");
        break;
    case SHUT:
        sim_peer_shut(server());
        break;
    case CLOSE:
        sim_peer_close(server());
        break;
    case RESET:
        sim_peer_reset(server());
        break;
    case WIDTH:
        sim_terminal_set(step->number);
        break;
    case REDRAW:
        sim_request(PORT_REQUEST_REDRAW);
        break;
    case ASKED_TO_STOP:
        sim_request(PORT_REQUEST_STOP);
        break;
    case UNREAD:
        sim_print_close();
        break;
    case OTHERS:
        screen_take((const uint8_t *)step->text, n);
        break;
    default:
        look(step);
    }
}

static uint64_t world_step(uint64_t now_ms)
{
    const struct talk_step *step = &world.session->steps[world.step];
    while (now_ms >= world.step_ms) {
        if (step->deed == OVER) {
            expect(false, "talk does not end");
            sim_fail("TEST", SIM_NOBODY, "talk does not end");
        }
        world.played_ms = now_ms;
        act(step);
        world.shown_before = world.shown.n;
        if (step->deed == FILL && world.filled < step->number) {
            world.step_ms += EACH_MS;
            continue;
        }
        world.filled = 0;
        world.step++;
        step++;
        world.step_ms += step->deed == OVER ? HOUR_MS : step->after_ms;
    }
    return world.step_ms;
}

/* ---- What it hears ------------------------------------------------------------------------- */

static void world_arrived(unsigned connection)
{
    char bytes[4096];
    size_t n = sim_peer_read(connection, bytes, sizeof bytes);
    while (n > 0) {
        if (world.dials > 0 && connection == server()) {
            keep(&world.heard, bytes, n);
        }
        n = sim_peer_read(connection, bytes, sizeof bytes);
    }
}

static void world_ending(unsigned connection, enum sim_ending how, size_t unread_bytes)
{
    (void)unread_bytes;
    if (connection == server()) {
        world.ending = how == SIM_ENDING_SHUT    ? SHUT_ALONE
                       : how == SIM_ENDING_CLOSE ? CLOSED
                                                 : ABORTED;
    }
}

static void world_console(const uint8_t *bytes, size_t n)
{
    keep(&world.shown, bytes, n);
    if (world.session->columns > 0) {
        screen_take(bytes, n);
    }
}

static void world_log(const char *line, size_t n)
{
    keep(&world.said, line, n);
    keep(&world.said, "\n", 1);
    expect(world.session->columns == 0 || row_is(""), "a complaint in the row of others");
}

static void world_trace(const char *call, int32_t connection, int64_t result)
{
    (void)connection;
    (void)result;
    world.raw = world.raw || strcmp(call, "console_raw") == 0;
    if (strcmp(call, "Connect") == 0) {
        world.dials++;
        world.heard.n = 0;
        world.ending = NOT_ENDED;
    }
}

static const struct sim_hooks hooks = {
    .step = world_step, .arrived = world_arrived, .ending = world_ending,
    .console = world_console, .log = world_log, .trace = world_trace};

/* ---- A session ----------------------------------------------------------------------------- */

static void begin(const char *name, const struct talk_session *session, size_t number)
{
    static const struct port_address at = {{0}, 0, SERVER_PORT};
    struct sim_plan plan = sim_plan_quiet(1);
    memset(&world, 0, sizeof world);
    world.session = session;
    world.name = name;
    world.number = number;
    world.step_ms = session->steps[0].deed == OVER ? HOUR_MS : session->steps[0].after_ms;
    screen_begin();
    plan.console = !session->no_console;
    plan.listed = true;
    plan.list = session->faults;
    while (plan.list_count < TALK_FAULTS && session->faults[plan.list_count].connection != 0) {
        plan.list_count++;
    }
    sim_begin(&plan, &hooks);
    sim_peer_listen(&at);
    sim_terminal_set(session->columns);
    sim_environment_set("TERM", session->term);
    sim_wall_set(true, 12 * 3600 + 34 * 60 + 56); /* 12:34:56, for the first second */
    sim_step_at(world.step_ms);
}

void talk_session_play(const char *name, const struct talk_session *session, size_t number)
{
    char *arguments[TALK_ARGUMENTS + 3] = {(char[]){"linnet"}, (char[]){"talk"}};
    char copies[TALK_ARGUMENTS][64];
    int count = 2;
    for (size_t i = 0; i < TALK_ARGUMENTS && session->arguments[i] != NULL; i++) {
        (void)snprintf(copies[i], sizeof copies[i], "%s", session->arguments[i]);
        arguments[count++] = copies[i];
    }
    begin(name, session, number);
    EXPECT(port_start() == PORT_OK);
    int status = talk_main(count, arguments, 2);
    port_end();
    uint64_t took_ms = sim_now() - world.played_ms;
    expect(session->steps[world.step].deed == OVER, "ended before the script");
    expect(status == session->status, "status");
    expect(took_ms + ENDS_SOON_MS >= session->takes_ms &&
           took_ms <= session->takes_ms + ENDS_SOON_MS, "time");
    if (session->shown_begins) {
        world.shown.n = strlen(session->shown);
    }
    expect_shown(session->shown);
    expect(session->columns == 0 || row_is(""), "last row");
    expect_text(&world.said, session->said, "said");
    static const char *const endings[] = {"no end", "an end", "closed", "aborted"};
    expect(world.ending == session->ending, endings[world.ending]);
    bool fit = session->columns > 0 && session->term != NULL && strcmp(session->term, "xterm") == 0;
    bool stood = session->steps[0].deed != OVER;
    expect(world.raw == (fit && stood && !session->no_console), "raw");
    expect(sim_handles_open() == 0, "handles");
}
