// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "drm_abi.h"
#include "mkbufs/basics.h"
#include "mkbufs/buffer.h"
#include "mkbufs/display.h"
#include "mkbufs/exporter.h"
#include "mkbufs/gem.h"
#include "mkbufs/scenes.h"
#include "mkbufs/world.h"

/* Shows the buffer and gives the framebuffer up. Return: 0 or -errno. */
static int show(const struct buf *b)
{
	int drm = display_open(), err;
	uint32_t id;

	if (drm < 0)
		return drm;
	err = display_add(drm, b, 1, &id);
	if (!err)
		err = display_show(drm, id);
	return err ? err : display_close(drm, id);
}

/* Tells the parent about it, and is killed. */
static void __attribute__((noreturn)) shower_run(const struct buf *b, int out)
{
	int err;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	err = show(b);
	if (write(out, &err, sizeof(err)) != sizeof(err))
		_exit(1);
	for (;;)
		pause();
}

/* Shows the buffer from a process that is gone on return. */
static int show_and_die(const struct buf *b)
{
	int pipes[2], err = -EPIPE;
	pid_t pid;

	if (pipe(pipes) < 0)
		die("pipe: %s", strerror(errno));
	pid = fork();
	if (pid < 0)
		die("fork: %s", strerror(errno));
	if (!pid)
		shower_run(b, pipes[1]);
	close(pipes[1]);
	if (read(pipes[0], &err, sizeof(err)) != sizeof(err))
		err = -EPIPE;
	close(pipes[0]);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	return err;
}

/*
 * Before 6.7 there is no CLOSEFB: the screen loses a framebuffer when its
 * process ends. The device must stay open, because the kernel shows its console
 * after the last one closed it.
 */
void scanout_make(struct world *w)
{
	struct buf *b;
	int drm, err;

	exporters_probe(w);
	drm = display_open();
	if (drm < 0) {
		skip(w, "scanout", "%s", strerror(-drm));
		return;
	}
	keep_fd(w, drm);
	err = xioctl(drm, DRM_ABI_DROP_MASTER, NULL);
	if (err)
		die("DROP_MASTER: %s", strerror(-err));
	b = buf_make_named(w, &w->exporters[0], SHOWN_SIZE, "screen-only");
	err = show_and_die(b);
	if (!err)
		err = gem_add_object(b, drm);
	if (!err) {
		buf_close(b);
		return;
	}
	skip(w, "scanout", "CLOSEFB, since 6.7: %s", strerror(-err));
	buf_drop(w);
}

void scanout_stop(struct world *w)
{
	int drm = display_open();

	(void)w;
	if (drm < 0)
		return;
	display_show(drm, 0);
	close(drm);
}
