# SPDX-License-Identifier: GPL-2.0-or-later
#
# Prints the effective and the permitted capabilities at each open of a file whose path
# contains "folder", from the output of strace -y -e trace=execve,capset,open,openat,openat2:
#
#   awk -v folder=FOLDER -f opens.awk LOG

# capset({...}, {effective=A, permitted=B, inheritable=C}) = 0
function set_of(name, line) {
	sub(".*[{ ]" name "=", "", line)
	sub(/[,}].*/, "", line)
	return line
}

/^execve\(/ {
	effective = permitted = "all"
}

/^capset\(.* = 0$/ {
	effective = set_of("effective", $0)
	permitted = set_of("permitted", $0)
}

/^open(at2?)?\(/ && index($0, folder) {
	print effective, permitted
}
