/* SPDX-License-Identifier: MIT */
/* `linnet get`: the command line, redirects, addresses and retries. */
#include "apps/get/get.h"

#include <string.h>

#include "apps/client.h"
#include "apps/get/get_app.h"
#include "core/loop.h"

enum { TIMEOUT_S = 30, TIMEOUT_S_MAX = 3600, RETRIES_MAX = 100 };

static const char usage[] =
    "usage: linnet get [options] URL...\n"
    "\n"
    "Fetches http://HOST[:PORT]/PATH, for which HOST[:PORT]/PATH is enough, or\n"
    "raw://HOST[:PORT]/NAME: the name alone is sent, the file comes back, and the\n"
    "connection ends with it. The file is written under the last part of the URL;\n"
    "while it is not whole it is called NAME.part, and NAME.part.tag holds what -c\n"
    "needs to go on with it. IPv6 is written [2001:db8::1], link-local\n"
    "[fe80::1%eth0].\n"
    "Exit status: 0 done, 2 wrong command line, 6 no such host, 7 could not connect,\n"
    "18 only a part came, 22 no such file, or an answer that makes no sense, 23\n"
    "cannot write, 28 timed out, 33 cannot go on with what is there, 47 too many\n"
    "redirects.\n"
    "Values in parentheses are the defaults.\n";

/* ---- Options ------------------------------------------------------------------------------- */

static const char *set_output(const char *value)
{
    get_settings.output = value;
    return value[0] != '\0' ? NULL : "a file's name, or -";
}

static const char *set_resume(const char *value)
{
    (void)value;
    get_settings.resume = true;
    return NULL;
}

static const char *set_quiet(const char *value)
{
    (void)value;
    get_settings.quiet = true;
    return NULL;
}

#if PORT_GBK
static const char *set_gbk(const char *value)
{
    (void)value;
    get_settings.gbk = true;
    return NULL;
}
#endif

static const char *set_retries(const char *value)
{
    return option_number_set(value, 0, RETRIES_MAX, &get_settings.retries,
                             "a number from 0 to 100");
}

static const char *set_timeout(const char *value)
{
    uint64_t seconds = 0;
    if (!option_number(value, 1, TIMEOUT_S_MAX, &seconds)) {
        return "seconds from 1 to 3600";
    }
    get_settings.timeout_ms = (uint32_t)seconds * 1000;
    return NULL;
}

static const char *set_ipv4(const char *value)
{
    (void)value;
    return client_family_set(&get_settings.family, PORT_NAME_IPV4);
}

static const char *set_ipv6(const char *value)
{
    (void)value;
    return client_family_set(&get_settings.family, PORT_NAME_IPV6);
}

static const struct option rows[] = {
    OPTION("-o", "FILE", "write to FILE; - is standard output, made safe if it is a terminal",
           set_output),
    OPTION("-c", NULL, "go on with what an earlier call left, if the file is still the same",
           set_resume),
    OPTION("--retry", "N",
           "try so many times more when that may help, after 1, 2, 4 ... seconds (0)",
           set_retries),
    OPTION("--timeout", "SECONDS", "how long to wait for a connection, an answer, more of it (30)",
           set_timeout),
#if PORT_GBK
    OPTION("--gbk", NULL,
           "the name in a raw:// URL goes out in GBK, as its servers wrote them once",
           set_gbk),
#endif
    OPTION("-4", NULL, "IPv4 alone", set_ipv4),
    OPTION("-6", NULL, "IPv6 alone", set_ipv6),
    OPTION("-q", NULL, "no progress bar", set_quiet),
};

static const struct option_table table = {rows, COUNT_OF(rows), "options"};

static const struct get_settings defaults = {
    .family = PORT_NAME_ANY,
    .timeout_ms = TIMEOUT_S * 1000,
};

static bool to_stdout(void)
{
    return get_settings.output != NULL && strcmp(get_settings.output, "-") == 0;
}

static int usage_error(const char *what, const char *subject, const char *why)
{
    return client_usage_complain("get", what, subject, why);
}

/* ---- One URL ------------------------------------------------------------------------------- */

