#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# usage: tests/vm/test-vm-tool.sh [--inputs] KERNEL
#
# Tests tools/vm itself, from the host, with one kernel: the features in its help, and
# that each kind of failure has the right exit status. With a kernel of another
# architecture, only what differs there.

set -u

# shellcheck source=../inputs.bash
. "$(dirname "$0")/../inputs.bash"

kernel=${1:-6.12}
if [[ -n $inputs ]]; then
	cd "$(dirname "$0")/../.." || exit
	tools/vm "$kernel" --inputs --programs '' -- true || exit
	input_files tests/vm/tool-test.sh tests/vm/splat.* tests/vm/kernels.list
	exit
fi
tool='vm-tool'
[[ $kernel != */* ]] || tool+=-${kernel#*/}
# shellcheck source=tool-test.sh
. "$(dirname "$0")/tool-test.sh"
vm=$(cd "$here/../.." && pwd)/tools/vm

# The temporary files of tools/vm are here, and its logs in O.
export TMPDIR=$work/tmp O=$work/build
mkdir "$TMPDIR"

# The folder of built programs for the guest, and a compiler for these
built=$O compiler=(gcc)
if [[ $kernel == */* ]]; then
	built=$O/${kernel#*/}
	read -r prefix sysroot _ < <("${vm%/*}/setup" --show-arch "${kernel#*/}")
	compiler=("${prefix}gcc" "--sysroot=$sysroot")
fi

# vm ARGUMENT...: runs tools/vm
vm() {
	run "$vm" "$@"
}

says() {
	grep -q -e "$1" "$work/err"
}

# log_has REGEX: succeeds if the log that the message names matches
log_has() {
	local log
	log=$(sed -n 's/.*the kernel.s log is //p' "$work/err")
	[[ -s $log ]] && grep -q -e "$1" "$log"
}

# Makes the files for the guest and for its expected output.
make_inputs() {
	head -c 1000000 /dev/urandom >"$work/blob"
	printf 'a\r\nb\0c\n\nd' >>"$work/blob"
	cat >"$work/script" <<-'EOF'
	#!/bin/sh
	printf '<%s>\n' "$@"
	pwd
	id -u
	wc -c
	[ -p /dev/stdout ] && echo pipe
	stat -c '%n %a' script blob prog tree/inner tree/link
	readlink tree/link
	./prog 'x y'
	built
	sleep 1000 &
	cat blob blob blob blob blob blob blob blob blob blob
	cat blob >&2
	exit 7
	EOF
	chmod 751 "$work/script"
	chmod 640 "$work/blob"
	mkdir -p "$work/tree" "$built/guest"
	echo inner >"$work/tree/inner"
	chmod 604 "$work/tree/inner"
	ln -s nowhere "$work/tree/link"
	# "built" is a script in place of a built program; prog is a dynamic program.
	printf '#!/bin/sh\necho built is on the PATH\n' >"$built/guest/built"
	chmod 755 "$built/guest/built"
	printf '#include <stdio.h>\n%s\n' \
		'int main(int c, char **v) { printf("prog %d %s\n", c, v[1]); return 0; }' |
		"${compiler[@]}" -x c -o "$work/prog" -
	chmod 711 "$work/prog"
}

expected_out() {
	printf '<%s>\n' "${words[@]}"
	printf '%s\n' /vm 0 0 pipe 'script 751' 'blob 640' 'prog 711' 'tree/inner 604' \
		'tree/link 777' nowhere 'prog 2 x y' 'built is on the PATH'
	cat "$work/blob" "$work/blob" "$work/blob" "$work/blob" "$work/blob"
	cat "$work/blob" "$work/blob" "$work/blob" "$work/blob" "$work/blob"
}

test_run() {
	# shellcheck disable=SC2016 # nothing is to be expanded
	words=('a b' "it's" '"$HOME"' $'two\nlines' '' '*' "\\" '$(id)' '-n' 'é')
	expected_out >"$work/want"
	vm "$kernel" --add "$work/script" --add "$work/blob" --add "$work/prog" \
		--add "$work/tree" -- script "${words[@]}"
	ok 'status is that of the command, whatever it left running' status_is 7
	ok 'stdout is what the command prints, byte for byte, 10 MB' cmp "$work/want" "$work/out"
	ok 'stderr is apart from it, and as exact' cmp "$work/blob" "$work/err"
}

test_signal() {
	vm "$kernel" -- sh -c 'kill -TERM $$'
	ok 'a signal is 128+N' status_is 143
	vm "$kernel" -- no-such-program
	ok 'a command that is not there is 127' status_is 127
}

test_device() {
	vm "$kernel" --device edu --device edu,addr=1f.7 -- \
		sh -c 'grep -l 0x11e8 /sys/bus/pci/devices/*/device'
	ok '--device: adds devices' test "$(grep -c . "$work/out")" = 2
	ok '--device: as QEMU has it' grep -q 0000:00:1f.7 "$work/out"
	vm "$kernel" --device no-such-device -- true
	ok '--device: one that QEMU has not is 125' status_is 125
	ok '--device: QEMU says what is wrong' log_has no-such-device
}

test_monitor() {
	cat >"$work/ask" <<-'EOF'
	for port in /sys/class/virtio-ports/*; do
		[ "$(cat "$port/name")" != monitor ] || exec 7<>"/dev/${port##*/}"
	done
	echo 'info version' >&7
	exec timeout 60 grep -m 1 '^[0-9]*[.][0-9]' <&7
	EOF
	vm "$kernel" --monitor --add "$work/ask" -- sh ask
	ok '--monitor: QEMU answers the guest' status_is 0
}

test_cpio() {
	mkdir -p "$work/cpio/there"
	echo text >"$work/cpio/there/file"
	(cd "$work/cpio" && find . -mindepth 1 | cpio -o -H newc --quiet) >"$work/archive"
	vm "$kernel" --cpio "$work/archive" -- cat /there/file
	ok '--cpio: unpacks an archive to the root folder' grep -qx text "$work/out"
	vm "$kernel" --inputs --cpio "$work/archive" -- true
	ok '--cpio: is an input' grep -q "^$(sha256sum <"$work/archive" | cut -c 1-64) " "$work/out"
}

test_deadline() {
	vm "$kernel" --timeout 15 -- sh -c 'echo before; sleep 1000'
	ok 'the deadline is 124' status_is 124
	ok 'what came before the deadline was printed' grep -qx before "$work/out"
	ok 'the deadline names a log' log_has .
}

test_splat() {
	vm "$kernel" -- sh -c 'echo "WARNING: not a real one" >/dev/kmsg'
	ok 'a splat is 125' status_is 125
	ok 'a splat is shown' says 'WARNING: not a real one'
	ok 'a splat is in the log' log_has 'WARNING: not a real one'
	vm "$kernel" -- sh -c 'echo "WARNING: not a real one" >/dev/kmsg; dmesg -c >/dev/null'
	ok 'a kernel log that was cleared is 125' status_is 125
}

test_no_verdict() {
	vm "$kernel" -- poweroff -f
	ok 'no verdict is 125' status_is 125
	vm "$kernel" -- sh -c 'echo c >/proc/sysrq-trigger'
	ok 'a panic is 125' status_is 125
	ok 'a panic is shown' says 'Kernel panic'
	ok 'a panic ends the guest at once' log_has 'Kernel panic'
}

# Prints all clocks, and memory that depends on earlier work of the kernel.
test_exact() {
	local show='cat /proc/uptime /proc/stat /proc/interrupts; grep now /proc/timer_list; date; dmesg'
	vm "$kernel" --exact -- sh -c "$show; cat /proc/slabinfo"
	ok '--exact: works' status_is 0
	ok '--exact: tells the time in nanoseconds' grep -q '^now at [0-9]* nsecs' "$work/out"
	cp "$work/out" "$work/first"
	# A reader that stops for a while
	"$vm" "$kernel" --exact -- sh -c "$show; cat /proc/slabinfo" 2>"$work/err" |
		(sleep 5; cat) >"$work/out"
	ok '--exact: two runs are equal' cmp "$work/first" "$work/out"
}

test_interrupted() {
	local pid
	"$vm" "$kernel" -- sh -c 'echo up; sleep 1000' >"$work/out" 2>"$work/err" &
	pid=$!
	for _ in $(seq 300); do
		grep -q up "$work/out" && break
		sleep 0.1
	done
	ok 'output comes while the command runs' grep -qx up "$work/out"
	kill -TERM "$pid"
	status=0
	wait "$pid" || status=$?
	ok 'SIGTERM ends it' status_is 143
	status=0
	"$vm" "$kernel" -- yes 2>"$work/err" | head -n 1 >"$work/out"
	ok 'a reader that goes away ends it' test "${PIPESTATUS[0]}" = 141
	ok 'no QEMU is left' no_qemu
	ok 'no temporary file is left' no_files
}

# There may be other QEMU processes; ours has our TMPDIR.
no_qemu() {
	local comm
	for comm in /proc/[0-9]*/comm; do
		grep -s -q '^qemu-system' "$comm" || continue
		! grep -s -q -a -F "TMPDIR=$TMPDIR" "${comm%comm}environ" || return 1
	done
}

no_files() {
	[[ -z $(ls "$TMPDIR") ]]
}

# All of these fail before the boot.
test_usage() {
	vm 9.9 -- true
	ok 'usage: an unknown kernel is 2' status_is 2
	vm "$kernel" true
	ok 'usage: a missing -- is 2' status_is 2
	vm "$kernel" --
	ok 'usage: a missing command is 2' status_is 2
	vm "$kernel" --add "$work/nothing" -- true
	ok 'usage: a missing file is 2' status_is 2
	vm "$kernel" --cpio "$work/nothing" -- true
	ok 'usage: a missing archive is 2' status_is 2
	vm "$kernel" --mem lots -- true
	ok 'usage: a bad number is 2' status_is 2
	vm "$kernel" --device
	ok 'usage: a missing device is 2' status_is 2
	vm "$kernel" --machine
	ok 'usage: a missing property is 2' status_is 2
	vm "$kernel" --plugin
	ok 'usage: a missing plugin is 2' status_is 2
	vm "$kernel" --dtb-add "$work/blob" -- true
	ok 'usage: a device tree of x86-64 is 2' status_is 2
	vm "$kernel" --frobnicate -- true
	ok 'usage: an unknown option is 2' status_is 2
	vm --list
	ok 'usage: --list has the kernel' grep -q "^$kernel " "$work/out"
}

# Uses a copy of the tool, so that the test can break its tables.
test_tables() {
	mkdir -p "$work/copy/tools" "$work/copy/tests"
	cp -r "$vm" "${vm%/*}/lib" "$work/copy/tools/"
	cp -r "$here" "$work/copy/tests/vm"
	local vm=$work/copy/tools/vm
	echo '# nothing' >"$work/copy/tests/vm/splat.deny"
	vm "$kernel" -- true
	ok 'an empty splat.deny is 125' status_is 125
	cp "$here/splat.deny" "$work/copy/tests/vm/"
	echo . >"$work/copy/tests/vm/splat.allow"
	vm "$kernel" -- true
	ok 'a splat.allow that allows all is 125' status_is 125
}

test_unreachable() {
	(
		export DMABUF_CACHE=$work/cache http_proxy=http://127.0.0.1:9 https_proxy=http://127.0.0.1:9
		vm "$kernel" -- true
		echo "$status" >"$work/status"
	)
	status=$(<"$work/status")
	ok 'an archive that cannot be reached is 125' status_is 125
	ok 'an archive that cannot be reached is called so' says 'cannot be reached'
}

test_dtb() {
	cat >"$work/camera.dts" <<-'EOF'
	/dts-v1/;
	/plugin/;
	&{/} {
		reserved-memory {
			#address-cells = <2>;
			#size-cells = <2>;
			ranges;
			camera@60000000 {
				compatible = "shared-dma-pool";
				reusable;
				reg = <0 0x60000000 0 0x1000000>;
			};
		};
	};
	EOF
	vm "$kernel" --machine iommu=smmuv3 --dtb-add "$work/camera.dts" -- \
		sh -c 'ls /proc/device-tree
			dmesg | grep "Reserved memory: created CMA.* at 0x0*60000000, size 16 MiB"'
	ok '--dtb-add: adds nodes' status_is 0
	ok '--machine: sets a property' grep -q '^smmuv3@' "$work/out"
	vm "$kernel" --dtb-add "$work/blob" -- true
	ok '--dtb-add: a file that is no device tree is 125' status_is 125
	ok '--dtb-add: names the file' says "$work/blob: dtc refuses it"
}

# With an empty cache
test_no_programs() {
	run env DMABUF_CACHE="$work/cache" "$vm" "$kernel" -- true
	ok 'no programs of the architecture is 125' status_is 125
	ok 'no programs: says what installs them' says 'tools/setup --arch'
}

make_inputs
test_run
test_exact
test_no_verdict
if [[ $kernel == */* ]]; then
	test_no_programs
	test_dtb
else
	test_usage
	test_unreachable
	test_signal
	test_device
	test_monitor
	test_cpio
	test_splat
	test_deadline
	test_interrupted
	test_tables
fi
[[ $failed == 0 && $passed -gt 0 ]]
