# SPDX-License-Identifier: MIT
# Fuzzing; tests/fuzz/README.md says how. Each tests/fuzz/fuzz_NAME.c is a target, with a corpus of
# inputs beside it that `make check` replays without any fuzzer. The top Makefile includes this.

FUZZ_SOURCES := $(wildcard tests/fuzz/fuzz_*.c)
FUZZ_NAMES := $(FUZZ_SOURCES:tests/fuzz/fuzz_%.c=%)
FUZZ_ORACLE := tests/sim/oracle.c $(wildcard tests/fuzz/world_*.c)

# ---- Replay: with this build's own objects, over the simulated port ------------------------------

# As unit tests, a target is left out with its app or tool; the world needs all apps.
FUZZ_REPLAYED := $(filter-out $(if $(LEFT_OUT),$(shell grep -lE \
    '$(subst $(eval) ,|,$(patsubst %,"apps/%/,$(LEFT_OUT)))' $(FUZZ_SOURCES) /dev/null)) \
    $(if $(filter 1,$(BOT)),,tests/fuzz/fuzz_json.c tests/fuzz/fuzz_bot_http.c) \
    $(if $(filter 0,$(COMMAND_LINE)),tests/fuzz/fuzz_options.c),$(FUZZ_SOURCES))
FUZZ_BIN := $(B)/tests/fuzz/bin
FUZZ_REPLAYS := $(FUZZ_REPLAYED:tests/fuzz/fuzz_%.c=$(FUZZ_BIN)/%)
FUZZ_REPLAY_OBJECTS := $(B)/tests/fuzz/replay.o $(B)/tests/fuzz/fuzz.o
FUZZ_CHECK := "tests/fuzz/replay.sh $(FUZZ_BIN)"
-include $(FUZZ_REPLAY_OBJECTS:.o=.d) $(FUZZ_REPLAYED:%.c=$(B)/%.d) $(FUZZ_ORACLE:%.c=$(B)/%.d)

