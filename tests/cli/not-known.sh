# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What is not known is shown as that by every command. It is never zero.

# Not all processes could be searched.
snap blind
for command in summary list ps 'show 1' 'show 2' leaks; do
	try "dmabuf $command --input blind.snap"
	try "dmabuf $command --input blind.snap --json"
done
try "dmabuf shared 101 101 102 --input blind.snap"

# Buffers are missing.
snap gaps
try "dmabuf summary --input gaps.snap"
try "dmabuf summary --input gaps.snap --json | jq -c .totals"

# Sizes, and exporters, are not known.
mkdir -p tree/dev/dma_heap
cp -r data/7.3-shared-root/proc tree/
chmod -R u+w tree
touch tree/dev/dma_heap/system
for command in summary list ps leaks heaps; do
	try "dmabuf $command --root tree"
done

# They may match.
try "dmabuf list --root tree --exporter system"
try "dmabuf list --root tree --exporter system --json | jq -c '.complete, (.gaps[] | select(.what | test(\"match\")))'"
