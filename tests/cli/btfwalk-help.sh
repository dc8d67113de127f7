# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later

try 'btfwalk --help'
try 'btfwalk --version'
try 'btfwalk --list'
