// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Names, sizes and members of types are found by following other types, which
 * would never end in a cycle. libbpf before v1.3 tests no more of a BTF file
 * than the sizes of its parts.
 */
#include "walk/btf_check.h"

#include <errno.h>
#include <stdlib.h>

#include "util/cleanup.h"

/* A struct or union; @nested is 0 until it has been tested. */
struct tested {
	uint32_t members, nested;
};

struct check {
	const struct btf *btf;
	const char *path;
	struct tested *tested; /* for each type */
	struct dmabuf_error *error;
};

bool btf_is_alias(const struct btf_type *t, uint32_t *ret)
{
	if (!btf_is_mod(t) && !btf_is_typedef(t))
		return false;
	*ret = t->type;
	return true;
}

bool btf_is_chained(const struct btf_type *t, uint32_t *ret)
{
	if (btf_is_ptr(t))
		*ret = t->type;
	else if (btf_is_array(t))
		*ret = btf_array(t)->type;
	else
		return btf_is_alias(t, ret);
	return true;
}

static int bad(const struct check *check, uint32_t id, const char *what)
{
	return error_set(check->error, -EBADMSG, "%s: invalid BTF: type %u %s",
			 check->path, id, what);
}

/* Tests that a type leads to one that is neither alias, pointer nor array. */
static int check_chain(const struct check *check, uint32_t id)
{
	const struct btf_type *t = btf__type_by_id(check->btf, id);
	uint32_t next = id;
	int n;

	for (n = 0; t && btf_is_chained(t, &next); n++) {
		if (n == BTF_CHAIN_MAX)
			return bad(check, id, "leads to itself, or too far");
		t = btf__type_by_id(check->btf, next);
	}
	return t ? 0 : bad(check, next, "does not exist");
}

static int check_struct(struct check *check, uint32_t id, uint32_t depth);

/* A struct inside, by whatever name. @ret takes its id, 0 if it is none. */
static int find_inner(const struct check *check, uint32_t id, uint32_t *ret)
{
	const struct btf_type *t = btf__type_by_id(check->btf, id);
	int r = check_chain(check, id);

	while (!r && btf_is_alias(t, &id))
		t = btf__type_by_id(check->btf, id);
	*ret = !r && btf_is_composite(t) ? id : 0;
	return r;
}

/*
 * Others are reached through a member without a name, whose members are those
 * of the struct, and through the first member, which may be all there is.
 */
static int check_member(struct check *check, const struct btf_member *member,
			bool first, uint32_t depth, struct tested *sum)
{
	const char *name = btf__name_by_offset(check->btf, member->name_off);
	const bool unnamed = !name || !*name;
	uint32_t id;
	int r;

	if (!unnamed && !first)
		return 0;
	r = find_inner(check, member->type, &id);
	if (r || !id)
		return r;
	r = check_struct(check, id, depth + 1);
	if (r)
		return r;
	if (sum->nested <= check->tested[id].nested)
		sum->nested = check->tested[id].nested + 1;
	if (unnamed)
		sum->members += check->tested[id].members;
	return 0;
}

/* Ends in a cycle, too: what is under test counts as untested. */
static int check_struct(struct check *check, uint32_t id, uint32_t depth)
{
	const struct btf_type *t = btf__type_by_id(check->btf, id);
	struct tested sum = { .members = btf_vlen(t), .nested = 1 };
	uint32_t i;
	int r = 0;

	if (depth + check->tested[id].nested > BTF_NESTED_MAX)
		return bad(check, id, "contains itself, or is nested too deep");
	if (check->tested[id].nested)
		return 0;
	for (i = 0; !r && i < btf_vlen(t); i++) {
		r = check_member(check, &btf_members(t)[i], !i, depth, &sum);
		if (!r && sum.members > BTF_MEMBERS_MAX)
			r = bad(check, id, "has too many members");
	}
	if (!r)
		check->tested[id] = sum;
	return r;
}

int btf_check(const struct btf *btf, uint32_t first, const char *path,
	      struct dmabuf_error *error)
{
	_cleanup_free_ struct tested *tested = NULL;
	struct check check = { .btf = btf, .path = path, .error = error };
	const uint32_t end = btf__type_cnt(btf);
	uint64_t members = 0;
	uint32_t id;
	int r = 0;

	check.tested = tested = calloc(end, sizeof(*tested));
	if (!tested)
		return error_no_memory(error);
	for (id = first; !r && id < end; id++) {
		if (!btf_is_composite(btf__type_by_id(btf, id))) {
			r = check_chain(&check, id);
			continue;
		}
		r = check_struct(&check, id, 0);
		members += tested[id].members;
		if (!r && members > BTF_MEMBERS_MAX)
			r = bad(&check, id, "is one of too many members");
	}
	return r;
}