$(FUZZ_BIN)/world: $(FUZZ_ORACLE:%.c=$(B)/%.o)
$(FUZZ_REPLAYS): $(FUZZ_BIN)/%: $(B)/tests/fuzz/fuzz_%.o $(FUZZ_REPLAY_OBJECTS) $(SIM_PORT) $(LIBRARY)
	$(call say,TEST,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(LINK) -o $@ $(filter %.o,$^) $(TEST_LIBRARIES)

check check-programs: $(FUZZ_REPLAYS)

## fuzz-replay: play the corpora of all fuzz targets, without a fuzzer
.PHONY: fuzz-replay
fuzz-replay: $(FUZZ_REPLAYS)
	@$(CHECK) $(FUZZ_CHECK)

# ---- Fuzzers: everything is compiled anew, with small tables that few bytes can fill --------------

FUZZ_DIR := $(O)/fuzz
FUZZ_CC ?= clang
FUZZ_SANITIZERS ?= address,undefined
FUZZ_CFLAGS ?= -O2 -g -fno-omit-frame-pointer
AFL_CC ?= afl-clang-fast
FUZZ_COMMA := ,
FUZZ_PARTS := $(wildcard port/sim/*.c core/*.c apps/echo/*.c apps/chat/*.c apps/fileget/*.c \
    apps/get/*.c) apps/options.c apps/target.c tests/fuzz/fuzz.c $(FUZZ_ORACLE)
FUZZ_FLAGS := -std=c99 -I. -D_FILE_OFFSET_BITS=64 -D_TIME_BITS=64 -D_POSIX_C_SOURCE=200809L \
    -DPORT_RESOLVE=0 -DPORT_GBK=1 $(WARNINGS) -MMD -MP \
    -DCFG_CONN_MAX=16 -DCFG_CONN_BUFFER_BYTES=768 -DCFG_READ_BYTES=1024 \
    -DCFG_WRITE_BUDGET_BYTES=1024 -DCFG_ACCEPT_BUDGET=4 -DCFG_DATAGRAM_BUDGET=4 \
    -DCFG_FILEGET_SORTS=1 -DCFG_FILEGET_SORT_BYTES=2048 \
    -DCFG_WATCH_ONE_TIER_MAX=6 -DCFG_CHAT_LOG_BYTES=4096 -DCFG_FILEGET_HEAD_BYTES=1024 \
    -DCFG_FILEGET_FIELDS_MAX=16 -DCFG_FILEGET_FIELD_BYTES=64 -DCFG_GET_URL_BYTES=256 \
    -DCFG_GET_HEAD_BYTES=1024 -DCFG_GET_CHUNK_LINE_BYTES=256 -DCFG_GET_VALIDATOR_BYTES=64

# fuzzer_rules FOLDER COMPILER COMPILE-FLAGS LINK-FLAGS: the targets of one fuzzer.
define fuzzer_rules
$(FUZZ_DIR)/$(1)/%.o: %.c tests/fuzz/fuzz.mk
	$$(call say,FUZZ,$$@)
	$$(Q)mkdir -p $$(@D)
	$$(Q)$(2) $(FUZZ_CFLAGS) $(FUZZ_FLAGS) $(3) -c -o $$@ $$<
$(FUZZ_DIR)/$(1)/parts.a: $(FUZZ_PARTS:%.c=$(FUZZ_DIR)/$(1)/%.o)
	$$(Q)rm -f $$@
	$$(Q)$$(AR) rc $$@ $$^
$(FUZZ_NAMES:%=$(FUZZ_DIR)/$(1)/%): $(FUZZ_DIR)/$(1)/%: $(FUZZ_DIR)/$(1)/tests/fuzz/fuzz_%.o \
    $(FUZZ_DIR)/$(1)/parts.a
	$$(call say,FUZZ,$$@)
	$$(Q)$(2) $(FUZZ_CFLAGS) $(4) -o $$@ $$^
-include $(patsubst %.c,$(FUZZ_DIR)/$(1)/%.d,$(FUZZ_PARTS) $(FUZZ_SOURCES))
endef
$(eval $(call fuzzer_rules,clang,$(FUZZ_CC),\
    -fsanitize=fuzzer-no-link$(FUZZ_COMMA)$(FUZZ_SANITIZERS) -fno-sanitize-recover=all -DFUZZ_COUNTERS,\
    -fsanitize=fuzzer$(FUZZ_COMMA)$(FUZZ_SANITIZERS)))
$(eval $(call fuzzer_rules,afl,$(AFL_CC),,-fsanitize=fuzzer))

# T=SECONDS for each target; the world, which has the most to say, gets five times as much when all
# are fuzzed. The variable of that name in other rules is not meant.
FUZZ_SECONDS := $(if $(filter command line,$(origin T)),$(T),10)
FUZZ_RUN = FUZZ_DIR='$(FUZZ_DIR)' sh tests/fuzz/fuzz.sh
FUZZ_TARGETS := $(FUZZ_NAMES:%=fuzz-%)
FUZZ_AFL_TARGETS := $(FUZZ_NAMES:%=fuzz-afl-%)

# What `make fuzz` builds, alone.
.PHONY: fuzz-build
fuzz-build: $(FUZZ_NAMES:%=$(FUZZ_DIR)/clang/%)

## fuzz: every fuzz target for T=10 seconds, with clang's libFuzzer; fuzz-NAME: one
.PHONY: fuzz $(FUZZ_TARGETS) $(FUZZ_AFL_TARGETS)
fuzz: $(FUZZ_NAMES:%=$(FUZZ_DIR)/clang/%)
	@$(FUZZ_RUN) all $(FUZZ_SECONDS) $(FUZZ_NAMES)
$(FUZZ_TARGETS): fuzz-%: $(FUZZ_DIR)/clang/%
	@$(FUZZ_RUN) one $(FUZZ_SECONDS) $*

## fuzz-afl-NAME: one target with AFL++, where there is afl-clang-fast
$(FUZZ_AFL_TARGETS): fuzz-afl-%: $(FUZZ_DIR)/afl/%
	@$(FUZZ_RUN) afl $(FUZZ_SECONDS) $*

## fuzz-merge: makes the corpora smaller, keeping what they cover, from what fuzzing has found too
.PHONY: fuzz-merge
fuzz-merge: $(FUZZ_NAMES:%=$(FUZZ_DIR)/clang/%)
	@$(FUZZ_RUN) merge 0 $(FUZZ_NAMES)

# ---- Mechanical mutants, for which all tests there are have to be known -----------------------------

## mutants-mechanical: N=200 one-token changes drawn by the commit; most must be noticed (N= SEED= ONLY= LEAST=)
.PHONY: mutants-mechanical
mutants-mechanical: $(SIM_DIR)/sim $(UNIT_TESTS) $(FUZZ_REPLAYS) $(B)/linnet $(WIRE_TESTS)
	@COMPILE='$(TEST_COMPILE)' LINK='$(CC) $(CFLAGS) $(LDFLAGS)' LIBRARIES='$(TEST_LIBRARIES)' \
	    UNITS='$(UNIT_TESTS)' FUZZERS='$(FUZZ_REPLAYS)' SIM_PORT='$(SIM_PORT)' \
	    WORLD='$(FUZZ_ORACLE:%.c=$(B)/%.o)' SIM_COMPILE='$(CC) $(CFLAGS) $(SIM_FLAGS)' \
	    LINNET='$(abspath $(B)/linnet)' MAIN='$(BOARD_MAIN:%.c=$(B)/%.o)' BIN='$(abspath $(T))/wire' \
	    SIM_OBJECTS='$(SIM_OBJECTS)' SEED='$(or $(SEED),$(SIM_FRESH))' N='$(or $(N),200)' \
	    ONLY='$(ONLY)' LEAST='$(or $(LEAST),90)' JOBS='$(or $(JOBS),2)' \
	    sh tests/mutants/mechanical.sh $(O)/mechanical
