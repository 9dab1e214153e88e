# SPDX-License-Identifier: MIT
# Sizes and stack, held against budgets.

## boards: build all boards whose compiler is here, and compare their sizes with tests/size; TABLE=1: for README
.PHONY: boards
boards:
	@MAKE='$(MAKE)' O='$(O)' TABLE='$(TABLE)' sh tests/size/size.sh $(or $(CHECK_BOARDS),$(BOARDS))

## stack: the deepest stack of core and apps on a Cortex-M3
.PHONY: stack
stack:
	@sh tests/size/stack.sh

## work: instructions for an echoed message and a small file, counted by valgrind
.PHONY: work
work:
	@MAKE='$(MAKE)' O='$(O)' sh tests/size/work.sh
