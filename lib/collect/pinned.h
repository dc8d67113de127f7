/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where the pinned iterators are, below the root. */
#ifndef COLLECT_PINNED_H
#define COLLECT_PINNED_H

#define PINNED_MOUNT "sys/fs/bpf"
#define PINNED_DIR   PINNED_MOUNT "/dmabuf"
/* Our records. */
#define PINNED_RECORDS PINNED_DIR "/records"
/* Four lines of text a buffer, where Android pins them. */
#define PINNED_TEXT PINNED_DIR "/prog_dmabufIter_iter_dmabuf"

#endif
