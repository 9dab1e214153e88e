/* SPDX-License-Identifier: MIT */
/* Content types: each ending finds its row, in either case, and what only looks like one does not.
 */
#include "apps/fileget/fileget_type.h"

#include <stdio.h>
#include <string.h>

#include "tests/check.h"

#define UNKNOWN "application/octet-stream"

static const struct row {
    const char *name;
    const char *type;
} rows[] = {
    {"a.html", "text/html; charset=utf-8"},
    {"a.htm", "text/html; charset=utf-8"},
    {"A.HTML", "text/html; charset=utf-8"},
    {"a.b.Txt", "text/plain; charset=utf-8"},
    {"a.md", "text/plain; charset=utf-8"},
    {"a.c", "text/plain; charset=utf-8"},
    {"a.css", "text/css; charset=utf-8"},
    {"a.mjs", "text/javascript; charset=utf-8"},
    {"a.json", "application/json"},
    {"a.xml", "application/xml"},
    {"a.pdf", "application/pdf"},
    {"d.png/a.gz", "application/gzip"},
    {"a.tar.gz", "application/gzip"},
    {"a.7z", "application/x-7z-compressed"},
    {"a.png", "image/png"},
    {"a.jpg", "image/jpeg"},
    {"a.JPEG", "image/jpeg"},
    {"a.svg", "image/svg+xml"},
    {"a.mp3", "audio/mpeg"},
    {"a.opus", "audio/ogg"},
    {"a.mp4", "video/mp4"},
    {"a.mkv", "video/x-matroska"},
    {"a.woff", "font/woff"},
    {"a.woff2", "font/woff2"},
    {"a.otf", "font/otf"},
    {"a.bin", UNKNOWN},
    {"a.unknown", UNKNOWN},
    {"a", UNKNOWN},
    {"", UNKNOWN},
    {".", UNKNOWN},
    {"a.", UNKNOWN},
    {"html", UNKNOWN},
    {"d.html/a", UNKNOWN},
    {"a.htmll", UNKNOWN},
    {"a.ht", UNKNOWN},
    {"a.html ", UNKNOWN},
    {"a.html htm", UNKNOWN},
    {"a. ", UNKNOWN},
    {"a.\n", UNKNOWN},
    {"a.thtml", UNKNOWN},
    {"a.png\nj", UNKNOWN},
    {"a.l", UNKNOWN} /* how a type ends */
};

static const char *type_of(const char *name, const char *charset)
{
    static char bytes[80];
    struct text text;

    text_begin(&text, bytes, sizeof bytes - 1);
    fileget_type_put(&text, fileget_type_of(name, strlen(name)), charset);
    bytes[text.n] = '\0';
    return bytes;
}

int main(void)
{
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const char *type = type_of(rows[i].name, "utf-8");

        EXPECT(strcmp(type, rows[i].type) == 0);
        if (strcmp(type, rows[i].type) != 0) {
            printf("# %s: %s\n", rows[i].name, type);
        }
    }
    EXPECT(fileget_type_of("a.png/", 5) == fileget_type_of("b.png", 5)); /* nor what is behind */
    EXPECT(fileget_type_of("a.pngx", 5) == fileget_type_of("b.png", 5));
    EXPECT(strcmp(type_of("a.txt", ""), "text/plain") == 0);
    EXPECT(strcmp(type_of("a.txt", "gbk"), "text/plain; charset=gbk") == 0);
    EXPECT(strcmp(type_of("a.png", "gbk"), "image/png") == 0);
    return check_report("fileget_type");
}
