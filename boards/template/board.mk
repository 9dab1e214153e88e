# SPDX-License-Identifier: MIT
# Which processor, and which well-known boards have it. (Copy this folder; see boards/README.md.)
BOARD_TEXT = what `make help` and the table of sizes call it
# The prefix of its tools, as in arm-linux-gnueabihf-gcc; empty for this machine's.
CROSS_COMPILE ?=
# Flags that choose the processor, where its compiler's default does not fit; or leave it out.
BOARD_CPU =
# What runs its programs on this machine, as in qemu-arm; empty when it can itself.
EXEC ?=
include boards/linux.mk
