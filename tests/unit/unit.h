/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What every unit test begins with: cmocka, and things to test on. */
#ifndef TESTS_UNIT_H
#define TESTS_UNIT_H

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

#include <cmocka.h>

#include <dmabuf/dmabuf.h>

#include "abi/records.h"
#include "util/array.h"

#define HAVE_ALL                                                               \
	(DMABUF_HAVE_INO | DMABUF_HAVE_SIZE | DMABUF_HAVE_REFS |               \
	 DMABUF_HAVE_ATTACHMENTS | DMABUF_HAVE_NAME | DMABUF_HAVE_EXPORTER)

/* A value that no function under test has any reason to write. */
#define UNTOUCHED 0x5ca1ab1e5ca1ab1eULL

static inline struct dmabuf_rec_buffer unit_buffer(uint64_t key, uint64_t ino)
{
	return (struct dmabuf_rec_buffer){
		.head = { DMABUF_REC_BUFFER, sizeof(struct dmabuf_rec_buffer) },
		.key = key,
		.ino = ino,
		.bytes = 4096,
		.refs = 1,
		.have = HAVE_ALL,
		.name = "name",
		.exporter = "system",
	};
}

static inline struct dmabuf_rec_attachment unit_attachment(uint64_t key,
							   uint32_t pass,
							   uint32_t order)
{
	struct dmabuf_rec_attachment rec = {
		.head = { DMABUF_REC_ATTACHMENT, sizeof(rec) },
		.key = key,
		.pass = pass,
		.order = order,
		.driver = "driver",
	};

	snprintf(rec.device, sizeof(rec.device), "dev%u", order);
	return rec;
}

static inline struct dmabuf_rec_gap unit_gap(const char *what, uint64_t count)
{
	struct dmabuf_rec_gap rec = {
		.head = { DMABUF_REC_GAP, sizeof(rec) },
		.count = count,
		.why = "a reason",
	};

	snprintf(rec.what, sizeof(rec.what), "%s", what);
	return rec;
}

/* Return: a file that holds @size bytes of @data, to be read from its start. */
static inline int unit_file(const void *data, size_t size)
{
	int fd = memfd_create("unit", MFD_CLOEXEC);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, data, size), (ssize_t)size);
	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	return fd;
}

static inline struct dmabuf_ctx *unit_ctx(const char *sysroot)
{
	struct dmabuf_ctx_opts opts = { .size = sizeof(opts),
					.sysroot = sysroot };
	struct dmabuf_ctx *ctx = NULL;

	assert_int_equal(dmabuf_ctx_new(&opts, &ctx), 0);
	return ctx;
}

/* The same numbers in each run. */
static inline uint64_t unit_random(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

/* A folder for recorded trees; unit_tree_free() removes it and all in it. */
static inline char *unit_tree(void)
{
	char *dir = strdup("/tmp/dmabuf-unit-XXXXXX");

	assert_non_null(dir);
	assert_non_null(mkdtemp(dir));
	return dir;
}

/* Makes @path below @dir, and the folders it needs. */
static inline void unit_tree_add(const char *dir, const char *path,
				 const void *data, size_t size)
{
	char full[512], *slash;
	int fd;

	snprintf(full, sizeof(full), "%s/%s", dir, path);
	for (slash = full + strlen(dir) + 1; (slash = strchr(slash, '/'));
	     slash++) {
		*slash = 0;
		if (mkdir(full, 0755))
			assert_int_equal(errno, EEXIST);
		*slash = '/';
	}
	fd = open(full, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, data, size), (ssize_t)size);
	close(fd);
}

static inline void unit_tree_free(char *dir)
{
	char command[256];

	snprintf(command, sizeof(command), "rm -rf '%s'", dir);
	assert_int_equal(system(command), 0);
	free(dir);
}

/*
 * Where a loader or an emulator runs this program, the file that the kernel
 * knows is not the one of this code.
 */
static inline void unit_skip_unless_own_file(void)
{
	char path[PATH_MAX] = "";

	assert_true(readlink("/proc/self/exe", path, sizeof(path) - 1) > 0);
	if (!strstr(path, program_invocation_short_name))
		skip();
}

#endif
