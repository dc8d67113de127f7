/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Paths of pinned iterators, below the root folder. */
#ifndef COLLECT_PINNED_H
#define COLLECT_PINNED_H

#include "bpf/pin_folder.h"

/* The files in the folder. */
#define PINNED_RECORDS_NAME "records"
#define PINNED_TEXT_NAME    "prog_dmabufIter_iter_dmabuf"
#define PINNED_FDS_NAME	    "descriptors"
#define PINNED_MAPS_NAME    "mappings"

/* Our iterator of records. */
#define PINNED_RECORDS PINNED_DIR "/" PINNED_RECORDS_NAME
/* Android's iterator: four lines of text for each buffer. */
#define PINNED_TEXT PINNED_DIR "/" PINNED_TEXT_NAME
/* Who holds them: references as records. */
#define PINNED_FDS  PINNED_DIR "/" PINNED_FDS_NAME
#define PINNED_MAPS PINNED_DIR "/" PINNED_MAPS_NAME

#endif
