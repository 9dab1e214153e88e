# SPDX-License-Identifier: MIT
# ARM MPS2+ with the AN385 image: a Cortex-M3 at 25 MHz, LAN9118 Ethernet; what qemu calls
# mps2-an385. Runs without an operating system:
#   make BOARD=mps2-an385 && make qemu BOARD=mps2-an385
#   LWIP_IP4=10.77.0.2   its address, in a /24; empty: DHCP      LWIP_GATEWAY=10.77.0.1
#   LIBC=nano            newlib's small one, or picolibc
#   SEMIHOSTING=1        a stop ends qemu, for tests
BOARD_TEXT = Cortex-M3 without an operating system, lwIP, in qemu
CROSS_COMPILE ?= arm-none-eabi-
PROGRAM = linnet.elf
LWIP_IP4 ?= 10.77.0.2
LWIP_GATEWAY ?= 10.77.0.1
LIBC ?= nano
SEMIHOSTING ?= 0

# What `make` may use of the board's 4 MB and 4 MB; the linker refuses more.
FLASH_BYTES ?= 112640
RAM_BYTES ?= 65536
STACK_BYTES ?= 1536

MPS2 := boards/mps2-an385
BOARD_SOURCES = $(wildcard $(MPS2)/*.c)
BOARD_CFLAGS = -Os -g
BOARD_SPECS_nano = --specs=nano.specs
BOARD_SPECS_picolibc = --specs=picolibc.specs
BOARD_FLAGS = -mcpu=cortex-m3 -mthumb $(BOARD_SPECS_$(LIBC)) -DBOARD_SEMIHOSTING=$(SEMIHOSTING) \
    -DBOARD_STACK_BYTES=$(STACK_BYTES) \
    $(if $(LWIP_IP4),-DBOARD_IPV4=$(call commas,$(LWIP_IP4)) -DBOARD_GATEWAY=$(call commas,$(LWIP_GATEWAY)),-DLWIP_DHCP=1)
BOARD_LDFLAGS = -nostartfiles -T $(MPS2)/memory.ld -Wl,--defsym=FLASH_BYTES=$(FLASH_BYTES) \
    -Wl,--defsym=RAM_BYTES=$(RAM_BYTES) -Wl,--defsym=STACK_BYTES=$(STACK_BYTES) \
    -Wl,-Map=$(B)/linnet.map -Wl,--no-warn-rwx-segments
comma := ,
space := $(subst ,, )
commas = $(subst .,$(comma),$(1))
include boards/lwip.mk
BOARD_RULES += boards/mps2-an385/qemu.mk
