/* SPDX-License-Identifier: MIT */
/* The hosted half: names, texts, output files. */
#include <string.h>

#include "port/port_tool.h"
#include "port/sim/state.h"

/* The one folder that output files lie in, beside those without one. As a root it is empty. */
static const char sim_scratch[] = "scratch";

/* ---- Start-up ------------------------------------------------------------------------------ */

int port_root_open(const char *path, unsigned flags)
{
    int result = PORT_OK;

    bool scratch = strcmp(path, sim_scratch) == 0;
    bool there = scratch || strcmp(path, "/") == 0 || strcmp(path, ".") == 0;

    if (!there || sim_fault(SIM_TOOL_NOENT, SIM_NOBODY)) {
        result = PORT_NOENT;
    } else if (sim_fault(SIM_TOOL_DENIED, SIM_NOBODY)) {
        result = PORT_DENIED;
    } else if (sim_fault(SIM_TOOL_SKIP, SIM_NOBODY)) {
        result = PORT_SKIP;
    } else if (sim_fault(SIM_TOOL_IO, SIM_NOBODY)) {
        result = PORT_IO;
    } else {
        sim.root_open = true;
        sim.root_scratch = scratch;
        sim.root_any = (flags & PORT_ROOT_ANY_MODE) != 0;
    }
    return sim_result("root_open", SIM_NOBODY, result);
}

int port_user_become(const char *user, bool confine)
{
    int result = PORT_OK;

    if (confine && !sim.root_open) {
        sim_fail("C5", SIM_NOBODY, "confined to a root that was not opened");
    }
    if ((user != NULL && user[0] == '\0') || sim_fault(SIM_TOOL_NOENT, SIM_NOBODY)) {
        result = PORT_NOENT;
    } else if (sim_fault(SIM_TOOL_DENIED, SIM_NOBODY)) {
        result = PORT_DENIED;
    } else if (sim_fault(SIM_TOOL_IO, SIM_NOBODY)) {
        result = PORT_IO;
    }
    return sim_result("user_become", SIM_NOBODY, result);
}

void port_serving_begins(bool converts)
{
    sim.no_converters = !converts;
    sim_result("Serving", SIM_NOBODY, 0);
}

void port_secret_held(void)
{
    sim_result("secret_held", SIM_NOBODY, 0);
}

/* ---- Output -------------------------------------------------------------------------------- */

int port_print(enum port_stream stream, const char *bytes, size_t n)
{
    sim_hash_bytes(bytes, n);
    if (sim.print_closed) {
        return sim_result("print", (int32_t)stream, PORT_IO);
    }
    if (stream == PORT_STDOUT && sim.hooks.console != NULL && n > 0) {
        sim.hooks.console((const uint8_t *)bytes, n);
    } else if (stream == PORT_STDERR && sim.hooks.log != NULL && n > 0) {
        sim.hooks.log(bytes, bytes[n - 1] == '\n' ? n - 1 : n);
    }
    return sim_result("print", (int32_t)stream, PORT_OK);
}

unsigned port_terminal_columns(enum port_stream stream)
{
    (void)stream;
    return sim.columns;
}

void sim_terminal_set(unsigned columns)
{
    sim.columns = columns;
}

void sim_print_close(void)
{
    sim.print_closed = true;
}

void sim_environment_set(const char *name, const char *value)
{
    sim.environment[0] = name;
    sim.environment[1] = value;
}

uint64_t port_clock_us(void)
{
    sim.clock_calls++;
    return (port_now_ms() + sim.passed_ms) * 1000 + sim.clock_calls % 1000;
}

static struct sim_output *output_find(const char *path)
{
    for (size_t i = 0; i < SIM_OUTPUTS; i++) {
        if (sim_store.outputs[i].there && strcmp(sim_store.outputs[i].path, path) == 0) {
            return &sim_store.outputs[i];
        }
    }
    return NULL;
}

int port_text_read(const char *path, char *bytes, size_t n)
{
    static const char text[] = "a text of the simulated system\n";
    const struct sim_output *output = output_find(path); /* what was written can be read */
    const char *from = text;
    size_t length = sizeof text - 1;

    if (output != NULL) {
        from = sim_store.output_bytes[output - sim_store.outputs];
        length = output->n;
    }
    if ((output == NULL && strcmp(path, "text") != 0) || sim_fault(SIM_TOOL_NOENT, SIM_NOBODY)) {
        return sim_result("text_read", SIM_NOBODY, PORT_NOENT);
    }
    if (sim_fault(SIM_TOOL_DENIED, SIM_NOBODY)) {
        return sim_result("text_read", SIM_NOBODY, PORT_DENIED);
    }
    if (sim_fault(SIM_TOOL_IO, SIM_NOBODY)) {
        return sim_result("text_read", SIM_NOBODY, PORT_IO);
    }
    if (length > n) {
        return sim_result("text_read", SIM_NOBODY, PORT_FULL);
    }
    memcpy(bytes, from, length);
    return sim_result("text_read", SIM_NOBODY, (int)length);
}

