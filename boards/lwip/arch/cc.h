/* SPDX-License-Identifier: MIT */
/* What lwIP asks of a compiler and of a platform. */
#ifndef BOARDS_LWIP_ARCH_CC_H
#define BOARDS_LWIP_ARCH_CC_H

#include "port/compiler.h"

#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
#define BYTE_ORDER BIG_ENDIAN
#endif

/* No ctype table, no unistd.h, no printf. */
#define LWIP_NO_CTYPE_H 1
#define LWIP_NO_UNISTD_H 1
#define LWIP_NO_INTTYPES_H 1
#define X8_F "x"
#define U16_F "u"
#define S16_F "d"
#define X16_F "x"
#define U32_F "u"
#define S32_F "d"
#define X32_F "x"
#define SZT_F "u"
#define LWIP_PLATFORM_DIAG(message) ((void)0)

/* lwIP's assertions stay on, as ours do. The file and line say which; the texts would be 4 KB. */
#define LWIP_PLATFORM_ASSERT(message) port_fail(__FILE__, __LINE__)

unsigned lwip_port_rand(void);
#define LWIP_RAND() lwip_port_rand()

#endif
