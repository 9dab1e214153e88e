/* SPDX-License-Identifier: MIT */
/* file-get: a name in, a file out; raw and by HTTP/1.1 on one port. */
#ifndef APPS_FILEGET_FILEGET_H
#define APPS_FILEGET_FILEGET_H

#include "apps/fileget/fileget_config.h"
#include "core/app.h"

struct fileget_settings {
    const char *only;      /* the one file there is, for the root's name too; NULL: all */
    const char *headers[CFG_FILEGET_HEADERS_MAX]; /* "Name: value" for every answer, then NULLs */
    const char *index;     /* the file that stands for its directory; "": none */
    const char *charset;   /* of text files, named in Content-Type; "": not named */
    uint32_t quiet_gap_ms; /* a pause that ends a raw name without a line end; 0: none does */
    bool listing;          /* directories without an index are listed */
    bool dot_files;        /* names that begin with a dot are names like others */
    bool access_log;
};

/* Set before the loop starts. */
extern struct fileget_settings fileget_settings;
extern const struct app fileget_app;

#endif
