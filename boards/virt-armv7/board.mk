# SPDX-License-Identifier: MIT
# QEMU's virt machine with a 32-bit processor, booted whole: make boot BOARD=virt-armv7
include boards/armv7-musl/board.mk
BOARD_TEXT = an emulated 32-bit ARM board, kernel and all
SIZES ?= armv7-musl
BOOT_ARCH = armhf
BOOT_PACKAGE = linux-image-[0-9][0-9.-]*-armmp
BOOT_MACHINE = qemu-system-arm -M virt -cpu cortex-a15 -m 128
BOOT_DEVICE = virtio-net-device
BOOT_INTERFACE = eth0
BOOT_MODULES = virtio_mmio failover net_failover virtio_net
BOOT_ARGUMENTS = console=ttyAMA0 quiet
include boards/boot/boot.mk
