/* SPDX-License-Identifier: MIT */
/* The file that keeps what everybody in the room could read. */
#include "apps/chat/chat_record.h"

#include "apps/chat/chat_output.h"
#include "core/date.h"
#include "core/log.h"

static struct chat_record state;

void chat_record_set(port_handle file)
{
    if (state.open) {
        port_close(state.file); /* the last option counts */
    }
    state.open = file != PORT_NONE;
    state.file = file;
}

void chat_record_start(void)
{
    state.missing = 0;
    state.lost = 0;
    state.told_ms = 0;
}

uint64_t chat_record_lost(void)
{
    return state.lost;
}

static void begin_line(struct text *text)
{
    struct date date;
    text_begin(text, state.line, sizeof state.line);
    if (date_now(&date)) {
        date_put_day(text, &date);
        text_put_char(text, 'T');
        date_put_second(text, &date);
        text_put_char(text, 'Z');
    } else {
        text_put_char(text, '-');
    }
    text_put_char(text, ' ');
}

static bool write_line(const struct text *text)
{
    CHECK(!text->cut);
    return port_record_write(state.file, text->bytes, text->n) == PORT_OK;
}

/* Writes how many lines are missing here. */
static bool write_gap(void)
{
    struct text text;
    begin_line(&text);
    text_put(&text, "*** ");
    text_put_number(&text, state.missing);
    text_put(&text, state.missing == 1 ? " line is missing here\n" : " lines are missing here\n");
    return write_line(&text);
}

static void lose(void)
{
    uint64_t now_ms = port_now_ms();
    state.missing += state.missing < UINT32_MAX ? 1 : 0;
    state.lost++;
    if (state.lost == 1 || now_ms - state.told_ms >= CFG_LOG_INTERVAL_MS) {
        state.told_ms = now_ms;
        log_line("the file of --chat-log takes no more; what is said is not kept");
    }
}

void chat_record_put(const struct chat_entry *entry)
{
    struct text text;
    if (!state.open) {
        return;
    }
    if (state.missing > 0) {
        if (!write_gap()) {
            lose();
            return;
        }
        state.missing = 0;
    }
    begin_line(&text);
    chat_output_render(entry, &text);
    if (!write_line(&text)) {
        lose();
    }
}
