# SPDX-License-Identifier: MIT
# How fast it is; see tests/bench/README.md.

# They run on this machine, whatever the board. tcc does not know that epoll's events are packed.
BENCH_CC = $(if $(filter tcc,$(notdir $(firstword $(HOSTCC)))),cc,$(HOSTCC))
BENCH_PARTS := bench measure server net pattern echo udp http chat
YARD_PARTS := yard yard_echo yard_http yard_chat pattern
BENCH_PROGRAMS := $(T)/bench/bench $(T)/bench/yard
$(T)/bench/bench: $(BENCH_PARTS:%=tests/bench/%.c)
$(T)/bench/yard: $(YARD_PARTS:%=tests/bench/%.c)
$(BENCH_PROGRAMS): $(wildcard tests/bench/*.h)
	$(call say,TEST,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(BENCH_CC) -O2 -std=c99 -D_GNU_SOURCE -D_FILE_OFFSET_BITS=64 -I. $(WARNINGS) -o $@ \
	    $(filter %.c,$^)

## bench: how fast it is beside other servers (QUICK=1 alone, in a minute)
.PHONY: bench
bench: $(B)/linnet $(BENCH_PROGRAMS)
	@LINNET='$(abspath $(B))/linnet' PROGRAMS='$(abspath $(T))/bench' QUICK='$(or $(QUICK),0)' \
	    sh tests/bench/run.sh

BENCH_CHECK := "tests/bench/check.sh $(abspath $(T))/bench"
check check-programs: $(BENCH_PROGRAMS)
