#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# usage: tests/vm/test-kernel-tool.sh [--inputs]
#
# Tests tools/kernel on a version 9.9 with three files: its errors, that patches give a
# tree and the tree gives the same patches, and that plain git am of the exported patches
# gives the same tree. Does not build or fetch anything.

set -u

# shellcheck source=../inputs.bash
. "$(dirname "$0")/../inputs.bash"

if [[ -n $inputs ]]; then
	cd "$(dirname "$0")/../.." || exit
	input_files tools/kernel tools/lib tests/vm/tool-test.sh tests/vm/kernels.list \
		kernel/config
	input "$(git --version)" git
	exit
fi

tool='kernel-tool'
# shellcheck source=tool-test.sh
. "$(dirname "$0")/tool-test.sh"

copy=$work/copy series=$work/copy/kernel/9.9
export DMABUF_CACHE=$work/cache O=$work/build TMPDIR=$work/tmp
export http_proxy=http://127.0.0.1:9 https_proxy=http://127.0.0.1:9
tree=$O/kernel/9.9 common=$work/copy/kernel/common suites=$work/copy/kernel/selftests

# kernel ARGUMENT...: runs the copy of the tool
kernel() {
	run "$copy/tools/kernel" "$@"
}

# fails STATUS WORDS: succeeds if the tool exited with STATUS and printed WORDS
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

# make_source VERSION: makes a source as the archive would have it
make_source() {
	local dir=$work/linux-source-9.9 cached=$DMABUF_CACHE/sources/9.9
	mkdir -p "$dir/mm" "$dir/scripts" "$cached"
	seq -f 'line %g' 40 >"$dir/one.c"
	seq -f 'row %g' 40 >"$dir/mm/two.c"
	printf '%s\n' '*.o' '.*' '/*' >"$dir/.gitignore"
	echo "$1" >"$dir/ignored.o"
	# As the kernel's: people without --nom, lists without --nol
	cat >"$dir/scripts/get_maintainer.pl" <<-'EOF'
		print "Ann <ann\@example.org>\n" unless grep { $_ eq "--nom" } @ARGV;
		print "list\@example.org\n" unless grep { $_ eq "--nol" } @ARGV;
	EOF
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
	printf '%s\n' '<!-- made by: tools/kernel table -->' '<!-- end -->' >"$copy/kernel/README.md"
	make_source 9.9.1-1
}

