# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Missing processes, and operands that are not PIDs.
snap held
try "dmabuf ps --input held.snap 4711"
try "dmabuf ps --input held.snap 104"
try "dmabuf ps --input held.snap 101 0x65"
try "dmabuf ps --input held.snap -- -1"
try "dmabuf ps --input held.snap ''"
try "dmabuf ps --input held.snap 99999999999999999999"
try "dmabuf shared --input held.snap"
try "dmabuf shared --input held.snap 101"
try "dmabuf shared --input held.snap 101 101"
try "dmabuf shared --input held.snap 101 4711"
try "dmabuf show --input held.snap"
try "dmabuf show --input held.snap 1 2"
try "dmabuf show --input held.snap one"
try "dmabuf show --input held.snap 77"
try "dmabuf leaks --input held.snap 1"
