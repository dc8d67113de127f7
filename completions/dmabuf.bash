# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# Completion of dmabuf(1) in bash. It needs no helper of the bash-completion package.
# tools/check-options compares what it offers with dmabuf --help.

_dmabuf_commands='summary list ps show shared leaks heaps alloc doctor track trace pin unpin save help'

# Prints the options of a command, or those that may stand before one.
_dmabuf_options() {
	local rows='-J --json -o --columns --sort -b --bytes -n --no-headings'
	local snapshot='--collector --input'
	local filter='--exporter --name --older-than --born-by' condition='--fail-if' format='--format'

	case $1 in
	summary | shared | leaks) echo "$rows $snapshot --root --btf $filter $condition" ;;
	'' | list | ps) echo "$rows $snapshot --root --btf $filter $condition $format" ;;
	show) echo "$rows $snapshot --root --btf $condition" ;;
	heaps) echo "$rows --root --resolve" ;;
	alloc) echo "$rows --name --count --hold" ;;
	doctor) echo "$rows --root --btf" ;;
	track) echo "$rows --btf --max --stacks --exporter --group" ;;
	trace) echo "$rows --btf --event --exporter --pid --min-size --stacks --for --output $format" ;;
	pin) echo '--mode --group' ;;
	save) echo "$snapshot --root --btf" ;;
	esac
	echo '-h --help -V --version'
}

# Prints the columns of a command.
_dmabuf_columns() {
	case $1 in
	summary) echo 'exporter buffers size largest attached kernel_only_bytes' ;;
	list | shared)
		echo 'ino size exporter name refs attachments processes kernel_only' \
			'explained unexplained holders released age born_by born_uid' \
			'born_cgroup stack address'
		;;
	ps)
		echo 'pid comm buffers fds maps handles rss pss kept released_bytes' \
			'oldest_age made_buffers made_bytes cgroup unit container'
		;;
	show) echo 'type pid comm tid place start length offset refs node via' ;;
	leaks)
		echo 'bytes buffers size exporter name devices inos kernel_only' \
			'released unexplained certain verdict made oldest_age stack'
		;;
	heaps)
		echo 'heap node aliases device access region size used_bytes free_bytes' \
			'largest_run largest_alloc buffers bytes top_holders'
		;;
	alloc) echo 'fd ino size exporter' ;;
	doctor) echo 'collector state used note why hint gives misses' ;;
	trace) echo 'time time_ns event pid thread comm ino size exporter name fd importer' ;;
	track) echo 'since births noted lost max frames memory exporter others' ;;
	esac
}

# Prints the names of the heaps of this machine.
_dmabuf_heaps() {
	local node

	for node in /dev/dma_heap/*; do
		[[ ! -c $node ]] || echo "${node##*/}"
	done
}

# Prints the command on the command line. The options before it are those of summary;
# the word that is being completed is not looked at.
_dmabuf_find_command() {
	local i word skip=

	for ((i = 1; i < ${#COMP_WORDS[@]}; i++)); do
		word=${COMP_WORDS[i]}
		if [[ $word == '=' ]]; then
			skip=yes
		elif [[ $skip ]]; then
			skip=
		elif [[ $word == -?* ]]; then
			case $word in
			-o | --columns | --sort | --collector | --input | --output | --root | --btf | --mode | \
				--group | --exporter | --name | --fail-if | --format | \
				--resolve | --count | --older-than | --born-by | --max | --event | \
				--pid | --min-size | --for)
				[[ ${COMP_WORDS[i + 1]-} == '=' ]] || skip=yes
				;;
			esac
		elif [[ $i -ne $COMP_CWORD && $word ]]; then
			echo "$word"
			return
		fi
	done
}

# Offers those of the words $2 that begin with $1.
_dmabuf_words() {
	mapfile -t COMPREPLY < <(compgen -W "$2" -- "$1")
}

# Sets an option of readline for what is offered; outside of a completion, as in a test,
# there is nothing to set it for.
_dmabuf_compopt() {
	compopt -o "$1" 2>/dev/null || true
}

# Offers files (-f) or directories (-d) that begin with $1.
_dmabuf_paths() {
	mapfile -t COMPREPLY < <(compgen "$2" -- "$1")
	_dmabuf_compopt filenames
}

# Offers the columns $2 as the next of the comma list $1, each once.
_dmabuf_list() {
	local before='' left='' column

	[[ $1 == *,* ]] && before=${1%,*},
	for column in $2; do
		[[ ,$before == *,"$column",* ]] || left+=" $before$column"
	done
	_dmabuf_words "$1" "$left"
	# A comma may follow, while there is a column for it.
	if [[ $left == *' '*' '* ]]; then
		_dmabuf_compopt nospace
	fi
}

# Offers arguments of the option $1 of the command $2 that begin with $3. Fails when
# the option takes none.
_dmabuf_argument() {
	local columns

	columns=$(_dmabuf_columns "$2")
	case $1 in
	-o | --columns) _dmabuf_list "$3" "$columns" ;;
	--sort)
		[[ $3 == -* ]] && columns="-${columns// / -}"
		_dmabuf_words "$3" "$columns"
		;;
	--collector) _dmabuf_words "$3" 'iter_open iter_seq pinned list_walk debugfs sysfs task_iter pinned_holders procfs' ;;
	--input | --btf | --output) _dmabuf_paths "$3" -f ;;
	--root) _dmabuf_paths "$3" -d ;;
	--format)
		if [[ $2 == trace ]]; then
			_dmabuf_words "$3" 'table json chrome'
		else
			_dmabuf_words "$3" 'table json dmabuf_dump'
		fi
		;;
	--event) _dmabuf_list "$3" 'made freed attached detached fd mapped renamed' ;;
	--fail-if)
		_dmabuf_words "$3" 'kernel_only> unexplained> buffers> bytes> released> any'
		_dmabuf_compopt nospace
		;;
	--resolve) _dmabuf_words "$3" "default-cma $(_dmabuf_heaps)" ;;
	--exporter | --name | --count | --older-than | --born-by | --max | --pid | --min-size | --for) ;;
	--stacks)
		# With trace, no argument follows.
		[[ $2 == track ]] || return 1
		_dmabuf_words "$3" 'off 1 20 64'
		;;
	--mode) _dmabuf_words "$3" '0400 0440 0444' ;;
	--group) mapfile -t COMPREPLY < <(compgen -g -- "$3") ;;
	*) return 1 ;;
	esac
}

_dmabuf() {
	local cur=${COMP_WORDS[COMP_CWORD]} option=${COMP_WORDS[COMP_CWORD - 1]} command

	COMPREPLY=()
	# bash makes three words of --sort=size.
	if [[ $cur == '=' ]]; then
		cur=
	elif [[ $option == '=' ]]; then
		option=${COMP_WORDS[COMP_CWORD - 2]}
	fi

	command=$(_dmabuf_find_command)
	_dmabuf_argument "$option" "${command:-summary}" "$cur" && return
	if [[ $cur == -* ]]; then
		_dmabuf_words "$cur" "$(_dmabuf_options "$command")"
	elif [[ ! $command || $command == help ]]; then
		_dmabuf_words "$cur" "$_dmabuf_commands"
	elif [[ $command == alloc ]]; then
		_dmabuf_words "$cur" "default-cma $(_dmabuf_heaps)"
	elif [[ $command == track ]]; then
		_dmabuf_words "$cur" 'on off status'
	elif [[ $command == save ]]; then
		_dmabuf_paths "$cur" -f
	fi
}

complete -F _dmabuf dmabuf
