/* SPDX-License-Identifier: MIT */
/* apps/options: what is read, what is said about mistakes, and --help in every width. Each case
 * runs in a child whose standard output and error are a pipe or a terminal of ours. */
#define _XOPEN_SOURCE 600
#include "apps/options.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "tests/check.h"

enum { ARGUMENTS_MAX = 8, OPERANDS_MAX = 2, NOT_RUN = 99 };

static char note[256]; /* what the set functions were called with, in order */

static void note_add(const char *name, const char *value)
{
    size_t n = strlen(note);
    snprintf(note + n, sizeof note - n, "%s(%s)", name, value != NULL ? value : "");
}

static const char *set_port(const char *value)
{
    uint64_t port = 0;
    if (!option_number(value, 1, 65535, &port)) {
        return "a number from 1 to 65535";
    }
    note_add("port", value);
    return NULL;
}

static const char *set_root(const char *value)
{
    note_add("root", value);
    return NULL;
}

static const char *set_quiet(const char *value)
{
    note_add("quiet", value);
    return NULL;
}

static const char *set_four(const char *value)
{
    note_add("four", value);
    return NULL;
}

static const char *set_never(const char *value)
{
    (void)value;
    return "a system that has it";
}

static const struct option first_rows[] = {
    OPTION("--echo", "PORT",
           "where echo listens; the default is 7007, and 0 takes any that is free",
           set_port),
    OPTION("--echo-reply", "TEXT", "answers so", set_root),
    OPTION("-r", "DIR", "the folder that is served", set_root),
};
static const struct option second_rows[] = {
    OPTION("-q", NULL, "says less", set_quiet),
    OPTION("-4", NULL, "IPv4 alone", set_four),
    OPTION("--console", NULL, "never here", set_never),
    OPTION("-n", NULL, "never either", set_never),
    OPTION("--a-name-much-longer-than-any-other", "TEXT", "stands below", set_root),
};
static const struct option_table tables[] = {
    {first_rows, COUNT_OF(first_rows), "Where"},
    {second_rows, COUNT_OF(second_rows), "How"},
};

static int parse_words(const char *words, const char **operands, size_t *count)
{
    static char copy[512];
    static char *argv[ARGUMENTS_MAX + 3];
    static char program[] = "linnet";
    static char verb[] = "serve";
    int argc = 2;
    argv[0] = program;
    argv[1] = verb;
    snprintf(copy, sizeof copy, "%s", words);
    for (char *word = strtok(copy, " "); word != NULL && argc < ARGUMENTS_MAX + 2;
         word = strtok(NULL, " ")) {
        argv[argc] = word;
        argc++;
    }
    argv[argc] = NULL;
    return options_parse(argc, argv, 2, "usage: linnet serve [options]", tables, COUNT_OF(tables),
                         operands, OPERANDS_MAX, count);
}

static size_t read_all(int from, char *bytes, size_t n)
{
    size_t got = 0;
    ssize_t count = 1;
    while (count > 0 && got < n - 1) {
        count = read(from, bytes + got, n - 1 - got);
        got += count > 0 ? (size_t)count : 0;
    }
    bytes[got] = '\0';
    return got;
}

/* Runs the parser in a child that writes to `output` (its stdout or its stderr). */
static int run_child(const char *words, int output, int input, int stream, char *bytes, size_t n)
{
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        const char *operands[OPERANDS_MAX];
        size_t count = 0;
        alarm(10);
        dup2(open("/dev/null", O_WRONLY), stream == 1 ? 2 : 1);
        dup2(output, stream);
        close(output);
        close(input);
        if (port_start() != PORT_OK) {
            _exit(NOT_RUN);
        }
        int status = parse_words(words, operands, &count);
        port_end();
        _exit(status == OPTIONS_HELP ? 3 : status);
    }
    close(output);
    read_all(input, bytes, n);
    close(input);
    int status = 0;
    waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : NOT_RUN;
}

static int run_in_pipe(const char *words, int stream, char *bytes, size_t n)
{
    int ends[2];
    if (pipe(ends) != 0) {
        return NOT_RUN;
    }
    return run_child(words, ends[1], ends[0], stream, bytes, n);
}

static int run_in_terminal(const char *words, unsigned columns, char *bytes, size_t n)
{
    int master = posix_openpt(O_RDWR | O_NOCTTY);
    if (master < 0 || grantpt(master) != 0 || unlockpt(master) != 0) {
        return NOT_RUN;
    }
    int slave = open(ptsname(master), O_RDWR | O_NOCTTY);
    struct winsize size = {24, (unsigned short)columns, 0, 0};
    struct termios modes;
    if (slave < 0 || ioctl(slave, TIOCSWINSZ, &size) != 0 || tcgetattr(slave, &modes) != 0) {
        return NOT_RUN;
    }
    modes.c_oflag &= ~(tcflag_t)OPOST; /* no CR before LF */
    tcsetattr(slave, TCSANOW, &modes);
    return run_child(words, slave, master, 1, bytes, n);
}

