// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "ui/suggest.h"
#include "util/cleanup.h"
#include "util/u64.h"
#include "util/vec.h"
#include "walk/symbols.h"

#define KALLSYMS "proc/kallsyms"

/* What is further away than this is in no symbol. */
#define SYMBOL_MAX (1 << 20)

struct symbol {
	uint64_t address;
	size_t name; /* its place in names */
};

struct symbols {
	const struct sysroot *sysroot;
	int fd; /* of the file, -1 until it is opened */
	bool loaded, sorted;
	struct vec all; /* struct symbol; by address, when sorted */
	struct vec names; /* char */
};

struct symbols *symbols_new(const struct sysroot *sysroot)
{
	struct symbols *symbols = malloc(sizeof(*symbols));

	if (symbols)
		*symbols = (struct symbols){
			.sysroot = sysroot,
			.fd = -1,
			.all = VEC_OF(struct symbol),
			.names = VEC_OF(char),
		};
	return symbols;
}

void symbols_free(struct symbols *symbols)
{
	if (!symbols)
		return;
	if (symbols->fd >= 0)
		close(symbols->fd);
	vec_fini(&symbols->all);
	vec_fini(&symbols->names);
	free(symbols);
}

static int add(struct symbols *symbols, uint64_t address, const char *name,
	       size_t length)
{
	struct symbol symbol = {
		.address = address,
		.name = symbols->names.n,
	};
	char *to;

	while (symbols->names.n + length + 1 > symbols->names.room)
		if (vec_reserve(&symbols->names,
				2 * symbols->names.room + 65536))
			return -ENOMEM;
	to = vec_at(&symbols->names, symbols->names.n);
	memcpy(to, name, length);
	to[length] = 0;
	symbols->names.n += length + 1;
	return vec_push(&symbols->all, &symbol);
}

static int compare(const void *a, const void *b)
{
	const struct symbol *left = a, *right = b;

	return u64_compare(left->address, right->address);
}

/* Lines are ADDRESS TYPE NAME, and [MODULE] after a tab. There are 200,000. */
static int read_all(struct symbols *symbols, FILE *file)
{
	_cleanup_free_ char *line = NULL;
	const char *name, *end;
	uint64_t address;
	size_t room = 0;
	ssize_t n;
	int r = 0;

	while (!r && (n = getline(&line, &room, file)) > 0) {
		address = strtoull(line, (char **)&name, 16);
		if (name == line || name + 4 > line + n)
			continue;
		name += strlen(" T ");
		end = memchr(name, '\t', line + n - name);
		r = add(symbols, address, name,
			(end ?: line + n - (line[n - 1] == '\n')) - name);
	}
	/* When out of memory, getline() sets neither error nor end of file. */
	if (!r && !feof(file))
		r = ferror(file) ? -EIO : -ENOMEM;
	return r;
}

int symbols_open(struct symbols *symbols)
{
	int fd = symbols->fd;

	if (fd < 0)
		fd = sysroot_open_whole(symbols->sysroot, SYSROOT_TOP,
					KALLSYMS);
	if (fd < 0)
		return fd;
	symbols->fd = fd;
	return 0;
}

/* Reads the symbols. After a failure, the next call tries again. */
static int load(struct symbols *symbols)
{
	_cleanup_fclose_ FILE *file = NULL;
	int r;

	if (symbols->loaded)
		return 0;
	symbols->all.n = symbols->names.n = 0;
	r = symbols_open(symbols);
	if (r)
		return r;
	file = fdopen(symbols->fd, "r");
	if (!file)
		return -ENOMEM;
	symbols->fd = -1;
	r = read_all(symbols, file);
	if (r)
		return r;
	symbols->loaded = true;
	return 0;
}

static const char *name_of(const struct symbols *symbols,
			   const struct symbol *symbol)
{
	return vec_at(&symbols->names, symbol->name);
}

static void try_nearest(void *data, const char *name)
{
	suggest_try(data, name);
}

