# SPDX-License-Identifier: MIT
# Targets about boards; boards/README.md says how to add one.

# What a board's compiler needs and may not be there yet.
ifneq ($(BOARD_NEEDS),)
$(B)/stamps/compile: | $(BOARD_NEEDS)
$(BOARD_NEEDS):
	@echo 'there is no $@: make sysroot BOARD=$(BOARD) fetches it' >&2
	@false
endif

## sysroot: fetch the C library that a musl board is linked with
.PHONY: sysroot
sysroot:
	$(if $(MUSL_TRIPLE),,$(error BOARD=$(BOARD) needs no sysroot; boards named ...-musl do))
	$(Q)sh boards/sysroot.sh $(MUSL_DEBIAN) $(MUSL_TRIPLE) $(SYSROOTS)/$(MUSL_BOARD)

## boards-check: the whole check on every Linux board, an hour; CHECK_BOARDS="armv7 mips" some
.PHONY: boards-check
boards-check:
	$(Q)MAKE='$(MAKE)' O='$(O)' sh boards/check.sh $(or $(CHECK_BOARDS),$(BOARDS))

# What a script wants to know about a board, a line each.
SIZE ?= $(CROSS_COMPILE)size
.PHONY: facts
facts:
	@echo 'text: $(BOARD_TEXT)'
	@echo 'port: $(PORT)'
	@echo 'compiler: $(firstword $(CC))'
	@echo 'size: $(SIZE)'
	@echo 'run: $(EXEC)'
	@echo 'needs: $(BOARD_NEEDS)'
	@echo 'boots: $(BOOT_PACKAGE)'

## lwip: fetch lwIP's source, for the boards that have no operating system
.PHONY: lwip
lwip:
	$(Q)sh boards/lwip/fetch.sh $(O)/lwip