static void test_read(void)
{
    static const struct {
        const char *words;
        const char *notes;
        const char *operands; /* joined by a space */
    } rows[] = {
        {"", "", ""},
        {"--echo 7", "port(7)", ""},
        {"--echo=65535", "port(65535)", ""},
        {"-r x -q", "root(x)quiet()", ""},
        {"-rx", "root(x)", ""},
        {"-r -q", "root(-q)", ""},
        {"-q4", "quiet()four()", ""},
        {"-4qrdir", "four()quiet()root(dir)", ""},
        {"-4r dir a", "four()root(dir)", "a"},
        {"a -q b", "quiet()", "a b"},
        {"-- -q --help", "", "-q --help"},
        {"-", "", "-"},
        {"--echo-reply=", "root()", ""},
        {"--echo-reply a=b", "root(a=b)", ""},
        {"--echo-reply=a=b", "root(a=b)", ""},
        {"--echo 1 --echo 2", "port(1)port(2)", ""},
        {"--echo-reply --help", "root(--help)", ""},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const char *operands[OPERANDS_MAX] = {"", ""};
        size_t count = 77;
        char joined[64] = "";
        note[0] = '\0';
        int status = parse_words(rows[i].words, operands, &count);
        for (size_t j = 0; j < count && j < OPERANDS_MAX; j++) {
            strcat(joined, j > 0 ? " " : "");
            strcat(joined, operands[j]);
        }
        EXPECT(status == 0);
        EXPECT(strcmp(note, rows[i].notes) == 0);
        EXPECT(strcmp(joined, rows[i].operands) == 0);
    }
}

static void test_number(void)
{
    uint64_t number = 5;
    EXPECT(option_number("0", 0, 0, &number) && number == 0);
    EXPECT(option_number("65535", 1, 65535, &number) && number == 65535);
    EXPECT(!option_number("0", 1, 65535, &number));
    EXPECT(!option_number("65536", 1, 65535, &number));
    EXPECT(!option_number("", 0, 9, &number));
    EXPECT(!option_number("-1", 0, 9, &number));
    EXPECT(!option_number("1k", 0, 9999, &number));
    EXPECT(!option_number("18446744073709551616", 0, UINT64_MAX, &number));
    EXPECT(number == 65535);
}

static void test_complaints(void)
{
    static const struct {
        const char *words;
        const char *sentence;
    } rows[] = {
        {"--ehco 7", "there is no option --ehco, but there is --echo; see \"linnet serve --help\""},
        {"--echo-rep x", "there is no option --echo-rep, but there is --echo-reply; "
                         "see \"linnet serve --help\""},
        {"--hlep", "there is no option --hlep, but there is --help; see \"linnet serve --help\""},
        {"--ecxx", "there is no option --ecxx; see \"linnet serve --help\""},
        {"--conxxle", "there is no option --conxxle, but there is --console; "
                      "see \"linnet serve --help\""},
        {"--conxxxe", "there is no option --conxxxe; see \"linnet serve --help\""},
        {"-echo 7", "there is no option -echo, but there is --echo; see \"linnet serve --help\""},
        {"--nothing-like-it", "there is no option --nothing-like-it; see \"linnet serve --help\""},
        {"--x", "there is no option --x; see \"linnet serve --help\""},
        {"-q9", "there is no option -q9; see \"linnet serve --help\""},
        {"--echo", "--echo wants PORT after it; see \"linnet serve --help\""},
        {"-qr", "-r wants DIR after it; see \"linnet serve --help\""},
        {"--echo abc", "--echo wants a number from 1 to 65535, not \"abc\""},
        {"--echo=", "--echo wants a number from 1 to 65535, not \"\""},
        {"--echo=\x1b[2J\x7f", "--echo wants a number from 1 to 65535, not \"?[2J?\""},
        {"--console=x", "--console takes no value, and got \"x\"; see \"linnet serve --help\""},
        {"--console", "--console wants a system that has it; see \"linnet serve --help\""},
        {"-nq", "-n wants a system that has it; see \"linnet serve --help\""},
        {"a b c", "\"c\" is one argument too many; see \"linnet serve --help\""},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char said[1024];
        char wanted[256];
        snprintf(wanted, sizeof wanted, "linnet: %s\n", rows[i].sentence);
        char *guess = strstr(wanted, ", but there is ");
        if (PORT_TEXTS == 0 && guess != NULL) {
            char *rest = strchr(guess, ';');
            memmove(guess, rest, strlen(rest) + 1);
        }
        EXPECT(run_in_pipe(rows[i].words, 2, said, sizeof said) == 2);
        if (strcmp(said, wanted) != 0) {
            printf("  %s: %s", rows[i].words, said);
        }
        EXPECT(strcmp(said, wanted) == 0);
        EXPECT(run_in_pipe(rows[i].words, 1, said, sizeof said) == 2);
        EXPECT(said[0] == '\0'); /* nothing on standard output */
    }
}