# state: prints all files that a refresh may write in the version's folder
state() {
	(cd "$series" && sha256sum ./*)
}

# all_state: prints the files of all folders, with links and modes
all_state() {
	(cd "$copy/kernel" && find . -type f -printf '%p %m ' -exec sha256sum {} \; -o \
		-type l -printf '%p %l\n' | sort)
}

# unchanged COMMAND...: succeeds if the command does and writes nothing in kernel/
unchanged() {
	local before
	before=$(all_state)
	"$@"
	[[ $status == 0 ]] && diff <(echo "$before") <(all_state) >>"$work/err"
}

# tree_of FOLDER: prints git's sums of its files, except the file that the tool itself
# writes
tree_of() {
	git -C "$1" ls-tree -r HEAD | grep -v '[.]gitignore$'
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
	kernel sum 9.9/vax
	ok 'an unknown architecture is 2' fails 2 "cannot build for 'vax'"
	kernel sum 9.9/
	ok 'an empty architecture is 2' fails 2 "cannot build for ''"
	kernel build 9.9/arm64
	ok 'no compiler of an architecture is 1' fails 1 'run tools/setup --arch arm64'
	kernel apply --frob 9.9
	ok 'an unknown option is 2' fails 2 "no option is called '--frob'"
	kernel build --force 9.9
	ok 'an option of another command is 2' fails 2 'are for apply'
	kernel apply --to "$work/x" 8.8 9.9
	ok 'one folder for two versions is 2' fails 2 '--to is for one VERSION'
	kernel refresh 9.9
	ok 'refresh without a tree is 1' fails 1 'there is no tree'
	kernel export 9.9
	ok 'export without a folder is 2' fails 2 'export wants a VERSION and a DIR'
	kernel export --for frobs
	ok 'export --for without a folder is 2' fails 2 'export wants a VERSION and a DIR'
	kernel export --for frobs 9.9 dir
	ok 'export --for with a version is 2' fails 2 'export --for wants a DIR, and no VERSION'
	kernel apply --for frobs 9.9
	ok '--for of another command is 2' fails 2 '--for is for export and check'
	kernel check --for frobs 9.9
	ok 'check --for with a version is 2' fails 2 'check --for takes no VERSION'
	kernel check --ack frob
	ok 'check --ack without a version is 2' fails 2 'check --ack wants one VERSION'
	kernel check --ack frob --for frobs
	ok 'check --ack with --for is 2' fails 2 '--for goes with no --ack'
	kernel selftest 9.9 frob
	ok 'selftest without a folder is 2' fails 2 'selftest wants a VERSION, a SUITE and a DIR'
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
	in_tree checkout -q -b mine
	in_tree commit -q --amend -m 'two: a second change' -m 'On another branch.'
	kernel refresh 9.9
	ok 'refresh takes the commits of another branch' \
		test "$(in_tree rev-parse series)" = "$(in_tree rev-parse mine)"
	sed -i 's/On another branch/By hand/' "$series"/0205-*.patch
	kernel refresh 9.9
	ok 'refresh refuses a tree of other patches' fails 1 'has changed since'
	kernel apply 9.9
	ok 'apply makes the tree again' test "$(in_tree log -1 --format=%b)" = 'By hand.'
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
	ok 'a patch that is not there is 1' fails 1 'names 0404-gone.patch, which is neither'
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
	kernel sum 9.9/arm64
	ok 'sum of another architecture differs' grep -qvx "$first" "$work/out"
	echo '# x' >>"$copy/kernel/config/arm64.config"
	kernel sum 9.9
	ok 'sum is not of the config of an architecture' grep -qx "$first" "$work/out"
	echo '# x' >>"$copy/kernel/config/test.config"
	kernel sum 9.9
	ok 'sum changes with the config' test "$(cat "$work/out")" != "$first"
	first=$(cat "$work/out")
	echo >>"$series/0205-two-a-second-change.patch"
	kernel sum 9.9
	ok 'sum changes with a patch' test "$(cat "$work/out")" != "$first"
}

# 0205 moves to kernel/common/.
test_common() {
	local sum name=0205-two-a-second-change.patch
	kernel apply --force 9.9
	kernel refresh 9.9
	in_tree rev-parse HEAD >"$work/head"
	kernel sum 9.9
	sum=$(cat "$work/out")
	mkdir "$common"
	mv "$series/$name" "$common/"
	kernel sum 9.9
	ok 'sum is the same for a common patch' test "$(cat "$work/out")" = "$sum"
	rm -rf "$tree"
	kernel apply 9.9
	ok 'apply makes the same commit of a common patch' \
		test "$(in_tree rev-parse HEAD)" = "$(cat "$work/head")"
	ok 'refresh leaves a common patch where it is' unchanged kernel refresh 9.9

	# The patch as a refresh from another version would write it
	sed -i -e 's/^index .*/index 000000000001..000000000002 100644/' \
		-e 's/^@@ .*/@@ -9,7 +9,7 @@ elsewhere/' -e 's/^Date: .*/Date: Sun, 22 Nov 2026 16:01:30 +0000/' \
		"$common/$name"
	kernel apply 9.9
	ok 'a patch with other line numbers is applied' status_is 0
	in_tree commit -q --amend --no-edit --date 2026-01-01T00:00:00Z
	ok 'refresh keeps a common patch that makes the same change' unchanged kernel refresh 9.9

	sed -i 's/^line five$/line fünf/' "$tree/one.c"
	in_tree commit -q -a --amend --no-edit
	kernel refresh 9.9
	ok 'refresh changes a common patch' grep -qx '+line fünf' "$common/$name"
	ok 'refresh makes no copy of it' test ! -e "$series/$name"

	sed 's/^+line fünf/+line cinq/' "$common/$name" >"$series/$name"
	kernel apply 9.9
	ok 'a patch of the version comes first' grep -qx 'line cinq' "$tree/one.c"
	kernel refresh 9.9
	ok 'refresh keeps the one' grep -qx '+line cinq' "$series/$name"
	ok 'refresh keeps the other' grep -qx '+line fünf' "$common/$name"
	rm "$series/$name"
	kernel apply 9.9

	sed -i 's/two: a second change/two: a change/' "$copy/kernel/patches.tsv"
	cp "$series/series" "$copy/kernel/8.8/series"
	in_tree commit -q --amend -m 'two: a change'
	kernel refresh 9.9
	ok 'a common patch changes its name' test "$(ls "$common")" = 0205-two-a-change.patch
	ok 'a series of another version follows' \
		grep -qx 0205-two-a-change.patch "$copy/kernel/8.8/series"
	in_tree reset -q --hard base
	kernel refresh 9.9
	ok 'refresh leaves a common patch to others' test -e "$common/0205-two-a-change.patch"
	rm "$copy/kernel/8.8/series"
	kernel refresh 9.9
	ok 'refresh removes a common patch that is in no series' \
		test ! -e "$common/0205-two-a-change.patch"
}

# A selftest: a changed file of the kernel, and new files, one of them from bpf/
test_suite() {
	local dir=$tree/tools/testing/selftests/frob patch=$series/0901-selftests-Add-frob.patch
	mkdir -p "$copy/bpf/buffers" "$suites" "$dir/data"
	printf '0901\tselftests: Add frob\t-\tyes\tyes\n' >>"$copy/kernel/patches.tsv"
	echo '0901 frob' >"$suites/patches"
	echo 'int prog;' >"$copy/bpf/buffers/prog.bpf.c"
	echo 'all:' >"$dir/Makefile"
	printf '#!/bin/sh\nexit 0' >"$dir/run.sh"
	chmod +x "$dir/run.sh"
	: >"$dir/data/empty"
	cp "$copy/bpf/buffers/prog.bpf.c" "$dir/"
	in_tree add -f tools
	commit one.c 's/^line 5$/line five/' 'selftests: Add frob'
	kernel refresh 9.9
	ok 'refresh takes a selftest apart' status_is 0
	ok 'a new file is no part of the patch' test "$(grep -c '^diff --git' "$patch")" = 1
	ok 'the diffstat of the rest is true' grep -q '^ 1 file changed' "$patch"
	ok 'a new file is in selftests/' cmp -s "$dir/Makefile" "$suites/frob/Makefile"
	ok 'its mode is kept' test -x "$suites/frob/run.sh"
	ok 'a new file that is in bpf/ is a link' \
		test "$(readlink "$suites/frob/prog.bpf.c")" = ../../../bpf/buffers/prog.bpf.c
	ok 'refresh of it again changes nothing' unchanged kernel refresh 9.9
	in_tree rev-parse HEAD >"$work/head"
	tree_of "$tree" >"$work/tree"
	rm -rf "$tree"
	kernel apply 9.9
	ok 'apply puts it together' diff "$work/tree" <(tree_of "$tree")
	ok 'apply and refresh of it change nothing' unchanged kernel refresh 9.9

	echo 'int prog = 1;' >"$copy/bpf/buffers/prog.bpf.c"
	kernel apply 9.9
	ok 'apply takes what is in bpf/ now' cmp -s "$copy/bpf/buffers/prog.bpf.c" "$dir/prog.bpf.c"
	sed -i 's/1/2/' "$dir/prog.bpf.c"
	in_tree commit -q -a --amend --no-edit
	kernel refresh 9.9
	ok 'refresh refuses a change of what is in bpf/' fails 1 'change bpf/buffers/prog.bpf.c instead'
	kernel apply --force 9.9
	in_tree rm -q "$dir/Makefile"
	in_tree commit -q --amend --no-edit
	kernel refresh 9.9
	ok 'refresh removes a file that is gone' test ! -e "$suites/frob/Makefile"
	ok 'refresh keeps the others' test -x "$suites/frob/run.sh"
	in_tree rev-parse HEAD >"$work/head"
}

# make_letter: a letter for one patch that is only exported and one of the series
make_letter() {
	mkdir -p "$copy/kernel/letters" "$series/export"
	commit mm/two.c 's/^row 20$/row twenty/' 'two: only exported'
	in_tree format-patch -q --zero-commit --no-signature -N --start-number 402 \
		-o "$series/export" -1
	in_tree reset -q --hard HEAD^
	cat >"$copy/kernel/letters/frobs" <<-'EOF'
		Subject: Two of them
		Prefix: PATCH frob
		Version: 2
		Patches: 0402 0901
		0402 Fixes: 123456789012 ("two: begin")
		0901 Note: v2: other words

		Why they are there.

		---
		v2: other words
	EOF
}

test_letter() {
	local dir=$work/mails cover=$work/mails/v2-0000-cover-letter.patch sum
	kernel sum 9.9
	sum=$(cat "$work/out")
	make_letter
	kernel sum 9.9
	ok 'sum is not of letters and what is only exported' test "$(cat "$work/out")" = "$sum"
	in_tree rev-parse HEAD series base >"$work/head"
	kernel export --for frobs "$dir"
	ok 'export --for works' status_is 0
	ok 'it writes the patches of the letter in their order' test "$(cd "$dir" && echo ./*)" = \
		'./v2-0000-cover-letter.patch ./v2-0001-two-only-exported.patch ./v2-0002-selftests-Add-frob.patch'
	ok 'the cover letter has the subject' grep -qx 'Subject: \[PATCH frob v2 0/2\] Two of them' "$cover"
	ok 'the cover letter has the text' grep -qx 'Why they are there.' "$cover"
	ok 'the cover letter has the source' grep -qx 'The patches apply to v9.9.2.' "$cover"
	ok 'the cover letter has what changed' grep -qx 'v2: other words' "$cover"
	ok 'the cover letter has a diffstat' grep -q '^ 5 files changed' "$cover"
	ok 'people are in To' grep -qx 'To: Ann <ann@example.org>' "$dir"/v2-0001-*
	ok 'lists are in Cc' grep -qx 'Cc: list@example.org' "$dir"/v2-0001-*
	ok 'a trailer of the letter is in its patch' \
		grep -qx 'Fixes: 123456789012 ("two: begin")' "$dir"/v2-0001-*
	ok 'a trailer is in no other patch' test "$(grep -l '^Fixes: ' "$dir"/* | wc -l)" = 1
	ok 'a note is below the ---' test "$(sed '1,/^---$/d' "$dir"/v2-0002-* |
		grep -c 'v2: other words')" = 1
	ok 'a selftest is whole' grep -q '^+++ b/tools/testing/selftests/frob/run.sh' "$dir"/v2-0002-*
	ok 'the tree is as it was' diff "$work/head" <(in_tree rev-parse HEAD series base)
	kernel export --for frobs "$dir"
	ok 'export --for to a folder that is not empty is 1' fails 1 'is not empty'
	sed -i 's/^Patches: .*/Patches: 0901 0777/' "$copy/kernel/letters/frobs"
	kernel export --for frobs "$work/mails2"
	ok 'a patch of a letter that is not there is 1' fails 1 'names patch 0777'
	kernel export --for frib "$work/mails3"
	ok 'a letter that is not there is 2' fails 2 "no letter is called 'frib'; there are: frobs"
	rm -r "$copy/kernel/letters" "$series/export"
}

