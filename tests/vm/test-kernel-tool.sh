#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Tests tools/kernel on a version 9.9 of three files: what it refuses, and that patches
# become a tree and the tree the same patches again. Nothing is built or fetched.

set -u

tool='kernel-tool'
# shellcheck source=tool-test.sh
. "$(dirname "$0")/tool-test.sh"

copy=$work/copy series=$work/copy/kernel/9.9
export DMABUF_CACHE=$work/cache O=$work/build TMPDIR=$work/tmp
export http_proxy=http://127.0.0.1:9 https_proxy=http://127.0.0.1:9
tree=$O/kernel/9.9

# kernel ARGUMENT...: runs the copy of the tool
kernel() {
	run "$copy/tools/kernel" "$@"
}

# fails STATUS WORDS: that it ended so, and said so
fails() {
	[[ $status == "$1" ]] && grep -qF -e "$2" "$work/err"
}

in_tree() {
	git -C "$tree" -c user.name='Ann Öther' -c user.email=ann@example.org "$@"
}

# commit FILE SED-SCRIPT TITLE
commit() {
	sed -i "$2" "$tree/$1"
	in_tree commit -q -a -m "$3" -m 'A reason: é, and more.'
}

# make_source VERSION: what the archive would have as this version
make_source() {
	local dir=$work/linux-source-9.9 cached=$DMABUF_CACHE/sources/9.9
	mkdir -p "$dir/mm" "$cached"
	seq -f 'line %g' 40 >"$dir/one.c"
	seq -f 'row %g' 40 >"$dir/mm/two.c"
	printf '%s\n' '*.o' '.*' '/*' >"$dir/.gitignore"
	echo "$1" >"$dir/ignored.o"
	tar -C "$work" -cJf "$cached/$1.tar.xz" linux-source-9.9
	(cd "$cached" && sha256sum "$1.tar.xz" >"$1.tar.xz.sha256")
	ln -sfn "$1.tar.xz" "$cached/current"
	rm -r "$dir"
}

make_copy() {
	mkdir -p "$copy/tests/vm" "$copy/kernel/8.8" "$series" "$TMPDIR"
	cp -r "$here/../../tools" "$copy/"
	cp "$here/kernels.list" "$copy/tests/vm/"
	cp -r "$here/../../kernel/config" "$copy/kernel/"
	printf '%s\t%s\t-\t%s\t%s\n' '# id' title 8.8 9.9 \
		0101 'one: a first change' no yes 0205 'two: a second change' yes yes \
		0301 'two: not for this version' yes 'no: has it' >"$copy/kernel/patches.tsv"
	make_source 9.9.1-1
}

