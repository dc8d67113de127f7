# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# Shared by tools/vm and tools/kernel: the cache, and Debian's package archive, which
# we read through our own apt folders. The script that sources this file sets $root,
# the folder of the sources, and EX_TOOL, the exit status of a failure.
# shellcheck disable=SC2154

cache=${DMABUF_CACHE:-${XDG_CACHE_HOME:-${HOME:-/var/tmp}/.cache}/dmabuf-tools}
# The architecture of packages, and apt's folders for it; see use_arch
apt_arch=amd64 apt=$cache/apt

say() {
	echo "${0##*/}: $*" >&2
}

# die STATUS MESSAGE...
die() {
	local status=$1
	shift
	say "$*"
	exit "$status"
}

need_program() {
	command -v "$1" >/dev/null ||
		die "$EX_TOOL" "$1 is not installed: run tools/setup"
}

progress() {
	if [[ -n ${show_progress:-} || -t 2 ]]; then
		say "$*"
	fi
}

# patterns FILE: prints the lines that are neither comments nor empty
patterns() {
	sed -e '/^#/d' -e '/^[[:space:]]*$/d' "$1"
}

# table: prints the lines of kernels.list
table() {
	patterns "$root/tests/vm/kernels.list"
}

# use_arch ID: sets apt_arch to the architecture of a kernel, which follows the / in its ID.
# Each architecture has apt folders of its own, so that a package has one name in all.
use_arch() {
	apt_arch=amd64 apt=$cache/apt
	if [[ $1 == */* ]]; then
		apt_arch=${1#*/} apt=$cache/apt-$apt_arch
	fi
}

# kernel_dir ID: prints the folder of the cache for a kernel's versions
kernel_dir() {
	echo "$cache/kernels/${1//\//-}"
}

# --- The cache

# lock_cache: lets one process at a time change the cache. Removes the leftovers of an
# interrupted process.
lock_cache() {
	need_program flock
	mkdir -p "$cache"/{apt,kernels,sources} ||
		die "$EX_TOOL" "cannot make $cache: set DMABUF_CACHE to a folder for kernels"
	exec {lock}>"$cache/lock"
	flock "$lock"
	rm -rf "$cache"/{kernels,sources}/.new.*
}

unlock_cache() {
	exec {lock}>&-
}

# prune DIR NAME [KEEP]: removes the folders in DIR except NAME, or, with KEEP, except
# NAME and the newest KEEP - 1 others. Does not remove a folder that a guest uses.
prune() {
	local old fd kept=1
	while read -r old; do
		[[ ${old##*/} != "$2" ]] || continue
		kept=$((kept + 1))
		((kept > ${3:-1})) || continue
		exec {fd}<"$old"
		if flock -n -x "$fd"; then
			rm -rf "$old"
		fi
		exec {fd}<&-
	done < <(find "$1" -mindepth 1 -maxdepth 1 -type d -printf '%T@ %p\n' | sort -rn | cut -d ' ' -f 2-)
}

# --- The archive

# sources: prints "URI SUITE COMPONENTS SIGNED-BY" for each source that apt has
sources() {
	local file
	for file in /etc/apt/sources.list /etc/apt/sources.list.d/*.list; do
		[[ -r $file ]] && sources_line <"$file"
	done
	for file in /etc/apt/sources.list.d/*.sources; do
		[[ -r $file ]] && sources_deb822 <"$file"
	done
	return 0
}

# deb [option=value ...] URI SUITE COMPONENT...
sources_line() {
	awk '
	$1 == "deb" {
		key = "-"
		if (match($0, /\[[^]]*\]/)) {
			options = substr($0, RSTART, RLENGTH)
			$0 = substr($0, 1, RSTART - 1) substr($0, RSTART + RLENGTH)
			if (match(options, /signed-by=[^] ]+/))
				key = substr(options, RSTART + 10, RLENGTH - 10)
		}
		components = ""
		for (i = 4; i <= NF; i++)
			components = components "," $i
		print $2, $3, components ",", key
	}'
}

sources_deb822() {
	awk '
	function flush(    i, j, nu, ns, u, s) {
		if (" " f["types"] " " ~ / deb / && f["enabled"] !~ /^(no|false)/) {
			nu = split(f["uris"], u)
			ns = split(f["suites"], s)
			gsub(/ +/, ",", f["components"])
			if (f["signed-by"] !~ /^\/[^ ]+$/)
				f["signed-by"] = f["signed-by"] == "" ? "-" : "inline"
			for (i = 1; i <= nu; i++)
				for (j = 1; j <= ns; j++)
					print u[i], s[j], "," f["components"] ",", f["signed-by"]
		}
		delete f
	}
	/^#/ { next }
	/^[ \t]*$/ { flush(); next }
	/^[ \t]/ { line = $0 }
	/^[^ \t]/ {
		field = tolower(substr($0, 1, index($0, ":") - 1))
		line = substr($0, index($0, ":") + 1)
	}
	{
		gsub(/[ \t]+/, " ", line)
		sub(/^ /, "", line)
		sub(/ $/, "", line)
		f[field] = f[field] (f[field] == "" ? "" : " ") line
	}
	END { flush() }'
}

# debian_uri REGEX: prints the first URI of Debian itself whose suite matches. Other
# archives also use Debian's suite names, but have their own keys.
debian_uri() {
	sources | awk -v regex="$1" '
		$2 ~ regex && $3 ~ /,main,/ && $1 !~ /^cdrom:/ &&
		($4 == "-" || $4 ~ /\/debian-archive-[^\/]*$/) && !n++ { print $1 }'
}

# Writes the sources.list of our own apt folders: every suite of kernels.list for the
# architecture, from the mirrors that this machine's apt uses. After a change the index is
# out of date.
write_sources() {
	local names='bullseye|bookworm|trixie|forky|duke|sid|(old)*stable|testing|unstable'
	local archive security suite uri key=/usr/share/keyrings/debian-archive-keyring.gpg
	archive=$(debian_uri "^($names)(-updates|-backports)?\$")
	security=$(debian_uri "^($names)(-security|/updates)\$")
	[[ -n $archive ]] || die "$EX_TOOL" "cannot fetch kernels: /etc/apt has no Debian" \
		"archive: add one to its sources"
	[[ -e $key ]] || die "$EX_TOOL" "cannot verify packages: there is no $key:" \
		"install debian-archive-keyring"
	for suite in $(suites_of_arch); do
		uri=$archive
		[[ $suite == *-security ]] && uri=$security
		[[ -n $uri ]] || continue
		echo "deb [arch=$apt_arch lang=none target=Packages signed-by=$key] $uri $suite main"
	done >"$apt/sources.new"
	if ! cmp -s "$apt/sources.new" "$apt/sources.list"; then
		rm -f "$apt/stamp"
		mv "$apt/sources.new" "$apt/sources.list"
	fi
}

suites_of_arch() {
	table | awk -v arch="$apt_arch" '
		$4 != "-" && ($1 ~ /\// ? $1 ~ "/" arch "$" : arch == "amd64") {
			gsub(",", "\n", $4)
			print $4
		}' | sort -u
}

# own_apt COMMAND...: runs apt on our own folders. Check-Valid-Until is off because the
# index of an old suite keeps its last signature.
own_apt() {
	local command=$1
	shift
	"$command" \
		-o "Dir::State=$apt" -o "Dir::State::status=$apt/status" \
		-o "Dir::Cache=$apt/cache" -o Dir::Cache::pkgcache=pkgcache.bin \
		-o "Dir::Etc::sourcelist=$apt/sources.list" \
		-o Dir::Etc::sourceparts=/dev/null -o Dir::Etc::preferencesparts=/dev/null \
		-o Dir::Etc::preferences=/dev/null \
		-o "APT::Architecture=$apt_arch" -o "APT::Architectures=$apt_arch" \
		-o APT::Sandbox::User=root -o Acquire::Check-Valid-Until=false \
		-o Acquire::Retries=2 "$@"
}

# apt's message for a suite that the archive does not have (any more)
readonly no_suite='does not have a Release file'

# refresh_index: updates the index at most once a day, unless the stamp was removed.
# Ignores a failure: the index may have the needed package already.
refresh_index() {
	need_program apt-get
	mkdir -p "$apt/lists/partial" "$apt/cache/archives/partial"
	: >>"$apt/status"
	write_sources
	if [[ -n $(find "$apt/stamp" -mtime -1 2>/dev/null) ]]; then
		return
	fi
	progress "reading the package index"
	if own_apt apt-get update --error-on=any >"$apt/log" 2>&1 ||
		! grep '^[EW]:' "$apt/log" | grep -v "$no_suite" >/dev/null; then
		touch "$apt/stamp"
	fi
}

# index_complete SUITE,...: succeeds if each suite was read, or does not exist
index_complete() {
	local suite
	for suite in ${1//,/ }; do
		compgen -G "$apt/lists/*_dists_${suite}_*InRelease" >/dev/null ||
			grep -q " $suite Release' $no_suite" "$apt/log" || return 1
	done
}

megabytes() {
	own_apt apt-cache show --no-all-versions "$@" | awk '$1 == "Size:" { n += $2 } END { printf "%d\n", n / 1e6 }'
}

# download ID DIR PACKAGE[=VERSION]...: without VERSION, the newest
download() {
	local id=$1 dir=$2
	shift 2
	progress "fetching $id, $(megabytes "$@") MB: $*"
	if ! (cd "$dir" && own_apt apt-get -q download "$@") >"$apt/log.download" 2>&1; then
		# The index may be older than the archive.
		rm -f "$apt/stamp"
		die "$EX_TOOL" "$id: the download failed:" \
			"$(grep -m 1 '^E:' "$apt/log.download" || echo "see $apt/log.download")"
	fi
}

