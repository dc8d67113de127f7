// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Finds holders as Android's dmabuf_dump does: it reads the fdinfo of every
 * descriptor and the maps of every process. This is plain C, sorts once where
 * dmabuf_dump searches for each buffer, and prints a line for each process.
 */
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* One descriptor or mapping of a buffer. */
struct ref {
	unsigned long long ino, size;
	int pid;
};

struct process {
	int pid;
	unsigned long long rss, pss;
};

static struct ref *refs;
static size_t nrefs;

static void add_ref(const struct ref *ref)
{
	if (!(nrefs & (nrefs - 1))) {
		refs = reallocarray(refs, nrefs ? 2 * nrefs : 1, sizeof(*refs));
		if (!refs) {
			fprintf(stderr, "procscan: out of memory\n");
			exit(1);
		}
	}
	refs[nrefs++] = *ref;
}

/* Parses fdinfo. Return: whether it belongs to a buffer. */
static bool parse_fdinfo(char *text, struct ref *ref)
{
	bool is_buffer = false;
	char *line, *rest = text;

	while ((line = strsep(&rest, "\n"))) {
		if (!strncmp(line, "size:", 5))
			ref->size = strtoull(line + 5, NULL, 10);
		else if (!strncmp(line, "ino:", 4))
			ref->ino = strtoull(line + 4, NULL, 10);
		else if (!strncmp(line, "exp_name:", 9))
			is_buffer = true;
	}
	return is_buffer;
}

static void scan_fd(int dir, int pid, const char *name)
{
	struct ref ref = { .pid = pid };
	struct stat file;
	char text[4096];
	ssize_t n;
	int fd;

	fd = openat(dir, name, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return;
	n = read(fd, text, sizeof(text) - 1);
	close(fd);
	if (n <= 0)
		return;
	text[n] = '\0';
	if (!parse_fdinfo(text, &ref))
		return;
	/* Before 5.14 fdinfo does not have the inode number. */
	if (!ref.ino) {
		snprintf(text, sizeof(text), "../fd/%.16s", name);
		if (fstatat(dir, text, &file, 0))
			return;
		ref.ino = file.st_ino;
	}
	add_ref(&ref);
}

static void scan_fds(int pid)
{
	struct dirent *entry;
	char path[64];
	DIR *dir;

	snprintf(path, sizeof(path), "/proc/%d/fdinfo", pid);
	dir = opendir(path);
	if (!dir)
		return;
	while ((entry = readdir(dir)))
		if (isdigit((unsigned char)entry->d_name[0]))
			scan_fd(dirfd(dir), pid, entry->d_name);
	closedir(dir);
}

static void scan_maps(int pid)
{
	unsigned long long start, end;
	struct ref ref = { .pid = pid };
	char path[64], *line = NULL;
	size_t size = 0;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/maps", pid);
	file = fopen(path, "re");
	if (!file)
		return;
	while (getline(&line, &size, file) > 0) {
		if (!strstr(line, " /dmabuf"))
			continue;
		if (sscanf(line, "%llx-%llx %*s %*s %*s %llu", &start, &end,
			   &ref.ino) == 3) {
			ref.size = end - start;
			add_ref(&ref);
		}
	}
	free(line);
	fclose(file);
}

static int by_ino_and_pid(const void *a, const void *b)
{
	const struct ref *x = a, *y = b;

	if (x->ino != y->ino)
		return x->ino < y->ino ? -1 : 1;
	return (x->pid > y->pid) - (x->pid < y->pid);
}

static int by_pid(const void *a, const void *b)
{
	const struct process *x = a, *y = b;

	return (x->pid > y->pid) - (x->pid < y->pid);
}

/* Adds a buffer to all processes that hold it: the refs from @i to @end. */
static void share(struct process *processes, size_t n, size_t i, size_t end)
{
	struct process key, *process;
	size_t first = i, holders = 0;

	for (; i < end; i++)
		if (i == first || refs[i].pid != refs[i - 1].pid)
			holders++;
	for (i = first; i < end; i++) {
		if (i != first && refs[i].pid == refs[i - 1].pid)
			continue;
		key.pid = refs[i].pid;
		process = bsearch(&key, processes, n, sizeof(key), by_pid);
		process->rss += refs[first].size;
		process->pss += refs[first].size / holders;
	}
}

static void print_process(const struct process *process)
{
	char path[64], comm[32] = "N/A";
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/comm", process->pid);
	file = fopen(path, "re");
	if (file) {
		if (fgets(comm, sizeof(comm), file))
			comm[strcspn(comm, "\n")] = '\0';
		fclose(file);
	}
	printf("%s:%d %llu kB %llu kB\n", comm, process->pid,
	       process->rss / 1024, process->pss / 1024);
}

int main(void)
{
	struct process *processes = NULL;
	DIR *proc = opendir("/proc");
	struct dirent *entry;
	size_t i, end, n = 0;

	if (!proc) {
		fprintf(stderr, "procscan: /proc: %s\n", strerror(errno));
		return 1;
	}
	while ((entry = readdir(proc))) {
		if (!isdigit((unsigned char)entry->d_name[0]))
			continue;
		if (!(n & (n - 1)))
			processes = reallocarray(processes, n ? 2 * n : 1,
						 sizeof(*processes));
		if (!processes)
			return 1;
		processes[n] = (struct process){ .pid = atoi(entry->d_name) };
		scan_fds(processes[n].pid);
		scan_maps(processes[n].pid);
		n++;
	}
	closedir(proc);

	qsort(refs, nrefs, sizeof(*refs), by_ino_and_pid);
	qsort(processes, n, sizeof(*processes), by_pid);
	for (i = 0; i < nrefs; i = end) {
		for (end = i + 1; end < nrefs && refs[end].ino == refs[i].ino;
		     end++)
			;
		share(processes, n, i, end);
	}
	for (i = 0; i < n; i++)
		if (processes[i].rss)
			print_process(&processes[i]);
	free(processes);
	free(refs);
	return 0;
}
