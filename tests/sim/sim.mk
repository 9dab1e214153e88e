# SPDX-License-Identifier: MIT
# The simulation: sim, sim-replay, sim-shrink, torture, soak, canary, det. The top Makefile includes
# this; it gives O, CC and CFLAGS. Tables are made small, so that a few clients fill them.

SIM_DIR := $(O)/sim
SIM_APPS := echo $(if $(wildcard apps/fileget/fileget.c),fileget) $(if $(wildcard apps/chat/chat.c),chat)
SIM_SOURCES := $(wildcard port/sim/*.c core/*.c tests/sim/*.c) \
    $(foreach app,$(SIM_APPS),$(filter-out %_options.c,$(wildcard apps/$(app)/*.c)))
SIM_OBJECTS := $(SIM_SOURCES:%.c=$(SIM_DIR)/%.o)
SIM_FLAGS := -std=c99 -pedantic -Wall -Wextra -Wconversion -Wsign-conversion -Wshadow \
    -Wstrict-prototypes -Wmissing-prototypes -Wundef -Wcast-align -Wwrite-strings -Wvla \
    -Wswitch-enum -Werror -D_FILE_OFFSET_BITS=64 -D_TIME_BITS=64 -D_POSIX_C_SOURCE=200809L -I. -MMD -MP \
    -DPORT_GBK=1 -DAPP_ECHO=1 -DAPP_FILEGET=$(if $(filter fileget,$(SIM_APPS)),1,0) \
    -DAPP_CHAT=$(if $(filter chat,$(SIM_APPS)),1,0) \
    -DCFG_CONN_MAX=16 -DCFG_CONN_BUFFER_BYTES=1024 -DCFG_READ_BYTES=2048 \
    -DCFG_WRITE_BUDGET_BYTES=2048 -DCFG_ACCEPT_BUDGET=4 -DCFG_DATAGRAM_BUDGET=4 \
    -DCFG_FILEGET_SORTS=1 -DCFG_FILEGET_SORT_BYTES=2048 \
    -DCFG_WATCH_ONE_TIER_MAX=8 -DCFG_CHAT_LOG_BYTES=4096 -DCHAT_BOT=1 \
    -DCFG_FILEGET_CACHE_FILES=3 -DCFG_FILEGET_CACHE_BODY_BYTES=400 -DCFG_CHAT_RECORD=1 \
    -DCFG_CONSOLE_EDITOR=1 -DCFG_EDITOR_LINE_BYTES=180 -DCFG_EDITOR_HISTORY=4
SIM_JOBS ?= 2
COMMA := ,
SIM_COMMIT ?= $(shell git rev-parse --short HEAD 2>/dev/null)
SIM_FRESH ?= $(shell git rev-parse HEAD 2>/dev/null | cut -c1-16)
SIM_ARGUMENTS = APP='$(APP)' SEED='$(SEED)' N='$(N)' CONNS='$(CONNS)' FAULTS='$(FAULTS)' \
    HOURS='$(HOURS)' COMMIT='$(SIM_COMMIT)'

$(SIM_DIR)/%.o: %.c tests/sim/sim.mk
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(SIM_FLAGS) -c -o $@ $<

$(SIM_DIR)/sim: $(SIM_OBJECTS)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $(SIM_OBJECTS)

-include $(SIM_OBJECTS:.o=.d)

.PHONY: sim sim-replay sim-shrink torture soak canary det mutants sim-conform sim-builds
## sim: simulate the server with hostile clients (APP= SEED= N=)
sim: $(SIM_DIR)/sim
	$(SIM_DIR)/sim run $(SIM_ARGUMENTS) JOBS=$(SIM_JOBS) $(if $(SEED)$(N),,FRESH=$(SIM_FRESH))
## sim-replay: play one simulated run again, with every port call (APP= SEED= CONNS= FAULTS=)
sim-replay: $(SIM_DIR)/sim
	$(SIM_DIR)/sim replay $(SIM_ARGUMENTS)
## sim-shrink: make a failing simulated run small (APP= SEED=)
sim-shrink: $(SIM_DIR)/sim
	$(SIM_DIR)/sim shrink $(SIM_ARGUMENTS)
## torture: every fault at every occasion, one at a time (APP= N=)
torture: $(SIM_DIR)/sim
	$(SIM_DIR)/sim torture $(SIM_ARGUMENTS) JOBS=$(SIM_JOBS)
## soak: simulate HOURS=72 of each app
soak: $(SIM_DIR)/sim
	$(SIM_DIR)/sim soak $(SIM_ARGUMENTS)
## canary: an app with a planted defect must be caught
canary: $(SIM_DIR)/sim
	$(SIM_DIR)/sim canary $(SIM_ARGUMENTS)
## det: simulated runs are the same each time, for each peer, and however requests are cut
det: $(SIM_DIR)/sim
	$(SIM_DIR)/sim det $(SIM_ARGUMENTS) JOBS=$(SIM_JOBS)
	$(SIM_DIR)/sim isolation JOBS=$(SIM_JOBS)
	$(SIM_DIR)/sim split JOBS=$(SIM_JOBS)
## mutants: plant defects, one at a time; the simulation must find each (MUTANT= N=)
mutants: $(SIM_DIR)/sim
	COMPILE='$(CC) $(CFLAGS) $(SIM_FLAGS)' LINK='$(CC) $(CFLAGS) $(LDFLAGS)' \
	    OBJECTS='$(SIM_OBJECTS)' SEEDS='$(N)' tests/mutants/run.sh $(SIM_DIR) $(MUTANT)
## matrix: every fault of tests/matrix.txt, in each form and situation
.PHONY: matrix
matrix: $(SIM_DIR)/sim
	$(SIM_DIR)/sim matrix JOBS=$(SIM_JOBS)

# The scripts of tests/regress, with this build's own objects; as the fuzzed world they need all apps.
REGRESS_PARTS := tests/regress/replay.c $(filter-out tests/sim/main.c,$(wildcard tests/sim/*.c))
REGRESS_OBJECTS := $(REGRESS_PARTS:%.c=$(B)/%.o)
REGRESS_CHECK := $(if $(LEFT_OUT)$(filter 0,$(HOSTED) $(BOT)),,$(B)/tests/regress/replay)
$(REGRESS_OBJECTS): EXTRA := $(SELECTION)
$(B)/tests/regress/replay: $(REGRESS_OBJECTS) $(SIM_PORT) $(LIBRARY)
	$(call say,TEST,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(LINK) -o $@ $(filter %.o,$^) $(TEST_LIBRARIES)
-include $(REGRESS_OBJECTS:.o=.d)
check check-programs: $(REGRESS_CHECK)
## regress: bugs that were found once, played again with small tables
.PHONY: regress
regress: $(SIM_DIR)/sim
	@for script in tests/regress/*.txt; do $(SIM_DIR)/sim script $$script >$(SIM_DIR)/script.out || \
	    { tail -n 20 $(SIM_DIR)/script.out; exit 1; }; done; echo "all scripts passed"

SIM_CONFORM := $(patsubst %.c,$(SIM_DIR)/%.o,$(wildcard tests/port/*.c tests/port/sim/*.c port/sim/*.c))
-include $(SIM_CONFORM:.o=.d)
$(SIM_DIR)/conform: $(SIM_CONFORM)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $(SIM_CONFORM)
## sim-conform: the simulated port keeps what port.h says
sim-conform: $(SIM_DIR)/conform
	$(SIM_DIR)/conform

# The same programs, with a layer over the port that notes results.
RESULTS_DIR := $(B)/tests/results
RESULTS_CALLS := $(shell awk '$$1 == "world" || $$1 == "tool" { print $$2 }' tests/results/contract.txt)
RESULTS_FLAGS := $(patsubst %,-Wl$(COMMA)--wrap=port_%,$(RESULTS_CALLS) close abort)
RESULTS_PROGRAMS := $(addprefix $(RESULTS_DIR)/,show sim apart conform) \
    $(if $(filter 0,$(HOSTED)),,$(RESULTS_DIR)/linnet $(WIRE_TESTS))
$(RESULTS_DIR)/show: tests/results/show.c tests/results/results.h
	$(call say,TEST,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(COMPILE) $(LDFLAGS) -o $@ $<
$(RESULTS_DIR)/sim: $(SIM_OBJECTS) $(SIM_DIR)/tests/results/record.o
	$(call say,TEST,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) $(RESULTS_FLAGS) -o $@ $^
$(RESULTS_DIR)/apart: $(SIM_CONFORM) $(SIM_DIR)/tests/results/record.o
	$(call say,TEST,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) $(RESULTS_FLAGS) -o $@ $^
$(RESULTS_DIR)/conform: $(CONFORM_SOURCES:%.c=$(B)/%.o) $(B)/tests/results/record.o $(LIBRARY)
	$(call say,TEST,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(LINK) $(RESULTS_FLAGS) $(BOARD_TEST_FLAGS) -o $@ $(filter %.o,$^) $(TEST_LIBRARIES)
$(RESULTS_DIR)/linnet: $(OBJECTS) $(BOARD_OBJECTS) $(B)/tests/results/record.o
	$(call say,TEST,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(LINK) $(RESULTS_FLAGS) -o $@ $^ $(LDLIBS)
-include $(B)/tests/results/record.d $(SIM_DIR)/tests/results/record.d
.PHONY: results
## results: whatever the board's port shows, the simulated one can, and port.h lists (BOARD= N=)
results: $(RESULTS_PROGRAMS)
	@LINNET='$(filter %/linnet,$(abspath $(RESULTS_PROGRAMS)))' BIN='$(abspath $(T))/wire' \
	    PORT='$(PORT)' SEEDS='$(if $(N),$(N),800)' sh tests/results/run.sh $(RESULTS_DIR)
## sim-builds: the same simulated runs from every compiler, level and word size (N=)
sim-builds:
	SEEDS='$(if $(N),$(N),40)' tests/sim/builds.sh $(SIM_DIR)
