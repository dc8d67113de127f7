# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# Completion of btfwalk(1) in bash: types, members and fields come from the program,
# which asks the kernel's BTF. It needs no helper of the bash-completion package.
# tools/check-options compares the options with btfwalk --help.

_btfwalk_options='-r --recipe --list --where --check --limit --count -J --json
	-n --no-headings --explain --timeout --max --btf --root -h --help -V --version'

# The words before the one that is completed, without options: an argument of
# --complete each; -r and its recipe stay.
_btfwalk_operands() {
	local i

	operands=() recipe=()
	for ((i = 1; i < COMP_CWORD; i++)); do
		case ${COMP_WORDS[i]} in
		-r | --recipe) recipe=(-r "${COMP_WORDS[++i]}") ;;
		--where | --check | --limit | --timeout | --max | --btf | --root) ((i++)) ;;
		-*) ;;
		*) operands+=("${COMP_WORDS[i]}") ;;
		esac
	done
}

_btfwalk() {
	local cur=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]}
	local operands recipe

	COMPREPLY=()
	case $before in
	-r | --recipe)
		mapfile -t COMPREPLY < <(compgen -W "$(btfwalk --list |
			cut -d' ' -f1)" -- "$cur")
		return
		;;
	--btf)
		mapfile -t COMPREPLY < <(compgen -f -- "$cur")
		compopt -o filenames 2>/dev/null
		return
		;;
	--root)
		mapfile -t COMPREPLY < <(compgen -d -- "$cur")
		compopt -o filenames 2>/dev/null
		return
		;;
	--where | --check | --limit | --timeout | --max) return ;;
	esac
	if [[ $cur == -* ]]; then
		mapfile -t COMPREPLY < <(compgen -W "$_btfwalk_options" -- "$cur")
		return
	fi
	_btfwalk_operands
	mapfile -t COMPREPLY < <(btfwalk "${recipe[@]}" --complete -- \
		"${operands[@]}" "$cur" 2>/dev/null)
	# More may follow the only one there is.
	if [[ ${#COMPREPLY[@]} -eq 1 && ${COMPREPLY[0]} == *. ]]; then
		compopt -o nospace 2>/dev/null
	fi
	return 0
}

complete -F _btfwalk btfwalk
