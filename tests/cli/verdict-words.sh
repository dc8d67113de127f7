# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What a verdict says of references, and whether it is certain.
snap leaking
# Certain: everything is found. Not certain: a reference was not found, or moved.
try "dmabuf leaks --input leaking.snap --json |
	jq -r '.searched, (.leaks[] | [.name, .certain, .verdict])' | jq -c"
# Only what nothing in user space leads to may be leaked.
try "dmabuf leaks --input leaking.snap --json | jq -c '[.leaks[] |
	select(.verdict | test(\"leaked\")) | .name]'"
# Not all kinds were searched, and then not everything was seen.
for n in 0 1; do
	snap unfound $n
	try "dmabuf leaks --input unfound.snap"
	try "dmabuf show 1 --input unfound.snap"
	try "dmabuf show 1 --input unfound.snap --json | jq -c '.searched, .verdict, .certain'"
done
# Nobody searched, or not in all processes.
snap good
try "dmabuf show 11 --input good.snap --json | jq -c '.searched, .verdict, .certain'"
snap blind
try "dmabuf show 1 --input blind.snap --json | jq -c '.searched, .verdict, .certain'"
