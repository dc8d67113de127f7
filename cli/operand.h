/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Operands: process IDs, inode numbers and groups. */
#ifndef CLI_OPERAND_H
#define CLI_OPERAND_H

#include "cli/cmd.h"
#include "util/vec.h"

/* Reads a number. Return: 0, or STATUS_USAGE after a message. */
int operand_number(struct cmd_env *env, const char *what, const char *text,
		   uint64_t max, uint64_t *ret);

/*
 * Reads process IDs into a vec of uint64_t, each once and in order. Return: as
 * operand_number(), or STATUS_FAILED.
 */
int operand_pids(struct cmd_env *env, int argc, char **argv, struct vec *pids);

/* Whether a process is one of those that operand_pids() read. */
bool operand_has_pid(const struct vec *pids, uint64_t pid);

/*
 * Sees to it that a process is there, and is a process. Return: 0, or
 * STATUS_FAILED when that was said.
 */
int operand_check_pid(struct cmd_env *env, uint64_t pid);

/*
 * Sees to it that the processes are there, and are processes: one that holds
 * nothing is no error, one that does not exist is. Return: 0, or STATUS_FAILED
 * when that was said.
 */
int operand_check_pids(struct cmd_env *env,
		       const struct dmabuf_snapshot *snapshot,
		       const struct vec *pids);

/* Reads a group, by name or number. Return: as operand_number(). */
int operand_group(struct cmd_env *env, const char *text, uint32_t *ret);

#endif
