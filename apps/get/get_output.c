/* SPDX-License-Identifier: MIT */
/* Where a download goes. */
#include "apps/get/get_output.h"

#include <string.h>

#include "core/utf8.h"

static const char part_ending[] = ".part";
static const char tag_ending[] = ".part.tag";

static void name_put(char *to, const char *name, size_t n, const char *ending)
{
    memcpy(to, name, n);
    memcpy(to + n, ending, strlen(ending) + 1);
}

bool get_output_choose(struct get_output *output, const char *name)
{
    memset(output, 0, sizeof *output);
    output->handle = PORT_NONE;
    if (name == NULL) {
        bool terminal = port_terminal_columns(PORT_STDOUT) > 0;
        output->kind = terminal ? GET_TO_TERMINAL : GET_TO_STDOUT;
        return true;
    }
    size_t n = strlen(name);
    if (n + sizeof tag_ending > sizeof output->name) {
        return false;
    }
    output->kind = port_output_replaceable(name) ? GET_TO_FILE : GET_TO_DEVICE;
    name_put(output->name, name, n, "");
    name_put(output->part, name, n, part_ending);
    name_put(output->tag_name, name, n, tag_ending);
    return true;
}

bool get_output_is_stream(const struct get_output *output)
{
    return output->kind != GET_TO_FILE;
}

void get_output_close(struct get_output *output)
{
    if (output->handle != PORT_NONE) {
        port_close(output->handle);
        output->handle = PORT_NONE;
    }
}

uint64_t get_output_resume(struct get_output *output, const char *url, size_t url_bytes,
                           struct get_tag *tag)
{
    char bytes[GET_TAG_BYTES];
    uint64_t size = 0;
    get_output_close(output);
    if (output->kind != GET_TO_FILE) {
        return 0;
    }
    int n = port_text_read(output->tag_name, bytes, sizeof bytes);
    if (n <= 0 || !get_tag_read(bytes, (size_t)n, url, url_bytes, tag)) {
        return 0;
    }
    if (port_output_open(output->part, true, &output->handle, &size) != PORT_OK) {
        return 0;
    }
    if (size == 0 || size > tag->size) { /* more than there should be: of something else */
        get_output_close(output);
        if (size == 0) {
            (void)port_output_remove(output->part); /* opening made it */
        }
        return 0;
    }
    output->written = size;
    output->begun = true;
    output->resumable = true;
    return size;
}

/* The tag is on the disk before the first byte of what it describes. */
static int tag_write(const struct get_output *output, const char *url, size_t url_bytes,
                     const struct get_tag *tag)
{
    char bytes[GET_TAG_BYTES];
    struct text text;
    port_handle handle = PORT_NONE;
    uint64_t size = 0;
    text_begin(&text, bytes, sizeof bytes);
    get_tag_put(&text, url, url_bytes, tag);
    CHECK(!text.cut);
    int result = port_output_open(output->tag_name, false, &handle, &size);
    if (result != PORT_OK) {
        return result;
    }
    result = port_output_write(handle, text.bytes, text.n);
    if (result == PORT_OK) {
        result = port_output_sync(handle);
    }
    port_close(handle);
    return result;
}

int get_output_begin(struct get_output *output, const char *url, size_t url_bytes,
                     const struct get_tag *tag)
{
    uint64_t size = 0;
    bool file = output->kind == GET_TO_FILE;
    CHECK(output->written == 0 || file);
    get_output_close(output);
    output->written = 0;
    output->begun = true;
    output->resumable = false;
    if (output->kind == GET_TO_STDOUT || output->kind == GET_TO_TERMINAL) {
        return PORT_OK;
    }
    if (file) { /* a tag never stands beside bytes that it does not describe */
        int removed = port_output_remove(output->tag_name);
        if (removed != PORT_OK && removed != PORT_NOENT) {
            return removed;
        }
    }
    int result = port_output_open(file ? output->part : output->name, false, &output->handle,
                                  &size);
    if (result == PORT_OK && file && tag->validator_bytes > 0) {
        result = tag_write(output, url, url_bytes, tag);
        output->resumable = result == PORT_OK;
    }
    return result;
}

/* Shows n bytes on a terminal, as safe UTF-8 with its line ends; a character may come in pieces. */
static int terminal_write(struct get_output *output, const uint8_t *bytes, size_t n)
{
    uint8_t shown[512];
    int result = PORT_OK;
    while (n > 0 && result == PORT_OK) {
        size_t used = output->carried;
        memcpy(shown, output->carry, used);
        output->carried = 0;
        while (n > 0 && used < sizeof shown && *bytes != '\n') {
            shown[used] = *bytes;
            used++;
            bytes++;
            n--;
        }
        bool line_ends = n > 0 && *bytes == '\n' && used < sizeof shown;
        size_t whole = line_ends ? used : utf8_cut(shown, used);
        output->carried = (uint8_t)(used - whole);
        memcpy(output->carry, shown + whole, output->carried);
        whole = utf8_make_safe(shown, whole);
        if (line_ends) {
            shown[whole] = '\n';
            whole++;
            bytes++;
            n--;
        }
        result = port_print(PORT_STDOUT, (const char *)shown, whole);
    }
    return result;
}

int get_output_write(struct get_output *output, const uint8_t *bytes, size_t n)
{
    int result = PORT_OK;
    CHECK(output->begun);
    switch ((enum get_output_kind)output->kind) {
    case GET_TO_FILE:
    case GET_TO_DEVICE:
        result = port_output_write(output->handle, bytes, n);
        break;
    case GET_TO_STDOUT:
        result = port_print(PORT_STDOUT, (const char *)bytes, n);
        break;
    case GET_TO_TERMINAL:
        result = terminal_write(output, bytes, n);
        break;
    }
    output->written += n;
    return result;
}

int get_output_finish(struct get_output *output)
{
    CHECK(output->begun);
    if (output->handle == PORT_NONE) {
        return PORT_OK;
    }
    int result = port_output_sync(output->handle);
    get_output_close(output);
    if (result == PORT_OK && output->kind == GET_TO_FILE) {
        result = port_output_rename(output->part, output->name);
        if (result == PORT_OK) {
            (void)port_output_remove(output->tag_name); /* says nothing without its file */
        }
    }
    return result;
}

const char *get_output_fault(int result)
{
    switch (result) {
    case PORT_NOENT:
        return "there is no such folder";
    case PORT_DENIED:
        return "that is not allowed";
    case PORT_FULL:
        return "there is no room";
    default:
        return "the device or the reader failed";
    }
}
