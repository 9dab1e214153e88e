/* SPDX-License-Identifier: MIT */
/* The lines that ping prints. */
#include "apps/ping/ping_report.h"

#include "core/text.h"
#include "port/port_tool.h"

enum { LINE_BYTES = 512 };

static void line_begin(struct text *text, char line[LINE_BYTES])
{
    text_begin(text, line, LINE_BYTES - 1); /* the line end always fits */
}

static bool line_print(struct text *text)
{
    text->bytes[text->n] = '\n';
    return port_print(PORT_STDOUT, text->bytes, text->n + 1) == PORT_OK;
}

/* A line that -q leaves out. */
static bool detail_print(struct text *text)
{
    return ping_settings.quiet || line_print(text);
}

/* 1234 as 1.234 */
static void put_thousandths(struct text *text, uint64_t number)
{
    text_put_number(text, number / 1000);
    text_put_char(text, '.');
    text_put_padded(text, number % 1000, 3, '0');
}

static void put_hex(struct text *text, uint8_t byte)
{
    static const char digits[] = "0123456789abcdef";
    text_put(text, "0x");
    text_put_char(text, digits[byte >> 4]);
    text_put_char(text, digits[byte & 15]);
}

/* "seq=3", and what is said of it. */
static void put_probe(struct text *text, uint32_t number, const char *what)
{
    text_put(text, "seq=");
    text_put_number(text, number);
    text_put(text, what);
}

/* "64 bytes from 192.0.2.1:7007", and what is said of them. */
static void put_bytes_from(struct text *text, size_t n, const struct port_address *address,
                           const char *what)
{
    text_put_number(text, n);
    text_put(text, " bytes from ");
    text_put_address(text, address);
    text_put(text, what);
}

/* "name (192.0.2.1:7007)" */
static void put_target(struct text *text, const struct port_address *address)
{
    text_put(text, ping_settings.target.host);
    text_put(text, " (");
    text_put_address(text, address);
    text_put(text, ")");
}

bool ping_report_begin(const struct port_address *address, uint32_t connect_us)
{
    char line[LINE_BYTES];
    struct text text;
    line_begin(&text, line);
    text_put(&text, "ping ");
    put_target(&text, address);
    text_put(&text, ping_settings.datagrams ? " over UDP, " : " over TCP, ");
    text_put_number(&text, ping_settings.bytes);
    text_put(&text, " bytes");
    if (!ping_settings.datagrams) {
        text_put(&text, ", connected in ");
        put_thousandths(&text, connect_us);
        text_put(&text, " ms");
    }
    return line_print(&text);
}

static const char *note_of(enum ping_answer answer)
{
    switch (answer) {
    case PING_FIRST:
        return "";
    case PING_REORDERED:
        return " (out of order)";
    case PING_AGAIN:
        return " (duplicate)";
    case PING_LATE:
        return " (too late)";
    case PING_UNKNOWN:
        return " (unknown)";
    }
    return "";
}

bool ping_report_reply(const struct port_address *address, uint32_t number, size_t n,
                       uint32_t round_trip_us, enum ping_answer answer)
{
    char line[LINE_BYTES];
    struct text text;
    line_begin(&text, line);
    put_bytes_from(&text, n, address, ": ");
    put_probe(&text, number, " time=");
    put_thousandths(&text, round_trip_us);
    text_put(&text, " ms");
    text_put(&text, note_of(answer));
    return detail_print(&text);
}

bool ping_report_lost(uint32_t number)
{
    char line[LINE_BYTES];
    struct text text;
    line_begin(&text, line);
    put_probe(&text, number, ": no reply in ");
    put_thousandths(&text, ping_settings.timeout_ms);
    text_put(&text, " s");
    return detail_print(&text);
}

bool ping_report_unsent(uint32_t number)
{
    char line[LINE_BYTES];
    struct text text;
    line_begin(&text, line);
    put_probe(&text, number, ": could not be sent");
    return detail_print(&text);
}

