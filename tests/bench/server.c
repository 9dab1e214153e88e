/* SPDX-License-Identifier: MIT */
/* What the system knows of the server: its processes, their time, memory and system calls. */
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tests/bench/bench.h"

enum { PROCESSES_MAX = 256, ALL_MAX = 4096, ATTACH_TRIES = 200, ATTACH_MS = 10 };

/* Of one process: its parent, and what its ended children used, in clock ticks. */
static bool process_read(pid_t pid, pid_t *parent, uint64_t *children_ticks)
{
    char path[64];
    char text[1024];
    long of_parent = 0;
    long long user = 0;
    long long system = 0;
    snprintf(path, sizeof path, "/proc/%ld/stat", (long)pid);
    FILE *file = fopen(path, "r");
    if (file == NULL) {
        return false;
    }
    size_t n = fread(text, 1, sizeof text - 1, file);
    fclose(file);
    text[n] = '\0';
    const char *at = strrchr(text, ')');
    if (at == NULL
        || sscanf(at + 1, " %*c %ld %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %lld %lld",
                  &of_parent, &user, &system) != 3) {
        return false;
    }
    *parent = (pid_t)of_parent;
    *children_ticks = (uint64_t)(user + system);
    return true;
}

/* The server and all that descend from it. */
static unsigned server_processes(pid_t *pids, uint64_t *children_ticks)
{
    static pid_t all[ALL_MAX];
    static pid_t parents[ALL_MAX];
    static uint64_t ticks[ALL_MAX];
    unsigned count = 0;
    unsigned found = 0;
    DIR *directory = opendir("/proc");
    *children_ticks = 0;
    if (directory == NULL) {
        pids[0] = bench.pid;
        return 1;
    }
    for (struct dirent *entry = readdir(directory); entry != NULL; entry = readdir(directory)) {
        long pid = strtol(entry->d_name, NULL, 10);
        if (pid > 0 && count < ALL_MAX) {
            all[count] = (pid_t)pid;
            count += process_read(all[count], &parents[count], &ticks[count]) ? 1U : 0U;
        }
    }
    closedir(directory);
    for (unsigned i = 0; i < count && found < PROCESSES_MAX; i++) {
        pid_t ancestor = all[i];
        for (unsigned steps = 0; ancestor > 1 && ancestor != bench.pid && steps < 8; steps++) {
            pid_t above = 0;
            for (unsigned j = 0; j < count; j++) {
                above = all[j] == ancestor ? parents[j] : above;
            }
            ancestor = above;
        }
        if (ancestor == bench.pid) {
            pids[found] = all[i];
            found++;
            *children_ticks += ticks[i];
        }
    }
    return found;
}

uint64_t server_cpu_ns(void)
{
    pid_t pids[PROCESSES_MAX];
    uint64_t ticks = 0;
    uint64_t total_ns = 0;
    if (bench.pid <= 0) {
        return 0;
    }
    unsigned count = server_processes(pids, &ticks);
    for (unsigned i = 0; i < count; i++) {
        clockid_t clock;
        struct timespec used;
        if (clock_getcpuclockid(pids[i], &clock) == 0 && clock_gettime(clock, &used) == 0) {
            total_ns += (uint64_t)used.tv_sec * 1000000000U + (uint64_t)used.tv_nsec;
        }
    }
    return total_ns + ticks * (1000000000U / (uint64_t)sysconf(_SC_CLK_TCK));
}

uint64_t server_resident_kb(void)
{
    pid_t pids[PROCESSES_MAX];
    uint64_t ticks = 0;
    uint64_t total_kb = 0;
    if (bench.pid <= 0) {
        return 0;
    }
    unsigned count = server_processes(pids, &ticks);
    for (unsigned i = 0; i < count; i++) {
        char path[64];
        char line[256];
        snprintf(path, sizeof path, "/proc/%ld/status", (long)pids[i]);
        FILE *file = fopen(path, "r");
        while (file != NULL && fgets(line, sizeof line, file) != NULL) {
            if (strncmp(line, "VmRSS:", 6) == 0) {
                total_kb += strtoull(line + 6, NULL, 10);
            }
        }
        if (file != NULL) {
            fclose(file);
        }
    }
    return total_kb;
}

/* ---- System calls -------------------------------------------------------------------------- */

static pid_t tracer;
static char traced[] = "/tmp/bench-calls-XXXXXX";

static bool server_is_traced(void)
{
    char path[64];
    char line[256];
    bool is = false;
    snprintf(path, sizeof path, "/proc/%ld/status", (long)bench.pid);
    FILE *file = fopen(path, "r");
    while (file != NULL && fgets(line, sizeof line, file) != NULL) {
        is = is || (strncmp(line, "TracerPid:", 10) == 0 && strtol(line + 10, NULL, 10) > 0);
    }
    if (file != NULL) {
        fclose(file);
    }
    return is;
}

static void tracer_run(void)
{
    static char program[] = "strace";
    static char count_to[] = "-cfqo";
    static char attach[] = "-p";
    static char numbers[PROCESSES_MAX][16];
    static char *words[2 * PROCESSES_MAX + 8];
    pid_t pids[PROCESSES_MAX];
    uint64_t ticks = 0;
    unsigned count = server_processes(pids, &ticks);
    unsigned n = 0;
    words[n++] = program;
    words[n++] = count_to;
    words[n++] = traced;
    for (unsigned i = 0; i < count; i++) {
        snprintf(numbers[i], sizeof numbers[i], "%ld", (long)pids[i]);
        words[n++] = attach;
        words[n++] = numbers[i];
    }
    execvp(words[0], words);
    _exit(127);
}

void server_trace(void)
{
    if (!bench.trace || bench.pid <= 0) {
        return;
    }
    int fd = mkstemp(traced);
    if (fd < 0) {
        return;
    }
    close(fd);
    tracer = fork();
    if (tracer == 0) {
        tracer_run();
    }
    for (unsigned left = ATTACH_TRIES; left > 0 && !server_is_traced(); left--) {
        net_wait(-1, ATTACH_MS);
    }
    net_wait(-1, ATTACH_MS);
}

uint64_t server_trace_end(void)
{
    char line[256];
    uint64_t calls = 0;
    if (tracer <= 0) {
        return 0;
    }
    kill(tracer, SIGINT);
    waitpid(tracer, NULL, 0);
    FILE *file = fopen(traced, "r");
    while (file != NULL && fgets(line, sizeof line, file) != NULL) {
        unsigned long long n = 0;
        if (strstr(line, " total") != NULL && sscanf(line, "%*s %*s %*s %llu", &n) == 1) {
            calls = n;
        }
    }
    if (file != NULL) {
        fclose(file);
    }
    unlink(traced);
    return calls;
}
