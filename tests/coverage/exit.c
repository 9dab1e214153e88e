/* SPDX-License-Identifier: MIT */
/* A child that leaves by _exit() writes its counters too: linked with --wrap=_exit. */
void __gcov_dump(void);
void __real__exit(int status) __attribute__((noreturn));
void __wrap__exit(int status) __attribute__((noreturn));

void __wrap__exit(int status)
{
    __gcov_dump();
    __real__exit(status);
}
