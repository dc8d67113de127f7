# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# For tools/kernel: series for the lists of the kernel, with a cover letter, recipients
# and a place for what changed between versions.
#
# kernel/letters/LIST describes a series. Its header ends at the first empty line:
#
#   Subject: of the cover letter
#   Prefix: what stands in [] before each subject, without version and number
#   Version: of the series
#   Patches: their numbers, in order
#   NNNN Fixes: a trailer for this patch, which the kernels are built without
#   NNNN Note: what changed in this patch, for below its ---
#
# Then comes the text, a line "---", and what changed between versions of the series.
# shellcheck disable=SC2154,SC2034

letters=$root/kernel/letters

list_letters() {
	(cd "$letters" 2>/dev/null && echo *)
}

# find_letter LIST: sets letter to its file, and the version to the newest, for which
# the letters are
find_letter() {
	letter=$letters/$1
	[[ $1 != */* && -f $letter ]] || die "$EX_USAGE" "no letter is called '$1'; there are:" \
		"$(list_letters)"
	find_version "$(versions | tail -n 1)"
}

# letter_field KEY: prints the values of a field
letter_field() {
	sed -n -e '/^$/q' -e "s/^$1: //p" "$letter"
}

# letter_text: prints the text of the cover letter
letter_text() {
	sed -e '1,/^$/d' -e '/^---$/,$d' "$letter"
}

letter_changes() {
	sed '1,/^---$/d' "$letter"
}

# find_patch NUMBER: prints the file of a patch of the version: of its series, or one
# that is only exported
find_patch() {
	local file
	for file in "$folder/$1"-*.patch "$folder/export/$1"-*.patch "$common/$1"-*.patch; do
		[[ ! -e $file ]] || { echo "$file"; return; }
	done
	die "$EX_TOOL" "${letter#"$root/"} names patch $1, which is neither in kernel/$version/," \
		"in its export/, nor in kernel/common/"
}

# with_trailers NUMBER: prints the patch from standard input with the letter's trailers,
# before its first Cc: or sign-off
with_trailers() {
	trailers=$(letter_field "$1 Fixes" | sed 's/^/Fixes: /') awk '
		!done && ENVIRON["trailers"] != "" && /^(Cc|Signed-off-by): |^---$/ {
			print ENVIRON["trailers"]
			done = 1
		}
		{ print }'
}

# write_letter_patches DIR: writes the patches of the letter as they are in kernel/
write_letter_patches() {
	local number file place=0
	mkdir -p "$1"
	for number in $(letter_field Patches); do
		file=$(find_patch "$number") || exit
		printf -v place %02d $((10#$place + 1))
		export_patch "$file" | with_trailers "$number" >"$1/$place-${file##*/}"
	done
}

# apply_letter: makes the patches of the letter the commits of the branch series, on
# base. Does not touch branches of the tree that it was copied from.
apply_letter() {
	local number commit patches
	rm -rf "$work/letter"
	write_letter_patches "$work/letter"
	patches=("$work/letter"/*.patch)
	tree_git checkout -q -f -B series base
	tree_git am -q --no-3way --keep-non-patch --whitespace=nowarn \
		--committer-date-is-author-date "${patches[@]}" >"$work/letter.log" 2>&1 ||
		die "$EX_TOOL" "the patches of ${letter#"$root/"} do not apply to" \
			"$(tree_source | value version) alone: $(grep -m 1 -E '^(error|fatal): ' "$work/letter.log")"
	tree_git notes prune
	mapfile -t commits < <(tree_git rev-list --reverse base..series)
	for number in $(letter_field Patches); do
		commit=${commits[0]} commits=("${commits[@]:1}")
		[[ -z $(letter_field "$number Note") ]] ||
			letter_field "$number Note" | tree_git notes add -f -F - "$commit"
	done
}

# recipients TO|CC PATCH...: prints options of git format-patch. People are in To, lists
# in Cc.
recipients() {
	local only=--nol option=--to address
	[[ $1 == TO ]] || only='--nom --nor --no-fixes' option=--cc
	shift
	# shellcheck disable=SC2086 # words
	(cd "$tree" && GIT_DIR=/nonexistent perl scripts/get_maintainer.pl --no-git \
		--no-git-fallback --norolestats $only "$@" 2>/dev/null) |
		while read -r address; do
			echo "$option=$address"
		done
}

# letter_description: prints what git makes the cover letter of
letter_description() {
	letter_field Subject
	echo
	letter_text
	echo "The patches apply to v$(tree_source | value version | sed 's/-.*//')."
	echo
	letter_changes
}

# write_mails DIR: writes the cover letter and the patches, for git send-email
write_mails() {
	local prefix people lists version_option=()
	prefix=$(letter_field Prefix)
	[[ $(letter_field Version) == 1 ]] || version_option=(-v "$(letter_field Version)")
	mapfile -t people < <(recipients TO "$work/letter"/*.patch)
	mapfile -t lists < <(recipients CC "$work/letter"/*.patch)
	[[ ${#people[@]} -gt 0 && ${#lists[@]} -gt 0 ]] ||
		die "$EX_TOOL" "scripts/get_maintainer.pl of $tree finds nobody for ${letter#"$root/"}"
	tree_git config branch.series.description "$(letter_description)"
	GIT_COMMITTER_NAME='dmabuf-tools developers' \
		GIT_COMMITTER_EMAIL=developers@dmabuf-tools.invalid \
		GIT_COMMITTER_DATE=$(tree_git log -1 --format=%aI series) \
		tree_git format-patch -q --cover-letter --cover-from-description=subject \
		--numbered --subject-prefix="$prefix" "${version_option[@]}" --zero-commit \
		--no-signature --no-base --abbrev=12 --notes "${people[@]}" "${lists[@]}" -o "$1" base..series
}

# export_letter DIR: works in the copy of the tree that check uses, too
export_letter() {
	[[ -z $(ls -A "$1" 2>/dev/null) ]] ||
		die "$EX_TOOL" "$1 is not empty: remove it, or use another folder"
	mkdir -p "$1"
	use_copy
	[[ -z $no_copy ]] || die "$EX_TOOL" "$no_copy"
	apply_letter
	write_mails "$(realpath "$1")"
	leave_copy
}

# --- Checks

# check_letter LIST: checks what would be sent, on the source alone
check_letter() {
	local checked=kernel/$version/$1 checking=1 mails=$work/mails
	use_copy
	verdict applies "$no_copy"
	[[ -z $no_copy ]] || return 0
	apply_letter
	rm -rf "$mails"
	write_mails "$mails"
	# The first one is the cover letter.
	exported=("$mails"/*.patch)
	exported=("${exported[@]:1}")
	check_git_am
	check_patches
	check_text "$mails"
	check_maintainers
	check_kernel_doc
	check_each_builds
	check_i386
	leave_copy
}

# check_text DIR: checks the spelling of the mails, and the form of the cover letter
check_text() {
	local cover
	cover=$(compgen -G "$1/*0000-cover-letter.patch")
	if [[ -n $(type -P codespell) ]]; then
		verdict codespell "$(sed '/^To: \|^Cc: /,/^MIME\|^$/d' "$1"/*.patch | codespell - 2>&1 | grep '==>')"
	else
		echo "skip $checked/codespell: codespell is not installed: run tools/setup"
	fi
	verdict cover-letter "$(
		grep -F -e '*** ' "$cover"
		letter_text | grep -E '.{76}' | sed 's/^/longer than 75 columns: /'
		grep -q '^To: ' "$cover" || echo 'nobody is in To'
		grep -q '^Cc: .*@' "$cover" || echo 'no list is in Cc'
		letter_changes | grep . >/dev/null || echo 'does not say what changed between versions'
		grep -qE '^ [0-9]+ files? changed' "$cover" || echo 'has no diffstat'
	)"
}
