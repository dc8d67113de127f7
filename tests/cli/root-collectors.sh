# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Recorded trees: the best collector of each, and each collector by its name.
for kernel in 5.10 6.1 6.12 7.3; do
	try "dmabuf ps --root data/$kernel-shared-root"
	try "dmabuf list --root data/$kernel-shared-root --columns ino,name,processes,explained,unexplained"
done
for collector in debugfs sysfs procfs; do
	try "dmabuf list --root data/6.1-shared-root --collector $collector"
	try "dmabuf ps --root data/6.1-shared-root --collector $collector --json"
done
try "dmabuf list --root data/7.3-shared-root --collector sysfs"
try "dmabuf show 4 --root data/7.3-shared-root"
