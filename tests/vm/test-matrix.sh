#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# usage: tests/vm/test-matrix.sh [--inputs]
#
# Tests tools/kernel matrix on a version 9.9 whose Makefile does in a few lines what
# kbuild and Kconfig do: which cells there are, and that a fault is found in the cells
# that have it, and in no other.

set -u

# shellcheck source=../inputs.bash
. "$(dirname "$0")/../inputs.bash"

if [[ -n $inputs ]]; then
	cd "$(dirname "$0")/../.." || exit
	input_files tools/kernel tools/lib tools/setup tests/vm/tool-test.sh \
		tests/vm/kernels.list kernel/config
	for program in gcc clang ccache make git; do
		input "$("$program" --version)" "$program"
	done
	exit
fi

tool='matrix'
# shellcheck source=tool-test.sh
. "$(dirname "$0")/tool-test.sh"

copy=$work/copy series=$work/copy/kernel/9.9
export DMABUF_CACHE=$work/cache O=$work/build TMPDIR=$work/tmp PATH=$work/bin:$PATH
export http_proxy=http://127.0.0.1:9 https_proxy=http://127.0.0.1:9
tree=$O/kernel/9.9

in_tree() {
	git -C "$tree" -c user.name=Ann -c user.email=ann@example.org "$@"
}

# make_kernel DIR: makes a kernel whose options are those of Kconfig. On arm64 OF is always
# on, as in the real one.
# shellcheck disable=SC2016 # for make and sh
make_kernel() {
	mkdir -p "$1"/{mm,scripts,drivers/heaps}
	echo "*.o" >"$1/.gitignore"
	cat >"$1/Makefile" <<-'EOF'
		-include $(O)/.config
		flags := $(if $(filter i386,$(ARCH)),-m32) $(if $(CONFIG_DEBUG_FS),-DCONFIG_DEBUG_FS)
		allnoconfig: ; awk -v arch=$(ARCH) -f scripts/conf.awk Kconfig $(O)/fragment >$(O)/.config
		%.o: ; mkdir -p $(O)/$(@D) && $(CC) $(flags) -Iinclude -Wall -c $*.c -o $(O)/$@
		.PHONY: allnoconfig
	EOF
	cat >"$1/scripts/conf.awk" <<-'EOF'
		$1 == "config" { known[name = $2] = 1 }
		$1 == "depends" { known[name] = $3 == arch }
		/^CONFIG_/ { split(substr($0, 8), part, "="); value[part[1]] = part[2] }
		END {
			if (arch == "arm64")
				value["OF"] = "y"
			for (name in known) {
				on = value[name] != "" && value[name] != "n"
				if (known[name])
					print on ? "CONFIG_" name "=" value[name] : "# CONFIG_" name " is not set"
			}
		}
	EOF
	printf 'config %s\n' BPF_SYSCALL DEBUG_FS DMABUF_HEAPS OF SMP NUMA >"$1/Kconfig"
	echo 'depends on x86_64' >>"$1/Kconfig"
	printf '%s\n' 'case $SRCARCH:$1 in arm:llvm) echo 99.0.1 ;; *) echo 1.0.0 ;; esac' \
		>"$1/scripts/min-tool-version.sh"
	echo 'obj-y += frob.o' >"$1/mm/Makefile"
	printf '%s\n' 'obj-$(CONFIG_DMABUF_HEAPS) += heaps/' >"$1/drivers/Makefile"
	printf '%s\n' 'heap-y := list.o' 'obj-y += heap.o' >"$1/drivers/heaps/Makefile"
	: | tee "$1/mm/frob.c" >"$1/drivers/heaps/list.c"
}

