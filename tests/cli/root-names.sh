# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Names and paths that look like something else: one odd name costs that name at most.
cp -r data/6.1-shared-root tree
# Lines of a vendor after the name; the link of the descriptor tells where it ends.
printf 'attach:\t2\nowner:\tcamera.provider@2.7\n' >>tree/proc/54/fdinfo/3
# A file on a disk, and one with a path too long, in a mount namespace.
echo '7f10-7f20 r--s 00000000 08:01 2    /dmabuf:shared-all (deleted)' >>tree/proc/54/maps
echo '7f20-7f30 r--s 00000000 00:2b 2    /dmabuf:0123456789012345678901234567890x' >>tree/proc/54/maps
try "dmabuf list --root tree --collector procfs"

# The list in debugfs: a name like a fence, one that could be a fence, and a fence with
# a newline. All other buffers have their names.
cat >tree/sys/kernel/debug/dma_buf/bufinfo <<'END'

Dma-buf Objects:
size    	flags   	mode    	count   	exp_name	ino     	name
00004096	00000002	02080007	00000001	system	00000021	x
	read fence:y
	Attached Devices:
Total 0 devices attached

00004096	00000002	02080007	00000001	system	00000022	x
	read fence:a b signalled
	Attached Devices:
Total 0 devices attached

01064960	00000000	00080005	00000001	i915	00000023	<none>
	read fence:i915 a
b[1234]:2f seq 8 signalled
	Attached Devices:
Total 0 devices attached

00004096	00000002	02080007	00000001	system	00000024	other
	Attached Devices:
Total 0 devices attached


Total 4 objects, 1077248 bytes
END
try "dmabuf list --root tree --collector debugfs --columns ino,size,name"
