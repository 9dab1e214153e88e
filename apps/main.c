/* SPDX-License-Identifier: MIT */
/* The program: picks the verb, and starts and ends the port around it. */
#include <string.h>

#include "apps/limits.h"
#include "apps/options.h"
#include "apps/serve.h"
#include "apps/table.h"
#include "core/text.h"
#include "port/port_tool.h"

#if TOOL_GET
#include "apps/get/get.h"
#endif
#if TOOL_PING
#include "apps/ping/ping.h"
#endif
#if TOOL_TALK
#include "apps/talk/talk.h"
#endif

#define LINNET_VERSION "0.1"

#if SERVE_OPTIONS

struct verb {
    const char *name;
    const char *summary;
    int (*main)(int argc, char **argv, int first);
};

/* What follows the names in the help. */
#if PORT_TEXTS
#define EXPLAINED(names, text) names text
#else
#define EXPLAINED(names, text) names
#endif

static const struct verb verbs[] = {
    {"serve", EXPLAINED("  linnet serve [options]",
                        "        echo, chat and files for many peers at once"), serve_main},
#if TOOL_GET
    {"get", EXPLAINED("  linnet get [options] URL...",
                      "   fetches files by HTTP and by the raw protocol"), get_main},
#endif
#if TOOL_PING
    {"ping", EXPLAINED("  linnet ping [options] HOST",
                       "    round trips to an echo service, over TCP or UDP"), ping_main},
#endif
#if TOOL_TALK
    {"talk", EXPLAINED("  linnet talk [options] HOST",
                       "    lines in, lines out: the person's end of a chat"), talk_main},
#endif
};

static const char head[] =
    EXPLAINED("linnet " LINNET_VERSION, ": a small server for echo, chat and files, and its tools")
    "\n\n";

static const char tail[] =
    EXPLAINED("  linnet serve --help",
              "           the options of serve; so for get, ping and talk") "\n"
    EXPLAINED("  linnet --limits",
              "               what this build is limited to, and its memory") "\n"
    "  linnet --version\n"
    EXPLAINED("",
              "\n"
              "To begin with: linnet serve -r FOLDER; then, elsewhere, nc localhost "
              TEXT_OF(SERVE_ECHO_PORT) "\n(echo), linnet talk localhost or nc localhost "
              TEXT_OF(SERVE_CHAT_PORT) " (chat), and in a browser\nhttp://localhost:"
              TEXT_OF(SERVE_FILE_PORT) "/ (files).\n");

static int print_string(enum port_stream stream, const char *string)
{
    return port_print(stream, string, strlen(string)) == PORT_OK ? 0 : 1;
}

static int print_help(void)
{
    int failed = print_string(PORT_STDOUT, head);
    for (size_t i = 0; i < COUNT_OF(verbs); i++) {
        failed |= print_string(PORT_STDOUT, verbs[i].summary);
        failed |= print_string(PORT_STDOUT, "\n");
    }
    return failed | print_string(PORT_STDOUT, tail);
}

static int run(int argc, char **argv)
{
    if (argc < 2) {
        option_complain("say what to do: linnet serve -r FOLDER, or linnet --help", NULL);
        return 2;
    }
    for (size_t i = 0; i < COUNT_OF(verbs); i++) {
        if (strcmp(argv[1], verbs[i].name) == 0) {
            return verbs[i].main(argc, argv, 2);
        }
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "help") == 0) {
        return print_help();
    }
    if (strcmp(argv[1], "--limits") == 0) {
        return limits_print();
    }
    if (strcmp(argv[1], "--version") == 0) {
        return print_string(PORT_STDOUT, "linnet " LINNET_VERSION "\n");
    }
    option_complain("there is no '", argv[1], "'; see linnet --help", NULL);
    return 2;
}

#else

/* What starts it may say the verb, as it does elsewhere. */
static int run(int argc, char **argv)
{
    return serve_main(argc, argv, argc > 1 && strcmp(argv[1], "serve") == 0 ? 2 : 1);
}

#endif

int main(int argc, char **argv)
{
    if (port_start() != PORT_OK) {
        return 1;
    }
    int status = run(argc, argv);
    port_end();
    return status;
}
