// SPDX-License-Identifier: GPL-2.0-or-later
/* dmabuf save: a snapshot as a file, for --input. */
#include <string.h>

#include "cli/cmd.h"
#include "util/cleanup.h"
#include "util/replace_file.h"

DEFINE_CLEANUP(snapshot, struct dmabuf_snapshot, dmabuf_snapshot_free)

static int save(struct cmd_env *env, const struct dmabuf_snapshot *snapshot,
		const char *path)
{
	_cleanup_(replace_file_fini) struct replace_file file =
		REPLACE_FILE_INIT;
	int r;

	r = replace_file_open(&file, strcmp(path, "-") ? path : "/dev/stdout");
	if (!r && dmabuf_snapshot_save(env->ctx, snapshot, file.fd))
		return cmd_failed_at(path, dmabuf_ctx_error(env->ctx)->text,
				     "");
	r = r ?: replace_file_commit(&file);
	if (r)
		return cmd_failed_at(path, file.why ?: strerror(-r), file.hint);
	return STATUS_WHOLE;
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
	if (!snapshot || cmd_name_stacks(env, snapshot, NULL, 0))
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
	.flags = CMD_SNAPSHOT | CMD_ROOT | CMD_BTF | CMD_HOLDERS | CMD_CGROUPS |
		 CMD_STACKS,
	.run = run,
};
