/* SPDX-License-Identifier: MIT */
/* The parts of ping that compute: times against plain arithmetic, the fate of probes, and the
 * bytes of a probe. */
#include <string.h>

#include "apps/ping/ping_payload.h"
#include "apps/ping/ping_times.h"
#include "apps/ping/ping_track.h"
#include "tests/check.h"

/* ---- Times --------------------------------------------------------------------------------- */

static uint64_t random_state = 1;

static uint32_t random_next(void)
{
    random_state = random_state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(random_state >> 32);
}

static uint32_t times_list[5000];

/* The deviation as it is defined: the mean distance from the mean, squared. In long double, which
 * is exact enough here to say whether the root is right to a microsecond. */
static bool deviation_right(size_t n, uint32_t deviation)
{
    long double sum = 0;
    long double squares = 0;
    for (size_t i = 0; i < n; i++) {
        sum += (long double)times_list[i];
    }
    for (size_t i = 0; i < n; i++) {
        long double distance = (long double)times_list[i] - sum / (long double)n;
        squares += distance * distance;
    }
    long double variance = squares / (long double)n;
    long double below = (long double)deviation - 1;
    long double above = (long double)deviation + 1;
    return (deviation == 0 || below * below <= variance) && above * above >= variance;
}

static void times_check(size_t n)
{
    struct ping_times times;
    uint64_t sum = 0;
    uint32_t min = UINT32_MAX;
    uint32_t max = 0;
    memset(&times, 0, sizeof times);
    for (size_t i = 0; i < n; i++) {
        ping_times_add(&times, times_list[i]);
        sum += times_list[i];
        min = times_list[i] < min ? times_list[i] : min;
        max = times_list[i] > max ? times_list[i] : max;
    }
    EXPECT(times.count == n && times.min_us == min && times.max_us == max);
    EXPECT(ping_times_average(&times) == sum / n);
    EXPECT(deviation_right(n, ping_times_deviation(&times)));
}

static void test_times(void)
{
    static const struct {
        uint32_t base;
        uint32_t spread;
    } rows[] = {
        {0, 1}, {0, 2}, {100, 1}, {100, 50}, {1000000, 3}, {0, UINT32_MAX}, {4294967290U, 5},
        {60000000, 1000}, {0, 70000}, {2147483648U, 2147483647U},
    };
    struct ping_times none;
    memset(&none, 0, sizeof none);
    EXPECT(ping_times_average(&none) == 0 && ping_times_deviation(&none) == 0);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        for (size_t n = 1; n <= COUNT_OF(times_list); n = n * 3 + 1) {
            for (size_t j = 0; j < n; j++) {
                times_list[j] = rows[i].base + random_next() % rows[i].spread;
            }
            times_check(n);
            times_list[0] = UINT32_MAX; /* one far away, first and last of all */
            times_check(n);
            times_list[0] = rows[i].base;
            times_list[n - 1] = 0;
            times_check(n);
        }
    }
    times_list[0] = 1000;
    times_list[1] = 3000;
    struct ping_times two;
    memset(&two, 0, sizeof two);
    ping_times_add(&two, 1000);
    ping_times_add(&two, 3000);
    EXPECT(ping_times_average(&two) == 2000 && ping_times_deviation(&two) == 1000);
}

/* ---- Probes -------------------------------------------------------------------------------- */

static struct ping_track track;

static enum ping_answer answer(uint32_t number, uint64_t now_us)
{
    uint32_t round_trip_us = 0;
    return ping_track_answer(&track, number, now_us, &round_trip_us);
}

static void test_fates(void)
{
    uint32_t us = 0;
    ping_track_begin(&track);
    EXPECT(ping_track_oldest(&track) == 0 && ping_track_waiting(&track) == 0);
    EXPECT(answer(0, 5) == PING_UNKNOWN && answer(1, 5) == PING_UNKNOWN);
    for (uint32_t number = 1; number <= 5; number++) {
        EXPECT(ping_track_send(&track, 1000 * number, number) == number);
    }
    EXPECT(ping_track_waiting(&track) == 5 && ping_track_oldest(&track) == 1);
    EXPECT(ping_track_answer(&track, 1, 1234, &us) == PING_FIRST && us == 234);
    EXPECT(ping_track_oldest(&track) == 2);
    EXPECT(ping_track_answer(&track, 3, 3100, &us) == PING_FIRST && us == 100);
    EXPECT(ping_track_oldest(&track) == 2);
    EXPECT(ping_track_answer(&track, 2, 4000, &us) == PING_REORDERED && us == 2000);
    EXPECT(ping_track_oldest(&track) == 4);
    EXPECT(ping_track_answer(&track, 3, 3500, &us) == PING_AGAIN && us == 500);
    EXPECT(ping_track_expire(&track, 13, 10) == 0);
    EXPECT(ping_track_expire(&track, 14, 10) == 4); /* sent at 4, to the millisecond */
    EXPECT(ping_track_expire(&track, 14, 10) == 0);
    EXPECT(ping_track_answer(&track, 4, 99000, &us) == PING_LATE && us == 95000);
    EXPECT(answer(6, 99000) == PING_UNKNOWN);
    EXPECT(track.sent == 5 && track.received == 3 && track.lost == 1 && track.late == 1);
    EXPECT(track.duplicates == 1 && track.reordered == 1 && ping_track_waiting(&track) == 1);
    EXPECT(track.times.count == 3 && track.times.max_us == 2000); /* the late one does not count */
    EXPECT(ping_track_answer(&track, 5, 5000 + (uint64_t)UINT32_MAX + 1, &us) == PING_FIRST);
    EXPECT(us == UINT32_MAX); /* longer than can be said */
    EXPECT(ping_track_send(&track, 3000000000U, 6) == 6);
    EXPECT(ping_track_answer(&track, 6, 3000000007U, &us) == PING_FIRST && us == 7);
    track.sent = UINT32_MAX - 2; /* the last number is one before the last there is */
    track.oldest = UINT32_MAX - 1;
    EXPECT(ping_track_send(&track, 1, 1) == UINT32_MAX - 1);
    EXPECT(ping_track_answer(&track, UINT32_MAX - 1, 2, &us) == PING_FIRST);
    EXPECT(ping_track_send(&track, 1, 1) == 0);
}

