/* SPDX-License-Identifier: MIT */
/* What signals do. */
#include "port/posix/posix.h"

#include <string.h>

#if POSIX_SIGNAL_DIRECT

#include <sys/syscall.h>

/* The system's own way back from a handler serves: there is no restorer. */
static bool signal_exchange(int number, const struct posix_signal *signal,
                            struct posix_signal *before)
{
    return syscall(SYS_rt_sigaction, number, signal, before, sizeof(signal->mask)) == 0;
}

static bool signal_set(int number, struct posix_signal *signal, unsigned long flags,
                       struct posix_signal *before)
{
    memset(signal->mask, 0xff, sizeof(signal->mask));
    signal->flags = SA_RESTART | flags;
    return signal_exchange(number, signal, before);
}

bool posix_signal_set(int number, void (*handler)(int), struct posix_signal *before)
{
    struct posix_signal signal;

    signal.call.handler = handler;
    return signal_set(number, &signal, 0, before);
}

bool posix_signal_set_telling(int number, void (*handler)(int, siginfo_t *, void *),
                              struct posix_signal *before)
{
    struct posix_signal signal;

    signal.call.told = handler;
    return signal_set(number, &signal, SA_SIGINFO, before);
}

bool posix_signal_put_back(int number, const struct posix_signal *before)
{
    return signal_exchange(number, before, NULL);
}

bool posix_signal_is_ignored(const struct posix_signal *signal)
{
    return signal->call.handler == SIG_IGN;
}

#else

static bool signal_set(int number, struct sigaction *action, int flags,
                       struct posix_signal *before)
{
    (void)sigfillset(&action->sa_mask);
    action->sa_flags = SA_RESTART | flags;
    return sigaction(number, action, before != NULL ? &before->action : NULL) == 0;
}

bool posix_signal_set(int number, void (*handler)(int), struct posix_signal *before)
{
    struct sigaction action;

    memset(&action, 0, sizeof(action));
    action.sa_handler = handler;
    return signal_set(number, &action, 0, before);
}

bool posix_signal_set_telling(int number, void (*handler)(int, siginfo_t *, void *),
                              struct posix_signal *before)
{
    struct sigaction action;

    memset(&action, 0, sizeof(action));
    action.sa_sigaction = handler;
    return signal_set(number, &action, SA_SIGINFO, before);
}

bool posix_signal_put_back(int number, const struct posix_signal *before)
{
    return sigaction(number, &before->action, NULL) == 0;
}

bool posix_signal_is_ignored(const struct posix_signal *signal)
{
    return signal->action.sa_handler == SIG_IGN;
}

#endif
