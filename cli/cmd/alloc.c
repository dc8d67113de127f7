// SPDX-License-Identifier: GPL-2.0-or-later
/* dmabuf alloc: makes buffers of a heap, for trying things out. */
#include <dmabuf/heap.h>
#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/cmd.h"
#include "ui/message.h"
#include "ui/privileges.h"
#include "ui/quantity.h"
#include "util/cleanup.h"
#include "util/strbuf.h"
#include "util/sysroot.h"
#include "util/u64.h"
#include "util/vec.h"

/* One that was made, as the kernel tells of it. */
struct made {
	int fd;
	uint64_t ino, size;
	char exporter[64];
};

struct alloc_options {
	const char *name;
	uint64_t count;
	bool hold;
};

static const struct option_spec options[] = {
	{ "name", 0, "NAME", "give the buffers this name",
	  TO_TEXT(struct alloc_options, name) },
	{ "count", 0, "N", "allocate so many (default 1)",
	  TO_NUMBER(struct alloc_options, count), .min = 1, .max = INT32_MAX },
	{ "hold", 0, NULL, "keep them until a signal comes",
	  TO_FLAG(struct alloc_options, hold) },
	{},
};

static void close_all(struct vec *buffers)
{
	const struct made *made = NULL;

	while ((made = vec_next(buffers, made)))
		close(made->fd);
	vec_fini(buffers);
}

/*
 * What the kernel made of the request is in the descriptor's fdinfo. Return: 0
 * or -ENOMEM.
 */
static int describe(struct made *made)
{
	static const struct sysroot sysroot = { "/" };
	_cleanup_fclose_ FILE *file = NULL;
	char path[64], line[256];
	struct stat st;
	off_t end;
	int r;

	if (!fstat(made->fd, &st))
		made->ino = st.st_ino;
	end = lseek(made->fd, 0, SEEK_END);
	if (end > 0)
		made->size = end;
	snprintf(path, sizeof(path), "proc/self/fdinfo/%d", made->fd);
	r = sysroot_fopen(&sysroot, SYSROOT_TOP, path, &file);
	if (r)
		return r == -ENOMEM ? r : 0;
	while (fgets(line, sizeof(line), file))
		if (sscanf(line, "exp_name: %63[^\n]", made->exporter) == 1)
			break;
	return 0;
}

static void get_fd(const struct cell *cell, struct value *value)
{
	const struct made *made = cell->row;

	value_set_number(value, made->fd);
}

static void get_ino(const struct cell *cell, struct value *value)
{
	const struct made *made = cell->row;

	value_set_number(value, made->ino);
}

static void get_size(const struct cell *cell, struct value *value)
{
	const struct made *made = cell->row;

	value_set_number(value, made->size);
}

static void get_exporter(const struct cell *cell, struct value *value)
{
	const struct made *made = cell->row;

	value_set_text(value, made->exporter[0] ? made->exporter : NULL);
}

static const struct column columns[] = {
	COLUMN(FD, COLUMN_BOTH, get_fd),
	COLUMN(INO, COLUMN_BOTH, get_ino),
	COLUMN(SIZE, COLUMN_BOTH, get_size),
	COLUMN(EXPORTER, COLUMN_BOTH, get_exporter),
	{},
};

static const void *made_at(const void *of, size_t i)
{
	return vec_at(of, i);
}

static int parse_size(struct cmd_env *env, const char *text, uint64_t *ret)
{
	size_t n = quantity_parse(text, ret);

	if (n && !text[n])
		return 0;
	return cmd_usage(
		env, "invalid size '%s': give one such as " QUANTITY_EXAMPLES,
		text);
}

/*
 * What can be had before the kernel kills processes for it, as it says. Return:
 * 0 or -ENOMEM.
 */
static int available(uint64_t *ret)
{
	_cleanup_fclose_ FILE *file = fopen("/proc/meminfo", "re");
	uint64_t sum = 0, n;
	bool known = false;
	char line[128];

	if (!file && errno == ENOMEM)
		return -ENOMEM;
	while (file && fgets(line, sizeof(line), file)) {
		if (sscanf(line, "MemAvailable: %" SCNu64 " kB", &n) == 1)
			known = true;
		else if (sscanf(line, "SwapFree: %" SCNu64 " kB", &n) != 1)
			continue;
		sum = u64_sat_add(sum, u64_sat_mul(n, 1024));
	}
	*ret = known ? sum : UINT64_MAX;
	return 0;
}

