# SPDX-License-Identifier: MIT
# Programs that try port/lwip, for BOARD=lwip-host; see tests/lwip/README.md.

LWIP_TESTS := $(T)/lwip/pools $(T)/lwip/wire
$(LWIP_TESTS): $(T)/lwip/%: $(B)/tests/lwip/%.o $(LIBRARY)
	$(call say,TEST,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(LINK) -o $@ $< $(LIBRARY) $(LDLIBS)
-include $(wildcard $(T)/lwip/*.d)

.PHONY: lwip-tests
lwip-tests: $(LWIP_TESTS) $(CONFORM)
	@sh tests/check.sh $(T)/lwip/pools