bool ping_report_damage(uint32_t number, size_t offset, uint8_t got, uint8_t wanted)
{
    char line[LINE_BYTES];
    struct text text;
    line_begin(&text, line);
    put_probe(&text, number, ": differs first in byte ");
    text_put_number(&text, offset);
    text_put(&text, " (from 0): ");
    put_hex(&text, got);
    text_put(&text, " came back for ");
    put_hex(&text, wanted);
    return detail_print(&text);
}

bool ping_report_length(uint32_t number, size_t n)
{
    char line[LINE_BYTES];
    struct text text;
    line_begin(&text, line);
    put_probe(&text, number, ": ");
    text_put_number(&text, n);
    text_put(&text, " bytes came back for ");
    text_put_number(&text, ping_settings.bytes);
    return detail_print(&text);
}

bool ping_report_strange(const struct port_address *from, size_t n)
{
    char line[LINE_BYTES];
    struct text text;
    line_begin(&text, line);
    put_bytes_from(&text, n, from, " that answer no probe");
    return detail_print(&text);
}

bool ping_report_elsewhere(const struct port_address *from)
{
    char line[LINE_BYTES];
    struct text text;
    line_begin(&text, line);
    text_put(&text, "a datagram came from ");
    text_put_address(&text, from);
    text_put(&text, ", which was not asked");
    return detail_print(&text);
}

bool ping_report_surplus(void)
{
    char line[LINE_BYTES];
    struct text text;
    line_begin(&text, line);
    text_put(&text, "bytes came back that had not been sent");
    return detail_print(&text);
}

/* ---- The summary --------------------------------------------------------------------------- */

/* ", 3 duplicates", but nothing of what did not happen. */
static void put_count(struct text *text, uint64_t count, const char *what)
{
    if (count > 0) {
        text_put(text, ", ");
        text_put_number(text, count);
        text_put(text, what);
    }
}

static void put_losses(struct text *text, const struct ping_track *track)
{
    uint64_t per_mille = track->sent > 0 ? (uint64_t)track->lost * 1000 / track->sent : 0;
    text_put_number(text, track->sent);
    text_put(text, " sent, ");
    text_put_number(text, track->received);
    text_put(text, " received, ");
    text_put_number(text, track->lost);
    text_put(text, " lost (");
    text_put_number(text, per_mille / 10);
    text_put_char(text, '.');
    text_put_number(text, per_mille % 10);
    text_put(text, "%)");
}

static bool report_times(const struct ping_times *times)
{
    char line[LINE_BYTES];
    struct text text;
    line_begin(&text, line);
    text_put(&text, "round trip min/avg/max/stddev = ");
    put_thousandths(&text, times->min_us);
    text_put_char(&text, '/');
    put_thousandths(&text, ping_times_average(times));
    text_put_char(&text, '/');
    put_thousandths(&text, times->max_us);
    text_put_char(&text, '/');
    put_thousandths(&text, ping_times_deviation(times));
    text_put(&text, " ms");
    return line_print(&text);
}

bool ping_report_summary(const struct ping_track *track, const struct ping_findings *findings)
{
    char line[LINE_BYTES];
    struct text text;
    line_begin(&text, line);
    text_put(&text, "--- ");
    put_target(&text, &findings->address);
    text_put(&text, ": ");
    put_losses(&text, track);
    put_count(&text, ping_track_waiting(track), " still under way");
    put_count(&text, track->duplicates, " duplicate");
    put_count(&text, track->reordered, " out of order");
    put_count(&text, track->late, " too late");
    put_count(&text, findings->damaged, " damaged");
    put_count(&text, findings->elsewhere, " from elsewhere");
    put_count(&text, findings->strange, " that answer nothing");
    put_count(&text, findings->surplus_bytes, " bytes too many");
    bool read = line_print(&text);
    return read && (track->received == 0 || report_times(&track->times));
}