static int check_available(uint64_t bytes, uint64_t count)
{
	char text[2][16];
	uint64_t there;

	if (available(&there))
		return cmd_no_memory();
	bytes = u64_sat_mul(bytes, count);
	if (bytes <= there)
		return 0;
	human_bytes(bytes, text[0]);
	human_bytes(there, text[1]);
	message("%s are not available, %s are: the kernel would kill "
		"processes to make room",
		text[0], text[1]);
	return STATUS_FAILED;
}

static int make(struct cmd_env *env, const char *heap, uint64_t bytes,
		uint64_t count, bool keep, struct vec *buffers)
{
	const struct alloc_options *own = env->own;
	const struct dmabuf_alloc_opts opts = {
		.size = sizeof(opts),
		.name = own->name,
		.keep_on_exec = keep,
	};
	struct made made;

	for (; count; count--) {
		memset(&made, 0, sizeof(made));
		if (vec_grow(buffers))
			return cmd_no_memory();
		if (dmabuf_heap_alloc(env->ctx, heap, bytes, &opts, &made.fd)) {
			(void)cmd_failed(env);
			if (buffers->n)
				message("%zu were made before, and are freed "
					"again",
					buffers->n);
			return STATUS_FAILED;
		}
		(void)vec_push(buffers, &made);
		if (describe(vec_at(buffers, buffers->n - 1)))
			return cmd_no_memory();
	}
	return 0;
}

/* Becomes @argv, which has the buffers open. */
static int run_command(char **argv, const struct vec *buffers)
{
	const struct made *made = NULL;
	_cleanup_free_ char *text = NULL;
	struct strbuf buf = {};

	while ((made = vec_next(buffers, made)))
		strbuf_printf(&buf, "%s%d", buf.n ? " " : "", made->fd);
	text = strbuf_take(&buf);
	if (!text || setenv("DMABUF_FDS", text, true))
		return cmd_no_memory();
	signal(SIGINT, SIG_DFL);
	execvp(argv[0], argv);
	return cmd_failed_at(argv[0], strerror(errno), "");
}

static int show(struct cmd_env *env, const struct vec *buffers)
{
	const struct alloc_options *own = env->own;
	static const struct sysroot sysroot = { "/" };
	char kernel[64];
	struct envelope envelope = { .command = "alloc",
				     .array = "buffers",
				     .kernel = kernel };
	const struct rows rows = { buffers, buffers->n, made_at };
	int status;

	sysroot_kernel_release(&sysroot, kernel, sizeof(kernel));
	status = cmd_rows(env, &rows, &envelope);
	/* Until a signal comes, which ends us and with us the buffers. */
	signal(SIGINT, SIG_DFL);
	while (status == STATUS_WHOLE && own->hold)
		pause();
	return status;
}

static int run(struct cmd_env *env, int argc, char **argv)
{
	const struct alloc_options *own = env->own;
	struct vec buffers = VEC_OF(struct made);
	uint64_t bytes, count = own->count ?: 1;
	int status;

	if (argc < 2)
		return cmd_usage(env, "'alloc' needs a HEAP and a SIZE");
	if (own->hold && argc > 2)
		return cmd_usage(env, "--hold goes with no command");
	status = parse_size(env, argv[1], &bytes);
	if (!status)
		status = check_available(bytes, count);
	privileges_raise(PRIVILEGES_ALLOC);
	if (!status)
		status = make(env, argv[0], bytes, count, argc > 2, &buffers);
	privileges_drop(0);
	if (!status)
		status = argc > 2 ? run_command(argv + 2, &buffers)
				  : show(env, &buffers);
	close_all(&buffers);
	return status;
}

const struct cmd cmd_alloc = {
	.name = "alloc",
	.args = "HEAP SIZE [-- COMMAND...]",
	.summary = "allocate test buffers from a heap",
	.flags = CMD_ROWS,
	.options = options,
	.options_size = sizeof(struct alloc_options),
	.array = "buffers",
	.columns = columns,
	.run = run,
};
