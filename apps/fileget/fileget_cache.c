/* SPDX-License-Identifier: MIT */
/* Files kept open for a moment. */
#include "apps/fileget/fileget_cache.h"

#if CFG_FILEGET_CACHE_FILES > 0

#include <string.h>

#include "apps/fileget/fileget_type.h"

/* A file's date tells of every write once it is so much older than the date now. */
enum { SETTLED_S = 2 };

static struct fileget_cache state;

void fileget_cache_start(void)
{
    state.used = 0;
    state.kind = deadline_kind(CFG_FILEGET_CACHE_MS);
    state.ticking = false;
    state.stopped = false;
}

/* ---- Places -------------------------------------------------------------------------------- */

static struct fileget_place *find(const char *name, size_t n)
{
    for (unsigned i = 0; i < state.used; i++) {
        struct fileget_place *place = &state.places[i];

        if (place->file != PORT_NONE && !place->over && place->name_bytes == n
            && memcmp(place->name, name, n) == 0) {
            return place;
        }
    }
    return NULL;
}

/* Closes it as soon as nobody uses it. */
static void place_end(struct fileget_place *place)
{
    place->over = true;
    if (place->users == 0) {
        port_close(place->file);
        place->file = PORT_NONE;
    }
}

static bool is_idle(const struct fileget_place *place)
{
    return place->file != PORT_NONE && place->users == 0;
}

static bool is_too_old(const struct fileget_place *place)
{
    return (uint32_t)port_now_ms() - place->since_ms >= CFG_FILEGET_CACHE_MS;
}

/* A free place, or that of the file opened first; NULL: all are lent. */
static struct fileget_place *place_for_new(void)
{
    struct fileget_place *oldest = NULL;

    for (unsigned i = 0; i < state.used; i++) {
        struct fileget_place *place = &state.places[i];

        if (place->file == PORT_NONE) {
            return place;
        }
        if (is_idle(place)
            && (oldest == NULL || place->since_ms - oldest->since_ms > INT32_MAX)) {
            oldest = place;
        }
    }
    if (state.used < CFG_FILEGET_CACHE_FILES) {
        state.used++;
        return &state.places[state.used - 1];
    }
    if (oldest != NULL) {
        place_end(oldest);
    }
    return oldest;
}

/* The place whose file is lent to this connection, or NULL. */
static struct fileget_place *lent_to(const struct fileget_conn *fileget)
{
    struct fileget_place *place = fileget->lent == 0 ? NULL : &state.places[fileget->lent - 1];

    CHECK(place == NULL || (place->users > 0 && place->file == fileget->file));
    return place;
}

static void lend(struct fileget_place *place, struct fileget_conn *fileget)
{
    place->users++;
    fileget->lent = (uint8_t)(place - state.places + 1);
    fileget->file = place->file;
    fileget->of.version = place->version;
    fileget->type = place->type;
}

/* ---- Calls --------------------------------------------------------------------------------- */

static bool is_unchanged(const struct fileget_place *place)
{
    struct port_file_info info;

    return port_file_look(place->file, &info) == PORT_OK && info.revision == place->revision
           && info.size_bytes == place->version.size_bytes
           && info.modified_s == place->version.modified_s
           && info.modified_ns == place->version.modified_ns;
}

bool fileget_cache_take(struct fileget_conn *fileget, const char *name, size_t n)
{
    struct fileget_place *place = find(name, n);

    CHECK(fileget->file == PORT_NONE && fileget->lent == 0);
    if (place == NULL) {
        return false;
    }
    if (is_too_old(place) || !is_unchanged(place)) {
        place_end(place);
        return false;
    }
    lend(place, fileget);
    return true;
}

