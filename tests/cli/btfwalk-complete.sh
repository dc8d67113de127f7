# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Completions of a word, as the shell's completion asks for them.
c() { try "btfwalk --root ../kernel --complete -- $*"; }
c all
c "''"
c all_widgets wid
c all_widgets widget.
c all_widgets widget.ha
c all_widgets widget.node n
c all_widgets widget.node main.
c all_widgets widget.node main.n
c all_widgets widget.node id / gad
c all_widgets widget.node id / gadgets gadget.
c all_widgets widget.node id / gadgets gadget.node s
c all_widgets '*wid'
c all_widgets nothing.