test_export() {
	local dir=$work/exported plain=$work/plain
	tree_of "$tree" >"$work/tree"
	mv "$tree" "$work/away"
	# In a folder of another repository, as a user may have it
	(cd "$copy/kernel" && git init -q "$copy" && kernel export 9.9 "$dir")
	ok 'export needs no tree' test ! -e "$tree"
	ok 'export writes the patches and series' test "$(cd "$dir" && echo ./*)" = \
		'./0901-selftests-Add-frob.patch ./series'
	ok 'the diffstat of all is true' grep -q '^ 4 files changed' "$dir"/0901-*
	ok 'modes are exported' grep -qx 'new file mode 100755' "$dir"/0901-*
	kernel export 9.9 "$dir"
	ok 'a folder that is not empty is 1' fails 1 'is not empty'
	mkdir "$plain"
	tar -C "$plain" --strip-components=1 -xf "$DMABUF_CACHE/sources/9.9/current"
	git init -q "$plain"
	git -C "$plain" add -A -f
	git -C "$plain" -c user.name=x -c user.email=x@example.org commit -q -m base
	ok 'git am takes it' git -C "$plain" -c user.name=x -c user.email=x@example.org \
		am -q "$dir"/0901-*.patch
	ok 'git am makes the same files' diff "$work/tree" <(tree_of "$plain")
	mv "$work/away" "$tree"
	echo '0901 frib' >"$suites/patches"
	kernel export 9.9 "$work/other-export"
	ok 'a selftest that is not there is 1' fails 1 'there is no kernel/selftests/frib/'
}

test_table() {
	kernel table
	ok 'table is Markdown' grep -qxF '| 0101 | one: a first change | - | no | yes |' "$work/out"
	printf '0999\tshort\n' >>"$copy/kernel/patches.tsv"
	kernel table
	ok 'a short line of the table is 1' fails 1 'has 2 fields and not 5'
	kernel --list
	ok 'list has each kernel' test "$(cut -d ' ' -f 1 "$work/out" | tr '\n' ' ')" = \
		"$(printf '%s ' {8.8,9.9}-{dmabuf,debug,nosymbols,notypes,bare,dmabuf/arm64})"
}

make_copy
test_usage
test_begin
test_round_trip
test_amended
test_does_not_apply
test_source
test_sum
test_common
test_suite
test_letter
test_export
test_table
[[ $failed == 0 && $passed -gt 0 ]]
