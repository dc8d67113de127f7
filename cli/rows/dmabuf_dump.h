/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The text of Android's dmabuf_dump, for scripts that read it. Sizes are as it
 * gives them, and names are made safe to show.
 */
#ifndef CLI_ROWS_DMABUF_DUMP_H
#define CLI_ROWS_DMABUF_DUMP_H

#include "cli/view.h"

/*
 * As dmabuf_dump -b: buffers, exporters, and the total. @data: the view.
 * Return: 0 or -ENOMEM.
 */
int dump_buffers(const void *data, FILE *file);

/*
 * As dmabuf_dump: what each process holds. @data: struct dumped_processes.
 * Return: as dump_buffers().
 */
int dump_processes(const void *data, FILE *file);

struct dumped_processes {
	const struct view *view;
	const struct vec *processes; /* struct process_row, by process ID */
};

#endif
