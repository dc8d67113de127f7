# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A recorded tree that lacks something: what was never recorded is a gap, and nothing
# that might be held is called a leak.
whole=data/6.1-shared-root

# without WHAT COLLECTOR PATH...: a tree without these files
without()
{
	collector=$1
	shift
	rm -rf tree
	cp -r $whole tree
	for path; do
		rm -r "tree/$path"
	done
	try "dmabuf leaks --root tree --collector $collector"
	try "dmabuf summary --root tree --collector $collector --json | jq -c '[.complete, .gaps]'"
}

buffers=sys/kernel/dmabuf/buffers
without debugfs
without debugfs proc/52/fd
without debugfs proc/52/maps proc/55/maps
without debugfs proc/52/fdinfo/9 proc/52/fdinfo/13 proc/54/fdinfo/3
without debugfs proc/1/fd
without sysfs
without sysfs $buffers/3/size $buffers/4/exporter_name $buffers/5/size $buffers/5/exporter_name
without procfs proc/52/fdinfo
# Before v5.14, fdinfo lacks the inode number. The recorder adds it.
rm -rf tree
cp -r $whole tree
sed -i /^ino:/d tree/proc/52/fdinfo/*
try "dmabuf leaks --root tree --collector debugfs"
