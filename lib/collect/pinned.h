/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Paths of pinned iterators, below the root folder. */
#ifndef COLLECT_PINNED_H
#define COLLECT_PINNED_H

#define PINNED_MOUNT "sys/fs/bpf"
#define PINNED_DIR   PINNED_MOUNT "/dmabuf"
/* Our iterator of records. */
#define PINNED_RECORDS PINNED_DIR "/records"
/* Android's iterator: four lines of text for each buffer. */
#define PINNED_TEXT PINNED_DIR "/prog_dmabufIter_iter_dmabuf"

#endif
