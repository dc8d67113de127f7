/* SPDX-License-Identifier: GPL-2.0-only OR LGPL-2.1-or-later */
#ifndef KEPT_H
#define KEPT_H

/* Kinds of open files that may keep buffers in ways that need a look of their
 * own. */
enum kept_files {
	KEPT_DRM = 1 << 0,
	KEPT_VIDEO = 1 << 1,
};

#endif