static void test_long_complaint(void)
{
    char words[480];
    char said[1024];
    memset(words, 'x', sizeof words);
    memcpy(words, "--echo=", 7);
    words[sizeof words - 1] = '\0';
    EXPECT(run_in_pipe(words, 2, said, sizeof said) == 2);
    size_t n = strlen(said);
    EXPECT(n > 100 && said[n - 1] == '\n' && strchr(said, '\n') == said + n - 1);
}

static const char help_unwrapped[] =
    "usage: linnet serve [options]\n"
    "\n"
    "Where\n"
    "  --echo PORT        where echo listens; the default is 7007, and 0 takes any that is free\n"
    "  --echo-reply TEXT  answers so\n"
    "  -r DIR             the folder that is served\n"
    "\n"
    "How\n"
    "  -q                 says less\n"
    "  -4                 IPv4 alone\n"
    "  --console          never here\n"
    "  -n                 never either\n"
    "  --a-name-much-longer-than-any-other TEXT\n"
    "                     stands below\n"
    "\n"
    "  --help             this text\n";

static size_t widest_line(const char *text)
{
    size_t widest = 0;
    size_t at = 0;
    for (const char *c = text; *c != '\0'; c++) {
        at = *c == '\n' ? 0 : at + 1;
        widest = at > widest ? at : widest;
    }
    return widest;
}

/* The words of a text, whatever stands between them. */
static void squeeze(const char *text, char *words)
{
    size_t n = 0;
    for (const char *c = text; *c != '\0'; c++) {
        if (*c != ' ' && *c != '\n') {
            words[n] = *c;
            n++;
        }
    }
    words[n] = '\0';
}

/* Names alone. */
static void test_help_without_texts(void)
{
    static const char wanted[] =
        "usage: linnet serve [options]\n"
        "  --echo PORT\n"
        "  --echo-reply TEXT\n"
        "  -r DIR\n"
        "  -q\n"
        "  -4\n"
        "  --console\n"
        "  -n\n"
        "  --a-name-much-longer-than-any-other TEXT\n"
        "  --help\n"
        "What they mean: README.md, or --help of a build with TEXTS=1.\n";
    char said[4096];
    EXPECT(run_in_pipe("-q --help --nonsense", 1, said, sizeof said) == 3);
    EXPECT(strcmp(said, wanted) == 0);
}

static void test_help(void)
{
    char said[4096];
    char words[4096];
    char wanted[4096];
    squeeze(help_unwrapped, wanted);
    EXPECT(run_in_pipe("--help", 1, said, sizeof said) == 3);
    EXPECT(strcmp(said, help_unwrapped) == 0);
    EXPECT(run_in_pipe("-h", 1, said, sizeof said) == 3);
    EXPECT(run_in_pipe("-q --help --nonsense", 1, said, sizeof said) == 3);
    EXPECT(strcmp(said, help_unwrapped) == 0);
    static const unsigned widths[] = {200, 90, 80, 60, 46, 45, 44, 43};
    for (size_t i = 0; i < COUNT_OF(widths); i++) {
        int status = run_in_terminal("--help", widths[i], said, sizeof said);
        EXPECT(status == 3);
        EXPECT(widest_line(said) <= widths[i]);
        squeeze(said, words);
        EXPECT(strcmp(words, wanted) == 0);
    }
    EXPECT(run_in_terminal("--help", 60, said, sizeof said) == 3);
    EXPECT(strstr(said, "  --echo PORT        where echo listens; the default is\n"
                        "                     7007, and 0 takes any that is free\n") != NULL);
    EXPECT(run_in_terminal("--help", 40, said, sizeof said) == 3);
    EXPECT(strstr(said, "  --echo PORT\n        where echo listens; the default\n"
                        "        is 7007, and 0 takes any that is\n        free\n") != NULL);
    EXPECT(run_in_terminal("--help", 1, said, sizeof said) == 3);
    squeeze(said, words);
    EXPECT(strcmp(words, wanted) == 0);
}

int main(void)
{
    signal(SIGPIPE, SIG_IGN);
    test_read();
    test_number();
    test_complaints();
    test_long_complaint();
    if (PORT_TEXTS != 0) {
        test_help();
    } else {
        test_help_without_texts();
    }
    return check_report("options");
}
