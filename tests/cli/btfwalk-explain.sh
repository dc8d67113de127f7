# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# How btfwalk resolves operands: the place of each field, by the types of a kernel.
w() { try "btfwalk --root ../kernel --explain $*"; }
w all_widgets widget.node id name label mac axes color low high delta on refs poke private
w all_widgets widget.node name:hex name:addr label:hex color:dec axes:dec mac:dec on:dec own.name word rest @ .
w all_widgets widget.node "main.name 'main->node.next:sym' spares[2].serial own.serial main[3].serial"
w all_widgets widget.node "'private{gadget}.serial' 'private{gadget.node}.name' 'private{*gadget}.serial' '.{shelf.first}.first' 'own{widget.own}.id'"
w "all_widgets widget.node id / gadgets gadget.node name / .{widget.own}.gadgets gadget.node serial"
w "'widget_table[:16]' widget.hash id"
w "'shelves{*shelf}[:widget_count].table' widget.hash id"
w "'shelves{shelf}.sorted' widget.tree id"
w "'shelves{shelf}.all' widget id"
w "'shelves{shelf}.first' widget.next id"
w widget_tree widget.tree id
w spare widget.lazy id
w 0xffffffff82000000 widget.node id
w widget_array widget id
w "'widget_array[:8]' widget id"
w "'widget_array[:widget_count]' '*widget' id"
w "'widget_array{shelf}[:3].table[2]' widget.hash id"
