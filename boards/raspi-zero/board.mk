# SPDX-License-Identifier: MIT
# Raspberry Pi Zero with a USB network adapter, booted whole: make boot BOARD=raspi-zero
include boards/armv6-musl/board.mk
BOARD_TEXT = an emulated Raspberry Pi Zero, kernel and all
SIZES ?= armv6-musl
BOOT_ARCH = armel
BOOT_PACKAGE = linux-image-[0-9][0-9.-]*-rpi
BOOT_TREE = bcm2835-rpi-zero
BOOT_MACHINE = qemu-system-arm -M raspi0
BOOT_DEVICE = usb-net
BOOT_INTERFACE = usb0
# The emulated adapter carries 0.13 MB a second.
BOOT_FAST = 0
BOOT_MODULES = mii usbnet cdc_ether
# The emulator has no power management unit, and the kernel stops without.
BOOT_ARGUMENTS = console=ttyAMA0 quiet earlycon=pl011,0x20201000 \
    initcall_blacklist=bcm2835_power_driver_init,bcm2835_pm_driver_init
include boards/boot/boot.mk
