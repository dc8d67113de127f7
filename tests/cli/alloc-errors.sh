# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Errors before a heap is opened. No machine has a heap called "no heap".
try "dmabuf alloc"
try "dmabuf alloc system"
for size in "''" x -1 +1 "' 1'" 1x 4MB 4.5 0x10 16E 18446744073709551616; do
	try "dmabuf alloc 'no heap' -- $size"
done
try "dmabuf alloc 'no heap' 0"
try "dmabuf alloc 'no heap' 4K --hold -- true"
for count in "''" 0 -1 x 1K 2147483648; do
	try "dmabuf alloc 'no heap' 4K --count $count"
done
try "dmabuf alloc 'no heap' 4K --count"
try "dmabuf alloc 'no heap' 4K --name"
try "dmabuf alloc 'no heap' 4K --name 12345678901234567890123456789012"
try "dmabuf alloc 'no heap' 4K --columns bogus"
try "dmabuf alloc 'no heap' 4K --root data"
try "dmabuf alloc 'no heap' 4K --input x"
try "dmabuf alloc 'no heap' 4K --collector pinned"
try "dmabuf alloc 'no heap' 4K --resolve system"
try "dmabuf list --hold"
try "dmabuf heaps --count 2"

# More memory than any machine has.
try "dmabuf alloc 'no heap' 15E 2>&1 | sed 's/, [^ ]* are:/, SOME are:/'"
try "dmabuf alloc 'no heap' 1E --count 1000 2>&1 |
	sed 's/, [^ ]* are:/, SOME are:/'"

# The error prints the given name, on one line.
try "dmabuf alloc \$'no\\nheap\\033[31m' 4K 2>&1 | wc -l"
