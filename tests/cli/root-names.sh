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
