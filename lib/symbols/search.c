// SPDX-License-Identifier: LGPL-2.1-or-later
#include "symbols/search.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <fts.h>
#include <inttypes.h>
#include <linux/openat2.h>
#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "symbols/build_id.h"
#include "util/build_id.h"
#include "util/cleanup.h"
#include "util/now.h"
#include "util/resolve.h"
#include "util/sysroot.h"
#include "util/u64.h"

/* How deep folders are searched: /usr/lib/x86_64-linux-gnu/dri/FILE. */
enum { LEVELS = 3 };

/* A file that is wanted, of a process that may end. */
struct held_file {
	struct wanted_file *file;
	int fd;
	char *path;
};

struct search {
	struct vec *wanted;
	size_t missing; /* how many of them */
	found_file *found;
	void *arg;
	void *seen; /* struct file_number, a tree of tsearch(3) */
	struct vec *hold; /* takes struct held_file instead; NULL: nothing */
	uint64_t until_ns; /* when holding ends */
};

/* Which file it is, whatever its names. */
struct file_number {
	uint64_t device, inode;
};

static int compare_numbers(const void *left, const void *right)
{
	const struct file_number *a = left, *b = right;

	return u64_compare(a->device, b->device)
		       ?: u64_compare(a->inode, b->inode);
}

/* Return: whether a file was not looked at before. */
static bool is_new(struct search *search, int place)
{
	struct file_number *number, **old;
	struct stat st;

	if (fstat(place, &st))
		return false;
	number = malloc(sizeof(*number));
	if (!number)
		return true;
	*number = (struct file_number){ st.st_dev, st.st_ino };
	old = tsearch(number, &search->seen, compare_numbers);
	if (old && *old == number)
		return true;
	free(number);
	return !old;
}

static int compare_wanted(const void *left, const void *right)
{
	const struct wanted_file *a = left, *b = right;

	return memcmp(a->build_id, b->build_id, sizeof(a->build_id));
}

/*
 * Opens the file at a descriptor of O_PATH, and nothing that is no file: it may
 * do something to open a device, and others could wait forever.
 */
static int open_file(int place)
{
	char path[40];
	struct stat st;

	if (place < 0 || fstat(place, &st) || !S_ISREG(st.st_mode))
		return -1;
	snprintf(path, sizeof(path), "/proc/self/fd/%d", place);
	return open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
}

static void take_file(struct search *search, struct wanted_file *file, int fd,
		      const char *name)
{
	if (file->found)
		return;
	file->found = true;
	search->missing--;
	search->found(search->arg, file, fd, name);
}

/* Half of the descriptors are left for what is searched later. */
static bool may_hold(int fd)
{
	struct rlimit limit;

	return !getrlimit(RLIMIT_NOFILE, &limit) &&
	       (rlim_t)fd < limit.rlim_cur / 2;
}

/*
 * Keeps a file open, the first one that is as wanted. What is not kept may be
 * found elsewhere.
 */
static void hold_file(struct search *search, struct wanted_file *file, int *fd,
		      const char *name)
{
	struct held_file held = { file, *fd, NULL };

	if (file->held || !may_hold(*fd))
		return;
	held.path = strdup(name);
	if (!held.path || vec_push(search->hold, &held)) {
		free(held.path);
		return;
	}
	file->held = true;
	(void)take_fd(fd);
}

/* @place: of O_PATH, or negative. @name: the path that is told. */
static void try_file(struct search *search, int place, const char *name)
{
	struct wanted_file key = {}, *file;
	_cleanup_close_ int fd = -1;

	if (place < 0 || !is_new(search, place))
		return;
	fd = open_file(place);
	if (fd < 0 || build_id_read(fd, key.build_id))
		return;
	file = vec_find(search->wanted, &key, compare_wanted);
	if (file && search->hold)
		hold_file(search, file, &fd, name);
	else if (file)
		take_file(search, file, fd, name);
}

/*
 * In the process's own root folder. Whoever made the process can have put
 * anything there since: the names of mappings lead over no links.
 */
static int open_by_name(const char *pid, const char *name)
{
	_cleanup_close_ int root = -1;
	char path[300];

	snprintf(path, sizeof(path), "/proc/%s/root", pid);
	root = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (root < 0)
		return -errno;
	return resolve_how(root, name, O_PATH | O_CLOEXEC,
			   RESOLVE_IN_ROOT | RESOLVE_NO_SYMLINKS);
}

/*
 * Takes a line of /proc/PID/maps: what is mapped as code. The file itself, even
 * when its name is another's now, can be opened by its address; who may not do
 * that opens it by name. Return: a descriptor of O_PATH with the file's @name,
 * or a negative number.
 */
static int open_map(const char *pid, char *line, const char **name)
{
	char range[40], modes[8], path[350];
	int at = 0, place;

	if (sscanf(line, "%39s %7s %*s %*s %*s %n", range, modes, &at) != 2 ||
	    !at || modes[2] != 'x' || line[at] != '/')
		return -ENOENT;
	line[strcspn(line, "\n")] = 0;
	*name = line + at;
	snprintf(path, sizeof(path), "/proc/%s/map_files/%s", pid, range);
	place = open(path, O_PATH | O_CLOEXEC);
	return place < 0 && errno == EPERM ? open_by_name(pid, *name) : place;
}

static void try_map(struct search *search, const char *pid, char *line)
{
	const char *name = NULL;
	_cleanup_close_ int place = open_map(pid, line, &name);

	try_file(search, place, name);
}

static FILE *open_maps(const char *pid)
{
	char path[300];

	snprintf(path, sizeof(path), "/proc/%s/maps", pid);
	return fopen(path, "re");
}

