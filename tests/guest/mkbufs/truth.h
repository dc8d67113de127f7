/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The truth about a scene, as one line of JSON.
 *
 *	{"scene":"basic","pid":N,
 *	 "buffers":[{"ino":N,"size":BYTES,"exporter":"...",
 *	   "name":"..."|null,"name_hex":"..."|null,"refs":N|null,
 *	   "attachments":[{"device":"...","driver":"..."|null}]|null,
 *	   "held":{"fd":N,...},
 *	   "holders":[{"pid":N,"comm":"...","fds":N,"maps":N,"handles":N}]}],
 *	 "skipped":[{"exporter":"...","why":"..."}]}
 *
 * "name" is null if no name was set. Bytes in it that are not UTF-8 become
 * U+FFFD, see json.h; "name_hex" has the exact bytes. "driver" is null if no
 * driver is bound to the device: vgem's platform device until 6.16 has no
 * driver, and its faux device since 6.18 has "faux_driver". "held" has the
 * number of references of each kind; their sum is "refs". "holders" are the
 * processes that hold the buffer by descriptors, mappings, GEM handles or
 * framebuffers ("handles"); without them the buffer is kernel-only. A process
 * has the handles and framebuffers of a DRM file that it has a descriptor or a
 * mapping of. When only a message or an io_uring keeps the DRM file, nobody has
 * them, but their references count as usual. So do the references of a message
 * or queue in a file that is itself in a message. "buffers" are in the order in
 * which they were made. The scene "churn" adds "churn_name", see scene_churn.c;
 * "rss" has no buffers, but "processes":[{"pid":N,"case":"...","step":N,
 * "rss":BYTES}].
 */
#ifndef TESTS_GUEST_MKBUFS_TRUTH_H
#define TESTS_GUEST_MKBUFS_TRUTH_H

#include <stdio.h>

struct world;

/* Checks each buffer; only the first and last 200 of very many. */
void check_all(const struct world *w);
void print_truth(FILE *f, const struct world *w);

#endif