/* Whether the raw name of a URL can be asked for; 0, or 2 after a complaint. */
static int raw_name_try(const char *url)
{
    int n = get_raw_name(get_job.text);
    if (n > 0) {
        return 0;
    }
    if (n == PORT_NOENT) {
        return usage_error("--gbk", ": this system converts no texts", "");
    }
    return usage_error(url, n == 0 ? " asks for no name" : " asks for a name that GBK cannot hold",
                       "");
}

/* Prepares the job of a URL; 0, or 2 after a complaint. */
static int job_prepare(const char *url)
{
    char name[CFG_GET_NAME_BYTES];
    const char *output = to_stdout() ? NULL : get_settings.output;
    enum get_url_result result = get_url_read(url, strlen(url), &get_job.url);
    if (result != GET_URL_OK) {
        return usage_error(url, " is a URL ", get_url_fault(result));
    }
    if (get_job.url.scheme == GET_RAW && raw_name_try(url) != 0) {
        return GET_USAGE;
    }
    if (get_settings.output == NULL) {
        output = name;
        if (!get_url_name(&get_job.url, name, sizeof name)) {
            return usage_error(url, " ends in no file's name; say -o FILE", "");
        }
    }
    if (!get_output_choose(&get_job.output, output)) {
        return usage_error(output, " is too long for a name", "");
    }
    struct text text;
    text_begin(&text, get_job.text, sizeof get_job.text - 1);
    get_url_put(&text, &get_job.url);
    CHECK(!text.cut);
    get_job.text[text.n] = '\0';
    get_job.text_bytes = (uint16_t)text.n;
    get_job.tag.validator_bytes = 0;
    return 0;
}

static struct get_result failed(enum get_status status, bool transient, const char *why)
{
    struct get_result result = {GET_ENDED, status, transient, 0, why};
    return result;
}

/* Asks one address; *alive is whether the loop goes on. */
static struct get_result ask_address(const struct port_address *address, bool *alive)
{
    bool begun = get_begin(address);
    while (!begun && *alive && get_leaving() > 0) {
        *alive = loop_turn();
        begun = *alive && get_begin(address);
    }
    if (!begun && *alive) {
        return failed(GET_NO_CONNECTION, true, "there is no free handle");
    }
    while (*alive && get_result()->outcome == GET_RUNNING) {
        *alive = loop_turn();
    }
    return get_result()->outcome != GET_RUNNING ? *get_result()
                                                : failed(GET_PARTIAL, false, "interrupted");
}

/* Asks the host of get_job.url, by its addresses in turn. */
static struct get_result ask_host(bool *alive)
{
    struct client_route route;
    char why[CLIENT_WHY_BYTES];
    int found = client_find(&route, &get_job.url.target, get_settings.family, why);
    if (found != PORT_OK) {
        return failed(GET_NO_HOST, found == PORT_AGAIN, get_words(why, "", "", ""));
    }
    struct get_result result = ask_address(client_address(&route), alive);
    while (result.outcome == GET_UNREACHED && *alive && client_next(&route)) {
        result = ask_address(client_address(&route), alive);
    }
    return result;
}

/* Asks for the URL, and where it is redirected to. */
static struct get_result ask(bool *alive)
{
    enum get_url_result right = get_url_read(get_job.text, get_job.text_bytes, &get_job.url);
    unsigned redirects = 0;
    CHECK(right == GET_URL_OK);
    while (*alive) {
        struct get_result result = ask_host(alive);
        if (result.outcome == GET_REDIRECTED) {
            redirects++;
            if (redirects > CFG_GET_REDIRECTS) {
                return failed(GET_TOO_MANY_REDIRECTS, false, "too many redirects");
            }
        } else if (result.outcome != GET_AGAIN) { /* which comes once: it asks for no part again */
            return result;
        }
    }
    return failed(GET_PARTIAL, false, "interrupted");
}

/* ---- Retries ------------------------------------------------------------------------------- */

/* How long to wait before retry number `retry`, 0 the first. */
static uint32_t pause_s(const struct get_result *result, uint32_t retry)
{
    uint32_t seconds = retry < 12 ? UINT32_C(1) << retry : CFG_GET_PAUSE_MAX_S;
    seconds = result->retry_after_s > seconds ? result->retry_after_s : seconds;
    return seconds < CFG_GET_PAUSE_MAX_S ? seconds : CFG_GET_PAUSE_MAX_S;
}

