# SPDX-License-Identifier: GPL-2.0-or-later
#
# Tests that need neither a kernel nor root:
#
#   make check-unit   functions of lib/, util/, ui/ and cli/; with SAN=1, sanitized
#   make check-cli    the program on recorded data, byte for byte
#   make check-fuzz   every parser of foreign bytes, for a few seconds
#   make check-alloc  the programs with each of their allocations failing
#
# What is run is in tests/tests.list; what it needs built, in the variables that end in
# _NEEDS.

RUN_TESTS := O=$(PLAIN_O) tests/run
# The build folder of tests, as a part of that
FOLDER    := $(if $(filter 1,$(SAN)),san,.)

UNIT_PROGRAMS := $(patsubst %.c,$(O)/%,$(call sources,tests/unit/*/test_*.c))
UNIT_LIBS      = $(call pkg-libs,cmocka)
UNIT_MISSING  := $(strip $(call missing,cmocka))

# What the program has beside the library is tested without its main().
$(O)/tests/unit/cli/test_cgroup: $(O)/cli/cgroup.o
$(addprefix $(O)/tests/unit/cli/test_,fail_if fields view): \
	$(filter-out $(O)/cli/main.o,$(CLI_OBJS))
$(addprefix $(O)/tests/unit/walk/test_,btf_check columns value): \
	$(filter-out %/main.o,$(WALK_OBJS))

# Functions of libc that a test has its own of.
$(addprefix $(O)/tests/unit/snapshot/test_,file record_reader): WRAP := read
$(O)/tests/unit/snapshot/test_record_reader: WRAP := read
$(O)/tests/unit/util/test_io: WRAP := read poll
$(O)/tests/unit/collect/test_proc_threads: WRAP := syscall
$(O)/tests/unit/collect/test_parse_iter_text: WRAP := getline __getdelim
$(O)/tests/unit/core/test_memory: WRAP := malloc calloc realloc reallocarray \
	strdup fdopen
$(O)/tests/unit/ui/test_message: WRAP := malloc vasprintf
$(O)/tests/unit/ui/test_table: WRAP := calloc reallocarray
$(O)/tests/unit/util/test_strbuf: WRAP := realloc

$(UNIT_PROGRAMS): %: %.o $(O)/libui.a $(O)/libdmabuf.a
	$(if $(UNIT_MISSING),$(error pkg-config does not find $(UNIT_MISSING): run tools/setup))
	$(call say,LD,$@)
	$(Q)$(CC) $(LDFLAGS) $(SANFLAGS) $(WRAP:%=-Wl,--wrap=%) -o $@ \
		$(filter %.o,$^) $(filter %.a,$^) $(UNIT_LIBS) $(LIB_LIBS)

UNIT_NEEDS := $(UNIT_PROGRAMS)
.SECONDARY: $(UNIT_PROGRAMS:%=%.o)

.PHONY: check-unit
check-unit: $(UNIT_NEEDS)
	$(Q)$(RUN_TESTS) "tests/unit/run $(FOLDER)"

$(O)/tests/cli/mksnap: $(O)/tests/cli/mksnap.o
	$(call say,LD,$@)
	$(Q)$(CC) $(LDFLAGS) $(SANFLAGS) -o $@ $^

# Types of a kernel that is none, as BTF: the section of the object, on its own.
WALK_TYPES := $(O)/tests/walk/types.btf

$(WALK_TYPES): tests/walk/types.bpf.c
	@mkdir -p $(@D)
	$(call say,BPF,$@)
	$(Q)$(CLANG) $(BPF_CFLAGS) -c $< -o $@.o
	$(Q)objcopy -I elf64-little --dump-section .BTF=$@ $@.o /dev/null

CLI_NEEDS := $(O)/dmabuf $(O)/btfwalk $(O)/tests/cli/mksnap $(WALK_TYPES)

.PHONY: check-cli
check-cli: $(CLI_NEEDS)
	$(Q)$(RUN_TESTS) "tests/cli/run $(FOLDER)"

# Sanitizers abort when memory ends, so this runs the programs without them.
$(O)/tests/alloc/fail.so: tests/alloc/fail.c
	@mkdir -p $(@D)
	$(call say,CC,$@)
	$(Q)$(CC) -std=gnu17 $(WARNINGS) $(CPPFLAGS) $(SAME_PATHS) -O2 -g -fPIC -shared \
		-o $@ $<

ALLOC_NEEDS := $(CLI_NEEDS) $(O)/tests/alloc/fail.so

.PHONY: alloc-needs check-alloc
alloc-needs: $(ALLOC_NEEDS)
check-alloc: alloc-needs
	$(Q)$(RUN_TESTS) tests/alloc/run

FUZZ_SOURCES := $(addprefix lib/,core/context.c core/error.c \
	collect/parse_bufinfo.c collect/parse_proc.c collect/parse_iter_text.c) \
	$(call sources,lib/snapshot/*.c) \
	$(call sources,util/*.c) ui/json.c ui/utf8.c
FUZZ_OBJS    := $(FUZZ_SOURCES:%.c=$(O)/fuzz/%.o)
FUZZ_FLAGS   := -fsanitize=address,undefined -fno-sanitize-recover=undefined
FUZZ_RUNTIME  = $(wildcard \
	$(shell $(CLANG) -print-resource-dir)/lib/*/libclang_rt.fuzzer*)

$(O)/fuzz/%.o: %.c
	@mkdir -p $(@D)
	$(call say,CC,$@)
	$(Q)$(CLANG) -std=gnu17 -MMD -MP $(WARNINGS) $(ROOMS) $(CPPFLAGS) $(SAME_PATHS) -O1 -g \
		-fsanitize=fuzzer-no-link $(FUZZ_FLAGS) -c $< -o $@

# Not made where clang cannot link it: tests/fuzz/run then skips.
$(O)/fuzz/fuzz_%: $(O)/fuzz/tests/fuzz/fuzz_%.o $(FUZZ_OBJS)
	$(call say,$(if $(FUZZ_RUNTIME),LD,SKIP),$@)
	$(Q)$(if $(FUZZ_RUNTIME),$(CLANG) -fsanitize=fuzzer $(FUZZ_FLAGS) \
		-o $@ $^)

FUZZ_PROGRAMS := $(patsubst tests/%.c,$(O)/%,$(wildcard tests/fuzz/fuzz_*.c))
FUZZ_NEEDS    := $(FUZZ_PROGRAMS)
.SECONDARY: $(FUZZ_OBJS) $(FUZZ_PROGRAMS:$(O)/%=$(O)/fuzz/tests/%.o)

.PHONY: check-fuzz
check-fuzz: $(FUZZ_NEEDS)
	$(Q)CLANG=$(CLANG) $(RUN_TESTS) "tests/fuzz/run $(FOLDER)"

-include $(wildcard $(O)/tests/*/*.d $(O)/tests/*/*/*.d $(O)/fuzz/*/*.d $(O)/fuzz/*/*/*.d $(O)/fuzz/tests/*/*.d)
