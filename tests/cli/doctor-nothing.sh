# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# If nothing works, doctor reports it and fails.
mkdir tree
try "dmabuf doctor --root tree"
try "dmabuf doctor --root tree --json"
try "dmabuf doctor --root tree --columns why,hint"
# Damaged records differ from missing ones.
mkdir -p tree/sys/fs/bpf/dmabuf
echo damaged >tree/sys/fs/bpf/dmabuf/records
try "dmabuf doctor --root tree --columns collector,state,note"
printf '1\n4096\nname\n' >tree/sys/fs/bpf/dmabuf/prog_dmabufIter_iter_dmabuf
rm tree/sys/fs/bpf/dmabuf/records
try "dmabuf doctor --root tree --columns collector,state,note"