make_copy() {
	local dir=$work/linux-source-9.9 cached=$DMABUF_CACHE/sources/9.9 name
	mkdir -p "$copy/tests/vm" "$series" "$TMPDIR" "$cached" "$work/bin"
	cp -r "$here/../../tools" "$copy/"
	cp "$here/kernels.list" "$copy/tests/vm/"
	cp -r "$here/../../kernel/config" "$copy/kernel/"
	printf '%s\t%s\t-\t%s\n' '# id' title 9.9 0101 'mm: frob' yes >"$copy/kernel/patches.tsv"
	printf '%s\n' '<!-- made by: tools/kernel table -->' '<!-- end -->' >"$copy/kernel/README.md"
	make_kernel "$dir"
	tar -C "$work" -cJf "$cached/9.9.1-1.tar.xz" linux-source-9.9
	(cd "$cached" && sha256sum 9.9.1-1.tar.xz >9.9.1-1.tar.xz.sha256)
	ln -sfn 9.9.1-1.tar.xz "$cached/current"
	for name in aarch64-linux-gnu arm-linux-gnueabihf; do
		printf '#!/bin/sh\nexec gcc "$@"\n' >"$work/bin/$name-gcc"
		ln -sf "$name-gcc" "$work/bin/$name-ld"
	done
	chmod +x "$work"/bin/*
}

# series_is LINE...: makes a series whose patch adds the lines to mm/frob.c, runs the
# matrix on it, and writes the cells that failed to $work/failed
series_is() {
	"$copy/tools/kernel" apply --force 9.9 2>/dev/null
	in_tree reset -q --hard base
	printf '%s\n' "$@" >"$tree/mm/frob.c"
	echo 'int list;' >"$tree/drivers/heaps/list.c"
	in_tree commit -q -a -m 'mm: frob' -m 'A reason.'
	"$copy/tools/kernel" refresh 9.9 2>/dev/null
	run "$copy/tools/kernel" matrix 9.9
	sed -n 's|^not ok kernel/9.9/matrix/||p' "$work/out" >"$work/failed"
}

says() {
	grep -qxF -e "$1" "$work/out"
}

test_clean() {
	series_is 'int frob;'
	ok 'a series without faults passes' status_is 0
	ok 'the table has all cells' diff <(sed -n '/^# 9.9 /,$p' "$work/out") - <<-EOF
		# 9.9           x86-64-gcc   x86-64-clang i386-gcc     i386-clang   arm-gcc      arm-clang    arm64-gcc    arm64-clang
		# all-on        2            2            2            2            2            -            2            2
		# no-bpf        2            2            2            2            2            -            2            2
		# no-heaps      1            1            1            1            1            -            1            1
		# heaps-modules -            -            -            -            -            -            -            -
		# no-debugfs    2            2            2            2            2            -            2            2
		# no-vfio-group -            -            -            -            -            -            -            -
		# no-iommufd    -            -            -            -            -            -            -            -
		# no-of         2            2            2            2            2            -            -            -
		# numa          2            2            -            -            -            -            -            -
		# no-smp        2            2            2            2            2            -            2            2
	EOF
	ok 'a compiler that is too old is said' grep -q \
		'^# not possible: kernel/9.9/matrix/arm-clang/no-of: 9.9 needs clang 99.0.1' "$work/out"
	ok 'an option that Kconfig turns on again is said' says \
		'# not possible: kernel/9.9/matrix/arm64-gcc/no-of: Kconfig does not accept CONFIG_OF=n'
	ok 'an option of another architecture is said' says \
		'# not possible: kernel/9.9/matrix/arm-gcc/numa: arm does not have CONFIG_NUMA'
	ok 'an option that the version does not have is said' says \
		'# not possible: kernel/9.9/matrix/arm-gcc/no-iommufd: 9.9 does not have CONFIG_IOMMUFD'
}

# What a fault is, and where it is one
test_faults() {
	series_is 'struct record { int a; long long b; };' \
		'_Static_assert(sizeof(struct record) == 16, "layout");'
	ok 'a layout of 64 bits fails' status_is 1
	ok 'it fails for i386 alone' test "$(cut -d / -f 1 "$work/failed" | sort | uniq -c | xargs)" = \
		'6 i386-clang 6 i386-gcc'
	ok 'the error is shown' grep -q '^  mm/frob.c:2:.*error: static' "$work/out"
	ok 'the table shows it' grep -qE '^# all-on +2 +2 +FAILED of 2 ' "$work/out"
	series_is '#ifdef CONFIG_DEBUG_FS' 'int debugfs;' '#endif' 'int *use = &debugfs;'
	ok 'a symbol of debugfs fails without debugfs alone' \
		test "$(cut -d / -f 2 "$work/failed" | sort -u)" = no-debugfs
	ok 'it fails in each column that can be' test "$(wc -l <"$work/failed")" = 7
	series_is 'static int unused;'
	ok 'a warning fails everywhere' test "$(wc -l <"$work/failed")" = 42
}

test_only() {
	run "$copy/tools/kernel" build --only arm 9.9
	ok '--only of another command is 2' test "$status:$(cat "$work/err")" = \
		'2:kernel: --only is for matrix; see tools/kernel --help'
	run "$copy/tools/kernel" matrix --only frob 9.9
	ok '--only without such a cell is 2' test "$status:$(cat "$work/err")" = \
		"2:kernel: no cell of the matrix has 'frob' in its name; see tools/kernel --help"
	run "$copy/tools/kernel" matrix --only i386-gcc/no-smp 9.9
	ok '--only builds the cell, and the first one' test \
		"$(sed -n 's|^not ok kernel/9.9/matrix/i386-gcc/||p' "$work/out" | xargs)" = 'all-on no-smp'
	sed -i 's/arm-linux-gnueabihf/vax/' "$copy/tools/setup"
	run "$copy/tools/kernel" matrix 9.9
	ok 'a compiler that is missing is a skip' grep -q \
		'^skip kernel/9.9/matrix/arm-gcc: vax-gcc or vax-ld is not installed: run tools/setup --arch armhf' "$work/out"
}

# The newest clang is for a kernel that refuses the one of the distribution.
# shellcheck disable=SC2016 # for sh
test_newest_clang() {
	printf '%s\n' '#!/bin/sh' '[ "$1" != -dumpversion ] || exec echo 99.1.0' 'exec clang "$@"' \
		>"$work/bin/clang-99"
	chmod +x "$work/bin/clang-99"
	run "$copy/tools/kernel" matrix --only arm-clang/all-on 9.9
	ok 'a newer clang builds what the other is too old for' says \
		'ok kernel/9.9/matrix/arm-clang/all-on'
	rm "$work/bin/clang-99"
}

make_copy
test_clean
test_newest_clang
test_faults
test_only
[[ $failed == 0 && $passed -gt 0 ]]
