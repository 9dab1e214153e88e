#!/bin/sh
# SPDX-License-Identifier: MIT
# Planted defects: the simulation must find each, by an invariant that was named beforehand. How soon
# is measured elsewhere, by make nightly.
exec env STARTS=0 make -s mutants O="${O:-build}"
