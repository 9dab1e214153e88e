# SPDX-License-Identifier: MIT
# linnet: `make` builds it for this machine, `make run` serves, `make check` tests, `make help`
# lists the rest.
#
# Variables you will want:
#   BOARD=host           where it will run: a folder of boards/ (unknown ones are listed)
#   APPS="echo chat fileget"   the server apps to build in, any subset
#   TOOLS="get ping talk"   the client tools to build in, any subset or none
#   O=build              where everything is built: $(O)/$(BOARD)/linnet
#   V=1                  show the commands
# Variables you might want:
#   CROSS_COMPILE=       prefix of the tools, as in arm-linux-gnueabihf-
#   CC CFLAGS CPPFLAGS LDFLAGS LDLIBS STRIP AR   respected from command line and environment;
#                        what linnet needs is added to them, never replaced
#   WERROR=0             warnings are only warnings
#   SIZES=tiny           the sizes of another board, see boards/*/board_config.h
#   TEXTS=0              --help and --limits name things without explaining them (smaller)
#   RESOLVE=0            numbers only, no host names (smaller)
#   BOT=0                no bot in the chat (smaller)
#   GBK=0                UTF-8 only, no names and texts in GBK (smaller)
#   OPTIONS=0            no command line: serves as board_config.h says (smallest; no tools)
#   EXEC=                what runs a program of the board: qemu-arm, ssh ...
#   DESTDIR= PREFIX=/usr/local   for `make install`

