/* SPDX-License-Identifier: GPL-2.0-only OR LGPL-2.1-or-later */
/* What the program iter_open and lib/collect/iter_open.c share. */
#ifndef ABI_ITER_OPEN_H
#define ABI_ITER_OPEN_H

/*
 * A bit of a buffer's record beside DMABUF_HAVE_*: its exporter is that of the
 * record before. Only the reader copies the text.
 */
#define SAME_EXPORTER 0x80000000U

/* Buffers for which a first program has room. */
#define ROOM 4096

#endif
