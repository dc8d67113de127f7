# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# "tools/kernel matrix": builds the objects of the files that a series changes, for each
# architecture and compiler, with each config of matrix_cells.
#
# A column is an architecture and a compiler. Its first cell is built from nothing. Each
# other cell is a copy of that folder with another config. So kbuild builds only objects
# that the changed options can affect; all others are the same as in the first cell.
# shellcheck disable=SC2034,SC2154

matrix_config=$root/tools/lib/matrix.config

# matrix_cells: the name of a cell, and its options that differ from matrix.config. The
# first cell is the one that the others are copies of.
matrix_cells() {
	cat <<-EOT
	all-on
	no-bpf         CONFIG_BPF_SYSCALL=n
	no-heaps       CONFIG_DMABUF_HEAPS=n
	heaps-modules  CONFIG_DMABUF_HEAPS_SYSTEM=m CONFIG_DMABUF_HEAPS_CMA=m
	no-debugfs     CONFIG_DEBUG_FS=n
	no-vfio-group  CONFIG_VFIO_GROUP=n
	no-iommufd     CONFIG_IOMMUFD=n
	no-of          CONFIG_OF=n
	numa           CONFIG_NUMA=y
	no-smp         CONFIG_SMP=n
	EOT
}

# matrix_archs: our name, the kernel's, and Debian's if another compiler is needed. gcc
# for x86-64 also compiles for i386.
matrix_archs() {
	cat <<-EOT
	x86-64  x86_64
	i386    i386
	arm     arm     armhf
	arm64   arm64   arm64
	EOT
}

# matrix_names: prints the names of all cells
matrix_names() {
	local name compiler
	while read -r name _; do
		for compiler in gcc clang; do
			matrix_cells | sed "s|^|$name-$compiler/|; s| .*||"
		done
	done < <(matrix_archs)
}

# matrix: builds all cells of the version
matrix() {
	local name debian compiler changed host_cc='ccache gcc'
	local out=$tree/build-matrix ready=$tree/build-matrix-ready
	apply
	mapfile -t changed < <(touched | grep '\.c$' | grep -v '^tools/')
	: >"$work/cells"
	while read -r -u 3 name arch debian; do
		for compiler in gcc clang; do
			matrix_column "$name-$compiler"
		done
	done 3< <(matrix_archs)
	matrix_table "$work/cells"
	rm -rf "$out" "$ready"
}

# matrix_column NAME: builds the cells of a column
matrix_column() {
	local column=$1 CC=$compiler cross='' refused why cell options
	grep -qF -e "$only" < <(matrix_cells | sed "s|^|$column/|; s| .*||") || return 0
	[[ -z $debian ]] || read -r cross _ < <("$root/tools/setup" --show-arch "$debian")
	[[ $compiler == clang ]] || CC=${cross}gcc
	if [[ -z $(type -P "$CC") || -z $(type -P "${cross}ld") ]]; then
		echo "skip kernel/$version/matrix/$column: $CC or ${cross}ld is not installed:" \
			"run tools/setup${debian:+ --arch $debian}"
		return
	fi
	refused=$(refused_compiler)
	if [[ -n $refused && $compiler == clang ]]; then
		CC=$(newest_clang)
		refused=$(refused_compiler)
	fi
	rm -rf "$out" "$ready"
	while read -r -u 4 cell options; do
		[[ -z $options || $column/$cell == *"$only"* ]] || continue
		why=$refused
		[[ -n $why ]] || matrix_configure
		if [[ -n $why ]]; then
			echo "# not possible: kernel/$version/matrix/$column/$cell: $why"
			echo "$column $cell -" >>"$work/cells"
		else
			matrix_build
		fi
		[[ -n $options || ! -d $out ]] || mv "$out" "$ready"
	done 4< <(matrix_cells)
}

# newest_clang: prints the newest clang that is installed. A distribution has others
# beside its own.
newest_clang() {
	local name
	compgen -c clang | grep -xE 'clang(-[0-9]+)?' | sort -u | while read -r name; do
		echo "$("$name" -dumpversion) $name"
	done | sort -V | sed -n '$s/.* //p'
}

# refused_compiler: prints why the kernel refuses the compiler
refused_compiler() {
	local script=$tree/scripts/min-tool-version.sh tool=gcc have want
	[[ -e $script ]] || return 0
	[[ $compiler != clang ]] || tool=llvm
	have=$("$CC" -dumpfullversion 2>/dev/null || "$CC" -dumpversion)
	want=$(SRCARCH=$arch sh "$script" "$tool")
	[[ $(printf '%s\n' "$want" "$have" | sort -V | head -n 1) == "$want" ]] ||
		echo "$version needs $compiler $want, and $CC is $have"
}

