/* SPDX-License-Identifier: GPL-2.0-or-later */
/* All that belongs to the scene of this run. */
#ifndef TESTS_GUEST_MKBUFS_WORLD_H
#define TESTS_GUEST_MKBUFS_WORLD_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "mkbufs/child.h"
#include "mkbufs/exporter.h"
#include "mkbufs/mapping.h"
#include "mkbufs/sharer.h"

enum { MAX_EXPORTERS = 32 };

struct buf;
struct churn;

/* What this kernel could not make, and why. */
struct skip {
	char *exporter;
	char *why;
};

/* What a process of the scene "rss" has. */
struct usage {
	pid_t pid;
	const char *name; /* of the case */
	unsigned int step;
	uint64_t rss;
};

/*
 * A buffer that only files opened with O_PATH keep: descriptors of this process
 * and as many of each child, or one file in a message.
 */
struct released {
	uint64_t ino;
	uint64_t size;
	unsigned int fds; /* 0: in a message */
};

/* Who made a buffer, where, and two times of CLOCK_BOOTTIME around that. */
struct birth {
	uint64_t ino;
	uint64_t from_ns, to_ns;
	pid_t pid;
	uid_t uid;
	const char *comm;
	char site[16]; /* name of the function */
};

struct world {
	const char *scene;
	long n; /* the argument of -n, or 0 */
	const char *churn_name;
	struct churn *churn;

	struct exporter exporters[MAX_EXPORTERS];
	size_t nexporters;
	struct child children[MAX_CHILDREN];
	size_t nchildren;
	struct sharer sharers[MAX_SHARERS];
	size_t nsharers;

	struct usage *usages;
	size_t nusages;
	struct buf **bufs;
	size_t nbufs;
	struct released *released;
	size_t nreleased;
	struct birth *births;
	size_t nbirths;
	struct skip *skips;
	size_t nskips;
	struct map *maps;
	size_t nmaps;
	int *fds; /* descriptors that no struct buf has */
	size_t nfds;
	char **exp_names; /* the strings of buf.exp */
	size_t nexp_names;

	/* The V4L2 output in which buffers are queued. */
	int v4l2_fd;
	unsigned int v4l2_next;
	unsigned int v4l2_count;
	size_t v4l2_size; /* of one picture, in bytes */
};

struct world *world_new(const char *scene, long n);
void world_free(struct world *w);

void __attribute__((format(printf, 3, 4)))
skip(struct world *w, const char *exporter, const char *fmt, ...);

/* Keeps a descriptor open until world_free(). */
void keep_fd(struct world *w, int fd);

/* Keeps a mapping until world_free(). */
void keep_map(struct world *w, void *addr, size_t len);

#endif
