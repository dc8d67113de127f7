# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# Stores the output of a test that passed under a hash of all its inputs. tests/run
# sources this file and sets $tests, the table of tests.
#
# A test lists its own inputs: "PROGRAM --inputs ARGS" prints a line "VALUE  NAME" for
# each of them, with the functions of tests/inputs.bash, and does not run the test. The
# results are in the cache, beside the kernels:
#
#   results/TEST/HASH.inputs  the lines; HASH is the hash of these
#   results/TEST/HASH.output  a line "DATE SECONDS", then the output of the test
#   results/TEST/seconds      how long the last run took, passed or failed
# shellcheck disable=SC2154

results=${DMABUF_CACHE:-${XDG_CACHE_HOME:-${HOME:-/var/tmp}/.cache}/dmabuf-tools}/results

# The number of results that are kept for one test. A checkout of another branch may
# need an older result.
readonly keep_most=8

# kept_dir TEST: prints the folder of its results
kept_dir() {
	local name=${1#tests/}
	echo "$results/${name//[^A-Za-z0-9._]/-}"
}

# list_inputs TEST: prints all inputs of TEST, or nothing if the table does not say that
# the test lists them. Fails if the test cannot list them.
list_inputs() {
	local program=${1%% *} args=()
	awk -v program="$program" '$2 == "yes" && $3 == program { found = 1 }
		END { exit !found }' "$tests" || return 0
	read -r -a args <<<"${1#"$program"}"
	"$program" --inputs "${args[@]}" </dev/null &&
		sha256sum -- "$program" tests/run tests/keep.bash tests/inputs.bash
}

# hash_inputs TEST FILE: writes its inputs to FILE and prints their hash. Prints nothing
# if its result cannot be kept. Fetches a kernel that is missing in the cache.
hash_inputs() {
	if list_inputs "$1" | LC_ALL=C sort -u >"$2" && [[ -s $2 ]]; then
		sha256sum <"$2" | cut -d ' ' -f 1
	fi
}

# kept_output TEST HASH: prints the file of a kept result, if there is one
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
	# Remove the oldest.
	find "$dir" -name '*.output' -printf '%T@ %p\n' | sort -rn | cut -d ' ' -f 2- |
		tail -n +$((keep_most + 1)) | while read -r file; do
		rm -f "$file" "${file%.output}.inputs"
	done
}

# drop TEST HASH: removes the kept result of a test that fails now
drop() {
	[[ -z $2 ]] || rm -f "$(kept_dir "$1")/$2".{output,inputs}
}

# keep_seconds TEST SECONDS
keep_seconds() {
	local dir
	dir=$(kept_dir "$1")
	mkdir -p "$dir" && echo "$2" >"$dir/.seconds.$$" && mv "$dir/.seconds.$$" "$dir/seconds"
}

# last_seconds TEST [ELSE]: prints how long the last run took; ELSE, or 0, if it never ran
last_seconds() {
	cat "$(kept_dir "$1")/seconds" 2>/dev/null || echo "${2:-0}"
}

# why TEST: prints which inputs have changed since it last passed, and sets unchanged
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

# when FILE: prints the first line of a result in readable form
when() {
	local day time seconds
	read -r day time seconds <"$1"
	echo "$day $time, in $seconds s"
}

# diff_inputs OLD NEW: prints the differences, or the first 12 of them
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
