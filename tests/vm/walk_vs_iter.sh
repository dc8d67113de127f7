#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Runs in a guest: walk_vs_iter.sh KERNEL [SECONDS]. Compares the walk of btfwalk with
# the iterators of this kernel, for each kind of object.
# result gets conditions together with their output:
# shellcheck disable=SC2034,SC2319
set -u

KERNEL=$1
SECONDS_OF_CHURN=${2:-5}

# shellcheck source=guest.sh
. ./guest.sh

# Without an iterator of the kernel there is nothing to compare with.
test_kind()
{
	kind=$1
	walk_vs_iter "$kind" "$SECONDS_OF_CHURN" >compared.json 2>err
	status=$?
	[ $status -le 1 ] && [ -s compared.json ]
	result $? "walk_vs_iter-$kind-runs" "exit status $status: $(cat err)"
	[ -s compared.json ] || return
	echo "  # walk_vs_iter $(cat compared.json)"
	if jq -e .iterator compared.json >/dev/null; then
		jq -e '.quiet_equal and .stable > 0' compared.json >/dev/null
		result $? "walk_vs_iter-$kind-quiet-equal" "$(cat err)"
	fi
	[ "$kind" != kmem_cache ] || return
	jq -e '.walk.rounds > 0 and .stable > 0 and .churned_per_second > 0 and
		.walk.missed_silently == 0' compared.json >/dev/null
	result $? "walk_vs_iter-$kind-churn-no-silent-miss" "$(cat compared.json)"
}

for kind in task bpf_map bpf_prog bpf_link kmem_cache inode dmabuf; do
	timed $kind test_kind $kind
done
