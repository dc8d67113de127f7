/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which capabilities a program uses, and when. A program that has capabilities
 * by setcap(8) lends them to every user who runs it. It must not open with them
 * a file that this user names, so it drops them before.
 *
 * Root has capabilities without the program, and so has a user who runs it with
 * ambient capabilities. Those for files stay, because this user can open the
 * same files without the program.
 */
#ifndef UI_PRIVILEGES_H
#define UI_PRIVILEGES_H

#include <stdbool.h>

/* Tasks that need capabilities. */
enum privileges {
	PRIVILEGES_LOAD = 1 << 0, /* load BPF programs, find addresses */
	PRIVILEGES_RUN = 1 << 1, /* run BPF programs that are loaded */
	PRIVILEGES_READ = 1 << 2, /* read debugfs and the files of processes */
	PRIVILEGES_PIN = 1 << 3, /* write below /sys/fs/bpf */
	PRIVILEGES_ALLOC = 1 << 4, /* open DMA heaps */
	PRIVILEGES_DMA = 1 << 5, /* try DMA from user space */
	PRIVILEGES_FILES = 1 << 6, /* open files that the user names */
	PRIVILEGES_NAME = 1 << 7, /* find the names of code */
};

/* To find all buffers of the running kernel and their holders. */
#define PRIVILEGES_LOOK (PRIVILEGES_LOAD | PRIVILEGES_RUN | PRIVILEGES_READ)

/*
 * Keeps the capabilities that a task needs, drops all others, and makes none
 * effective. Called first of all. Return: 0, or -1 after a message.
 */
int privileges_begin(void);

/* Whether this user has none of the capabilities without the program. */
bool privileges_are_lent(void);

/*
 * Makes the capabilities of @tasks effective, in place of those of other tasks.
 * Called before the library is, for what it does to the running kernel.
 */
void privileges_raise(unsigned int tasks);

/*
 * Drops all capabilities for good except those of @tasks, for a later
 * privileges_raise(), and the user's own for files, which are effective from
 * now on. Called before the first file is opened that the user names.
 */
void privileges_drop(unsigned int tasks);

#endif
