// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "symbols/symbol.h"
#include "util/cleanup.h"
#include "util/u64.h"

/* The last function that begins before an address. */
struct found {
	struct symbol *symbol;
	uint64_t begins;
	char name[SYMBOL_NAME], module[64];
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

/* Takes a line: address, type, name, and the module in brackets. */
static void take_line(struct found *found, size_t n, const char *line)
{
	struct found *behind;
	uint64_t begins;
	char *end;
	size_t i;

	begins = strtoull(line, &end, 16);
	/* Only code; all addresses that are hidden are 0. */
	if (!begins || *end != ' ' || !end[1] || !strchr("tTwW", end[1]))
		return;
	i = first_behind(found, n, begins);
	if (i == n || begins <= found[i].begins)
		return;
	behind = &found[i];
	behind->begins = begins;
	behind->module[0] = 0;
	(void)sscanf(end + 2, "%119s [%63[^]]", behind->name, behind->module);
}

/*
 * A line was taken only for the first address behind it. Those after that one
 * are in the same function if no other begins in between.
 */
static void set_names(struct found *found, size_t n)
{
	const struct found *last = found;
	size_t i;

	for (i = 0; i < n; i++) {
		if (found[i].begins >= last->begins)
			last = &found[i];
		if (!last->begins)
			continue;
		found[i].symbol->offset = found[i].symbol->at - last->begins;
		strcpy(found[i].symbol->name, last->name);
		strcpy(found[i].symbol->file, last->module);
	}
}

int symbols_name_kernel(struct dmabuf_ctx *ctx, struct symbol *symbols,
			size_t n)
{
	_cleanup_fclose_ FILE *file = NULL;
	_cleanup_free_ struct found *found = NULL;
	_cleanup_free_ char *line = NULL;
	size_t i, room = 0;

	if (!n)
		return 0;
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
	set_names(found, n);
	return 0;
}
