# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The help of the program and of each command, with every option.
try "dmabuf --help"
for command in summary list ps show shared leaks heaps alloc doctor pin unpin save; do
	try "dmabuf $command --help"
done
try "dmabuf --version"
try "dmabuf list --version"
# --help ignores errors after it, and runs no collector.
try "dmabuf --help frob | head -n 1"
try "dmabuf list --columns bogus --help | head -n 1"
# No line is too long for a terminal.
try "for c in '' summary list ps show shared leaks heaps alloc doctor pin unpin save; do dmabuf \$c --help; done \
| grep -E '.{81}'"
