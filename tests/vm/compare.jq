# SPDX-License-Identifier: GPL-2.0-or-later
#
# Compares a list with the truth of mkbufs:
#
#   jq -n --slurpfile truth FILE --slurpfile list FILE -f compare.jq
#
# Prints a line for each difference. If a value of the truth is null, mkbufs did not
# know it, and any value is correct. $longest is the number of attachments of a buffer
# that the collector reads.

def key: [.ino, .size, .name // ""];

def attachments: if . == null then null else sort_by(.device, .driver) end;

def told: {
	ino, size, exporter, refs,
	name: (.name // ""),
	attachments: (.attachments | attachments)
};

# Ignores values that the truth does not know.
def as_known_by($truth):
	if $truth.refs == null then .refs = null else . end
	| if $truth.attachments == null or
	     ($truth.attachments | length) > $longest
	  then .attachments = $truth.attachments else . end;

($truth[0].buffers | map(told) | sort_by(key)) as $want
| ($list[0].buffers | map(told) | sort_by(key)) as $got
| ($want | map(key)) as $want_keys
| ($got | map(key)) as $got_keys
| ($want_keys - $got_keys | .[] | "missing: \(.)"),
  ($got_keys - $want_keys | .[] | "not in the truth: \(.)"),
  if $want_keys == $got_keys then
	range($want | length)
	| $want[.] as $w
	| ($got[.] | as_known_by($w)) as $g
	| select($g != $w)
	| "wrong: \($g), should be \($w)"
  elif ($want_keys | sort) == ($got_keys | sort) then
	"twice: \($got_keys)"
  else empty end
