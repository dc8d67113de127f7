/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where the kernel's struct pt_regs has what a kprobe sees. */
#ifndef BPF_REGISTERS_H
#define BPF_REGISTERS_H

#include <stddef.h>
#include <sys/user.h>

/*
 * Of the first three arguments, and of the result. A program of 32 bits does
 * not know which kernel it is on, so it has no kprobes.
 */
#if defined(__x86_64__)
#define HAS_REGISTERS 1
static const unsigned int register_of_argument[3] = {
	offsetof(struct user_regs_struct, rdi),
	offsetof(struct user_regs_struct, rsi),
	offsetof(struct user_regs_struct, rdx),
};
static const unsigned int register_of_result =
	offsetof(struct user_regs_struct, rax);
#elif defined(__aarch64__)
#define HAS_REGISTERS 1
static const unsigned int register_of_argument[3] = { 0, 8, 16 };
static const unsigned int register_of_result;
#else
#define HAS_REGISTERS 0
static const unsigned int register_of_argument[3];
static const unsigned int register_of_result;
#endif

#endif
