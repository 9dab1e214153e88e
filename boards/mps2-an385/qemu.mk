# SPDX-License-Identifier: MIT
# The board in emulation; see board.mk.

## qemu: run a firmware in qemu, with its ports at those of this machine; its console is the terminal
.PHONY: qemu
qemu: $(B)/linnet.elf
	qemu-system-arm -M mps2-an385 -nographic -kernel $< \
	    -nic user,model=lan9118,net=10.77.0.0/24,host=10.77.0.1,dhcpstart=10.77.0.2,$(subst \
	    $(space),$(comma),$(foreach port,7007 6667 8080,hostfwd=tcp:127.0.0.1:$(port)-10.77.0.2:$(port)))
