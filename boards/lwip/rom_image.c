/* SPDX-License-Identifier: MIT */
/* Turns a folder into the constant table of port/lwip/rom.h. Runs on the machine that builds:
 *   rom_image FOLDER >files.c
 * What file-get would not show on a host either is left out: names that begin with a dot (but for
 * .well-known), links, what not everybody may read. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <dirent.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { FILES_MAX = 4096, NAME_BYTES_MAX = 512, COMPONENT_BYTES_MAX = 255 };

struct found {
    char name[NAME_BYTES_MAX];
    long long modified_s;
    unsigned long bytes;
    bool folder;
};

static struct {
    struct found found[FILES_MAX]; /* folders first wait here, to be read in turn */
    size_t count;
} state;

static void complain(const char *what, const char *name)
{
    fprintf(stderr, "rom_image: %s: %s\n", what, name);
    exit(1);
}

static void entry_add(const char *root, const char *folder, const char *component)
{
    char path[2 * NAME_BYTES_MAX];
    struct stat status;
    if (state.count == FILES_MAX || strlen(component) > COMPONENT_BYTES_MAX) {
        complain("too many files, or too long a name", component);
    }
    struct found *found = &state.found[state.count];
    int n = snprintf(found->name, sizeof found->name, "%s%s%s", folder, *folder ? "/" : "",
                     component);
    int m = snprintf(path, sizeof path, "%s/%s", root, found->name);
    if (n < 0 || n >= (int)sizeof found->name || m < 0 || m >= (int)sizeof path) {
        complain("too long a name", component);
    }
    if (lstat(path, &status) != 0) {
        complain("cannot be looked at", path);
    }
    bool folder_here = S_ISDIR(status.st_mode);
    mode_t wanted = folder_here ? S_IROTH | S_IXOTH : S_IRUSR | S_IRGRP | S_IROTH;
    if ((!S_ISREG(status.st_mode) && !folder_here) || (status.st_mode & wanted) != wanted) {
        return;
    }
    found->folder = folder_here;
    found->modified_s = (long long)status.st_mtime;
    found->bytes = (unsigned long)status.st_size;
    state.count++;
}

static void folder_read(const char *root, const char *folder)
{
    char path[2 * NAME_BYTES_MAX];
    (void)snprintf(path, sizeof path, "%s/%s", root, folder);
    DIR *directory = opendir(path);
    if (directory == NULL) {
        complain("cannot be read", path);
    }
    struct dirent *entry;
    while ((entry = readdir(directory)) != NULL) {
        if (entry->d_name[0] != '.' || strcmp(entry->d_name, ".well-known") == 0) {
            entry_add(root, folder, entry->d_name);
        }
    }
    (void)closedir(directory);
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const struct found *)a)->name, ((const struct found *)b)->name);
}

static void name_print(const char *name)
{
    for (; *name != '\0'; name++) {
        printf("\\%03o", (unsigned)(unsigned char)*name);
    }
}

static void bytes_print(const char *root, const struct found *found, size_t number)
{
    char path[2 * NAME_BYTES_MAX];
    (void)snprintf(path, sizeof path, "%s/%s", root, found->name);
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        complain("cannot be read", path);
    }
    printf("static const uint8_t bytes_%zu[] = {", number);
    unsigned long count = 0;
    int byte;
    while ((byte = fgetc(file)) != EOF) {
        printf("%s%d,", count % 20 == 0 ? "\n    " : "", byte);
        count++;
    }
    printf("%s};\n", count == 0 ? "0" : "\n");
    if (ferror(file) != 0 || count != found->bytes) {
        complain("changed while it was read", path);
    }
    (void)fclose(file);
}

int main(int count, char **arguments)
{
    if (count != 2) {
        fprintf(stderr, "usage: rom_image FOLDER\n");
        return 2;
    }
    folder_read(arguments[1], "");
    for (size_t i = 0; i < state.count; i++) {
        if (state.found[i].folder) {
            folder_read(arguments[1], state.found[i].name);
        }
    }
    qsort(state.found, state.count, sizeof state.found[0], by_name);
    printf("/* Made by boards/lwip/rom_image.c. */\n#include \"port/lwip/rom.h\"\n\n");
    for (size_t i = 0; i < state.count; i++) {
        if (!state.found[i].folder) {
            bytes_print(arguments[1], &state.found[i], i);
        }
    }
    printf("\nconst struct rom_file rom_files[] = {\n");
    size_t files = 0;
    for (size_t i = 0; i < state.count; i++) {
        const struct found *found = &state.found[i];
        if (!found->folder) {
            printf("    {\"");
            name_print(found->name);
            printf("\", bytes_%zu, %luu, 0, %lld},\n", i, found->bytes, found->modified_s);
            files++;
        }
    }
    printf("%s};\n\nconst size_t rom_files_count = %zu;\n",
           files == 0 ? "    {0, 0, 0, 0, 0}\n" : "", files);
    return fflush(stdout) == 0 ? 0 : 1;
}
