# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# For tools/kernel: trees that have mainline's iterator already, as those of Android and
# of vendors, to try on them what kernel/ack/states says. Such a tree is made of the
# iterator of the newest version's source, changed back to what it was in that state, and
# of our own patches for what it calls.
# shellcheck disable=SC2154,SC2034

states=$root/kernel/ack/states

list_states() {
	patterns "$states" | awk '!seen[$1]++ { print $1 }' | tr '\n' ' '
}

# find_state STATE: sets state, and state_row to its row for the version
find_state() {
	state=$1
	state_row=$(patterns "$states" | awk -v s="$1" -v v="$version" '$1 == s && $2 == v')
	[[ -n $state_row ]] || die "$EX_USAGE" "kernel/ack/states has no state '$1' of $version;" \
		"there are: $(patterns "$states" | awk '{ print $1 " " $2 }' | paste -sd ,)"
}

# mainline_iterator: prints the iterator of the newest version
mainline_iterator() (
	find_version "$(versions | tail -n 1)"
	use_source
	if have_tree && [[ $(tree_source) == "$(describe_source)" ]]; then
		tree_git show base:kernel/bpf/dmabuf_iter.c
	else
		tar -x -O --occurrence=1 -f "$source" "linux-source-$version/kernel/bpf/dmabuf_iter.c"
	fi
)

# without_place: undoes 234483565dbb of v6.19: no place to keep between two reads
without_place() {
	sed -e '/^struct dmabuf_iter_priv {$/,/^$/d' \
		-e '/^\tstruct dmabuf_iter_priv \*p = seq->private;$/,/^$/d' \
		-e '/^\tif (\*pos) {$/,/^\t}$/c\\tif (*pos)\n\t\treturn NULL;' \
		-e '/^\tif (dmabuf) {$/,/^\t}$/c\\tif (dmabuf)\n\t\tdma_buf_put(dmabuf);' \
		-e '/^static int dmabuf_iter_seq_init/,/^static const/{/^static const/!d}' \
		-e 's/= dmabuf_iter_seq_\(init\|fini\),/= NULL,/' \
		-e 's/= sizeof(struct dmabuf_iter_priv),/= 0,/'
}

# without_kfuncs: undoes 6eab7ac7c5ee of v6.16, the open-coded iterator
without_kfuncs() {
	sed '/^struct bpf_iter_dmabuf {$/,$d' | sed '$d'
}

without_macros() {
	sed -e '/^__bpf_kfunc_start_defs();$/,/^$/d' -e '/^__bpf_kfunc_end_defs();$/d' | sed '$d'
}

# state_iterator: prints the iterator of the state, as far as the version can have it
state_iterator() {
	local filters=(cat cat cat)
	[[ $state != truncated ]] || filters[0]=without_place
	[[ $state != no-macros ]] || filters[1]=without_macros
	grep -q 'define KF_ITER_NEW' "$tree/include/linux/btf.h" || filters[1]=without_kfuncs
	grep -q BPF_ITER_RESCHED "$tree/include/linux/bpf.h" || filters[2]='sed /\.feature/d'
	# shellcheck disable=SC2086 # words
	mainline_iterator | "${filters[0]}" | "${filters[1]}" | ${filters[2]}
}

# make_state: commits it on the branch series, and makes that commit the base
make_state() {
	local patch
	tree_git checkout -q -f -B series base
	list_patches
	for patch in "${patches[@]}"; do
		[[ ${patch##*/} != 010[12]-* ]] || tree_git apply --index "$patch"
	done
	state_iterator >"$tree/kernel/bpf/dmabuf_iter.c"
	# shellcheck disable=SC2016 # for make
	printf '%s\n' 'ifeq ($(CONFIG_DMA_SHARED_BUFFER),y)' \
		'obj-$(CONFIG_BPF_SYSCALL) += dmabuf_iter.o' endif >>"$tree/kernel/bpf/Makefile"
	tree_git add -A -f kernel/bpf
	tree_git commit -q -m "The iterator, state $state"
	tree_git tag -f base >/dev/null
}

# state_patches: sets exported to the patches for the state
state_patches() {
	local words name
	exported=()
	read -ra words <<<"$state_row"
	for name in "${words[@]:3}"; do
		exported+=("$(compgen -G "$root/kernel/$name-*.patch")")
	done
}

# check_ack: checks that the patches for the state apply, are clean, and build one by one
check_ack() {
	local checked=kernel/$version/ack-$state checking=1 sum
	use_copy
	verdict applies "$no_copy"
	[[ -z $no_copy ]] || return 0
	make_state
	sum=$(git hash-object "$tree/kernel/bpf/dmabuf_iter.c")
	verdict state "$(read -r _ _ want _ <<<"$state_row"
		[[ $sum == "$want"* ]] || echo "the iterator has the sum $sum, not $want: its source has changed")"
	state_patches
	if ! tree_git am -q --no-3way "${exported[@]}" >"$work/am.log" 2>&1; then
		verdict git-am "$(cat "$work/am.log")"
		return 0
	fi
	check_git_am
	check_patches
	check_kernel_doc
	check_each_builds
	check_i386
	leave_copy
}
