// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <grp.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/operand.h"
#include "ui/message.h"
#include "ui/quantity.h"
#include "util/cleanup.h"
#include "util/sysroot.h"
#include "util/u64.h"

int operand_number(struct cmd_env *env, const char *what, const char *text,
		   uint64_t max, uint64_t *ret)
{
	uint64_t number;

	if (number_parse(text, &number) || number > max)
		return cmd_usage(env, "invalid %s '%s'", what, text);
	*ret = number;
	return 0;
}

/* Sorts, and drops those that are there twice. */
static void make_set(struct vec *pids)
{
	uint64_t *pid = pids->data;
	size_t i, kept = 0;

	vec_sort(pids, u64_compare_at);
	for (i = 0; i < pids->n; i++)
		if (!kept || pid[kept - 1] != pid[i])
			pid[kept++] = pid[i];
	pids->n = kept;
}

int operand_pids(struct cmd_env *env, int argc, char **argv, struct vec *pids)
{
	uint64_t pid;
	int i, status;

	for (i = 0; i < argc; i++) {
		status = operand_number(env, "PID", argv[i], INT32_MAX, &pid);
		if (status)
			return status;
		if (vec_push(pids, &pid))
			return cmd_no_memory();
	}
	make_set(pids);
	return 0;
}

bool operand_has_pid(const struct vec *pids, uint64_t pid)
{
	return vec_find(pids, &pid, u64_compare_at);
}

/* The process that a thread is of, as its status tells. Return: 0 or -errno. */
static int find_process(const struct sysroot *sysroot, uint64_t tid,
			uint64_t *ret)
{
	_cleanup_fclose_ FILE *file = NULL;
	char path[64], line[256];
	int r;

	snprintf(path, sizeof(path), "proc/%" PRIu64 "/status", tid);
	r = sysroot_fopen(sysroot, SYSROOT_TOP, path, &file);
	if (r)
		return r;
	while (fgets(line, sizeof(line), file))
		if (sscanf(line, "Tgid: %" SCNu64, ret) == 1)
			return 0;
	return -ENODATA;
}

/*
 * Whether the process runs, even if /proc is mounted with hidepid and does not
 * show it.
 */
static bool is_hidden(const struct sysroot *sysroot, uint64_t pid)
{
	return sysroot_is_live(sysroot) && pid &&
	       (!kill((pid_t)pid, 0) || errno == EPERM);
}

int operand_check_pid(struct cmd_env *env, uint64_t pid)
{
	const struct sysroot sysroot = { env->options.root ?: "/" };
	char name[32];
	uint64_t process = pid;
	int r;

	snprintf(name, sizeof(name), "process %" PRIu64, pid);
	if (env->options.input)
		return cmd_failed_at(name, "not in the snapshot",
				     "it held nothing, or was not there");
	r = find_process(&sysroot, pid, &process);
	if (r == -ENOMEM)
		return cmd_no_memory();
	if (r && !sysroot_is_live(&sysroot))
		return cmd_failed_at(name, "not in the tree",
				     "it held nothing, or was not recorded");
	if ((r == -ENOENT || r == -ESRCH) && !is_hidden(&sysroot, pid))
		return cmd_failed_at(name, "no such process", "");
	if (!r && process != pid) {
		message("%s: a thread of process %" PRIu64 "; ask for that one",
			name, process);
		return STATUS_FAILED;
	}
	/* Whether it may be looked at, gaps tell. */
	return 0;
}

int operand_check_pids(struct cmd_env *env,
		       const struct dmabuf_snapshot *snapshot,
		       const struct vec *pids)
{
	const uint64_t *pid = NULL;
	int status = 0;

	while (!status && (pid = vec_next(pids, pid)))
		if (!dmabuf_snapshot_find_process(snapshot, *pid))
			status = operand_check_pid(env, *pid);
	return status;
}

int operand_group(struct cmd_env *env, const char *text, uint32_t *ret)
{
	const struct group *group = getgrnam(text);
	unsigned long gid;
	char *end;

	if (group) {
		*ret = group->gr_gid;
		return 0;
	}
	errno = 0;
	gid = strtoul(text, &end, 10);
	if (errno || end == text || *end || *text == '-' || gid >= UINT32_MAX)
		return cmd_usage(env,
				 "no group is called '%s': give one of "
				 "/etc/group, or a number",
				 text);
	*ret = gid;
	return 0;
}