static void test_window(void)
{
    ping_track_begin(&track);
    for (uint32_t number = 1; number <= CFG_PING_WINDOW; number++) {
        EXPECT(ping_track_send(&track, number, number) == number);
    }
    EXPECT(ping_track_send(&track, 1, 1) == 0); /* all wait: none is forgotten for a new one */
    EXPECT(answer(2, 5000000) == PING_FIRST);
    EXPECT(ping_track_send(&track, 1, 1) == 0); /* the oldest still does */
    EXPECT(answer(1, 5000000) == PING_REORDERED);
    EXPECT(ping_track_send(&track, 1, 1) == CFG_PING_WINDOW + 1);
    EXPECT(answer(1, 5000000) == PING_UNKNOWN); /* its place is taken */
    EXPECT(answer(2, 5000000) == PING_AGAIN);
    EXPECT(ping_track_send(&track, 1, 1) == CFG_PING_WINDOW + 2);
    EXPECT(ping_track_send(&track, 1, 1) == 0);
    uint32_t given_up = 0;
    while (ping_track_expire(&track, 1000000, 1000) != 0) {
        given_up++;
    }
    EXPECT(given_up == CFG_PING_WINDOW && ping_track_waiting(&track) == 0);
    EXPECT(ping_track_oldest(&track) == 0);
    EXPECT(track.lost + track.received == track.sent);
}

/* ---- Bytes --------------------------------------------------------------------------------- */

static void test_payload(void)
{
    uint8_t whole[100];
    uint8_t piece[100];
    uint8_t wanted = 0;
    uint32_t number = 0;
    ping_payload_fill(0x01020304, 0x05060708, 0, whole, sizeof whole);
    EXPECT(memcmp(whole, "\x08\x07\x06\x05\x04\x03\x02\x01", 8) == 0);
    EXPECT(ping_payload_number(0x01020304, whole, 8, &number) && number == 0x05060708);
    EXPECT(!ping_payload_number(0x01020304, whole, 7, &number));
    uint8_t head[8];
    memcpy(head, whole, sizeof head);
    for (unsigned shift = 0; shift < 32; shift += 8) { /* each byte of the mark counts */
        EXPECT(!ping_payload_number(0x01020304 ^ UINT32_C(1) << shift, head, 8, &number));
    }
    EXPECT(ping_payload_number(0x01020304, head, 8, &number));
    /* The noise is the same on all machines. */
    EXPECT(memcmp(whole + 8, "\x46\xa1\x7a\x1e\xf7\x57\x82\x79", 8) == 0);
    for (size_t offset = 0; offset < sizeof whole; offset++) { /* the same in any pieces */
        size_t n = sizeof whole - offset;
        ping_payload_fill(0x01020304, 0x05060708, offset, piece, n);
        EXPECT(memcmp(piece, whole + offset, n) == 0);
        EXPECT(ping_payload_compare(0x01020304, 0x05060708, offset, piece, n, &wanted) == n);
        piece[n / 2] ^= 0x10;
        EXPECT(ping_payload_compare(0x01020304, 0x05060708, offset, piece, n, &wanted) == n / 2);
        EXPECT(wanted == whole[offset + n / 2]);
    }
    /* Another probe, another run: not the same noise, or a mixed-up reply would pass. */
    ping_payload_fill(0x01020304, 0x05060709, 0, piece, sizeof piece);
    EXPECT(memcmp(piece + 8, whole + 8, 8) != 0);
    ping_payload_fill(0x01020305, 0x05060708, 0, piece, sizeof piece);
    EXPECT(memcmp(piece + 8, whole + 8, 8) != 0);
}

int main(void)
{
    test_times();
    test_fates();
    test_window();
    test_payload();
    return check_report("ping_parts");
}
