/* SPDX-License-Identifier: MIT */
/* What differs between compilers, and the one assertion of the house. */
#ifndef PORT_COMPILER_H
#define PORT_COMPILER_H

/* A C99 spelling of _Static_assert: a false condition makes a negative array. */
#define STATIC_ASSERT_NAME2(line) static_assert_line_##line
#define STATIC_ASSERT_NAME(line) STATIC_ASSERT_NAME2(line)
#define STATIC_ASSERT(condition) \
    extern char STATIC_ASSERT_NAME(__LINE__)[(condition) ? 1 : -1]

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

#if defined(__GNUC__) || defined(__clang__)
#define PORT_NORETURN __attribute__((noreturn))
#else
#define PORT_NORETURN
#endif

/* 0: leaves out texts that explain (--help, --limits, the file of a defect), some 10 KB, for boards
 * where these are a sixth of the program. */
#ifndef PORT_TEXTS
#define PORT_TEXTS 1
#endif

/* 1: a CHECK that fails is an instruction no processor has, of 2 bytes where a call with its line
 * takes 6; the port tells its address, as for a call. For ports that take signals, on ARM. */
#ifndef PORT_TRAPS
#define PORT_TRAPS 0
#endif

/* Ends the program (production), the run (simulator) or the input (fuzzer). With PORT_TEXTS=0
 * `file` is a null pointer; on POSIX the address of the call is told instead. */
PORT_NORETURN void port_fail(const char *file, int line);

/* An invariant that only a defect of ours can break. Stays on in every build. */
#if PORT_TRAPS /* the line keeps the compiler from making one trap of two */
#define CHECK(condition)                               \
    do {                                               \
        if (!(condition)) {                            \
            __asm__ volatile("udf #0" ::"i"(__LINE__)); \
            __builtin_unreachable();                   \
        }                                              \
    } while (0)
#elif PORT_TEXTS
#define CHECK(condition) ((condition) ? (void)0 : port_fail(__FILE__, __LINE__))
#else
#define CHECK(condition) ((condition) ? (void)0 : port_fail((const char *)0, __LINE__))
#endif

#endif
