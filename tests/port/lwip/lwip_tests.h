/* SPDX-License-Identifier: MIT */
/* What only port/lwip must show. */
#ifndef TESTS_PORT_LWIP_LWIP_TESTS_H
#define TESTS_PORT_LWIP_LWIP_TESTS_H

void lwip_own_tests(void);

#endif
