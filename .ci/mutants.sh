#!/bin/sh
# SPDX-License-Identifier: MIT
# Planted defects: the simulation must find each, by an invariant that was named beforehand.
exec make -s mutants O="${O:-build}"
