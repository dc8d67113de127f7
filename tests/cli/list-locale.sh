# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# If a terminal does not have UTF-8, tables use ASCII. JSON is always UTF-8.
f=data/7.3-names.dmabuf
try "LC_ALL=C dmabuf list --input $f"
snap nasty
try "LC_ALL=C dmabuf --input nasty.snap"
# The locale of a system without settings, or with a wrong one.
LC_ALL=C dmabuf list --input $f >plain
try "(unset LC_ALL; dmabuf list --input $f) | cmp - plain"
try "LC_ALL=no_SUCH dmabuf list --input $f | cmp - plain"
dmabuf list --input $f --json >json
try "LC_ALL=C dmabuf list --input $f --json | cmp - json"
try "LC_ALL=C dmabuf list --columns \$'\\xc3\\xa9\\xff'"
