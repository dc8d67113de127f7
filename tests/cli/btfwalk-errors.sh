# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# An error names the wrong word, and the nearest correct one if there is one.
w() { try "btfwalk --root ../kernel --explain $*"; }
w all_widgts widget.node id
w spare widget.node id
w nothing_like_it widget.node id
w 0xzz widget.node id
w all_widgets wigdet.node id
w all_widgets widget.nod id
w all_widgets widget.color id
w all_widgets widget.main.node id
w all_widgets widget.node nmae
w all_widgets widget.node main.serail
w all_widgets widget.node id.x
w all_widgets widget.node own
w all_widgets widget.node spares
w all_widgets widget.node private.x
w all_widgets widget.node name:strng
w all_widgets widget.node "'axes[x]'" 
w all_widgets widget.node "'id[1]'"
w all_widgets widget.node low.x
w all_widgets widget.node "'private{gadgte}.name'"
w all_widgets widget.node "'private{gadget.main}.name'"
w all_widgets widget.node "'private{gadget'"
w all_widgets widget.node main.vendor.x
w all_widgets.next widget.node id
w "'all_widgets[3]' widget.node id"
w "'shelves{shelf}.table[:' widget.hash id"
w "'shelves{shelf}.table[:x]' widget.hash id"
w "'shelves{*shelf}[:]' widget.hash id"
w "'shelves{shelf}.sorted' widget.node id"
w "'shelves{shelf}.widgets' widget.tree id"
w "'shelves{shelf}.all' '*widget' id"
w all_widgets widget.node id / gadgets
w all_widgets widget.node "main.main.x"
w all_widgets widget.node id --where "'id ='"
w all_widgets widget.node id --where "'ids > 3'"
w all_widgets widget.node id --where "'id > many'"
w all_widgets widget.node id --where "'color == PINK'"
w all_widgets widget.node id --where "'mac ~ x'"
w all_widgets widget.node id --check "'poke == &poke_widgte'"
w -r modles
w -r ./none
w -r modules
printf 'what: x\nhwat: y\n' >bad
w -r ./bad
printf 'what: x\n' >bad
w -r ./bad
try 'btfwalk'
try 'btfwalk all_widgets'
try 'btfwalk --wehre x'
try 'btfwalk --limit 0 a b'
try 'btfwalk --timeout x a b'
try 'btfwalk --max'
try 'btfwalk -x'
try 'btfwalk --list x'
try 'btfwalk --root ../kernel all_widgets widget.node id'
try 'btfwalk --root nowhere --explain all_widgets widget.node id'
