# SPDX-License-Identifier: MIT
# Which wire tests `make check` runs, and which take longer or need more than most machines have.

WIRE_SCRIPTS := tests/wire/start.sh tests/wire/output.sh tests/wire/shortage.sh
WIRE_LONG_SCRIPTS := "LONG=1 tests/wire/run.sh" tests/wire/crowd.sh tests/wire/console.sh \
    tests/wire/network.sh tests/wire/memory.sh tests/wire/clients.sh \
    "SECONDS_LONG=10 tests/wire/shortage.sh" "STALL_MS=60000 tests/wire/output.sh"