void fileget_cache_keep(struct fileget_conn *fileget, const char *name, size_t n,
                        const struct port_file_info *info)
{
    struct fileget_place *place;

    CHECK(fileget->file != PORT_NONE && fileget->lent == 0);
    CHECK(find(name, n) == NULL); /* else fileget_cache_take had lent it */
    if (state.stopped || n > CFG_FILEGET_CACHE_NAME_BYTES) {
        return;
    }
    place = place_for_new();
    if (place == NULL) {
        return;
    }
    place->file = fileget->file;
    place->since_ms = (uint32_t)port_now_ms();
    place->revision = info->revision;
    place->version = fileget->of.version;
    place->body_bytes = 0;
    place->fields_bytes = 0;
    place->users = 0;
    place->over = false;
    place->type = fileget_type_of(name, n);
    memcpy(place->name, name, n);
    place->name_bytes = (uint16_t)n;
    lend(place, fileget);
    if (!state.ticking) {
        state.ticking = true;
        app_deadline_set(&fileget_app, 0, state.kind);
    }
}

/* Reads all of a small file into its place. */
static void body_read(struct fileget_place *place)
{
    size_t n = (size_t)place->version.size_bytes;
    size_t got = 0;

    while (got < n) {
        int more = port_file_read(place->file, got, place->body + got, n - got);

        if (more <= 0) {
            return;
        }
        got += (size_t)more;
    }
    place->body_bytes = (uint16_t)n;
}

const char *fileget_cache_body(const struct fileget_conn *fileget)
{
    struct fileget_place *place = lent_to(fileget);
    const struct http_version *version = &fileget->of.version;

    if (place == NULL || version->size_bytes > CFG_FILEGET_CACHE_BODY_BYTES) {
        return NULL;
    }
    if (place->body_bytes == 0 && fileget->date_s != HTTP_DATE_UNKNOWN
        && version->modified_s <= fileget->date_s - SETTLED_S) {
        body_read(place);
    }
    return place->body_bytes > 0 ? place->body : NULL;
}

static const char *date_text(int64_t date_s)
{
    struct text text;

    if (date_s == HTTP_DATE_UNKNOWN) {
        return NULL;
    }
    if (date_s != state.date_s || date_s == 0) {
        text_begin(&text, state.date, sizeof state.date);
        http_date_put(&text, date_s);
        CHECK(text.n == HTTP_DATE_BYTES && !text.cut);
        state.date_s = date_s;
    }
    return state.date;
}

static void fields_render(struct fileget_place *place, const struct http_answer *answer)
{
    struct text text;

    text_begin(&text, place->fields, sizeof place->fields);
    http_fields_put(&text, answer);
    place->fields_bytes = text.cut ? 0 : (uint16_t)text.n;
}

void fileget_cache_describe(const struct fileget_conn *fileget, struct http_answer *answer)
{
    struct fileget_place *place = lent_to(fileget);

    answer->date = date_text(answer->date_s);
    answer->fields = NULL;
    /* Of a file from the future the date would be another each second; without a date, of any. */
    if (place == NULL || answer->status != HTTP_OK
        || answer->version.modified_s > answer->date_s) {
        return;
    }
    if (place->fields_bytes == 0) {
        fields_render(place, answer);
    }
    if (place->fields_bytes > 0) {
        answer->fields = place->fields;
        answer->fields_bytes = place->fields_bytes;
    }
}

void fileget_cache_return(struct fileget_conn *fileget)
{
    struct fileget_place *place = lent_to(fileget);

    CHECK(place != NULL);
    place->users--;
    fileget->lent = 0;
    if (place->over || state.stopped) {
        place_end(place);
    }
}

unsigned fileget_cache_close_idle(bool all)
{
    unsigned closed = 0;

    for (unsigned i = 0; i < state.used; i++) {
        struct fileget_place *place = &state.places[i];

        if (is_idle(place) && (all || is_too_old(place))) {
            place_end(place);
            closed++;
        }
    }
    return closed;
}

void fileget_cache_due(void)
{
    (void)fileget_cache_close_idle(false);
    state.ticking = false;
    for (unsigned i = 0; i < state.used && !state.ticking; i++) {
        state.ticking = state.places[i].file != PORT_NONE;
    }
    if (state.ticking) {
        app_deadline_set(&fileget_app, 0, state.kind);
    }
}

void fileget_cache_stop(void)
{
    state.stopped = true;
    (void)fileget_cache_close_idle(true);
}

#endif
