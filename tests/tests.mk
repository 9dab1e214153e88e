# SPDX-License-Identifier: MIT
# How the tests are built and run; see tests/README.md for what each proves.

T := $(B)/tests
TEST_COMPILE = $(COMPILE) $(SELECTION) -D_GNU_SOURCE $(BOARD_TEST_FLAGS)
TEST_LIBRARIES = $(LIBRARY) $(LDFLAGS) $(BOARD_LDFLAGS) $(GC_SECTIONS) $(LDLIBS)
CHECK := EXEC='$(EXEC)' sh tests/check.sh

# ---- Unit tests ----------------------------------------------------------------------------------

# One program for each file of tests/unit. What begins with fake_ stands in for a part, for those
# that say so in a line "uses fake_x.c", and the simulated port for those that say "uses port/sim".
# Those of an app or tool that is left out are left out with it.
LEFT_OUT := $(filter-out $(APPS) $(TOOLS),$(ALL_APPS) $(ALL_TOOLS))
ALL_UNITS := $(filter-out tests/unit/fake_%,$(wildcard tests/unit/*.c))
UNIT_SOURCES := $(filter-out $(if $(LEFT_OUT),$(shell grep -lE \
    '$(subst $(eval) ,|,$(patsubst %,"apps/%/,$(LEFT_OUT)))' $(ALL_UNITS) /dev/null)),$(ALL_UNITS))
UNIT_SOURCES := $(filter-out $(if $(filter 1,$(BOT)),,tests/unit/bot_%.c tests/unit/json_%.c),$(UNIT_SOURCES))
UNIT_TESTS := $(UNIT_SOURCES:tests/unit/%.c=$(T)/unit/%)
unit_users = $(T)/unit/none $(patsubst tests/unit/%.c,$(T)/unit/%,\
    $(shell grep -l 'uses $(1)' $(UNIT_SOURCES) /dev/null))
$(foreach fake,$(wildcard tests/unit/fake_*.c),$(eval $(call unit_users,$(notdir $(fake))): $(fake)))

SIM_PORT := $(patsubst %.c,$(B)/%.o,$(wildcard port/sim/*.c))
-include $(SIM_PORT:.o=.d)
$(call unit_users,port/sim): $(SIM_PORT)

$(T)/unit/%: tests/unit/%.c $(LIBRARY)
	$(call say,TEST,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(TEST_COMPILE) -MD $(PHONY_HEADERS) -MF $@.d -o $@ $(filter %.c,$^) $(filter $(B)/port/sim/%,$^) \
	    $(TEST_LIBRARIES)
-include $(UNIT_TESTS:=.d)

# ---- The port's conformance, and the wire tests' programs ----------------------------------------

CONFORM := $(T)/port/conform
CONFORM_SOURCES := $(wildcard tests/port/*.c tests/port/$(PORT)/*.c)
ifeq ($(HOSTED),0) # nor has it port_tool.h
CONFORM_SOURCES := $(filter-out tests/port/tool.c tests/port/record.c,$(CONFORM_SOURCES))
endif
$(CONFORM): $(CONFORM_SOURCES:%.c=$(B)/%.o) $(LIBRARY)
	$(call say,TEST,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(LINK) $(BOARD_TEST_FLAGS) -o $@ $(filter %.o,$^) $(TEST_LIBRARIES)
-include $(wildcard $(T)/port/*.d $(T)/port/*/*.d)

# They run on this machine, whatever the board.
HOSTCC ?= $(if $(EXEC)$(CROSS_COMPILE),cc,$(CC))
WIRE_TESTS := $(patsubst %,$(T)/wire/%,talk crowd room starve get_liar tutor guest bot_api cases tangle)
$(T)/wire/talk: $(wildcard tests/wire/talk*.c)
$(T)/wire/cases: tests/wire/cases_answer.c
$(T)/wire/tangle: tests/wire/tangle_ask.c
$(filter-out %/talk,$(WIRE_TESTS)): $(T)/wire/%: tests/wire/%.c tests/wire/client.c
$(WIRE_TESTS): tests/check.h $(wildcard tests/wire/*.h)
	$(call say,TEST,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(HOSTCC) -O2 -std=c99 -D_GNU_SOURCE -D_FILE_OFFSET_BITS=64 -I. $(WARNINGS) -o $@ \
	    $(filter %.c,$^)

# The same program without a command line, to listen on free ports.
FIXED := $(T)/wire/fixed
FIXED_FLAGS := $(patsubst -DSERVE_OPTIONS=%,-DSERVE_OPTIONS=0,$(SELECTION)) -DSERVE_ROOT='"tree/root"' \
    $(patsubst %,-DSERVE_%_PORT=0,ECHO CHAT FILE)
$(FIXED): apps/main.c apps/serve.c apps/table.c $(LIBRARY)
	$(call say,TEST,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(COMPILE) $(FIXED_FLAGS) $(BOARD_TEST_FLAGS) -o $@ $(filter %.c,$^) $(TEST_LIBRARIES)

# Our helpers run where make does; the server under test may need EXEC.
WIRE_RUN = LINNET='$(abspath $(B))/linnet' FIXED_PROGRAM='$(abspath $(FIXED))' \
    BIN='$(abspath $(T))/wire' EXEC='$(EXEC)'
export NM

## coverage: the branches of core and apps that tests take, from gcc's counters
.PHONY: coverage wire-programs
wire-programs: $(WIRE_TESTS)
coverage:
	@CC='$(CC)' sh tests/coverage/run.sh $(O)/coverage

## unit: the unit tests
.PHONY: unit
unit: $(UNIT_TESTS)
	@$(CHECK) $(UNIT_TESTS)

## conform: the port's conformance program
.PHONY: conform
conform: $(CONFORM)
	@$(CHECK) $(CONFORM)

# The slow ones first, so that they run beside the others.
WIRE_SHORT := $(addprefix tests/wire/,run.sh cases.sh start.sh shortage.sh output.sh console.sh \
    desk.sh bot.sh tutorials.sh room_files.sh talk_tool.sh network.sh fresh.sh \
    fixed.sh ping.sh)
WIRE_LONG := $(addprefix tests/wire/,output.sh console.sh get.sh talk_tool.sh crowd.sh clients.sh \
    bot_nginx.sh file_peers.sh tangle.sh memory.sh)
HOUSE := "tests/layers.sh $(B)" "tests/tidy.sh $(B)" "tests/allocation.sh $(B)" "tests/limits.sh $(B)"

## wire: conversations with the real server, over IPv4 and IPv6
.PHONY: wire
wire: $(B)/linnet $(WIRE_TESTS) $(FIXED)
	@$(WIRE_RUN) $(CHECK) $(WIRE_SHORT)

## wire-long: crowds, a memory trace, and other people's clients
.PHONY: wire-long
wire-long: $(B)/linnet $(WIRE_TESTS)
	@$(WIRE_RUN) LONG=1 $(CHECK) $(WIRE_LONG)

## nightly: what takes hours: long conversations, many seeds, days of virtual time, long fuzzing
.PHONY: nightly
nightly: $(B)/linnet $(WIRE_TESTS) $(FIXED)
	@$(WIRE_RUN) LONG=1 $(CHECK) $(sort $(WIRE_SHORT) $(WIRE_LONG))
	$(MAKE) sim N=100000
	$(MAKE) soak HOURS=720
	$(MAKE) boards-check
	$(MAKE) mutants
	$(MAKE) mutants-mechanical
	$(MAKE) coverage
	$(MAKE) fuzz T=600
	O='$(O)' sh tests/fuzz/elsewhere.sh

## check: all that a C compiler, make and a shell can test here, in about a minute
.PHONY: check
check: $(B)/linnet $(UNIT_TESTS) $(CONFORM) $(WIRE_TESTS) $(FIXED)
	@$(WIRE_RUN) $(CHECK) $(WIRE_SHORT) $(HOUSE) $(UNIT_TESTS) $(CONFORM) $(FUZZ_CHECK) \
	    $(REGRESS_CHECK) $(BENCH_CHECK)

# The same without what reads sources and symbols: for sanitizers, which add their own.
.PHONY: check-programs
check-programs: $(B)/linnet $(UNIT_TESTS) $(CONFORM) $(WIRE_TESTS) $(FIXED)
	@$(WIRE_RUN) PATIENCE=3 $(CHECK) $(WIRE_SHORT) $(UNIT_TESTS) $(CONFORM) $(FUZZ_CHECK) \
	    $(REGRESS_CHECK) $(BENCH_CHECK)
