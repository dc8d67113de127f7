# SPDX-License-Identifier: GPL-2.0-or-later
#
# Tests in guests and speed tests; tests/tests.list has the list. 7.3-debug only has two
# small fixes, so test it by hand: tests/run "tests/vm/run-build 7.3-debug" then
# "tests/vm/run-stress 7.3-debug 20" and "tests/vm/run-adversaries 7.3-debug random".
# With "random 600" the random calls take ten minutes.

.PHONY: check-vm check-rt check-clients check-kernel check-speed bench demo
# With ARCH=arm64 or armhf, guests of these.
check-vm: all static-needs
	$(if $(ARCH_IS),,$(Q)tools/setup --arch i386)
	$(if $(ARCH_IS),,$(Q)$(CHECK_BUILD) ARCH=i386 static-needs)
	$(Q)$(RUN_TESTS) $(if $(ARCH_IS),$(ARCH),vm)

check-rt: all
	$(Q)$(RUN_TESTS) rt

check-kernel:
	$(Q)tools/setup --arch arm64 --arch armhf
	$(Q)$(CHECK_BUILD) all
	$(Q)$(CHECK_BUILD) ARCH=arm64 all static-needs
	$(Q)$(CHECK_BUILD) ARCH=armhf all
	$(Q)$(RUN_TESTS) build then series rt arm64 armhf then matrix

# These also need a kernel with /sys/kernel/dmabuf/buffers: 6.12 with our patches.
bench: all
	$(Q)tools/kernel build 6.12
	$(Q)O=$(O) bench/run record
	$(Q)O=$(O) bench/native

# Real clients of dma-bufs from Debian's packages, which this fetches first.
check-clients: all
	$(Q)$(RUN_TESTS) clients

check-speed: all
	$(Q)tools/kernel build 6.12
	$(Q)$(RUN_TESTS) speed

demo:
	$(Q)tools/setup
	$(Q)$(MAKE) --no-print-directory all
	$(Q)tools/vm --fetch 7.3
	$(Q)O=$(O) tools/demo 7.3
