# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# An unknown collector.
try "dmabuf list --collector bogus"
try "dmabuf list --collector ''"
try "dmabuf list --collector iter"
try "dmabuf save --collector bogus file; test -e file"
try "dmabuf list --collector bogus --root data/7.3-basic-root"
