/* SPDX-License-Identifier: GPL-2.0-only OR LGPL-2.1-or-later */
/* What user space and name_address.bpf.c share. */
#ifndef ABI_NAME_H
#define ABI_NAME_H

#include <linux/types.h>

/* Names have up to 512 bytes; numbers and the name of a module stand behind. */
#define NAME_TEXT 640

/**
 * struct name_run - a run of the program
 * @address: in: of code of the kernel
 * @text: out: "FUNCTION+0x12/0x34 [MODULE]", or a number when it has no name
 */
struct name_run {
	__u64 address;
	char text[NAME_TEXT];
};

#endif
