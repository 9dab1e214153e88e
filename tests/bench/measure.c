/* SPDX-License-Identifier: MIT */
/* Time, counts, latencies, and the report. */
#include "tests/bench/bench.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

/* Latencies are counted in buckets, 128 to every power of two: better than one percent. */
enum { STEPS = 128, STEPS_LOG2 = 7, BUCKETS = 40 * STEPS };
enum { NOTES_MAX = 8, ERRORS_SAID = 5, SLOW = 100 };

static enum { WARMING, MEASURING, OVER } phase;
static uint64_t started_ns;
static uint64_t begin_ns;
static uint64_t end_ns;
static uint64_t cpu_begin_ns;
static uint64_t cpu_end_ns;
static uint64_t operations;
static uint64_t bytes_done;
static uint64_t errors;
static uint64_t calls;
static uint64_t buckets[BUCKETS];
static uint64_t samples;
static const char *note_names[NOTES_MAX];
static double note_values[NOTES_MAX];
static unsigned notes;

uint64_t measure_now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000U + (uint64_t)now.tv_nsec;
}

void measure_begin(void)
{
    phase = MEASURING;
    operations = 0;
    bytes_done = 0;
    samples = 0;
    memset(buckets, 0, sizeof buckets);
    server_trace();
    cpu_begin_ns = server_cpu_ns();
    begin_ns = measure_now_ns();
}

void measure_end(void)
{
    end_ns = measure_now_ns();
    cpu_end_ns = server_cpu_ns();
    calls = server_trace_end();
    phase = OVER;
}

bool measure_running(void)
{
    uint64_t now_ns = measure_now_ns();
    if (started_ns == 0) {
        started_ns = now_ns;
    }
    if (phase == WARMING && now_ns - started_ns >= bench.duration_ms * 1000000U / 8) {
        measure_begin();
    } else if (phase == MEASURING && now_ns - begin_ns >= bench.duration_ms * 1000000U) {
        bool slow = now_ns - begin_ns >= SLOW * bench.duration_ms * 1000000U;
        if (operations >= bench.least || errors > 0 || slow) {
            measure_end();
        }
    }
    return phase != OVER;
}

static unsigned bucket_of(uint64_t ns)
{
    unsigned shift = 0;
    while (ns >> shift >= 2 * STEPS) {
        shift++;
    }
    uint64_t bucket = (uint64_t)shift * STEPS + (ns >> shift);
    return bucket < BUCKETS ? (unsigned)bucket : BUCKETS - 1;
}

static double bucket_us(unsigned bucket)
{
    unsigned shift = bucket < 2 * STEPS ? 0 : bucket / STEPS - 1;
    uint64_t ns = (uint64_t)(bucket - shift * STEPS) << shift;
    return (double)(2 * ns + ((uint64_t)1 << shift)) / 2000.0;
}

void measure_latency(uint64_t ns)
{
    if (phase != OVER) {
        buckets[bucket_of(ns)]++;
        samples++;
    }
}

void measure_operations(uint64_t n)
{
    if (phase != OVER) {
        operations += n;
    }
}

void measure_operation(uint64_t began_ns, uint64_t now_ns)
{
    measure_operations(1);
    measure_latency(now_ns - began_ns);
}

void measure_bytes(uint64_t n)
{
    if (phase != OVER) {
        bytes_done += n;
    }
}

void measure_error(const char *what, long detail)
{
    errors++;
    if (errors <= ERRORS_SAID) {
        fprintf(stderr, "bench: %s, %s: %s (%ld)\n", bench.work, bench.peer, what, detail);
    }
}

void measure_note(const char *name, double value)
{
    if (notes < NOTES_MAX) {
        note_names[notes] = name;
        note_values[notes] = value;
        notes++;
    }
}

static double percentile_us(unsigned percent)
{
    uint64_t seen = 0;
    for (unsigned i = 0; i < BUCKETS; i++) {
        seen += buckets[i];
        if (seen > 0 && seen * 100 >= samples * percent) {
            return bucket_us(i);
        }
    }
    return 0;
}

int measure_report(void)
{
    if (phase == WARMING) { /* the work gave up */
        measure_begin();
    }
    if (phase != OVER) {
        measure_end();
    }
    double seconds = (double)(end_ns - begin_ns) / 1e9;
    double cpu_us = (double)(cpu_end_ns - cpu_begin_ns) / 1e3;
    if (operations == 0) {
        measure_error("nothing was done", 0);
    }
    printf("{\"work\":\"%s\",\"peer\":\"%s\",\"connections\":%u,\"idle\":%u,\"depth\":%u,"
           "\"size\":%lu,\"ops\":%" PRIu64 ",\"seconds\":%.6f,\"ops_per_s\":%.0f",
           bench.work, bench.peer, bench.connections, bench.idle, bench.depth,
           (unsigned long)bench.size, operations, seconds,
           seconds > 0 ? (double)operations / seconds : 0);
    if (bench.pid > 0 && operations > 0) {
        printf(",\"server_us\":%.3f", cpu_us / (double)operations);
    }
    if (calls > 0 && operations > 0) {
        printf(",\"calls\":%.3f", (double)calls / (double)operations);
    }
    if (bench.pid > 0 && bytes_done > 0) {
        printf(",\"bytes_per_server_s\":%.0f", (double)bytes_done * 1e6 / cpu_us);
    }
    if (samples > 0) {
        printf(",\"p50_us\":%.2f,\"p99_us\":%.2f", percentile_us(50), percentile_us(99));
    }
    if (bytes_done > 0 && seconds > 0) {
        printf(",\"bytes_per_s\":%.0f", (double)bytes_done / seconds);
    }
    for (unsigned i = 0; i < notes; i++) {
        printf(",\"%s\":%.1f", note_names[i], note_values[i]);
    }
    printf(",\"errors\":%" PRIu64 "}\n", errors);
    return errors == 0 ? 0 : 1;
}
