# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Sorting by each column, in both directions; ties are sorted by inode.
for column in ino size exporter name refs attachments address; do
	for sign in '' -; do
		try "dmabuf list --input data/7.3-basic.dmabuf --bytes \
--no-headings --sort=$sign$column --columns ino,$column"
	done
done
# Sorting by a column that is not shown.
try "dmabuf list --input data/7.3-basic.dmabuf --sort name --columns ino,size"
# JSON has the same order.
try "dmabuf list --input data/7.3-basic.dmabuf --sort name --json | jq -c \
'[.buffers[].name]'"
# Unknown values come last in both directions.
snap unknown
for column in ino size exporter name refs attachments; do
	for sign in '' -; do
		try "dmabuf list --input unknown.snap --bytes --no-headings \
--sort=$sign$column --columns $column,ino"
	done
done
