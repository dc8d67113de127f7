# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Other kernels and collectors; no buffers at all; recorded trees.
try "dmabuf list --input data/6.1-basic.dmabuf"
try "dmabuf list --input data/6.1-basic.dmabuf --json | jq -c 'del(.buffers)'"
try "dmabuf list --input data/7.3-empty.dmabuf"
try "dmabuf list --input data/7.3-empty.dmabuf --no-headings"
try "dmabuf list --input data/7.3-empty.dmabuf --json"
try "dmabuf list --root data/7.3-basic-root"
try "dmabuf list --root data/7.3-basic-root --json"
try "dmabuf list --root data/7.3-basic-root --collector pinned | wc -l"
try "dmabuf list --root data/7.3-basic-text-root"
try "dmabuf list --root data/7.3-basic-text-root --json"
# The tree and the file were recorded from the same scene.
for from in --root=data/7.3-basic-root --input=data/7.3-basic.dmabuf; do
	dmabuf list $from --json | jq .buffers >"${from%%=*}"
done
try "cmp -- --root --input"
# A path with a slash at the end, and a full path.
try "dmabuf list --root data/7.3-basic-root/ --no-headings | wc -l"
try "dmabuf list --root \$PWD/data/7.3-basic-root --no-headings | wc -l"
