# SPDX-License-Identifier: GPL-2.0-or-later
#
# Reduces the truth of mkbufs to the values that a collector can know, for compare.jq:
#
#   jq --arg collector NAME --arg kernel ID -f known.jq truth

def has_fd: any(.holders[]; .fds > 0);

def has_map: any(.holders[]; .maps > 0);

# Whether fences may follow a shorter name, so that this one is not certain.
def like_fences: test("\n\t(Exclusive |Shared |kernel |write |read |bookkeep )fence:(.*)signalled$"; "m");

.buffers |= if $collector == "debugfs" then
	# Only the bufinfo of 5.10 prints an empty name for a buffer without a name.
	map(if .name == "<none>" and ($kernel | startswith("5.10") | not)
	    then .name = null else . end
	    | if (.name // "") | like_fences then .name = null else . end
	    | .attachments[]?.driver = null)
elif $collector == "sysfs" then
	map(.name = null | .refs = null | .attachments = null)
elif $collector == "procfs" then
	map(select(has_fd or has_map)
	    | .attachments = null
	    | if has_fd then . else
		.exporter = null | .refs = null
	      end)
else . end
