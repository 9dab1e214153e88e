#!/bin/sh
# SPDX-License-Identifier: MIT
# The port on lwIP: its conformance as a process of this machine, and the firmware in emulation.
O=$(mkdir -p "${O:-build}" && cd "${O:-build}" && pwd) || exit 1
export O
exec sh tests/lwip/run.sh
