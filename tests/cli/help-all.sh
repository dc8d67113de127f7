# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The help of the program and of each command, with every option.
try "dmabuf --help"
for command in summary list ps show shared leaks heaps alloc doctor pin unpin save help; do
	try "dmabuf $command --help"
done
try "dmabuf --version"
try "dmabuf list --version"
# --help ignores errors after it, and runs no collector.
try "dmabuf --help frob | head -n 1"
try "dmabuf list --columns bogus --help | head -n 1"
# No line is too long for a terminal.
try "for c in '' summary list ps show shared leaks heaps alloc doctor pin unpin save help; do dmabuf \$c --help; done \
| grep -E '.{81}'"
# "help" is the same, and so are the letters.
try "cmp <(dmabuf help) <(dmabuf --help) && cmp <(dmabuf -h) <(dmabuf --help)"
try "cmp <(dmabuf help list) <(dmabuf list --help) && cmp <(dmabuf list -h) <(dmabuf list --help)"
try "cmp <(dmabuf -V) <(dmabuf --version)"
try "dmabuf help frob"
try "dmabuf help lits"
try "dmabuf help list ps"
