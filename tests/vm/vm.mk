# SPDX-License-Identifier: GPL-2.0-or-later

# Tests in guests; each boots what it needs.
VM_TESTS := tests/vm/test-vm-tool.sh tests/vm/run tests/vm/run-large

.PHONY: check-vm bench demo
check-vm: all
	$(Q)O=$(O) tests/run $(VM_TESTS)

bench: all
	$(Q)O=$(O) tests/bench/run

demo:
	$(Q)tools/setup
	$(Q)$(MAKE) --no-print-directory all
	$(Q)tools/vm --fetch 7.3
	$(Q)O=$(O) tools/demo 7.3
