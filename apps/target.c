/* SPDX-License-Identifier: MIT */
/* HOST[:PORT] as people write it. */
#include "apps/target.h"

#include <string.h>

#include "core/text.h"

static bool host_set(struct target *target, const char *host, size_t n)
{
    if (n == 0 || n >= sizeof target->host) {
        return false;
    }
    memcpy(target->host, host, n);
    target->host[n] = '\0';
    return true;
}

static bool port_set(struct target *target, const char *digits)
{
    uint64_t port = 0;
    if (!text_read_number(digits, strlen(digits), UINT16_MAX, &port) || port == 0) {
        return false;
    }
    target->port = (uint16_t)port;
    return true;
}

bool target_read(const char *text, struct target *target)
{
    if (text[0] == '[') {
        const char *end = strchr(text, ']');
        return end != NULL && host_set(target, text + 1, (size_t)(end - text - 1)) &&
               (end[1] == '\0' || (end[1] == ':' && port_set(target, end + 2)));
    }
    const char *colon = strchr(text, ':');
    if (colon == NULL || strchr(colon + 1, ':') != NULL) {
        return host_set(target, text, strlen(text)); /* several colons: an IPv6 address */
    }
    return host_set(target, text, (size_t)(colon - text)) && port_set(target, colon + 1);
}

const char *target_show(const struct port_address *address, char shown[TARGET_SHOWN_BYTES])
{
    struct text text;
    text_begin(&text, shown, TARGET_SHOWN_BYTES);
    text_put_address(&text, address);
    text_put_char(&text, '\0');
    CHECK(!text.cut);
    return shown;
}
