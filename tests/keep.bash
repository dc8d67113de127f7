# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# Kept results: what a test printed when it passed, under a hash of everything that it
# is made of. To be sourced by tests/run, which sets $tests, the table of tests.
#
# A test lists its inputs itself: "PROGRAM --inputs ARGS" prints a line "VALUE  NAME"
# for each of them, as tests/inputs.bash makes them, and runs nothing. The results are in
# the cache, beside the kernels:
#
#   results/TEST/HASH.inputs  the lines; HASH is that of these
#   results/TEST/HASH.output  a line "DATE SECONDS", then what the test printed
#   results/TEST/seconds      how long the last run took, passed or not
# shellcheck disable=SC2154

results=${DMABUF_CACHE:-${XDG_CACHE_HOME:-${HOME:-/var/tmp}/.cache}/dmabuf-tools}/results

# How many results of one test are kept: branches come back.
readonly keep_most=8

# kept_dir TEST: where its results are
kept_dir() {
	local name=${1#tests/}
	echo "$results/${name//[^A-Za-z0-9._]/-}"
}

# list_inputs TEST: prints the lines of all that TEST is made of, or nothing when the
# table does not say that it lists them; fails where that fails
list_inputs() {
	local program=${1%% *} args=()
	awk -v program="$program" '$2 == "yes" && $3 == program { found = 1 }
		END { exit !found }' "$tests" || return 0
	read -r -a args <<<"${1#"$program"}"
	"$program" --inputs "${args[@]}" </dev/null &&
		sha256sum -- "$program" tests/run tests/keep.bash tests/inputs.bash
}

# hash_inputs TEST FILE: writes its inputs to FILE and prints their hash; nothing when
# its result cannot be kept. A kernel that the cache lacks is fetched.
hash_inputs() {
	if list_inputs "$1" | LC_ALL=C sort -u >"$2" && [[ -s $2 ]]; then
		sha256sum <"$2" | cut -d ' ' -f 1
	fi
}

# kept_output TEST HASH: prints the file of a result that is kept
kept_output() {
	local file
	file=$(kept_dir "$1")/$2.output
	[[ -n $2 && -s $file ]] && echo "$file"
}

# keep TEST HASH INPUTS OUTPUT SECONDS
keep() {
	local dir
	dir=$(kept_dir "$1")
	mkdir -p "$dir" || return
	cp "$3" "$dir/$2.inputs" &&
		{ date "+%F %H:%M $5"; cat "$4"; } >"$dir/.new.$$" &&
		mv "$dir/.new.$$" "$dir/$2.output" || return
	# The oldest go.
	find "$dir" -name '*.output' -printf '%T@ %p\n' | sort -rn | cut -d ' ' -f 2- |
		tail -n +$((keep_most + 1)) | while read -r file; do
		rm -f "$file" "${file%.output}.inputs"
	done
}

# drop TEST HASH: a test that fails has not passed, whatever it did before
drop() {
	[[ -z $2 ]] || rm -f "$(kept_dir "$1")/$2".{output,inputs}
}

# keep_seconds TEST SECONDS
keep_seconds() {
	local dir
	dir=$(kept_dir "$1")
	mkdir -p "$dir" && echo "$2" >"$dir/.seconds.$$" && mv "$dir/.seconds.$$" "$dir/seconds"
}

# last_seconds TEST [ELSE]: how long it took when it ran last; ELSE, or 0, if it never ran
last_seconds() {
	cat "$(kept_dir "$1")/seconds" 2>/dev/null || echo "${2:-0}"
}

# why TEST: prints what has changed since it passed last, and sets unchanged
# shellcheck disable=SC2034
why() {
	local test=$1 now hash last dir
	unchanged=
	dir=$(kept_dir "$test")
	now=$(mktemp)
	hash=$(hash_inputs "$test" "$now")
	last=$(find "$dir" -name '*.output' -printf '%T@ %p\n' 2>/dev/null |
		sort -rn | sed -n '1s/^[^ ]* //p')
	if [[ -z $hash ]]; then
		echo "$test: always runs: its inputs are not listed"
	elif [[ -e $dir/$hash.output ]]; then
		echo "$test: unchanged since it passed on $(when "$dir/$hash.output")"
		unchanged=1
	elif [[ -z $last ]]; then
		echo "$test: never passed on this machine"
	else
		echo "$test: changed since it passed on $(when "$last"):"
		diff_inputs "${last%.output}.inputs" "$now"
	fi
	rm -f "$now"
}

# when FILE: the first line of a result, for people
when() {
	local day time seconds
	read -r day time seconds <"$1"
	echo "$day $time, in $seconds s"
}

# diff_inputs OLD NEW: the first of them, when there are many
diff_inputs() {
	awk '
		{ value = $1; sub(/^[^ ]+  ?/, ""); names[$0] }
		NR == FNR { old[$0] = value; next }
		{ new[$0] = value }
		END {
			for (name in names)
				if (!(name in new))
					print "  gone     " name
				else if (!(name in old))
					print "  new      " name
				else if (old[name] != new[name])
					print "  changed  " name
		}' "$1" "$2" | LC_ALL=C sort -k 2 |
		awk 'NR <= 12; END { if (NR > 12) print "  and", NR - 12, "more" }'
}
