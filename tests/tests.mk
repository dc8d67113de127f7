# SPDX-License-Identifier: GPL-2.0-or-later
#
# Tests that need neither a kernel nor root:
#
#   make check-unit   functions of lib/, util/, ui/ and cli/; with SAN=1, sanitized
#   make check-cli    the program on recorded data, byte for byte
#   make check-fuzz   every parser of foreign bytes, for a few seconds
#   make fuzz T=60    the same, for as many seconds each, and which lines ran
#   make check-alloc  the programs with each of their allocations failing
#
# What is run is in tests/tests.list; what it needs built, in the variables that end in
# _NEEDS.

RUN_TESTS := O=$(PLAIN_O) tests/run
# The build folder of tests, as a part of that
FOLDER    := $(if $(filter $(O),$(PLAIN_O)),.,$(patsubst $(PLAIN_O)/%,%,$(O)))

UNIT_PROGRAMS := $(patsubst %.c,$(O)/%,$(call sources,tests/unit/*/test_*.c))
UNIT_LIBS      = $(call pkg-libs,cmocka)
UNIT_MISSING  := $(strip $(call missing,cmocka))

# What the program has beside the library is tested without its main().
$(O)/tests/unit/cli/test_cgroup: $(O)/cli/cgroup.o
$(addprefix $(O)/tests/unit/cli/test_,fail_if fields filter trace view): \
	$(filter-out $(O)/cli/main.o,$(CLI_OBJS))
$(addprefix $(O)/tests/unit/walk/test_,btf_check columns value): \
	$(filter-out %/main.o,$(WALK_OBJS))

# The memory of a made-up kernel, instead of that of lib/files/memory.c.
$(patsubst %.c,$(O)/%,$(call sources,tests/unit/files/test_*.c)): \
	$(O)/tests/unit/files/kernel.o

# A BPF object, as an ELF file with BTF.
$(O)/tests/unit/bpf/test_btf_subset.o: | $(O)/bpf/read_memory.skel.h

# Functions that a test has its own of.
$(addprefix $(O)/tests/unit/snapshot/test_,file record_reader): WRAP := read
$(O)/tests/unit/files/test_same_memory: WRAP := layout_read_64
$(O)/tests/unit/files/test_list_head: WRAP := layout_read any_buffer_open
$(O)/tests/unit/util/test_io: WRAP := read poll
$(O)/tests/unit/collect/test_proc_threads: WRAP := syscall
$(O)/tests/unit/collect/test_parse_iter_text: WRAP := getline __getdelim
$(O)/tests/unit/core/test_memory: WRAP := malloc calloc realloc reallocarray \
	strdup fdopen
$(O)/tests/unit/trace/test_stacks: WRAP := clock_gettime __clock_gettime64 \
	symbols_name_user
$(O)/tests/unit/ui/test_message: WRAP := malloc vasprintf
$(O)/tests/unit/ui/test_table: WRAP := calloc reallocarray
$(O)/tests/unit/util/test_strbuf: WRAP := realloc

$(UNIT_PROGRAMS): %: %.o $(O)/libui.a $(O)/libdmabuf.a
	$(if $(UNIT_MISSING),$(error pkg-config does not find $(UNIT_MISSING): run \
		tools/setup$(if $(ARCH_IS), --arch $(ARCH))))
	$(call say,LD,$@)
	$(Q)$(CC) $(LDFLAGS) $(SANFLAGS) $(WRAP:%=-Wl,--wrap=%) -o $@ \
		$(filter %.o,$^) $(filter %.a,$^) $(UNIT_LIBS) $(LIB_LIBS)

UNIT_NEEDS := $(UNIT_PROGRAMS)
.SECONDARY: $(UNIT_PROGRAMS:%=%.o)

.PHONY: unit-needs check-unit
unit-needs: $(UNIT_NEEDS)
check-unit: $(UNIT_NEEDS)
	$(Q)$(RUN_TESTS) "tests/unit/run $(FOLDER)"

$(O)/tests/cli/mksnap: $(O)/tests/cli/mksnap.o
	$(call say,LD,$@)
	$(Q)$(CC) $(LDFLAGS) $(SANFLAGS) -o $@ $^

# Types of a made-up kernel, as BTF: the section of the object, on its own.
WALK_TYPES := $(O)/tests/walk/types.btf

$(WALK_TYPES): tests/walk/types.bpf.c
	@mkdir -p $(@D)
	$(call say,BPF,$@)
	$(Q)$(CLANG) $(BPF_CFLAGS) -c $< -o $@.o
	$(Q)objcopy -I elf64-little --dump-section .BTF=$@ $@.o /dev/null

$(O)/static/$(WALK_TYPES:$(O)/%=%): $(WALK_TYPES)
	@mkdir -p $(@D)
	$(Q)cp $< $@

CLI_NEEDS    := $(O)/dmabuf $(O)/btfwalk $(O)/tests/cli/mksnap $(WALK_TYPES)
STATIC_NEEDS := $(CLI_NEEDS:$(O)/%=$(O)/static/%)

.PHONY: static-needs check-cli
static-needs: $(STATIC_NEEDS)
ifeq ($(STATIC),1)
check-cli: $(STATIC_NEEDS)
	$(Q)$(RUN_TESTS) "tests/cli/run $(FOLDER:.=)$(if $(filter .,$(FOLDER)),,/)static"
else
check-cli: $(CLI_NEEDS)
	$(Q)$(RUN_TESTS) "tests/cli/run $(FOLDER)"
endif

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

# Everything is compiled anew for fuzzers, so that they see which parts ran. With
# COVERAGE=1 the parts that ran are counted instead, for a report.
FUZZ_O      := $(O)/$(if $(COVERAGE),fuzz-coverage,fuzz)
FUZZ_FLAGS  := $(if $(COVERAGE),-fprofile-instr-generate -fcoverage-mapping \
	-fsanitize=fuzzer-no-link,-fsanitize=address,undefined,fuzzer-no-link \
	-fno-sanitize-recover=undefined)
FUZZ_RUNTIME = $(wildcard \
	$(shell $(CLANG) -print-resource-dir)/lib/*/libclang_rt.fuzzer*)
fuzz-objects = $(patsubst $(O)/%,$(FUZZ_O)/%,$(1))
# The programs have functions of the same names: a fuzzer has one of them at most.
FUZZ_LIB    := $(call fuzz-objects,$(LIB_OBJS) $(UTIL_OBJS) $(UI_OBJS))
FUZZ_CLI    := $(call fuzz-objects,$(CLI_OBJS))
FUZZ_WALK   := $(call fuzz-objects,$(filter-out %/main.o,$(WALK_OBJS)))

$(FUZZ_O)/%.o: %.c | $(SKELETONS) $(O)/lib/bpf/btf_program_names.h
	@mkdir -p $(@D)
	$(call say,CC,$@)
	$(Q)$(CLANG) -std=gnu17 -MMD -MP $(WARNINGS) -Wno-missing-field-initializers $(ROOMS) \
		$(CPPFLAGS) $(SAME_PATHS) -O1 -g $(FUZZ_MAIN) $(FUZZ_FLAGS) -c $< -o $@

$(FUZZ_O)/walk/recipes.o: $(O)/walk/recipes.c
	@mkdir -p $(@D)
	$(Q)$(CLANG) $(SAME_PATHS) -g $(FUZZ_FLAGS) -c $< -o $@

# A fuzzer has its own main().
$(FUZZ_O)/cli/main.o: FUZZ_MAIN := -Dmain=dmabuf_main -Wno-missing-prototypes

$(FUZZ_O)/libdmabuf.a: $(FUZZ_LIB)
$(FUZZ_O)/libcli.a: $(FUZZ_CLI)
$(FUZZ_O)/libwalk.a: $(FUZZ_WALK)
$(addprefix $(FUZZ_O)/lib,dmabuf.a cli.a walk.a):
	$(call say,AR,$@)
	$(Q)rm -f $@ && $(AR) rcsD $@ $^

$(addprefix $(FUZZ_O)/fuzz_,cgroup condition input root): $(FUZZ_O)/libcli.a
$(addprefix $(FUZZ_O)/fuzz_,btf recipe): $(FUZZ_O)/libwalk.a

# Not made where clang cannot link it: tests/fuzz/run then skips.
$(FUZZ_O)/fuzz_%: $(FUZZ_O)/tests/fuzz/fuzz_%.o $(FUZZ_O)/libdmabuf.a
	$(call say,$(if $(FUZZ_RUNTIME),LD,SKIP),$@)
	$(Q)$(if $(FUZZ_RUNTIME),$(CLANG) $(FUZZ_FLAGS) -fsanitize=fuzzer -o $@ \
		$(filter %.o,$^) $(filter-out %/libdmabuf.a,$(filter %.a,$^)) \
		$(FUZZ_O)/libdmabuf.a $(LIB_LIBS))

FUZZ_PROGRAMS := $(patsubst tests/fuzz/%.c,$(FUZZ_O)/%,$(call sources,tests/fuzz/fuzz_*.c))
FUZZ_NEEDS    := $(FUZZ_PROGRAMS) $(WALK_TYPES) $(O)/tests/cli/mksnap
.SECONDARY: $(FUZZ_LIB) $(FUZZ_CLI) $(FUZZ_WALK) $(FUZZ_PROGRAMS:$(FUZZ_O)/%=$(FUZZ_O)/tests/fuzz/%.o)

.PHONY: check-fuzz
check-fuzz: $(FUZZ_NEEDS)
	$(Q)CLANG=$(CLANG) $(RUN_TESTS) "tests/fuzz/run $(FOLDER)"

.PHONY: fuzz fuzz-programs
fuzz-programs: $(FUZZ_NEEDS)
fuzz: fuzz-programs
	$(Q)$(MAKE) --no-print-directory COVERAGE=1 fuzz-programs
	$(Q)O=$(O) tests/fuzz/search $(or $(T),60)

-include $(wildcard $(O)/tests/*/*.d $(O)/tests/*/*/*.d $(FUZZ_O)/*/*.d $(FUZZ_O)/*/*/*.d)
