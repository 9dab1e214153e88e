# SPDX-License-Identifier: MIT
# Programs that try port/lwip, for BOARD=lwip-host; see tests/lwip/README.md.

LWIP_TESTS := $(T)/lwip/pools
$(LWIP_TESTS): $(T)/lwip/%: $(B)/tests/lwip/%.o $(LIBRARY)
	$(call say,TEST,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(LINK) -o $@ $< $(LIBRARY) $(LDLIBS)
-include $(wildcard $(T)/lwip/*.d)

.PHONY: lwip-tests
lwip-tests: $(LWIP_TESTS)
	@sh tests/check.sh $(LWIP_TESTS)
