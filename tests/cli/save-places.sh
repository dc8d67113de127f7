# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Targets of save: new files, existing files, pipes and devices.
f=data/7.3-basic.dmabuf
try "dmabuf save --input $f new; stat -c '%a %s' new"
try "(umask 077; dmabuf save --input $f private); stat -c %a private"
echo old >old
chmod 600 old
try "dmabuf save --input $f old; cmp $f old"
try "dmabuf save --input $f -- -x; cmp $f -- -x"
try "dmabuf save --input $f /dev/stdout | cmp - $f"
try "dmabuf save --input $f /dev/null; test -c /dev/null"
mkfifo fifo
cat fifo >came &
try "dmabuf save --input $f fifo"
wait
try "cmp came $f; test -p fifo"
# No temporary file is left.
try "ls -A"
