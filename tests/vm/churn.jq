# SPDX-License-Identifier: GPL-2.0-or-later
#
# What is wrong with lists that were read while buffers came and went:
#
#   jq -n -r --slurpfile truth FILE --slurpfile list FILE -f churn.jq
#
# Those of the truth stay, so all of them must be there as they are; whatever
# else is there must be such as churn makes: its name, or none yet.

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
