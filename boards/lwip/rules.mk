# SPDX-License-Identifier: MIT
# How lwIP and the files of a board are built; see boards/lwip.mk.

# Not our code: its warnings are not ours to heed.
$(B)/lwip/%.o: $(LWIP_DIR)/src/%.c $(B)/stamps/compile
	$(call say,LWIP,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(filter-out $(WARNINGS),$(COMPILE)) -w -MD -MP -MF $(@:.o=.d) -c -o $@ $<
-include $(wildcard $(BOARD_OBJECTS:.o=.d))

LWIP_HEADER := $(LWIP_DIR)/src/include/lwip/init.h
$(B)/stamps/compile: | $(LWIP_HEADER)
$(LWIP_HEADER) $(LWIP_SOURCES:%=$(LWIP_DIR)/src/%):
	@echo 'there is no $@: make lwip fetches it, or say LWIP_DIR=FOLDER' >&2
	@false

# Made with the compiler of this machine.
$(O)/rom_image: boards/lwip/rom_image.c
	$(call say,HOSTCC,$@)
	$(Q)mkdir -p $(@D)
	$(Q)cc -O1 -o $@ $<

# Their names may hold anything, so the stamp holds a sum over names, sizes and dates.
$(B)/stamps/rom: FORCE
	$(call stamp,$(ROM) $(shell find $(ROM) -type f -exec ls -ln {} + | cksum))
$(B)/rom/files.c: $(O)/rom_image $(B)/stamps/rom
	$(call say,ROM,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(O)/rom_image $(ROM) >$@.new && mv -f $@.new $@
$(B)/rom/files.o: $(B)/rom/files.c $(B)/stamps/compile
	$(call say,CC,$@)
	$(Q)$(COMPILE) -MD -MP -MF $(@:.o=.d) -c -o $@ $<

ifeq ($(PROGRAM),linnet.elf)
## size: what each part of a firmware takes, and its budget
.PHONY: size
size: $(B)/linnet.elf
	@sh tests/size/firmware.sh $(B)/linnet.map tests/size/$(BOARD).budget
endif
include tests/lwip/lwip.mk
