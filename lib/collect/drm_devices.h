/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Whether there are devices whose files have GEM handles. */
#ifndef COLLECT_DRM_DEVICES_H
#define COLLECT_DRM_DEVICES_H

#include "util/sysroot.h"

/*
 * Whether there may be graphics or compute devices. A recorded tree without a
 * list of such devices does not tell. Return: 1, 0 or -ENOMEM.
 */
int drm_devices_exist(const struct sysroot *sysroot);

#endif
