# SPDX-License-Identifier: MIT
# QEMU's virt machine with a 64-bit processor, booted whole: make boot BOARD=virt-aarch64
include boards/aarch64-musl/board.mk
BOARD_TEXT = an emulated 64-bit ARM board, kernel and all
SIZES ?= aarch64-musl
BOOT_ARCH = arm64
BOOT_PACKAGE = linux-image-[0-9][0-9.-]*-cloud-arm64-unsigned
BOOT_MACHINE = qemu-system-aarch64 -M virt -cpu cortex-a53 -m 128
BOOT_DEVICE = virtio-net-device
BOOT_INTERFACE = eth0
BOOT_MODULES = virtio virtio_ring virtio_mmio failover net_failover virtio_net
BOOT_ARGUMENTS = console=ttyAMA0 quiet
include boards/boot/boot.mk
