# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# For tests that boot guests. A test sources this file from the root of the sources with
# its own arguments.

export O=${O:-build}

# shellcheck source=../inputs.bash
. tests/inputs.bash

# programs_for KERNEL: sets guest_built to the folder of what is built for guests of
# KERNEL, guest_jq to their jq and guest_setpriv to their setpriv. The jq is gojq. The jq
# of Debian 12 compiles its library at each start, which takes longer than the program
# under test.
# shellcheck disable=SC2034
programs_for()
{
	local arch=${1#*/} sysroot

	guest_built=$O guest_setpriv=$(command -v setpriv) guest_jq=$(command -v gojq)
	if [[ $1 == */* ]]; then
		read -r _ sysroot _ < <(tools/setup --show-arch "$arch")
		guest_built=$O/$arch guest_setpriv=$sysroot/usr/bin/setpriv
		guest_jq=$sysroot/usr/bin/gojq
	fi
	mkdir -p "$guest_built/tests/vm"
	ln -sfn "$guest_jq" "$guest_built/tests/vm/jq"
	guest_jq=$guest_built/tests/vm/jq
}
programs_for "${1:-}"

# guest KERNEL NAME OPTION... -- CMD...: boots a guest and prints the result
# vm/KERNEL/NAME/ends-clean for the guest as a whole. With $inputs, prints the inputs
# instead.
guest()
{
	local kernel=$1 name=$2
	shift 2

	if [ "$inputs" ]; then
		tools/vm "$kernel" --inputs "$@" && input_files tests/vm/host.bash ||
			exit
		return
	fi
	tools/vm "$kernel" "$@"
	ends_clean "$kernel" "$name" $?
}

# ends_clean KERNEL NAME STATUS: prints the result. If the archive no longer has a kernel
# that kernels.list marks as "may", the result is a skip.
ends_clean()
{
	local name=vm/${1//\//-}/$2

	if [ "$3" -eq 77 ] && [ "$(need "$1")" = may ]; then
		echo "skip $name: the archive no longer has this kernel"
	elif [ "$3" -ne 0 ]; then
		echo "not ok $name/ends-clean: exit status $3"
	else
		echo "ok $name/ends-clean"
	fi
}

need()
{
	awk -v id="$1" '$1 == id { print $2 }' tests/vm/kernels.list
}

# selftest KERNEL SUITE [NAME [VERSION]]: builds a selftest of the kernel series for
# VERSION, by default KERNEL's, and for KERNEL's architecture. Sets built to the options
# of tools/vm that add program NAME, or all programs. Fails the test if the build fails.
# With $inputs it prints the sources, because a build needs a kernel tree.
# shellcheck disable=SC2034
selftest()
{
	local version=${4:-${1%%-*}} dir

	[[ $1 != */* ]] || version+=/${1#*/}
	built=()
	if [ "$inputs" ]; then
		tools/kernel inputs "$version" && input_files "kernel/selftests/$2" || exit
		return
	fi
	dir=$O/selftest/${version//\//-}/$2
	mkdir -p "$dir" || exit
	if ! tools/kernel selftest "$version" "$2" "$dir" >"$dir.log" 2>&1; then
		echo "not ok vm/${1//\//-}/$2/builds"
		tail -n 20 "$dir.log" | sed 's/^/  /'
		return 1
	fi
	# Such a result is useful, but does not test kernel/.
	! grep -q 'as it is there' "$dir.log" ||
		echo "skip vm/${1//\//-}/$2/of-the-series: $O/kernel/${version%/*} has changes of its own"
	built=(--add "$dir${3:+/$3}")
}
