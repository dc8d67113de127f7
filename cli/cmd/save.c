// SPDX-License-Identifier: GPL-2.0-or-later
/* dmabuf save: a snapshot as a file, for --input. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/cmd.h"
#include "util/cleanup.h"

DEFINE_CLEANUP(snapshot, struct dmabuf_snapshot, dmabuf_snapshot_free)

static int failed(const char *path)
{
	return cmd_failed_at(path, strerror(errno), "");
}

static int failed_to_write(const struct cmd_env *env, const char *path)
{
	return cmd_failed_at(path, dmabuf_ctx_error(env->ctx)->text, "");
}

/*
 * Writes a new file beside @target, then puts it in its place: whoever reads it
 * finds the old snapshot or the new one, never half of one. @path is what the
 * user calls it.
 */
static int save_as(struct cmd_env *env, const struct dmabuf_snapshot *snapshot,
		   const char *target, const char *path)
{
	_cleanup_free_ char *temporary = NULL;
	_cleanup_close_ int fd = -1;
	mode_t mask;

	if (asprintf(&temporary, "%s.XXXXXX", target) < 0)
		return cmd_no_memory();
	fd = mkostemp(temporary, O_CLOEXEC);
	if (fd < 0)
		return failed(path);

	mask = umask(0);
	umask(mask);
	if (dmabuf_snapshot_save(env->ctx, snapshot, fd)) {
		unlink(temporary);
		return failed_to_write(env, path);
	}
	if (fsync(fd) || fchmod(fd, 0666 & ~mask) ||
	    rename(temporary, target)) {
		failed(path);
		unlink(temporary);
		return STATUS_FAILED;
	}
	return STATUS_WHOLE;
}

/* A pipe, a terminal or a device is written to, not replaced. */
static bool is_special(const char *path)
{
	struct stat st;

	return !stat(path, &st) && !S_ISREG(st.st_mode);
}

static int save_into(struct cmd_env *env,
		     const struct dmabuf_snapshot *snapshot, const char *path)
{
	_cleanup_close_ int fd = -1;

	fd = strcmp(path, "-") ? open(path, O_WRONLY | O_CLOEXEC)
			       : dup(STDOUT_FILENO);
	if (fd < 0)
		return failed(path);
	if (dmabuf_snapshot_save(env->ctx, snapshot, fd))
		return failed_to_write(env, path);
	return STATUS_WHOLE;
}

static int save(struct cmd_env *env, const struct dmabuf_snapshot *snapshot,
		const char *path)
{
	_cleanup_free_ char *target = NULL;
	sigset_t stops, before;
	int status;

	if (!strcmp(path, "-") || is_special(path))
		return save_into(env, snapshot, path);
	/* A link stays; what it leads to is replaced. */
	target = realpath(path, NULL);

	/* A signal waits until no temporary file is left to be cleaned up. */
	sigemptyset(&stops);
	sigaddset(&stops, SIGINT);
	sigaddset(&stops, SIGTERM);
	sigaddset(&stops, SIGHUP);
	sigprocmask(SIG_BLOCK, &stops, &before);
	status = save_as(env, snapshot, target ?: path, path);
	sigprocmask(SIG_SETMASK, &before, NULL);
	return status;
}

static int run(struct cmd_env *env, int argc, char **argv)
{
	_cleanup_(snapshot_cleanup) struct dmabuf_snapshot *snapshot = NULL;
	struct envelope envelope = {};
	int status;

	if (!argc)
		return cmd_usage(env, "'save' needs a FILE to write");
	if (argc > 1)
		return cmd_usage(env, "unexpected '%s'", argv[1]);
	snapshot = cmd_snapshot(env);
	if (!snapshot)
		return STATUS_FAILED;
	status = save(env, snapshot, argv[0]);
	if (status != STATUS_WHOLE)
		return status;
	envelope.snapshot = snapshot;
	envelope_print_gaps(&envelope);
	return envelope_is_whole(&envelope) ? STATUS_WHOLE : STATUS_GAPS;
}

const struct cmd cmd_save = {
	.name = "save",
	.args = "FILE",
	.summary = "write a snapshot to FILE ('-' is stdout), for --input",
	.flags = CMD_SNAPSHOT | CMD_ROOT | CMD_HOLDERS,
	.run = run,
};
