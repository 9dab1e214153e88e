/* SPDX-License-Identifier: MIT */
/* Content types by the ending of a file's name. */
#include "apps/fileget/fileget_type.h"

#include "apps/fileget/http_head.h"

/* A row for each type: a letter for what stands before its slash, the rest of it, and the endings,
 * all with a space behind them. One string, for a table of pointers would be as long again. */
static const char rows[] =
    "aoctet-stream bin img iso deb rpm \n"
    "thtml html htm xhtml \n"
    "tplain txt text log md conf ini c h py sh patch diff \n"
    "tcss css \n"
    "tjavascript js mjs \n"
    "tcsv csv \n"
    "tcalendar ics \n"
    "axml xml \n"
    "ajson json map \n"
    "apdf pdf \n"
    "awasm wasm \n"
    "azip zip \n"
    "agzip gz tgz \n"
    "ax-bzip2 bz2 \n"
    "ax-xz xz \n"
    "azstd zst \n"
    "ax-tar tar \n"
    "ax-7z-compressed 7z \n"
    "aepub+zip epub \n"
    "artf rtf \n"
    "amanifest+json webmanifest \n"
    "ipng png \n"
    "ijpeg jpg jpeg \n"
    "igif gif \n"
    "iwebp webp \n"
    "iavif avif \n"
    "isvg+xml svg \n"
    "ix-icon ico \n"
    "ibmp bmp \n"
    "umpeg mp3 \n"
    "uogg ogg oga opus \n"
    "uwav wav \n"
    "uflac flac \n"
    "ump4 m4a \n"
    "vmp4 mp4 m4v \n"
    "vwebm webm \n"
    "vx-matroska mkv \n"
    "fwoff woff \n"
    "fwoff2 woff2 \n"
    "fttf ttf \n"
    "fotf otf \n";

/* How many bytes a word has: up to its space. */
static size_t word_bytes(const char *word)
{
    size_t n = 0;

    while (word[n] != ' ') {
        n++;
    }
    return n;
}

static bool word_is(const char *word, size_t n, const char *ending)
{
    size_t i = 0;

    while (i < n && http_lower((uint8_t)ending[i]) == (uint8_t)word[i]) {
        i++;
    }
    return i == n;
}

/* The part of a name behind its last dot. */
static size_t ending_of(const char *name, size_t n)
{
    size_t dot = n;

    while (dot > 0 && name[dot - 1] != '.' && name[dot - 1] != '/') {
        dot--;
    }
    return dot == 0 || name[dot - 1] == '/' ? 0 : n - dot;
}

uint8_t fileget_type_of(const char *name, size_t n)
{
    size_t ending_bytes = ending_of(name, n);
    const char *at = rows;
    uint8_t type = 0;

    while (*at != '\0' && ending_bytes > 0) {
        at += word_bytes(at) + 1; /* the type */
        while (*at != '\n') {
            size_t word = word_bytes(at);

            if (word == ending_bytes && word_is(at, word, name + n - word)) {
                return type;
            }
            at += word + 1;
        }
        at++;
        type++;
    }
    return 0;
}

static const char *row_of(uint8_t type)
{
    const char *at = rows;

    for (; type > 0; type--) {
        while (*at != '\n') {
            CHECK(*at != '\0');
            at++;
        }
        at++;
    }
    return at;
}

void fileget_type_put(struct text *text, uint8_t type, const char *charset)
{
    static const char letters[] = "aftiuv";
    static const char *const fronts[] = {"application/", "font/", "text/", "image/", "audio/",
                                         "video/"};
    const char *row = row_of(type);
    size_t i = 0;

    while (letters[i] != row[0]) {
        i++;
        CHECK(i < COUNT_OF(fronts));
    }
    text_put(text, fronts[i]);
    text_put_bytes(text, row + 1, word_bytes(row + 1));
    if (row[0] == 't' && charset[0] != '\0') {
        text_put(text, "; charset=");
        text_put(text, charset);
    }
}
