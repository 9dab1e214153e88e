# SPDX-License-Identifier: MIT
# What boards with lwIP and no operating system have in common. A board.mk says its facts, then
# includes this. LWIP_DIR=FOLDER is where lwIP's src/ is; `make lwip` fetches it.
#   BOARD_SOURCES  the board's own .c files       LWIP_IP4  its IPv4 address, empty: DHCP
#   ROM=FOLDER     the files it carries
PORT = lwip
HOSTED = 0
TOOLS =
LWIP_DIR ?= $(O)/lwip
ROM ?= boards/lwip/files
BOARD_RULES = boards/lwip/rules.mk

BOARD_SOURCES += boards/lwip/entry.c
BOARD_OBJECTS = $(LWIP_SOURCES:%.c=$(B)/lwip/%.o) $(B)/rom/files.o
LWIP_FLAGS = -isystem $(LWIP_DIR)/src/include -isystem boards/lwip
BOARD_FLAGS += $(LWIP_FLAGS)

# All that is not left out by lwipopts.h; the linker drops what nobody calls.
LWIP_SOURCES := $(addprefix core/,init.c def.c inet_chksum.c ip.c mem.c memp.c netif.c pbuf.c \
    stats.c tcp.c tcp_in.c tcp_out.c timeouts.c udp.c) \
    $(addprefix core/ipv4/,dhcp.c etharp.c icmp.c ip4.c ip4_addr.c ip4_frag.c) \
    $(addprefix core/ipv6/,ethip6.c icmp6.c inet6.c ip6.c ip6_addr.c ip6_frag.c mld6.c nd6.c) \
    netif/ethernet.c
