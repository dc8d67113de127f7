// SPDX-License-Identifier: LGPL-2.1-or-later
#include "files/reach.h"

#include <errno.h>
#include <string.h>

#include "bpf/object.h"
#include "files/classify.h"
#include "files/kinds.h"
#include "files/links.h"
#include "util/u64.h"

/* References of further processes that share a file. */
enum { SHARED_MAX = 1 << 20 };

/* Files that are found before they are looked at. */
enum { FOUND_MAX = 1 << 18 };

void reach_fail(struct reach *reach, int r)
{
	if (r && !reach->error)
		reach->error =
			r == -ENOMEM ? error_no_memory(&reach->ctx->error) : r;
}

void reach_push(struct reach *reach, struct vec *vec, const void *element)
{
	reach_fail(reach, vec_push(vec, element));
}

void *reach_room(struct reach *reach, struct vec *vec, size_t n)
{
	reach_fail(reach, vec_reserve(vec, n));
	vec->n = reach->error ? 0 : n;
	return vec->data;
}

uint64_t *reach_members(struct reach *reach, const struct vec *elements,
			size_t offset, struct vec *values)
{
	uint64_t *value = reach_room(reach, values, elements->n);
	size_t i;

	for (i = 0; i < values->n; i++)
		memcpy(&value[i], (char *)vec_at(elements, i) + offset,
		       sizeof(*value));
	return value;
}

void *reach_queue(struct reach *reach, const struct vec *objects,
		  int32_t offset, struct vec *values)
{
	void *to = reach_room(reach, values, objects->n);

	if (!reach->error)
		memory_queue(reach->memory, objects->data, objects->n, offset,
			     to, values->each);
	return to;
}

void *reach_gather(struct reach *reach, const struct vec *objects,
		   int32_t offset, struct vec *values)
{
	void *to = reach_queue(reach, objects, offset, values);

	memory_run(reach->memory);
	return to;
}

bool reach_is_new(struct reach *reach, uint64_t object)
{
	bool is_new = false;

	if (object)
		reach_fail(reach, seen_add(&reach->seen, object, &is_new));
	return is_new;
}

void reach_end(struct reach *reach, const struct keeper *keeper,
	       enum chain_end end)
{
	if (end == CHAIN_LONG)
		reach->cut |= 1U << keeper->kind;
	if (end == CHAIN_TORN)
		reach->torn |= 1U << keeper->kind;
}

void reach_array(struct reach *reach, const struct keeper *keeper,
		 uint64_t array, uint32_t n, uint32_t most,
		 struct vec *pointers)
{
	if (n > most)
		reach_end(reach, keeper, CHAIN_LONG);
	reach_room(reach, pointers, n < most ? n : most);
	if (!reach->error)
		memory_read(reach->memory, array, pointers->data,
			    pointers->n * pointers->each);
}

void reach_file(struct reach *reach, const struct keeper *keeper, uint64_t file,
		const struct slot *slot)
{
	const struct found found = { .file = file,
				     .root = keeper->root,
				     .in = keeper->number,
				     .slot = *slot };

	if (file)
		reach_push(reach, &reach->found, &found);
}

void reach_connection(struct reach *reach, const struct keeper *keeper,
		      uint64_t socket)
{
	struct keeper further = { .kind = KEEPER_SOCKET,
				  .object = socket,
				  .root = keeper->root };

	if (!reach_is_new(reach, socket))
		return;
	links_add(reach, &further, keeper->number, DMABUF_REC_BY_CONNECTION, 0);
	reach_push(reach, &reach->keepers, &further);
}

/* Whether a reference of this type makes the process a holder of the buffer. */
static bool is_of_holder(uint32_t type)
{
	return type == DMABUF_REC_REF_GEM_HANDLE ||
	       type == DMABUF_REC_REF_FRAMEBUFFER;
}

/*
 * @i: which of the roots; @named: whether the root's process has it; @to: where
 * the reference goes.
 */
static void push_ref(struct reach *reach, const struct keeper *keeper, size_t i,
		     bool named, uint64_t buffer, const struct slot *slot,
		     struct vec *to)
{
	struct dmabuf_rec_ref ref = {};

	if (named)
		ref = *(const struct dmabuf_rec_ref *)vec_at(&reach->roots,
							     keeper->root + i);
	ref.head = (struct dmabuf_rec){ DMABUF_REC_REF, sizeof(ref) };
	ref.key = buffer;
	ref.ino = ref.bytes = 0;
	ref.keeper = keeper->number + i;
	ref.type = slot->type;
	ref.refs = slot->refs;
	ref.table = slot->table;
	ref.place = slot->place;
	reach_push(reach, to, &ref);
	links_use(reach, ref.keeper);
}

/*
 * All processes that have the file hold what its handles lead to. What is only
 * kept is told once. A process does not hold what it could only receive.
 */
void reach_buffer(struct reach *reach, const struct keeper *keeper,
		  uint64_t buffer, const struct slot *slot)
{
	size_t i;

	if (!buffer)
		return;
	if (!is_of_holder(slot->type) || !keeper->roots) {
		push_ref(reach, keeper, 0,
			 !is_of_holder(slot->type) && keeper->root != NO_ROOT,
			 buffer, slot, &reach->refs);
		return;
	}
	for (i = 0; i < keeper->roots; i++) {
		/* Any number of processes can share any number of handles. */
		if (i && ++reach->shared > SHARED_MAX) {
			reach_end(reach, keeper, CHAIN_LONG);
			return;
		}
		push_ref(reach, keeper, i, true, buffer, slot, &reach->refs);
	}
}

void reach_path(struct reach *reach, const struct keeper *keeper, uint64_t file,
		const struct slot *slot)
{
	push_ref(reach, keeper, 0, true, file, slot, &reach->paths);
}

