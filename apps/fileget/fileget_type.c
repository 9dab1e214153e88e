/* SPDX-License-Identifier: MIT */
/* Content types by the ending of a file's name. */
#include "apps/fileget/fileget_type.h"

#include "apps/fileget/http_head.h"

/* Several endings may share a type: they are divided by spaces. */
static const struct {
    const char *type;
    const char *endings;
} rows[] = {
    {"application/octet-stream", "bin img iso deb rpm"},
    {"text/html", "html htm xhtml"},
    {"text/plain", "txt text log md conf ini c h py sh patch diff"},
    {"text/css", "css"},
    {"text/javascript", "js mjs"},
    {"text/csv", "csv"},
    {"text/calendar", "ics"},
    {"application/xml", "xml"},
    {"application/json", "json map"},
    {"application/pdf", "pdf"},
    {"application/wasm", "wasm"},
    {"application/zip", "zip"},
    {"application/gzip", "gz tgz"},
    {"application/x-bzip2", "bz2"},
    {"application/x-xz", "xz"},
    {"application/zstd", "zst"},
    {"application/x-tar", "tar"},
    {"application/x-7z-compressed", "7z"},
    {"application/epub+zip", "epub"},
    {"application/rtf", "rtf"},
    {"application/manifest+json", "webmanifest"},
    {"application/vnd.android.package-archive", "apk"},
    {"image/png", "png"},
    {"image/jpeg", "jpg jpeg"},
    {"image/gif", "gif"},
    {"image/webp", "webp"},
    {"image/avif", "avif"},
    {"image/svg+xml", "svg"},
    {"image/x-icon", "ico"},
    {"image/bmp", "bmp"},
    {"audio/mpeg", "mp3"},
    {"audio/ogg", "ogg oga opus"},
    {"audio/wav", "wav"},
    {"audio/flac", "flac"},
    {"audio/mp4", "m4a"},
    {"video/mp4", "mp4 m4v"},
    {"video/webm", "webm"},
    {"video/x-matroska", "mkv"},
    {"font/woff", "woff"},
    {"font/woff2", "woff2"},
    {"font/ttf", "ttf"},
    {"font/otf", "otf"}
};

/* True when one of the words of `endings` is the n bytes of `ending`. */
static bool has_ending(const char *endings, const uint8_t *ending, size_t n)
{
    size_t at = 0; /* bytes of the word that agree */
    bool same = true;

    for (;; endings++) {
        if (*endings == ' ' || *endings == '\0') {
            if (same && at == n) {
                return true;
            }
            if (*endings == '\0') {
                return false;
            }
            at = 0;
            same = true;
        } else {
            char letter[2] = {*endings, '\0'};

            same = same && at < n && http_equal(ending + at, 1, letter);
            at++;
        }
    }
}

unsigned fileget_type_of(const char *name, size_t n)
{
    size_t dot = n;

    while (dot > 0 && name[dot - 1] != '.' && name[dot - 1] != '/') {
        dot--;
    }
    if (dot == 0 || name[dot - 1] == '/' || dot == n) {
        return 0;
    }
    for (unsigned i = 0; i < COUNT_OF(rows); i++) {
        if (has_ending(rows[i].endings, (const uint8_t *)name + dot, n - dot)) {
            return i;
        }
    }
    return 0;
}

const char *fileget_type_text(unsigned row)
{
    CHECK(row < COUNT_OF(rows));
    return rows[row].type;
}
