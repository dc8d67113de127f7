// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "symbols/lookup.h"
#include "symbols/modules.h"
#include "symbols/symbol.h"
#include "util/cleanup.h"
#include "util/u64.h"

/* The last symbol that begins before an address; data has no name. */
struct found {
	struct symbol *symbol;
	uint64_t begins;
	char name[SYMBOL_NAME], module[MODULE_NAME];
};

static int compare(const void *left, const void *right)
{
	const struct found *a = left, *b = right;

	return u64_compare(a->symbol->at, b->symbol->at);
}

/* Return: the index of the first that lies behind @begins, or @n. */
static size_t first_behind(const struct found *found, size_t n, uint64_t begins)
{
	size_t low = 0, high = n, middle;

	while (low < high) {
		middle = low + (high - low) / 2;
		if (found[middle].symbol->at <= begins)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/*
 * Takes a line: address, type, name, and the module in brackets. There are no
 * sizes: a function ends where data begins, as behind the last one of the
 * kernel itself. Numbers that are no addresses have other types.
 */
static void take_line(struct found *found, size_t n, const char *line)
{
	static const char types[] = "tTwWdDbBrR";
	struct found *behind;
	uint64_t begins;
	char *end;
	size_t i;

	begins = strtoull(line, &end, 16);
	/* All addresses that are hidden are 0. */
	if (!begins || *end != ' ' || !end[1] || !strchr(types, end[1]))
		return;
	i = first_behind(found, n, begins);
	if (i == n || begins <= found[i].begins)
		return;
	behind = &found[i];
	behind->begins = begins;
	behind->name[0] = behind->module[0] = 0;
	if (strchr("tTwW", end[1]))
		(void)sscanf(end + 2, "%119s [%63[^]]", behind->name,
			     behind->module);
}

/* Whether a function may be at an address, and has not gone with its module. */
static bool is_there(const struct found *function, const struct vec *modules,
		     uint64_t at)
{
	return function->name[0] &&
	       (!function->module[0] ||
		modules_have(modules, function->module, function->begins, at));
}

/*
 * A line was taken only for the first address behind it. Those after that one
 * are in the same function if no other symbol begins in between.
 */
static void set_names(struct found *found, size_t n, const struct vec *modules)
{
	const struct found *last = found;
	size_t i;

	for (i = 0; i < n; i++) {
		if (found[i].begins >= last->begins)
			last = &found[i];
		if (!is_there(last, modules, found[i].symbol->at))
			continue;
		found[i].symbol->offset = found[i].symbol->at - last->begins;
		strcpy(found[i].symbol->name, last->name);
		strcpy(found[i].symbol->file, last->module);
	}
}

/* Names addresses by /proc/kallsyms. Return: as symbols_name_kernel(). */
static int name_by_list(struct dmabuf_ctx *ctx, struct symbol *symbols,
			size_t n)
{
	_cleanup_fclose_ FILE *file = NULL;
	_cleanup_free_ struct found *found = NULL;
	_cleanup_(vec_fini) struct vec modules = VEC_OF(struct module);
	_cleanup_free_ char *line = NULL;
	size_t i, room = 0;

	found = calloc(n, sizeof(*found));
	if (!found)
		return error_no_memory(&ctx->error);
	for (i = 0; i < n; i++)
		found[i].symbol = &symbols[i];
	qsort(found, n, sizeof(*found), compare);
	if (sysroot_fopen(&ctx->sysroot, SYSROOT_TOP, "proc/kallsyms", &file))
		return 0;
	while (getline(&line, &room, file) > 0)
		take_line(found, n, line);
	/* When out of memory, getline() sets neither error nor end of file. */
	if (!feof(file) && !ferror(file))
		return error_no_memory(&ctx->error);
	if (modules_read(&ctx->sysroot, &modules))
		return error_no_memory(&ctx->error);
	set_names(found, n, &modules);
	return 0;
}

int symbols_name_kernel(struct dmabuf_ctx *ctx, struct symbol *symbols,
			size_t n)
{
	int r = n ? lookup_names(ctx, symbols, n) : 0;

	if (!r || r == -ENOMEM)
		return r;
	ctx->error = (struct dmabuf_error){};
	return name_by_list(ctx, symbols, n);
}