# matrix_configure: makes the folder and the config of the cell. Sets why if the kernel
# has no such config.
matrix_configure() {
	local odd=''
	tr ' ' '\n' <<<"$options" | sed '/^$/d' | sort >"$work/options"
	if [[ -n $options ]]; then
		why=$(unknown_option)
		[[ -z $why ]] || return 0
		rm -rf "$out"
		cp -a "$ready" "$out"
	fi
	progress "$version: $column/$cell"
	if ! make_config "$out" "$matrix_config" "$work/options"; then
		# matrix_build shows the errors. The config is that of the first cell.
		rm -f "$out/.config"
		return 0
	fi
	if [[ -n $options ]]; then
		why=$(comm -12 "$work/options" <(sort <<<"$odd") | tr '\n' ' ')
		why=${why:+Kconfig does not accept ${why% }}
	elif [[ -n $odd ]]; then
		echo "# kernel/$version/matrix/$column does not have: $(tr '\n' ' ' <<<"$odd")"
	fi
}

# unknown_option: prints which option of the cell is neither on nor off in the first cell,
# and why
unknown_option() {
	local name
	[[ -e $ready/.config ]] || echo "the first cell has no config"
	while IFS='=' read -r name _; do
		if [[ -e $ready/.config ]] && ! grep -qE "^(# )?${name}[= ]" "$ready/.config"; then
			tree_git grep -qE "^(menu)?config ${name#CONFIG_}\$" -- '*Kconfig*' ||
				arch=$version
			echo "$arch does not have $name"
			return
		fi
	done <"$work/options"
}

# matrix_build: builds the objects of the cell, and prints the result
matrix_build() {
	local file objects=() problems count
	for file in "${changed[@]}"; do
		! in_config "${file%.c}.o" || objects+=("${file%.c}.o")
	done
	count=${#objects[@]}
	# Without an object, make would build everything. No warning depends on debug
	# information, which takes a fifth of the time.
	[[ $count == 0 ]] ||
		run_make "$out" -j"$(nproc)" -k W=1 KCFLAGS=-g0 "${objects[@]}" >"$out/log" 2>&1 ||
		echo '*** make failed' >>"$out/log"
	problems=$(matrix_problems | sed -n 1,15p)
	verdict "matrix/$column/$cell" "$problems"
	echo "$column $cell ${problems:+FAILED of }$count" >>"$work/cells"
	[[ -n $options || -n $only ]] || not_in_column
}

# matrix_problems: prints errors, and warnings of the compiler in files that the series
# changes. Those of kernel-doc do not depend on the cell, and check has them.
matrix_problems() {
	local object
	grep -E 'error:|\*\*\*' "$out/log" || true
	warnings "$out/log" | grep -E '^[^:]+:[0-9]+:[0-9]+:' || true
	[[ ${#objects[@]} -gt 0 ]] || echo "the config builds no file that the series changes"
	for object in "${objects[@]}"; do
		[[ -e $out/$object ]] || echo "$object was not built"
	done
}

# in_config OBJECT: succeeds if the config of the cell builds the object
in_config() {
	local path=${1%/*} name=${1##*/}
	while make_plain -rR -f "$root/tools/lib/objects.mk" TREE="$tree" DIR="$path" \
		CONFIG="$out/.config" | tr ' ' '\n' | grep -xF -e "$name" >/dev/null; do
		[[ $path == */* ]] || return 0
		name=${path##*/}/ path=${path%/*}
	done
	return 1
}

# not_in_column: prints the files of the series that the config of the first cell leaves
# out, as those of all cells of the column do
not_in_column() {
	local file
	for file in "${changed[@]}"; do
		[[ " ${objects[*]} " == *" ${file%.c}.o "* ]] ||
			echo "# not built: kernel/$version/matrix/$column: $file"
	done
}

# matrix_table FILE: prints the results, a line for each config
matrix_table() {
	awk -v version="$version" '
		!($1 in column) { column[$1]; columns[++n] = $1 }
		!($2 in cell) { cell[$2]; cells[++m] = $2 }
		{ result[$1, $2] = $3 " " $4 " " $5 }
		END {
			printf "# %-14s", version
			for (i = 1; i <= n; i++)
				printf "%-13s", columns[i]
			for (j = 1; j <= m; j++) {
				printf "\n# %-14s", cells[j]
				for (i = 1; i <= n; i++)
					printf "%-13s", result[columns[i], cells[j]]
			}
			print ""
		}' "$1" | sed 's/ *$//'
}
