# SPDX-License-Identifier: MIT
# Whole boards, booted in emulation.

ifneq ($(BOOT_PACKAGE),)
## boot: boot the whole board in emulation, and play the wire tests against it
.PHONY: boot
boot: $(B)/initramfs $(BOOT_KERNEL) $(B)/linnet $(WIRE_TESTS)
	@KERNEL='$(BOOT_KERNEL)' INITRAMFS='$(B)/initramfs' \
	    TREE='$(if $(BOOT_TREE),$(BOOT_KERNEL).dtb)' \
	    MACHINE='$(BOOT_MACHINE)' DEVICE='$(BOOT_DEVICE)' INTERFACE='$(BOOT_INTERFACE)' \
	    ARGUMENTS='$(BOOT_ARGUMENTS)' FAST='$(or $(BOOT_FAST),1)' \
	    $(WIRE_RUN) $(CHECK) tests/boot/run.sh
else
.PHONY: boot
boot:
	$(error BOARD=$(BOARD) is not booted whole; virt-armv7, virt-aarch64 and raspi-zero are)
endif
