# SPDX-License-Identifier: GPL-2.0-or-later
#
# Compares stacks of a list, by number in $stacks, with the truth, $truth. Prints
# differences.
($stacks[0]) as $of |
($truth[0].births | map({key: "\(.ino)", value: .site}) | from_entries) as $sites |
.buffers[] | select($sites["\(.ino)"]) | . + {site: $sites["\(.ino)"]} |
((if .stack then $of[.stack].user else [] end) | map(.symbol | select(. and startswith("site_")))) as $got |
select($got != [.site]) |
"\(.ino): made in \(.site), its stack \(.stack) has \($got)"
