/* SPDX-License-Identifier: MIT */
/*
 * Where a download goes. A file is written as NAME.part and renamed when it is whole; beside it
 * NAME.part.tag says how to go on with it. A device is written as it stands, and what goes to a
 * terminal is made safe first. For get_app.c and get.c.
 */
#ifndef APPS_GET_OUTPUT_H
#define APPS_GET_OUTPUT_H

#include "apps/get/get_tag.h"
#include "port/port_tool.h"

enum get_output_kind {
    GET_TO_FILE,    /* by way of NAME.part */
    GET_TO_DEVICE,
    GET_TO_STDOUT,
    GET_TO_TERMINAL /* standard output as well */
};

struct get_output {
    char name[CFG_GET_NAME_BYTES];
    char part[CFG_GET_NAME_BYTES];     /* NAME.part */
    char tag_name[CFG_GET_NAME_BYTES]; /* NAME.part.tag */
    uint64_t written;    /* bytes of the file that are there, those of an earlier run as well */
    port_handle handle;  /* PORT_NONE: not open */
    uint8_t kind;        /* enum get_output_kind */
    bool begun;          /* something of this download was written, or could have been */
    bool resumable;      /* there is a tag */
    uint8_t carried;     /* to a terminal: bytes of a character that is not whole yet */
    uint8_t carry[4];
};

/* Chooses the output: a file's name, or NULL: standard output. False: the name is too long. */
bool get_output_choose(struct get_output *output, const char *name);

/* Finds out what an earlier run left of this URL, and opens it to be continued. Returns how many
 * bytes of it can be kept, 0: none; *tag is then undefined. */
uint64_t get_output_resume(struct get_output *output, const char *url, size_t url_bytes,
                           struct get_tag *tag);

/* Begins at the first byte. With a validator in `tag` it can be resumed later. Returns PORT_OK, or
 * what port_output_open says. Must not be called when bytes went to standard output. */
int get_output_begin(struct get_output *output, const char *url, size_t url_bytes,
                     const struct get_tag *tag);

/* Writes n bytes; before that it was begun, or is resumed. PORT_OK, PORT_FULL, PORT_IO. */
int get_output_write(struct get_output *output, const uint8_t *bytes, size_t n);

/* The file is whole: makes it last and gives it its name. PORT_OK, or what failed. */
int get_output_finish(struct get_output *output);

/* Ends writing; what is there stays as it is. Safe to repeat. */
void get_output_close(struct get_output *output);

/* True when what was written cannot be taken back, so a download can only go on. */
bool get_output_is_stream(const struct get_output *output);

/* In a few words, why: "there is no such folder". */
const char *get_output_fault(int result);

#endif