# state: all that a refresh may write, byte for byte
state() {
	(cd "$series" && sha256sum ./*)
}

test_usage() {
	kernel
	ok 'no command is 2' fails 2 'no command given'
	kernel frobnicate 9.9
	ok 'an unknown command is 2' fails 2 "no command is called 'frobnicate'"
	kernel apply
	ok 'no version is 2' fails 2 'wants a VERSION'
	kernel apply 9.7
	ok 'an unknown version is 2' fails 2 "no version is called '9.7'; there are: 8.8 9.9"
	kernel apply ../kernel/9.9
	ok 'a path is no version' fails 2 'no version is called'
	kernel apply --frob 9.9
	ok 'an unknown option is 2' fails 2 "no option is called '--frob'"
	kernel build --force 9.9
	ok 'an option of another command is 2' fails 2 'are for apply'
	kernel apply --to "$work/x" 8.8 9.9
	ok 'one folder for two versions is 2' fails 2 '--to is for one VERSION'
	kernel refresh 9.9
	ok 'refresh without a tree is 1' fails 1 'there is no tree'
	kernel fetch 8.8
	ok 'a source that is nowhere is 1' fails 1 'the package archive'
}

# A version begins with an empty folder.
test_begin() {
	kernel apply 9.9
	ok 'apply without patches works, and without network' status_is 0
	ok 'what gitignore names is in the base' in_tree cat-file -e base:ignored.o
	commit one.c 's/^line 5$/line five/' 'one: a first change'
	commit mm/two.c 's/^row 7$/row seven/' 'two: a second change'
	kernel refresh 9.9
	ok 'refresh writes the series' diff "$series/series" - <<-EOF
		0101-one-a-first-change.patch
		0205-two-a-second-change.patch
	EOF
	ok 'refresh writes BASE' diff "$series/BASE" - <<-EOF
		package linux-source-9.9
		version 9.9.1-1
		sha256 $(sha256sum <"$DMABUF_CACHE/sources/9.9/current" | cut -d ' ' -f 1)
	EOF
}

test_round_trip() {
	local before
	before=$(state)
	kernel refresh 9.9
	ok 'refresh again changes nothing' test "$before" = "$(state)"
	rm -rf "$tree"
	kernel apply 9.9
	ok 'apply works' status_is 0
	ok 'apply keeps the author' test "$(in_tree log -1 --format=%an)" = 'Ann Öther'
	ok 'apply dates the commits as the patches' \
		test "$(in_tree log -1 --format=%ct)" = "$(in_tree log -1 --format=%at)"
	kernel refresh 9.9
	ok 'apply and refresh change nothing' test "$before" = "$(state)"
	in_tree rev-parse HEAD >"$work/head"
	kernel apply --to "$work/other" 9.9
	ok 'apply makes the same commits elsewhere' \
		test "$(git -C "$work/other" rev-parse HEAD)" = "$(cat "$work/head")"
	touch -d 2001-01-01 "$tree/one.c"
	kernel apply 9.9
	ok 'apply again leaves the files alone' test "$(date -r "$tree/one.c" +%Y)" = 2001
}

test_amended() {
	local before
	before=$(state)
	sed -i 's/^row seven$/row SEVEN/' "$tree/mm/two.c"
	kernel apply 9.9
	ok 'apply refuses changes' fails 1 'not committed (mm/two.c, ...)'
	kernel refresh 9.9
	ok 'refresh refuses changes' fails 1 'not committed'
	in_tree commit -q -a --amend --no-edit
	touch "$tree/mm/.gitignore"
	kernel refresh 9.9
	ok 'refresh refuses a new file' fails 1 'not committed'
	rm "$tree/mm/.gitignore"
	kernel apply 9.9
	ok 'apply refuses commits' fails 1 'has commits that are not in the series'
	kernel refresh 9.9
	ok 'refresh changes just the amended patch' test "$(diff <(echo "$before") <(state) |
		grep -c '^> .*0205-two-a-second-change.patch$')$(diff <(echo "$before") <(state) |
		grep -c '^>')" = 11
	kernel apply 9.9
	ok 'apply has nothing to refuse then' status_is 0
	commit one.c 's/^line 9$/line nine/' 'one: another'
	kernel refresh 9.9
	ok 'refresh refuses a title that is not in the table' \
		fails 1 "has no patch 'one: another': add a line"
	in_tree commit -q --amend -m 'two: not for this version'
	kernel refresh 9.9
	ok 'refresh refuses what the table has not for it' fails 1 "says 'no: has it' for 9.9"
	kernel apply --force 9.9
	ok 'apply --force throws it away' test "$(in_tree rev-list --count base..HEAD)" = 2
	in_tree reset -q --hard HEAD^
	in_tree commit -q --amend -m 'two: a second change'
	kernel refresh 9.9
	ok 'refresh removes patches that are gone' \
		test "$(cd "$series" && echo ./*)" = './0205-two-a-second-change.patch ./BASE ./series'
}

test_does_not_apply() {
	cp -r "$series" "$work/good"
	sed -i 's/^ line 4$/ line four/' "$series"/0205-*.patch
	kernel apply 9.9
	ok 'a patch that needs fuzz is 1' fails 1 'kernel/9.9/0205-two-a-second-change.patch does not apply'
	ok 'its place is said' grep -q 'one.c:' "$work/err"
	ok 'the source is said' grep -q 'apply to 9.9.1-1' "$work/err"
	rm -r "$series"
	mv "$work/good" "$series"
	kernel apply 9.9
	ok 'a mended patch is applied' status_is 0
	echo 0404-gone.patch >>"$series/series"
	kernel apply 9.9
	ok 'a patch that is not there is 1' fails 1 'names 0404-gone.patch, which is not there'
	sed -i '$d' "$series/series"
}

test_source() {
	make_source 9.9.2-1
	kernel apply 9.9
	ok 'another source is used' test "$(in_tree show base:ignored.o)" = 9.9.2-1
	ok 'another source is said' \
		fails 0 'the archive has 9.9.2-1; the series was tested on 9.9.1-1'
	sed -i 's/9.9.1-1/9.9.2-1/' "$series/BASE"
	kernel apply 9.9
	ok 'another file of the same version is 1' fails 1 'trust neither'
	kernel refresh 9.9
	kernel apply 9.9
	ok 'refresh is the end of it' status_is 0
}

test_sum() {
	local first
	kernel sum 9.9 9.9-dmabuf 9.9-debug
	first=$(head -n 1 "$work/out")
	ok 'sum has no underscore' grep -qx '[0-9a-f]*' "$work/out"
	ok 'sum knows a kernel by both names' test "$(sort -u "$work/out" | wc -l)" = 2
	echo '# x' >>"$copy/kernel/config/debug.config"
	kernel sum 9.9
	ok 'sum is not of the other config' grep -qx "$first" "$work/out"
	echo '# x' >>"$copy/kernel/config/test.config"
	kernel sum 9.9
	ok 'sum changes with the config' test "$(cat "$work/out")" != "$first"
	first=$(cat "$work/out")
	echo >>"$series/0205-two-a-second-change.patch"
	kernel sum 9.9
	ok 'sum changes with a patch' test "$(cat "$work/out")" != "$first"
}

test_table() {
	kernel table
	ok 'table is Markdown' grep -qxF '| 0101 | one: a first change | - | no | yes |' "$work/out"
	printf '0999\tshort\n' >>"$copy/kernel/patches.tsv"
	kernel table
	ok 'a short line of the table is 1' fails 1 'has 2 fields and not 5'
	kernel --list
	ok 'list has each kernel' test "$(cut -d ' ' -f 1 "$work/out" | tr '\n' ' ')" = \
		'8.8-dmabuf 8.8-debug 9.9-dmabuf 9.9-debug '
}

make_copy
test_usage
test_begin
test_round_trip
test_amended
test_does_not_apply
test_source
test_sum
test_table
echo "$passed passed, $failed failed"
[[ $failed == 0 && $passed -gt 0 ]]
