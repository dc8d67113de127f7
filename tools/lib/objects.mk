# SPDX-License-Identifier: GPL-2.0-or-later
#
# usage: make -s -rR -f objects.mk TREE=DIR CONFIG=FILE DIR=drivers/uio
#
# Prints what kbuild builds with a config in one folder of a kernel: objects, parts of
# objects, and folders.

.PHONY: objects
objects:

include $(CONFIG)
srctree := $(TREE)
src := $(TREE)/$(DIR)
obj := $(DIR)
include $(firstword $(wildcard $(src)/Kbuild $(src)/Makefile))

built := $(obj-y) $(obj-m) $(lib-y)

objects: ; @echo $(built) $(foreach o,$(built:.o=),$($(o)-y) $($(o)-m) $($(o)-objs))
