# SPDX-License-Identifier: MIT
# How fast it is; see tests/bench/README.md.

BENCH := $(T)/bench/bench
$(BENCH): $(wildcard tests/bench/*.c) tests/bench/bench.h
	$(call say,TEST,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(HOSTCC) -O2 -std=c99 -D_GNU_SOURCE -D_FILE_OFFSET_BITS=64 -I. $(WARNINGS) -o $@ \
	    $(filter %.c,$^)
