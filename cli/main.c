// SPDX-License-Identifier: GPL-2.0-or-later
/* dmabuf: the command line. */
#include <bpf/libbpf.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/options.h"
#include "ui/message.h"
#include "ui/privileges.h"
#include "ui/streams.h"
#include "ui/utf8.h"
#include "util/cleanup.h"
#include "util/sysroot.h"

static void on_interrupt(int signal)
{
	static const char text[] = "dmabuf: interrupted\n";

	(void)!write(STDERR_FILENO, text, sizeof(text) - 1);
	raise(signal);
}

DEFINE_CLEANUP(ctx, struct dmabuf_ctx, dmabuf_ctx_free)

static int run(struct cmd_env *env, int argc, char **argv)
{
	_cleanup_(ctx_cleanup) struct dmabuf_ctx *ctx = NULL;
	struct dmabuf_ctx_opts opts = { .size = sizeof(opts) };
	_cleanup_close_ int dir = -1;

	opts.sysroot = env->options.root;
	opts.btf = env->options.btf;
	/* With types of their own, users could read any memory as a name. */
	if (env->options.input || (opts.btf && privileges_are_lent()) ||
	    (opts.sysroot &&
	     !sysroot_is_live(&(struct sysroot){ opts.sysroot })))
		privileges_drop(0);
	if (opts.sysroot) {
		dir = open(opts.sysroot, O_PATH | O_DIRECTORY | O_CLOEXEC);
		if (dir < 0)
			return cmd_failed_at(opts.sysroot, strerror(errno), "");
	}
	if (dmabuf_ctx_new(&opts, &ctx))
		return cmd_no_memory();
	env->ctx = ctx;
	return env->cmd->run(env, argc, argv);
}

int main(int argc, char **argv)
{
	struct sigaction interrupt = {
		.sa_handler = on_interrupt,
		.sa_flags = SA_RESETHAND | SA_NODEFER,
	};
	struct cmd_env env = { .out = stdout };
	_cleanup_free_ void *own = NULL;
	int status, r;

	message_set_program("dmabuf");
	if (privileges_begin() || streams_hold())
		return STATUS_FAILED;
	if (locale_set())
		return cmd_no_memory();
	sigaction(SIGINT, &interrupt, NULL);
	/* Why something fails is told by the library, in one line. */
	libbpf_set_print(NULL);

	status = options_read(&env, &argc, &argv);
	own = env.own;
	if (status < 0)
		status = run(&env, argc, argv);

	r = stream_close(&stdout);
	if (r) {
		message_failure("cannot write to stdout",
				strerror(env.out_err ?: -r), NULL);
		return STATUS_FAILED;
	}
	return status;
}
