# SPDX-License-Identifier: GPL-2.0-or-later
#
#   make              the programs, the library, man pages
#   make demo         boot a kernel with a scene of buffers and look at it
#   make check        all tests; check-unit, -cli, -alloc, -fuzz, -vm: one kind
#   make check-kernel the kernels of kernel/, built and tested
#   make bench        what a buffer costs, by each way of reading
#   make check-speed  that it costs no more than bench/budgets.tsv says
#   make install      with PREFIX= and DESTDIR=
#   make dist         the release tarball of the last commit, with the kernel patches
#
# O=DIR builds there, V=1 shows commands, SAN=1 adds ASan and UBSan, WERROR=1
# makes warnings errors. STATIC=1 builds static/dmabuf and static/btfwalk, which need no
# library. ARCH=arm64, armhf or i386 builds for that architecture after
# "tools/setup --arch ARCH"; CROSS_COMPILE= is a prefix of another compiler, SYSROOT= the
# folder of its headers and libraries. Tests that passed run again when what they are made
# of has changed; FRESH=1 runs all, TIMES=1 prints how long each took.

VERSION := 0.1.0
SOVERSION := 0
# What the manual pages show, whenever they are built.
DATE := 2026-11-27
export SOURCE_DATE_EPOCH ?= $(shell date -u -d $(DATE) +%s)

O      ?= build
PREFIX ?= /usr/local
LIBDIR ?= $(PREFIX)/lib

# Another architecture, and a sanitized build, are other builds: each has a folder of its
# own. Kernel developers export an ARCH that is not for us.
PLAIN_O := $(O)
ifeq ($(if $(ARCH),$(origin ARCH)),command line)
ARCH_IS := $(shell tools/setup --show-arch $(ARCH))
$(if $(ARCH_IS),,$(error ARCH=$(ARCH) is unknown))
override O := $(O)/$(ARCH)
CROSS_COMPILE := $(word 1,$(ARCH_IS))
SYSROOT := $(word 2,$(ARCH_IS))
endif
ifeq ($(SAN),1)
override O := $(O)/san
SANFLAGS := -fsanitize=address,undefined -fno-sanitize-recover=undefined \
	-fno-omit-frame-pointer
endif

CC          := $(CROSS_COMPILE)gcc $(SYSROOT:%=--sysroot=%)
AR          := $(CROSS_COMPILE)ar
CLANG       ?= clang
CLANG_FORMAT ?= clang-format
BPFTOOL     ?= $(firstword $(wildcard /usr/sbin/bpftool) bpftool)
PKG_CONFIG  ?= $(PKG_FOLDERS) pkg-config
SCDOC       ?= scdoc
INSTALL     ?= install

ifneq ($(V),1)
Q := @
say = @printf '  %-7s %s\n' $(1) $(2)
endif

# Debian has what belongs to an architecture in folders with its name.
MULTIARCH   := $(shell $(CC) -print-multiarch 2>/dev/null)
PKG_FOLDERS := $(if $(CROSS_COMPILE),PKG_CONFIG_SYSTEM_LIBRARY_PATH=/usr/lib/$(MULTIARCH) \
	PKG_CONFIG_LIBDIR=$(SYSROOT)/usr/lib/$(MULTIARCH)/pkgconfig:$(SYSROOT)/usr/share/pkgconfig)

# The packages that pkg-config must find. A missing one is an error only of recipes that
# compile: "make check" runs tools/setup first, and "make clean" needs none.
PACKAGES := libbpf libelf zlib
missing   = $(foreach p,$(1),$(shell $(PKG_CONFIG) --exists $(p) 2>/dev/null || echo $(p)))
MISSING  := $(strip $(call missing,$(PACKAGES)))
need-packages = $(if $(MISSING),$(error pkg-config does not find $(MISSING): run \
	tools/setup$(if $(ARCH_IS), --arch $(ARCH))))

CFLAGS   ?= -O2 -g
# Two builds of the same sources give the same bytes, whatever folder they are in.
SAME_PATHS := -ffile-prefix-map=$(CURDIR)=. -ffile-prefix-map=$(abspath $(PLAIN_O))=build \
	$(SYSROOT:%=-ffile-prefix-map=%=)
WARNINGS := -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes \
	-Wvla -Wformat=2 $(if $(WERROR),-Werror)
