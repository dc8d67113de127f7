/* SPDX-License-Identifier: GPL-2.0-only OR LGPL-2.1-or-later */
#ifndef ABI_INDIRECT_H
#define ABI_INDIRECT_H

/* Kinds of open files that may keep buffers, and need a search of their own. */
enum indirect_files {
	INDIRECT_DRM = 1 << 0,
	INDIRECT_VIDEO = 1 << 1,
};

#endif
