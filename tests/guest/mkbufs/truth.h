/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The truth about a scene: one line of JSON.
 *
 *	{"scene":"basic","pid":N,
 *	 "buffers":[{"ino":N,"size":BYTES,"exporter":"...",
 *	   "name":"..."|null,"name_hex":"..."|null,"refs":N|null,
 *	   "attachments":[{"device":"...","driver":"..."|null}]|null,
 *	   "held":{"fd":N,...},
 *	   "holders":[{"pid":N,"comm":"...","fds":N,"maps":N,"handles":N}]}],
 *	 "skipped":[{"exporter":"...","why":"..."}]}
 *
 * "name" is null when none was set; bytes in it that are not UTF-8 are U+FFFD
 * (json_str.h says how many) and "name_hex" has the exact ones. "driver" is
 * null when the kernel has bound none to the device (vgem's platform device
 * until 6.16; since 6.18 its faux device has "faux_driver"). "held" is how many
 * references each kind of thing has; together they are "refs". "holders" are
 * the processes that hold the buffer by descriptors, mappings or GEM handles:
 * none means kernel-only. "buffers" are in the order in which they were made.
 * The scene "churn" adds "churn_name", see there.
 */
#ifndef TESTS_GUEST_MKBUFS_TRUTH_H
#define TESTS_GUEST_MKBUFS_TRUTH_H

#include <stdio.h>

struct world;

void check_all(const struct world *w);
void print_truth(FILE *f, const struct world *w);

#endif