O ?= build
BOARD ?= host
BOARD_FILES := $(filter-out boards/template/%,$(wildcard boards/*/board.mk))
BOARDS := $(sort $(BOARD_FILES:boards/%/board.mk=%))
ifeq ($(filter $(BOARD),$(BOARDS)),)
$(error there is no board '$(BOARD)'; the boards are: $(BOARDS))
endif

# CC has a value before anybody gives it one; only a given one counts. One that is named as cross
# compilers are brings its companions: strip and the others.
ifneq ($(origin CC),default)
GIVEN_CC := $(CC)
GIVEN_PREFIX := $(patsubst %-gcc,%-,$(filter %-gcc,$(filter-out musl-gcc,$(firstword $(CC)))))
ifneq ($(GIVEN_PREFIX),)
CROSS_COMPILE ?= $(GIVEN_PREFIX)
endif
endif
ifneq ($(origin AR),default)
GIVEN_AR := $(AR)
endif

include boards/$(BOARD)/board.mk

ALL_APPS := echo chat fileget
ALL_TOOLS := get ping talk
APPS ?= $(ALL_APPS)
OPTIONS ?= 1
TOOLS ?= $(if $(filter 0,$(OPTIONS)),,$(ALL_TOOLS))
RESOLVE ?= 0
BOT ?= 0
GBK ?= 0
TEXTS ?= 1
HOSTED ?= 1
COMMAND_LINE := $(if $(filter 0,$(HOSTED) $(OPTIONS)),0,1)
WERROR ?= 1
SIZES ?= $(BOARD)
PREFIX ?= /usr/local
UNKNOWN := $(filter-out $(ALL_APPS),$(APPS)) $(filter-out $(ALL_TOOLS),$(TOOLS))
ifneq ($(strip $(UNKNOWN)),)
$(error unknown: $(strip $(UNKNOWN)); APPS may hold: $(ALL_APPS); TOOLS may hold: $(ALL_TOOLS))
endif
ifneq ($(and $(filter 0,$(OPTIONS)),$(strip $(TOOLS))),)
$(error OPTIONS=0 leaves no command line for tools: say TOOLS=)
endif
ifneq ($(and $(filter 0,$(OPTIONS)),$(filter check% unit wire%,$(MAKECMDGOALS))),)
$(error the tests give options; what OPTIONS=0 builds is tested by `make check` without it)
endif
ifeq ($(strip $(APPS)),)
$(error APPS is empty; it may hold: $(ALL_APPS))
endif

override CC := $(or $(GIVEN_CC),$(BOARD_CC),$(if $(CROSS_COMPILE),$(CROSS_COMPILE)gcc,cc))
override AR := $(or $(GIVEN_AR),$(CROSS_COMPILE)ar)
STRIP ?= $(CROSS_COMPILE)strip
NM ?= $(CROSS_COMPILE)nm
CFLAGS ?= $(or $(BOARD_CFLAGS),-O2 -g)

B := $(O)/$(BOARD)
Q := $(if $(filter 1,$(V)),,@)
say = $(if $(filter 1,$(V)),,@printf '  %-7s %s\n' $(1) $(patsubst $(O)/%,%,$(2)))

# ---- Flags ---------------------------------------------------------------------------------------

WARNINGS := -pedantic -Wall -Wextra -Wconversion -Wsign-conversion -Wshadow -Wstrict-prototypes \
    -Wmissing-prototypes -Wundef -Wcast-align -Wwrite-strings -Wvla -Wswitch-enum \
    $(if $(filter 1,$(WERROR)),-Werror)
# tcc has neither sections nor a linker that could drop them, and knows no -MP.
ifneq ($(notdir $(firstword $(CC))),tcc)
PHONY_HEADERS := -MP
SECTIONS := -ffunction-sections -fdata-sections
GC_SECTIONS := -Wl,--gc-sections
endif
BOARD_CONFIG := $(wildcard boards/$(SIZES)/board_config.h)
MANDATORY := -std=c99 -I. -D_FILE_OFFSET_BITS=64 -D_TIME_BITS=64 -DPORT_RESOLVE=$(RESOLVE) \
    -DPORT_TEXTS=$(TEXTS) -DPORT_GBK=$(GBK) -DCHAT_BOT=$(BOT) -DCORE_LIMITS=$(COMMAND_LINE) \
    $(addprefix -include ,$(BOARD_CONFIG)) $(WARNINGS) $(SECTIONS) $(BOARD_FLAGS)
COMPILE = $(CC) $(CPPFLAGS) $(CFLAGS) $(MANDATORY)
LINK = $(CC) $(CFLAGS) $(SECTIONS) $(BOARD_FLAGS) $(LDFLAGS) $(BOARD_LDFLAGS) $(GC_SECTIONS)

upper_app = $(subst echo,ECHO,$(subst chat,CHAT,$(subst fileget,FILEGET,$(1))))
upper = $(subst get,GET,$(subst ping,PING,$(subst talk,TALK,$(call upper_app,$(1)))))
SELECTION := $(foreach a,$(ALL_APPS),-DAPP_$(call upper,$(a))=$(if $(filter $(a),$(APPS)),1,0)) \
    $(foreach t,$(ALL_TOOLS),-DTOOL_$(call upper,$(t))=$(if $(filter $(t),$(TOOLS)),1,0)) \
    -DSERVE_OPTIONS=$(OPTIONS)

# ---- Sources -------------------------------------------------------------------------------------

# A board without an operating system (HOSTED=0) brings its own main.
ROOT_SOURCES := $(if $(filter 0,$(HOSTED)),apps/table.c,$(wildcard apps/*.c))
SOURCES := $(wildcard port/$(PORT)/*.c) $(wildcard core/*.c) $(ROOT_SOURCES) \
    $(foreach a,$(sort $(APPS) $(TOOLS)),$(wildcard apps/$(a)/*.c)) $(BOARD_SOURCES)
SOURCES := $(filter-out $(if $(filter 0,$(COMMAND_LINE)),%_options.c %/limits.c),$(SOURCES))
SOURCES := $(filter-out $(if $(filter 1,$(BOT)),,apps/chat/bot%.c apps/chat/json%.c),$(SOURCES))
OBJECTS := $(SOURCES:%.c=$(B)/%.o)
ROOT_OBJECTS := $(ROOT_SOURCES:%.c=$(B)/%.o)
LIBRARY := $(B)/liblinnet.a
SOURCE_FOLDERS := $(sort $(dir $(OBJECTS)))

## all: build linnet for BOARD (the default)
PROGRAM ?= linnet
.PHONY: all
all: $(B)/$(PROGRAM)

# A stamp holds what it was built with and changes only when that does, so that a new switch
# rebuilds what depends on it, and nothing else.
define stamp
	@mkdir -p $(dir $@)
	@printf '%s\n' '$(subst ','\'',$(strip $(1)))' >$@.new
	@if cmp -s $@.new $@; then rm -f $@.new; else mv -f $@.new $@; fi
endef
$(B)/stamps/compile: FORCE
	$(call stamp,$(COMPILE))
$(B)/stamps/selection: FORCE
	$(call stamp,$(SELECTION))
$(B)/stamps/link: FORCE
	$(call stamp,$(LINK) $(LDLIBS) $(OBJECTS) $(BOARD_OBJECTS))
.PHONY: FORCE
FORCE:

$(ROOT_OBJECTS): EXTRA := $(SELECTION)
$(ROOT_OBJECTS): $(B)/stamps/selection
$(B)/%.o: %.c $(B)/stamps/compile
	$(call say,CC,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(COMPILE) $(EXTRA) -MD $(PHONY_HEADERS) -MF $(@:.o=.d) -c -o $@ $<
-include $(OBJECTS:.o=.d)

$(B)/linnet.debug: $(OBJECTS) $(BOARD_OBJECTS) $(B)/stamps/link
	$(call say,LD,$@)
	$(Q)$(LINK) -o $@ $(OBJECTS) $(BOARD_OBJECTS) $(LDLIBS)

$(B)/$(PROGRAM): $(B)/linnet.debug
	$(call say,STRIP,$@)
	$(Q)cp $< $@
	$(Q)$(STRIP) $(BOARD_STRIP) $@

# All but main, for the tests: a member that nobody needs is left out.
BOARD_MAIN ?= apps/main.c
$(LIBRARY): $(OBJECTS) $(BOARD_OBJECTS) $(B)/stamps/link
	$(call say,AR,$@)
	$(Q)rm -f $@
	$(Q)$(AR) rc $@ $(filter-out $(BOARD_MAIN:%.c=$(B)/%.o),$(OBJECTS) $(BOARD_OBJECTS))

## run: serve the current folder, echo and chat on this machine's unprivileged ports
.PHONY: run
run: $(B)/linnet
	$(EXEC) $(B)/linnet serve $(if $(filter 0,$(OPTIONS)),,-r .)

## install: put linnet into DESTDIR/PREFIX/bin
.PHONY: install
install: $(B)/linnet
	mkdir -p $(DESTDIR)$(PREFIX)/bin
	cp $(B)/linnet $(DESTDIR)$(PREFIX)/bin/linnet
	chmod 755 $(DESTDIR)$(PREFIX)/bin/linnet

include tests/tests.mk
include tests/sim/sim.mk
include tests/fuzz/fuzz.mk
include tests/size/size.mk
include tests/bench/bench.mk
include boards/boards.mk
include $(BOARD_RULES)
include tests/boot/boot.mk

## clean: remove everything that was built
.PHONY: clean
clean:
	rm -rf $(O)

## help: this list
.PHONY: help
help:
	@sed -n '2,22s/^# \{0,1\}//p' Makefile
	@echo
	@echo 'Targets:'
	@sed -n 's/^## \([a-z-]*\): /  \1:/p' $(MAKEFILE_LIST) | awk -F: '{ printf "%-14s %s\n", $$1, $$2 }'
	@echo
	@echo 'Boards: $(BOARDS)'
