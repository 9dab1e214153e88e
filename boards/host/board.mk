# SPDX-License-Identifier: MIT
# This machine: a Linux host, 10,000 connections. CC is the system's compiler unless you say otherwise.
PORT = posix
BOARD_TEXT = this machine, 10,000 connections
RESOLVE ?= 1
BOT ?= 1
GBK ?= 1