static int why_hidden(const struct sysroot *sysroot, struct dmabuf_error *error)
{
	char restrict_[16] = "?";

	(void)sysroot_read_line(sysroot, "proc/sys/kernel/kptr_restrict",
				restrict_, sizeof(restrict_));
	error_set(error, -EPERM,
		  "/" KALLSYMS " hides addresses (kptr_restrict=%s)",
		  restrict_);
	if (!strcmp(restrict_, "2"))
		return error_hint(error,
				  "as root: sysctl kernel.kptr_restrict=1");
	return error_hint(error, "run as root, or grant the program "
				 "CAP_BPF,CAP_PERFMON,CAP_SYSLOG");
}

static int why_missing(struct symbols *symbols, const char *name, size_t length,
		       struct dmabuf_error *error)
{
	char hint[SUGGEST_HINT];
	struct suggestion near;

	error_set(error, -ENOENT, "this kernel has no symbol '%.*s'",
		  (int)length, name);
	suggest_begin(&near, name, length);
	(void)symbols_each(symbols, try_nearest, &near);
	if (!near.name[0])
		return error_hint(error,
				  "data has symbols in kernels built with "
				  "CONFIG_KALLSYMS_ALL=y, that of modules "
				  "while they are loaded");
	return error_hint(error, "%s", suggest_hint(&near, "", hint));
}

int symbols_find(struct symbols *symbols, const char *name, size_t length,
		 uint64_t *ret, struct dmabuf_error *error)
{
	const struct symbol *symbol = NULL, *first = NULL, *second = NULL;
	const char *is;
	int r = load(symbols);

	if (r)
		return error_set(error, r, "/" KALLSYMS ": %s",
				 sysroot_strerror(r));
	while ((symbol = vec_next(&symbols->all, symbol))) {
		is = name_of(symbols, symbol);
		if (strncmp(is, name, length) || is[length])
			continue;
		second = first;
		first = symbol;
	}
	if (!first)
		return why_missing(symbols, name, length, error);
	if (!first->address)
		return why_hidden(symbols->sysroot, error);
	if (second) {
		error_set(error, -ENOTUNIQ,
			  "several symbols are called '%.*s': at 0x%" PRIx64
			  ", 0x%" PRIx64,
			  (int)length, name, second->address, first->address);
		return error_hint(error, "give the address of one instead");
	}
	*ret = first->address;
	return 0;
}

int symbols_each(struct symbols *symbols,
		 void (*each)(void *data, const char *name), void *data)
{
	const struct symbol *symbol = NULL;
	int r = load(symbols);

	if (r)
		return r;
	while ((symbol = vec_next(&symbols->all, symbol)))
		each(data, name_of(symbols, symbol));
	return 0;
}

/* The last symbol that begins at or before an address, or NULL. */
static const struct symbol *before(const struct symbols *symbols,
				   uint64_t address)
{
	const struct symbol *all = symbols->all.data;
	size_t low = 0, high = symbols->all.n, middle;

	while (low < high) {
		middle = low + (high - low) / 2;
		if (all[middle].address <= address)
			low = middle + 1;
		else
			high = middle;
	}
	return low ? &all[low - 1] : NULL;
}

void symbols_name(struct symbols *symbols, uint64_t address, char *to,
		  size_t size)
{
	const struct symbol *symbol = NULL;

	if (!load(symbols)) {
		if (!symbols->sorted)
			vec_sort(&symbols->all, compare);
		symbols->sorted = true;
		symbol = before(symbols, address);
	}

	if (!symbol || address - symbol->address >= SYMBOL_MAX)
		snprintf(to, size, "0x%" PRIx64, address);
	else if (address == symbol->address)
		snprintf(to, size, "%s", name_of(symbols, symbol));
	else
		snprintf(to, size, "%s+0x%" PRIx64, name_of(symbols, symbol),
			 address - symbol->address);
}
