# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The recorder needs programs: without one it records nothing, instead of a part.
cp "$(readlink data)/../../tools/record-root" .
mkdir bin
for program in cat cp grep ls mkdir readlink rm sed; do
	ln -s "$(command -v $program)" bin/
done
try "PATH=bin /bin/sh record-root tree"
try "ls tree"
