# SPDX-License-Identifier: MIT
# How a board that is booted whole is built; see boot.mk.

BOOT := $(O)/boot/$(BOARD)
BOOT_KERNEL := $(BOOT)/kernel
INIT_OBJECT := $(B)/boards/boot/init.o

$(B)/init: $(INIT_OBJECT) $(LIBRARY)
	$(call say,LD,$@)
	$(Q)$(LINK) -o $@.debug $(INIT_OBJECT) $(LIBRARY) $(LDLIBS)
	$(Q)$(STRIP) -o $@ $@.debug
-include $(INIT_OBJECT:.o=.d)

$(BOOT_KERNEL):
	$(call say,FETCH,$@)
	$(Q)sh boards/boot/kernel.sh $(BOOT_ARCH) '$(BOOT_PACKAGE)' $(BOOT) '$(BOOT_TREE)' $(BOOT_MODULES)

# /init, its modules, and nothing else; files to serve are appended as an archive of their own.
$(B)/initramfs: $(B)/init $(BOOT_KERNEL)
	$(call say,CPIO,$@)
	$(Q)rm -rf $(B)/initramfs.root
	$(Q)mkdir -p $(B)/initramfs.root/srv
	$(Q)cp $(B)/init $(B)/initramfs.root/init
	$(Q)cp $(BOOT)/modules/* $(B)/initramfs.root/
	$(Q)cd $(B)/initramfs.root && find . | cpio --quiet -o -R 0:0 -H newc >../initramfs
