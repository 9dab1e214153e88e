# SPDX-License-Identifier: MIT
# How the tests are built and run; see tests/README.md for what each proves.

T := $(B)/tests
TEST_COMPILE = $(COMPILE) -D_GNU_SOURCE

# One program for each file of tests/unit; what begins with fake_ stands in for a part, for those
# that say so in a line "uses fake_x.c", and the simulated port for those that say "uses port/sim".
UNIT_SOURCES := $(filter-out tests/unit/fake_%,$(wildcard tests/unit/*.c))
UNIT_TESTS := $(UNIT_SOURCES:tests/unit/%.c=$(T)/unit/%)

SIM_PORT := $(patsubst %.c,$(B)/%.o,$(wildcard port/sim/*.c))
-include $(SIM_PORT:.o=.d)
SIM_UNITS := $(shell grep -l 'uses port/sim' $(UNIT_SOURCES) /dev/null)
$(SIM_UNITS:tests/unit/%.c=$(T)/unit/%): $(SIM_PORT)

$(T)/unit/%: tests/unit/%.c tests/check.h $(LIBRARY)
	$(call say,TEST,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(TEST_COMPILE) $(SELECTION) -MD -MF $@.d -o $@ $< \
	    $(shell sed -n 's,.*uses \(fake_[a-z_]*\.c\).*,tests/unit/\1,p' tests/unit/$*.c) \
	    $(filter $(B)/port/sim/%,$^) $(LIBRARY) $(LDFLAGS) $(BOARD_LDFLAGS) $(GC_SECTIONS) $(LDLIBS)
-include $(UNIT_TESTS:=.d)

## unit: build and run the unit tests
.PHONY: unit
unit: $(UNIT_TESTS)
	@EXEC='$(EXEC)' sh tests/check.sh $(UNIT_TESTS)
