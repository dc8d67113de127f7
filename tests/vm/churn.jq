# SPDX-License-Identifier: GPL-2.0-or-later
#
# Checks lists that were read while buffers were made and freed:
#
#   jq -n -r --slurpfile truth FILE --slurpfile list FILE -f churn.jq
#
# The buffers of the truth stay, so each list must have all of them, unchanged. All
# other buffers must look like those of churn: with its name, or without one yet.

def key: "\(.ino) \(.size) \(.exporter) \(.name // "")";

($truth[0].buffers | map({ (key): true }) | add) as $stay
| ($truth[0].buffers | map({ (.exporter): true }) | add) as $exporters
| $truth[0].churn_name as $churn
| $list[].buffers as $buffers
| ($buffers | map({ (key): true }) | add) as $got
| ($stay | keys[] | select($got[.] | not) | "lost: \(.)"),
  ($buffers[]
   | select($stay[key] | not)
   | select((.size % 4096) != 0 or .size == 0 or .size > 1e9 or
	    .refs > 1000 or ($exporters[.exporter] | not) or
	    ((.name // "") as $name | $name != "" and
	     ($name | startswith($churn) | not)))
   | "garbage: \(.)"),
  ($buffers | length) as $n
  | ($buffers | map({ "\(.ino)": true }) | add | length) as $inos
  | select($n != $inos) | "\($n) buffers, but \($inos) inodes"
