# SPDX-License-Identifier: GPL-2.0-or-later

# Tests in guests; each boots what it needs.
VM_TESTS := tests/vm/test-vm-tool.sh tests/vm/test-kernel-tool.sh tests/vm/run \
	tests/vm/run-large "tests/vm/run-walk 7.3 6.12 6.1 5.10" \
	"tests/vm/run-heaps 7.3 6.12 6.1" "tests/vm/run-dma 6.12"

# The kernel series: the patches, the kernels made with them, and tests in these.
# SERIES_DEBUG="6.12-debug 7.3-debug" takes half an hour more, for two small fixes.
# What 7.3-dmabuf has beyond 7.3 is tested by the selftests. Two guests run at a time,
# so those that take longest come first.
SERIES       := 5.10 6.1 6.12 7.3
SERIES_DEBUG ?= 6.12-debug
STRESS       ?= 20
# The kernel of each version, the one that watches itself where there is one.
SERIES_WATCHED = $(SERIES_DEBUG) $(filter-out $(SERIES_DEBUG:%-debug=%-dmabuf),$(SERIES:%=%-dmabuf))
KERNEL_TESTS := "tests/vm/run-check $(SERIES)" \
	"tests/vm/run-build $(SERIES) $(SERIES_DEBUG)" \
	"tests/vm/run 6.12-dmabuf 6.1-dmabuf 5.10-dmabuf" \
	"tests/vm/run-selftest $(SERIES:%=%-dmabuf) 7.3" \
	"tests/vm/run-bpf-selftest 7.3-dmabuf 6.12-dmabuf 7.3" \
	"tests/vm/run-heaps $(SERIES_WATCHED)" \
	"tests/vm/run-dma $(SERIES_WATCHED)" \
	"tests/vm/run-stress $(STRESS) $(SERIES_DEBUG)"

.PHONY: check-vm check-kernel check-speed bench demo
check-vm: all
	$(Q)O=$(O) tests/run $(VM_TESTS)

check-kernel:
	$(Q)tools/setup
	$(Q)$(MAKE) --no-print-directory all
	$(Q)O=$(O) tests/run $(KERNEL_TESTS)

# These need the kernel that reads sysfs too: 6.12 with our patches.
bench: all
	$(Q)tools/kernel build 6.12
	$(Q)O=$(O) bench/run record

check-speed: all
	$(Q)tools/kernel build 6.12
	$(Q)O=$(O) tests/run "bench/run check"

demo:
	$(Q)tools/setup
	$(Q)$(MAKE) --no-print-directory all
	$(Q)tools/vm --fetch 7.3
	$(Q)O=$(O) tools/demo 7.3