# On 32 bits, files over 2 GiB and times after 2038.
LARGE    := -D_FILE_OFFSET_BITS=64 -D_TIME_BITS=64
CPPFLAGS := -D_GNU_SOURCE $(LARGE) -DDMABUF_VERSION='"$(VERSION)"' \
	-Iinclude -I$(O)/bpf \
	$(shell $(PKG_CONFIG) --cflags $(PACKAGES) 2>/dev/null)
# Where a source finds the headers of rooms, "ROOM/NAME.h". The program sees of the
# library what everybody sees; tools/check-layers knows the rest.
ROOMS := -iquote . -iquote lib -iquote bpf -iquote $(O)/lib
ALL_CFLAGS = -std=gnu17 -fPIC -fvisibility=hidden -MMD -MP $(WARNINGS) \
	$(ROOMS) $(CPPFLAGS) $(SAME_PATHS) $(CFLAGS) $(SANFLAGS)

pkg-libs   = $(shell $(PKG_CONFIG) --libs $(1) 2>/dev/null)
LIB_LIBS  := $(call pkg-libs,$(PACKAGES))
STATIC_LIBS = $(call pkg-libs,--static $(PACKAGES))

BPF_PROGRAMS := $(sort $(notdir $(basename $(basename $(wildcard bpf/*/*.bpf.c)))))
BPF_CFLAGS   := -target bpf -mcpu=v3 -g -O2 -Dstatic_assert=_Static_assert \
	-Wall -Wextra -Wno-unused-parameter $(if $(WERROR),-Werror) $(SAME_PATHS) \
	-DTARGET_$(firstword $(subst -, ,$(shell $(CC) -dumpmachine))) \
	-idirafter $(SYSROOT)/usr/include/$(MULTIARCH)
SKELETONS    := $(BPF_PROGRAMS:%=$(O)/bpf/%.skel.h)
PLAIN_SKELETONS := $(patsubst %,$(O)/bpf/plain/%.skel.h,iter_open iter_seq walk_vs_iter \
	count)

# Make before 4.3 lists files in the order of the folder.
sources    = $(sort $(wildcard $(1)))
UTIL_OBJS := $(patsubst %.c,$(O)/%.o,$(call sources,util/*.c))
LIB_OBJS  := $(patsubst %.c,$(O)/%.o,$(call sources,lib/*.c lib/*/*.c))
UI_OBJS   := $(patsubst %.c,$(O)/%.o,$(call sources,ui/*.c))
CLI_OBJS  := $(patsubst %.c,$(O)/%.o,$(filter-out cli/static_%, \
	$(call sources,cli/*.c cli/*/*.c)))
WALK_OBJS := $(patsubst %.c,$(O)/%.o,$(call sources,walk/*.c)) \
	$(O)/walk/recipes.o
GUEST     := $(patsubst tests/guest/%.c,$(O)/guest/%,$(wildcard tests/guest/*.c)) \
	$(addprefix $(O)/guest/,mkbufs soak looks renames hostile adversary walk_vs_iter \
	count collect again procscan sysfsread latency pairs)
MKBUFS_OBJS := $(patsubst %.c,$(O)/%.o,$(call sources,tests/guest/mkbufs/*.c))
ADVERSARY_OBJS := $(patsubst %.c,$(O)/%.o,$(call sources,tests/guest/adversary/*.c))
MANPAGES  := $(patsubst docs/man/%.scd,$(O)/man/%,$(wildcard docs/man/*.scd))
SO        := libdmabuf.so.$(SOVERSION)
EXAMPLES  := $(patsubst docs/examples/%.c,$(O)/example-%,$(wildcard docs/examples/*.c))

include tests/tests.mk tests/vm/vm.mk

.DEFAULT_GOAL := all
.PHONY: all
ifeq ($(STATIC),1)
all: $(O)/static/dmabuf $(O)/static/btfwalk
else
all: $(O)/dmabuf $(O)/btfwalk $(O)/libdmabuf.a $(O)/$(SO) $(O)/libdmabuf.pc $(EXAMPLES) \
	$(GUEST) $(MANPAGES)
endif

# bpf-object FLAGS
define bpf-object
@mkdir -p $(@D)
$(call say,BPF,$@)
$(Q)$(CLANG) $(BPF_CFLAGS) $(1) -iquote bpf -c $< -o $@.tmp
$(Q)$(BPFTOOL) gen object $@ $@.tmp
endef

vpath %.bpf.c bpf/buffers bpf/events bpf/holders bpf/lists bpf/memory tests/vm bench

$(O)/bpf/%.bpf.o: %.bpf.c $(wildcard bpf/*/*.h)
	$(call bpf-object,-DOWN_LOADER)

# For tests that have libbpf load them; some are with the tests.
$(O)/bpf/plain/%.bpf.o: %.bpf.c $(wildcard bpf/*/*.h)
	$(call bpf-object)

$(O)/bpf/%.skel.h: $(O)/bpf/%.bpf.o
	$(call say,SKEL,$@)
	$(Q)$(BPFTOOL) gen skeleton $< name $(*F)_bpf > $@.tmp && mv $@.tmp $@

$(O)/%.o: %.c
	$(need-packages)
	@mkdir -p $(@D)
	$(call say,CC,$@)
	$(Q)$(CC) $(ALL_CFLAGS) -c $< -o $@

$(UTIL_OBJS) $(UI_OBJS) $(CLI_OBJS) $(O)/cli/static_group.o: ROOMS := -iquote .

.SECONDARY: $(SKELETONS:.skel.h=.bpf.o) $(PLAIN_SKELETONS:.skel.h=.bpf.o)

# What the BPF programs and the library name of the kernel, for lib/bpf/btf_names.c.
PROGRAM_NAMES := $(O)/lib/bpf/btf_program_names.h

$(PROGRAM_NAMES): $(SKELETONS:.skel.h=.bpf.o) lib/bpf/fields.h tools/btf-names
	@mkdir -p $(@D)
	$(call say,GEN,$@)
	$(Q)BPFTOOL=$(BPFTOOL) tools/btf-names $(filter %.o %.h,$^) >$@.tmp && mv $@.tmp $@

$(LIB_OBJS): | $(SKELETONS) $(PROGRAM_NAMES)

$(O)/libdmabuf.a: $(LIB_OBJS) $(UTIL_OBJS)
	$(call say,AR,$@)
	$(Q)rm -f $@ && $(AR) rcsD $@ $^

$(O)/$(SO): $(LIB_OBJS) $(UTIL_OBJS) lib/libdmabuf.map
	$(call say,LD,$@)
	$(Q)$(CC) -shared -Wl,-soname,$(SO) -Wl,--no-undefined \
		-Wl,--version-script=lib/libdmabuf.map $(LDFLAGS) $(SANFLAGS) \
		-o $@ $(LIB_OBJS) $(UTIL_OBJS) $(LIB_LIBS)
	$(Q)ln -sf $(SO) $(O)/libdmabuf.so

# What both programs share; it needs util/, which the library has in it.
$(O)/libui.a: $(UI_OBJS)
	$(call say,AR,$@)
	$(Q)rm -f $@ && $(AR) rcsD $@ $^

# The program has the library in it: one file to carry to a board.
$(O)/dmabuf: $(CLI_OBJS) $(O)/libui.a $(O)/libdmabuf.a
	$(call say,LD,$@)
	$(Q)$(CC) $(LDFLAGS) $(SANFLAGS) -o $@ $^ $(LIB_LIBS)

$(O)/btfwalk: $(WALK_OBJS) $(O)/libui.a $(O)/libdmabuf.a
	$(call say,LD,$@)
	$(Q)$(CC) $(LDFLAGS) $(SANFLAGS) -o $@ $^ $(LIB_LIBS)

# Of the same objects: one file, for a board or a container without these libraries. It
# has a random address all the same, except on armhf, whose libc has no rcrt1.o for that.
STATIC_LINK = -static$(if $(filter /%,$(shell $(CC) -print-file-name=rcrt1.o)),-pie)
STATIC_PROGRAMS := $(addprefix $(O)/static/,dmabuf btfwalk tests/cli/mksnap)

$(O)/static/dmabuf: $(CLI_OBJS) $(O)/cli/static_group.o $(O)/libui.a $(O)/libdmabuf.a
$(O)/static/btfwalk: $(WALK_OBJS) $(O)/libui.a $(O)/libdmabuf.a
$(O)/static/tests/cli/mksnap: $(O)/tests/cli/mksnap.o
$(STATIC_PROGRAMS):
	@mkdir -p $(@D)
	$(call say,LD,$@)
	$(Q)$(CC) $(STATIC_LINK) $(LDFLAGS) -o $@ $^ $(STATIC_LIBS)

$(WALK_OBJS): | $(SKELETONS)

# The catalogue is part of the program.
$(O)/walk/recipes.c: $(call sources,walk/recipes/*) tools/embed
	@mkdir -p $(@D)
	$(call say,GEN,$@)
	$(Q)tools/embed $(filter walk/%,$^) > $@.tmp && mv $@.tmp $@

$(O)/walk/recipes.o: $(O)/walk/recipes.c
	$(Q)$(CC) $(ALL_CFLAGS) -c $< -o $@

# As a user of the library builds it: the public header, the shared library.
$(O)/example-%: docs/examples/%.c $(O)/$(SO) $(wildcard include/dmabuf/*.h)
	$(call say,CC,$@)
	$(Q)$(CC) -std=c17 $(WARNINGS) $(SAME_PATHS) $(CFLAGS) $(SANFLAGS) -Iinclude \
		-o $@ $< -L$(O) -ldmabuf -Wl,-rpath,'$$ORIGIN'

# What tests believe: it shares nothing with the programs that they test.
GUEST_CFLAGS = -std=gnu17 $(WARNINGS) -D_GNU_SOURCE $(LARGE) $(SAME_PATHS) $(CFLAGS)

define guest-program
	@mkdir -p $(@D)
	$(call say,CC,$@)
	$(Q)$(CC) $(GUEST_CFLAGS) -o $@ $<
endef

$(O)/guest/%: tests/guest/%.c $(wildcard tests/guest/*.h)
	$(guest-program)

$(O)/guest/pairs: GUEST_CFLAGS += -fno-omit-frame-pointer -fno-optimize-sibling-calls

$(O)/guest/%: bench/%.c
	$(guest-program)

# A plugin of QEMU, not a program: bench/profile makes it.
$(O)/bench/profile.so: bench/profile.c
	@mkdir -p $(@D)
	$(call say,CC,$@)
	$(Q)$(CC) $(GUEST_CFLAGS) -fPIC -shared -fvisibility=hidden -o $@ $<

$(O)/tests/guest/%.o: tests/guest/%.c
	@mkdir -p $(@D)
	$(call say,CC,$@)
	$(Q)$(CC) $(GUEST_CFLAGS) -MMD -MP -iquote tests/guest -c $< -o $@

# Its buffers are made from known functions, which stacks must have.
$(MKBUFS_OBJS): GUEST_CFLAGS += -fno-omit-frame-pointer -fno-optimize-sibling-calls

# It has the kernel's interfaces from our headers, as older headers lack them.
$(ADVERSARY_OBJS): GUEST_CFLAGS += -iquote lib -iquote bpf -I$(O)/bpf -pthread

$(O)/guest/mkbufs: $(MKBUFS_OBJS)
	@mkdir -p $(@D)
	$(call say,LD,$@)
	$(Q)$(CC) $(LDFLAGS) -o $@ $^

# Programs for the guest that look at buffers by themselves.
$(O)/guest/soak: $(O)/tests/vm/soak.o $(O)/libdmabuf.a
$(O)/guest/looks: $(O)/tests/vm/looks.o $(O)/libdmabuf.a
$(O)/guest/renames: $(O)/tests/vm/renames.o $(O)/libdmabuf.a
$(O)/guest/hostile: $(O)/tests/vm/hostile.o
$(O)/guest/adversary: $(ADVERSARY_OBJS)
$(O)/guest/walk_vs_iter: $(O)/tests/vm/walk_vs_iter.o \
	$(filter-out %/main.o %/output.o,$(WALK_OBJS)) $(O)/libui.a \
	$(O)/libdmabuf.a
$(O)/guest/count: $(O)/bench/count.o
$(O)/guest/collect: WRAP := bpf_prog_test_run_opts read
$(O)/guest/collect: $(O)/bench/collect.o $(O)/libdmabuf.a
$(O)/guest/again: $(O)/bench/again.o $(O)/libdmabuf.a
$(addprefix $(O)/guest/,soak looks renames hostile adversary walk_vs_iter count collect \
	again):
	@mkdir -p $(@D)
	$(call say,LD,$@)
	$(Q)$(CC) $(LDFLAGS) $(SANFLAGS) $(WRAP:%=-Wl,--wrap=%) -o $@ \
		$(filter %.o %.a,$^) $(LIB_LIBS)

$(addprefix $(O)/,bench/count.o tests/guest/adversary/programs.o tests/vm/walk_vs_iter.o): \
	| $(PLAIN_SKELETONS)

# Made anew each time, since PREFIX may be another one.
.PHONY: $(O)/libdmabuf.pc
$(O)/libdmabuf.pc: lib/libdmabuf.pc.in
	@mkdir -p $(@D)
	$(Q)sed -e 's|@PREFIX@|$(PREFIX)|' -e 's|@LIBDIR@|$(LIBDIR)|' \
		-e 's|@VERSION@|$(VERSION)|' $< > $@

$(O)/man/%: docs/man/%.scd
	@mkdir -p $(@D)
	$(call say,MAN,$@)
	$(Q)$(SCDOC) < $< > $@.tmp && mv $@.tmp $@

# All tests but those of kernel/ and of speed. What needs no kernel runs sanitized.
# What a check needs takes minutes to build, so it uses all CPUs unless -j is given.
ALL_CPUS = $(if $(filter -j%,$(MAKEFLAGS)),,-j$(shell nproc))
CHECK_BUILD = $(MAKE) $(ALL_CPUS) --no-print-directory O=$(PLAIN_O) SAN= ARCH= STATIC=

.PHONY: check
check:
	$(Q)tools/setup --arch arm64 --arch i386
	$(Q)$(CHECK_BUILD) all alloc-needs static-needs
	$(Q)$(CHECK_BUILD) SAN=1 check-needs
	$(Q)$(CHECK_BUILD) ARCH=i386 unit-needs static-needs
	$(Q)$(CHECK_BUILD) ARCH=arm64 static-needs
	$(Q)$(RUN_TESTS) host vm

.PHONY: check-needs
check-needs: $(O)/$(SO) $(UNIT_NEEDS) $(CLI_NEEDS) $(if $(CROSS_COMPILE),,$(FUZZ_NEEDS))

.PHONY: install
install: all
	$(INSTALL) -d $(addprefix $(DESTDIR)$(PREFIX)/,bin include/dmabuf \
		share/man/man1 share/man/man3 \
		share/bash-completion/completions) \
		$(DESTDIR)$(LIBDIR)/pkgconfig
	$(INSTALL) -m 755 $(O)/dmabuf $(O)/btfwalk $(DESTDIR)$(PREFIX)/bin
	$(INSTALL) -m 755 $(O)/$(SO) $(DESTDIR)$(LIBDIR)
	ln -sf $(SO) $(DESTDIR)$(LIBDIR)/libdmabuf.so
	$(INSTALL) -m 644 $(O)/libdmabuf.a $(DESTDIR)$(LIBDIR)
	$(INSTALL) -m 644 $(O)/libdmabuf.pc $(DESTDIR)$(LIBDIR)/pkgconfig
	$(INSTALL) -m 644 $(wildcard include/dmabuf/*.h) \
		$(DESTDIR)$(PREFIX)/include/dmabuf
	$(INSTALL) -m 644 $(filter %.1,$(MANPAGES)) \
		$(DESTDIR)$(PREFIX)/share/man/man1
	$(INSTALL) -m 644 $(filter %.3,$(MANPAGES)) \
		$(DESTDIR)$(PREFIX)/share/man/man3
	$(INSTALL) -m 644 completions/dmabuf.bash \
		$(DESTDIR)$(PREFIX)/share/bash-completion/completions/dmabuf
	$(INSTALL) -m 644 completions/btfwalk.bash \
		$(DESTDIR)$(PREFIX)/share/bash-completion/completions/btfwalk

.PHONY: dist
dist:
	$(call say,DIST,$(PLAIN_O)/dmabuf-tools-$(VERSION).tar.xz)
	$(Q)tools/dist $(PLAIN_O)/dmabuf-tools-$(VERSION).tar.xz

.PHONY: clean
clean:
	rm -rf $(O)

-include $(wildcard $(O)/*/*.d $(O)/*/*/*.d $(O)/*/*/*/*.d)
