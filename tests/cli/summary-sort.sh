# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Sorting by each column, in both directions.
for column in exporter buffers size largest attached; do
	for sign in '' -; do
		try "dmabuf --input data/7.3-basic.dmabuf --sort $sign$column \
--bytes"
	done
done