const char *port_environment(const char *name)
{
    bool known = sim.environment[0] != NULL && strcmp(name, sim.environment[0]) == 0;

    return known ? sim.environment[1] : NULL;
}

/* ---- Output files -------------------------------------------------------------------------- */

static struct sim_output *output_new(const char *path)
{
    for (size_t i = 0; i < SIM_OUTPUTS && strlen(path) < SIM_PATH_BYTES; i++) {
        struct sim_output *output = &sim_store.outputs[i];

        if (!output->there) {
            memset(output, 0, sizeof *output);
            memcpy(output->path, path, strlen(path) + 1);
            output->there = true;
            return output;
        }
    }
    return NULL;
}

/* Whether a path leads to where files can be. */
static bool has_folder(const char *path)
{
    const char *slash = strrchr(path, '/');
    size_t n = sizeof sim_scratch - 1;

    return slash == NULL || ((size_t)(slash - path) == n && memcmp(path, sim_scratch, n) == 0);
}

int port_output_open(const char *path, bool keep, port_handle *handle, uint64_t *size_bytes)
{
    struct sim_output *output = output_find(path);

    if (!has_folder(path) || sim_fault(SIM_TOOL_NOENT, SIM_NOBODY)) {
        return sim_result("output_open", SIM_NOBODY, PORT_NOENT);
    }
    if (strcmp(path, sim_scratch) == 0 || sim_fault(SIM_TOOL_DENIED, SIM_NOBODY)) {
        return sim_result("output_open", SIM_NOBODY, PORT_DENIED);
    }
    if (sim_fault(SIM_TOOL_IO, SIM_NOBODY)) {
        return sim_result("output_open", SIM_NOBODY, PORT_IO);
    }
    if (output == NULL) {
        output = output_new(path);
    }
    if (output == NULL || !sim_handles_left()) {
        return sim_result("output_open", SIM_NOBODY, PORT_FULL);
    }
    output->n = keep ? output->n : 0;
    *size_bytes = output->n;
    *handle = sim_handle_take(SIM_HANDLE_OUTPUT, (uint32_t)(output - sim_store.outputs), 0);
    return sim_result("output_open", SIM_NOBODY, PORT_OK);
}

bool port_output_replaceable(const char *path)
{
    return strcmp(path, sim_scratch) != 0;
}

int port_output_write(port_handle handle, const void *bytes, size_t n)
{
    const struct sim_handle *found = sim_handle_get(handle, SIM_HANDLE_OUTPUT, "output_write");
    struct sim_output *output = &sim_store.outputs[found->object];

    if (n > SIM_OUTPUT_BYTES - output->n || sim_fault(SIM_TOOL_FULL, SIM_NOBODY)) {
        return sim_result("output_write", SIM_NOBODY, PORT_FULL);
    }
    if (sim_fault(SIM_TOOL_IO, SIM_NOBODY)) {
        return sim_result("output_write", SIM_NOBODY, PORT_IO);
    }
    memcpy(&sim_store.output_bytes[found->object][output->n], bytes, n);
    output->n += (uint32_t)n;
    return sim_result("output_write", SIM_NOBODY, PORT_OK);
}

int port_output_sync(port_handle handle)
{
    (void)sim_handle_get(handle, SIM_HANDLE_OUTPUT, "output_sync");
    if (sim.output_result != PORT_OK) {
        return sim_result("output_sync", SIM_NOBODY, sim.output_result);
    }
    return sim_result("output_sync", SIM_NOBODY,
                      sim_fault(SIM_TOOL_IO, SIM_NOBODY) ? PORT_IO : PORT_OK);
}

void sim_output_close(uint32_t output)
{
    CHECK(output < SIM_OUTPUTS);
}

void sim_output_fail(int result)
{
    sim.output_result = result;
}

int port_output_rename(const char *from, const char *to)
{
    struct sim_output *output = output_find(from);
    struct sim_output *old = output_find(to);

    if (output == NULL || strlen(to) >= SIM_PATH_BYTES) {
        return sim_result("output_rename", SIM_NOBODY, PORT_NOENT);
    }
    if (sim.output_result != PORT_OK) {
        return sim_result("output_rename", SIM_NOBODY, sim.output_result);
    }
    if (old != NULL && old != output) {
        old->there = false;
    }
    memcpy(output->path, to, strlen(to) + 1);
    return sim_result("output_rename", SIM_NOBODY, PORT_OK);
}

int port_output_remove(const char *path)
{
    struct sim_output *output = output_find(path);

    if (output == NULL) {
        return sim_result("output_remove", SIM_NOBODY, PORT_NOENT);
    }
    if (sim.output_result != PORT_OK) {
        return sim_result("output_remove", SIM_NOBODY, sim.output_result);
    }
    output->there = false;
    return sim_result("output_remove", SIM_NOBODY, PORT_OK);
}

int port_console_raw(bool raw)
{
    return sim_result(raw ? "console_raw" : "console_cooked", SIM_NOBODY,
                      sim.columns > 0 ? PORT_OK : PORT_NOENT);
}