static bool may_retry(const struct get_result *result)
{
    const struct get_output *output = &get_job.output;
    bool lost = get_output_is_stream(output) && output->written > 0 &&
                get_job.tag.validator_bytes == 0; /* no way to get only the rest */
    return result->status != GET_DONE && result->transient && !lost;
}

/* Says what went wrong, and what comes next. */
static void complain(const struct get_result *result, const char *next)
{
    char place[GET_URL_TEXT_BYTES + 8];
    char shown[CLIENT_PIECE_BYTES];
    char shown_too[CLIENT_PIECE_BYTES];
    struct text text;
    text_begin(&text, place, sizeof place - 1);
    get_url_put(&text, &get_job.url);
    bool moved = text.n != get_job.text_bytes || memcmp(place, get_job.text, text.n) != 0;
    place[text.n] = '\0';
    get_bar_end();
    option_complain(client_shorten(get_job.text, shown), moved ? ", redirected to " : "",
                    moved ? client_shorten(place, shown_too) : "", ": ", result->why, next, NULL);
}

static void pause_before_retry(const struct get_result *result, uint32_t retry, bool *alive)
{
    char next[64];
    struct text text;
    uint32_t seconds = pause_s(result, retry);
    text_begin(&text, next, sizeof next - 1);
    text_put(&text, "; trying again in ");
    text_put_number(&text, seconds);
    text_put(&text, " s");
    next[text.n] = '\0';
    complain(result, next);
    get_pause_begin(seconds * 1000);
    while (*alive && !get_pause_over()) {
        *alive = loop_turn();
    }
}

static int fetch(const char *url, bool *alive)
{
    int status = job_prepare(url);
    if (status != 0) {
        return status;
    }
    if (get_settings.resume &&
        get_output_resume(&get_job.output, get_job.text, get_job.text_bytes, &get_job.tag) == 0) {
        get_job.tag.validator_bytes = 0;
    }
    struct get_result result = ask(alive);
    uint32_t retry = 0;
    while (*alive && may_retry(&result) && retry < get_settings.retries) {
        pause_before_retry(&result, retry, alive);
        if (*alive) {
            result = ask(alive);
        }
        retry++;
    }
    get_bar_end();
    if (result.status != GET_DONE) {
        bool kept = get_job.output.resumable && get_job.output.written > 0;
        complain(&result, kept ? "; -c goes on with what is there" : "");
    }
    get_output_close(&get_job.output);
    return (int)result.status;
}

/* ---- The verb ------------------------------------------------------------------------------ */

static int settings_read(int argc, char **argv, int first, const char **urls, size_t *count)
{
    int status = options_parse(argc, argv, first, usage, &table, 1, urls, CFG_GET_URLS, count);
    if (status != 0) {
        return status;
    }
    if (*count == 0) {
        return usage_error("get wants a URL", "", "");
    }
    get_settings.several = *count > 1;
    if (*count > 1 && get_settings.output != NULL && !to_stdout()) {
        return usage_error("several URLs do not fit one file ", get_settings.output, "");
    }
    if (get_settings.resume && to_stdout()) {
        return usage_error("-c goes on with a file, not with standard output", "", "");
    }
    for (size_t i = 0; i < *count && status == 0; i++) {
        status = job_prepare(urls[i]); /* nothing is fetched while one of them is wrong */
    }
    return status;
}

int get_main(int argc, char **argv, int first)
{
    static const struct app *const apps[] = {&get_app};
    const char *urls[CFG_GET_URLS];
    size_t count = 0;
    bool alive = true;
    get_settings = defaults;
    int status = settings_read(argc, argv, first, urls, &count);
    if (status != 0) {
        return status == OPTIONS_HELP ? 0 : status;
    }
    if (!client_start(apps)) {
        return GET_NO_CONNECTION;
    }
    for (size_t i = 0; i < count && alive; i++) {
        int one = fetch(urls[i], &alive);
        status = status == 0 ? one : status;
    }
    if (alive && get_leaving() > 0) {
        client_end(true, false);
    }
    return status;
}