/* Whether there is something to search for, and time. */
static bool goes_on(const struct search *search)
{
	return search->missing &&
	       (!search->hold || now_boot_ns() < search->until_ns);
}

static void search_process(struct search *search, const char *pid)
{
	_cleanup_fclose_ FILE *maps = open_maps(pid);
	_cleanup_free_ char *line = NULL;
	size_t room = 0;

	while (maps && goes_on(search) && getline(&line, &room, maps) > 0)
		try_map(search, pid, line);
}

/* @roots: of root's processes, else those of all others. */
static void search_processes(struct search *search, bool roots)
{
	_cleanup_closedir_ DIR *proc = opendir("/proc");
	struct dirent *entry;
	struct stat st;

	while (proc && search->missing && (entry = readdir(proc)))
		if (isdigit((unsigned char)entry->d_name[0]) &&
		    !fstatat(dirfd(proc), entry->d_name, &st, 0) &&
		    (st.st_uid == 0) == roots)
			search_process(search, entry->d_name);
}

DEFINE_CLEANUP(fts, FTS, (void)fts_close)

static void try_path(struct search *search, const char *path)
{
	_cleanup_close_ int place = open(path, O_PATH | O_CLOEXEC);

	try_file(search, place, path);
}

static void search_folders(struct search *search)
{
	static const char *const folders[] = {
		"/usr/bin",
		"/usr/sbin",
		"/usr/lib",
		"/usr/lib64",
		"/usr/libexec",
		"/usr/local/bin",
		"/usr/local/sbin",
		"/usr/local/lib",
		"/bin",
		"/sbin",
		"/lib",
		"/lib64",
		"/opt",
		"/system/bin",
		"/system/lib",
		"/system/lib64",
		"/vendor/bin",
		"/vendor/lib",
		"/vendor/lib64",
		NULL,
	};
	_cleanup_(fts_cleanup) FTS *fts =
		fts_open((char *const *)folders,
			 FTS_PHYSICAL | FTS_NOCHDIR | FTS_NOSTAT, NULL);
	FTSENT *entry;

	while (fts && search->missing && (entry = fts_read(fts))) {
		if (entry->fts_info == FTS_D && entry->fts_level >= LEVELS)
			fts_set(fts, entry, FTS_SKIP);
		else if (entry->fts_info == FTS_F ||
			 entry->fts_info == FTS_NSOK)
			try_path(search, entry->fts_path);
	}
}

/* Takes the file at an address if it is in a line of /proc/PID/maps. */
static int take_map(const char *pid, char *line, uint64_t address,
		    struct symbol *ret)
{
	_cleanup_close_ int place = -1, fd = -1;
	uint64_t begins, ends, offset;
	const char *name;

	if (sscanf(line, "%" SCNx64 "-%" SCNx64 " %*s %" SCNx64, &begins, &ends,
		   &offset) != 3 ||
	    address < begins || address >= ends)
		return -ENOENT;
	place = open_map(pid, line, &name);
	fd = open_file(place);
	if (fd < 0 || build_id_read(fd, ret->build_id))
		return -ENOENT;
	ret->at = address - begins + offset;
	return 0;
}

int search_address(uint32_t pid, uint64_t address, struct symbol *ret)
{
	_cleanup_fclose_ FILE *maps = NULL;
	_cleanup_free_ char *line = NULL;
	char number[16];
	size_t room = 0;
	int r = -ENOENT;

	snprintf(number, sizeof(number), "%" PRIu32, pid);
	maps = open_maps(number);
	while (maps && r && getline(&line, &room, maps) > 0)
		r = take_map(number, line, address, ret);
	return r;
}

/* Holds files of some processes. They are searched for elsewhere first. */
static void hold_processes(struct search *search, const struct vec *pids,
			   struct vec *held)
{
	const uint32_t *pid = NULL;
	char number[16];

	search->hold = held;
	while ((pid = vec_next(pids, pid))) {
		snprintf(number, sizeof(number), "%" PRIu32, *pid);
		search_process(search, number);
	}
	search->hold = NULL;
	tdestroy(search->seen, free);
	search->seen = NULL;
}

static void search_held(struct search *search, const struct vec *held)
{
	const struct held_file *file = NULL;

	while ((file = vec_next(held, file)))
		take_file(search, file->file, file->fd, file->path);
}

static void close_held(struct vec *held)
{
	struct held_file *file = NULL;

	while ((file = vec_next(held, file))) {
		close(file->fd);
		free(file->path);
	}
	vec_fini(held);
}

void search_files(struct vec *wanted, const struct vec *pids, uint64_t until_ns,
		  found_file *found, void *arg)
{
	_cleanup_(close_held) struct vec held = VEC_OF(struct held_file);
	struct search search = {
		.wanted = wanted,
		.missing = wanted->n,
		.until_ns = until_ns,
		.found = found,
		.arg = arg,
	};

	vec_sort(wanted, compare_wanted);
	hold_processes(&search, pids, &held);
	search_processes(&search, true);
	search_folders(&search);
	search_held(&search, &held);
	search_processes(&search, false);
	tdestroy(search.seen, free);
}

int search_debug(const uint8_t build_id[SYMBOL_BUILD_ID])
{
	_cleanup_close_ int place = -1;
	char id[BUILD_ID_TEXT], path[96];

	build_id_text(build_id, id);
	snprintf(path, sizeof(path), "/usr/lib/debug/.build-id/%.2s/%s.debug",
		 id, id + 2);
	place = open(path, O_PATH | O_CLOEXEC);
	return open_file(place);
}