/* Several roots of one process count once. */
static int compare_roots(const void *left, const void *right)
{
	const struct dmabuf_rec_ref *a = left, *b = right;

	return u64_compare(a->key, b->key) ?: u64_compare(a->pid, b->pid) ?:
	       u64_compare(a->bytes, b->bytes) ?:
	       u64_compare(a->place, b->place);
}

static void drop_doubles(struct vec *roots)
{
	const struct dmabuf_rec_ref *a, *b;
	size_t i, kept = 0;

	for (i = 0; i < roots->n; i++) {
		a = vec_at(roots, i);
		b = kept ? vec_at(roots, kept - 1) : NULL;
		if (b && a->key == b->key && a->pid == b->pid)
			continue;
		memmove(vec_at(roots, kept++), a, roots->each);
	}
	roots->n = kept;
}

/* The files that processes have. */
static void find_roots(struct reach *reach)
{
	const struct dmabuf_rec_ref *root;
	struct found found = {};
	size_t i;

	vec_sort(&reach->roots, compare_roots);
	drop_doubles(&reach->roots);
	for (i = 0; i < reach->roots.n && !reach->error; i++) {
		root = vec_at(&reach->roots, i);
		if (found.file == root->key) {
			((struct found *)vec_at(&reach->found,
						reach->found.n - 1))
				->roots++;
			continue;
		}
		found = (struct found){ .file = root->key,
					.root = i,
					.roots = 1 };
		reach_push(reach, &reach->found, &found);
	}
}

static bool has_types(const struct reach *reach, const struct kind *kind)
{
	return layout_has(&reach->layout, kind->needs);
}

/*
 * Adds the types of modules for those of some kinds that lack them: of the
 * modules that mostly have them, or of all. @kinds_wanted: a bit for each.
 * Return: whether there are any.
 */
static bool add_types(struct reach *reach, uint32_t kinds_wanted, bool all)
{
	const struct kind *kind;
	bool some = false;

	for (kind = kinds; kind < kinds + KEEPER_KINDS; kind++) {
		if (!(kinds_wanted & 1U << (kind - kinds)) || !kind->modules ||
		    has_types(reach, kind))
			continue;
		reach_fail(reach,
			   bpf_object_add_modules(reach->ctx,
						  all ? NULL : kind->modules));
		some = true;
	}
	if (some && !reach->error)
		reach_fail(reach, layout_read_64(reach->ctx, &reach->layout));
	return some && !reach->error;
}

/* Looks for the types of some kinds, once in a search. */
static void find_types(struct reach *reach, uint32_t kinds_wanted)
{
	const uint32_t new = kinds_wanted & ~reach->prepared;

	reach->prepared |= new;
	if (add_types(reach, new, false))
		add_types(reach, new, true);
}

bool reach_has_types(struct reach *reach, enum keeper_kind number)
{
	const uint32_t bit = 1U << number;

	find_types(reach, bit);
	if (has_types(reach, &kinds[number]))
		return true;
	reach->missing |= bit;
	return false;
}

/* Reads keepers of one kind. */
static void read_kind(struct reach *reach, const struct kind *kind,
		      const struct vec *keepers)
{
	const struct keeper *keeper = NULL;

	if (!reach_has_types(reach, kind - kinds))
		return;
	if (kind->read_all) {
		kind->read_all(reach, keepers);
		return;
	}
	while ((keeper = vec_next(keepers, keeper)) && !reach->error) {
		kind->read(reach, keeper);
		/* One file can be found in any number of slots. */
		if (reach->found.n > FOUND_MAX)
			classify_found(reach);
	}
}

/* Makes vectors of the keepers of each kind. Return: a bit for each kind. */
static uint32_t sort_keepers(struct reach *reach, struct vec *by_kind)
{
	const struct keeper *keeper = NULL;
	uint32_t bits = 0;

	while ((keeper = vec_next(&reach->keepers, keeper))) {
		reach_push(reach, &by_kind[keeper->kind], keeper);
		bits |= 1U << keeper->kind;
	}
	reach->keepers.n = 0;
	return bits;
}

/* Reads all keepers that are known, which may lead to others. */
static void read_keepers(struct reach *reach)
{
	struct vec by_kind[KEEPER_KINDS];
	int i;

	for (i = 0; i < KEEPER_KINDS; i++)
		by_kind[i] = (struct vec)VEC_OF(struct keeper);
	find_types(reach, sort_keepers(reach, by_kind));
	for (i = 0; i < KEEPER_KINDS; i++) {
		if (by_kind[i].n && !reach->error)
			read_kind(reach, &kinds[i], &by_kind[i]);
		vec_fini(&by_kind[i]);
	}
}

/* Whether something is left to read. */
static bool has_more(struct reach *reach)
{
	if (!reach->found.n && !reach->keepers.n)
		vec_swap(&reach->keepers, &reach->later);
	return (reach->found.n || reach->keepers.n) && !reach->error;
}

void reach_all(struct reach *reach)
{
	find_roots(reach);
	while (has_more(reach)) {
		classify_found(reach);
		read_keepers(reach);
		reach_fail(reach, memory_error(reach->memory));
	}
	if (!reach->error)
		classify_finish(reach);
	reach_fail(reach, memory_error(reach->memory));
}

void reach_fini(struct reach *reach)
{
	vec_fini(&reach->roots);
	vec_fini(&reach->found);
	vec_fini(&reach->keepers);
	vec_fini(&reach->later);
	vec_fini(&reach->links);
	vec_fini(&reach->refs);
	vec_fini(&reach->paths);
	seen_fini(&reach->seen);
}
