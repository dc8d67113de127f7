// SPDX-License-Identifier: GPL-2.0-or-later
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "util/array.h"
#include "util/cleanup.h"
#include "walk/condition.h"
#include "walk/query.h"
#include "walk/symbols.h"

/* Members that link objects, by their type, and what they hang on. */
static const struct link_kind {
	const char *type;
	const char *heads[3];
	enum walk_kind kind;
	const char *walk;
} link_kinds[] = {
	{ "list_head", { "list_head" }, WALK_LIST, "list" },
	{ "hlist_node", { "hlist_head" }, WALK_HLIST, "hash list" },
	{ "hlist_nulls_node", { "hlist_nulls_head" }, WALK_HLIST, "hash list" },
	{ "llist_node", { "llist_head" }, WALK_CHAIN, "chain" },
	{ "rb_node", { "rb_root", "rb_root_cached" }, WALK_TREE, "tree" },
};

static const struct link_kind chain = { "", { NULL }, WALK_CHAIN, "chain" };
static const struct link_kind xarray = {
	"", { "xarray", "idr" }, WALK_XARRAY, "xarray"
};

enum { LINK_KINDS = ARRAY_SIZE(link_kinds) };

/* The second operand. */
struct link {
	struct type type;
	const struct link_kind *kind; /* NULL: elements of an array */
	uint32_t offset;
	bool pointers; /* *TYPE */
};

void query_init(struct query *query, struct types *types,
		struct symbols *symbols)
{
	*query = (struct query){
		.types = types,
		.symbols = symbols,
		.levels = VEC_OF(struct level),
		.columns = VEC_OF(struct query_column),
		.conditions = VEC_OF(struct condition),
	};
}

void query_fini(struct query *query)
{
	struct condition *condition = NULL;
	struct level *level = NULL;
	struct path *path;

	while ((level = vec_next(&query->levels, level))) {
		path = NULL;
		while ((path = vec_next(&level->paths, path)))
			free(path->text);
		vec_fini(&level->paths);
	}
	while ((condition = vec_next(&query->conditions, condition)))
		free(condition->text);
	vec_fini(&query->levels);
	vec_fini(&query->columns);
	vec_fini(&query->conditions);
}

struct level *query_level(const struct query *query, size_t i)
{
	return vec_at(&query->levels, i);
}

static struct level *last_level(const struct query *query)
{
	return query_level(query, query->levels.n - 1);
}

static int out_of_memory(struct dmabuf_error *error)
{
	return error_no_memory(error);
}

int query_add_path(struct query *query, size_t i, const char *text,
		   struct dmabuf_error *error)
{
	struct level *level = query_level(query, i);
	struct path path, *same = NULL;
	uint32_t at = 0;
	int r;

	while ((same = vec_next(&level->paths, same))) {
		if (!strcmp(same->text, text))
			return vec_index(&level->paths, same);
		at += (same->field.bytes + 7) & ~7U;
	}
	/* The last place is the next level's head's. */
	if (level->paths.n == WALK_FIELDS - 1)
		return error_set(error, -E2BIG,
				 "more than %d fields of an object",
				 WALK_FIELDS - 1);
	r = path_resolve(query->types, level->type, text, &path, error);
	if (r)
		return r;
	path.field.at = at;
	if (at + path.field.bytes > WALK_DATA_BYTES - 64) {
		free(path.text);
		return error_set(error, -E2BIG,
				 "the fields of an object are more "
				 "than %d bytes",
				 WALK_DATA_BYTES - 64);
	}
	if (vec_push(&level->paths, &path)) {
		free(path.text);
		return out_of_memory(error);
	}
	return level->paths.n - 1;
}

static int add_level(struct query *query, const struct level *level,
		     struct dmabuf_error *error)
{
	struct level copy = *level;

	copy.paths = (struct vec)VEC_OF(struct path);
	return vec_push(&query->levels, &copy) ? out_of_memory(error) : 0;
}

static const struct link_kind *kind_by_name(struct type member)
{
	size_t i;

	for (i = 0; i < LINK_KINDS; i++)
		if (type_is_called(member, link_kinds[i].type))
			return &link_kinds[i];
	return NULL;
}

bool query_links(struct type member)
{
	return kind_by_name(member);
}

/* Which kind of link a member is; the type is that of its struct. */
static const struct link_kind *kind_of(struct type member, struct type type)
{
	const struct link_kind *kind = kind_by_name(member);
	struct type target;

	if (kind)
		return kind;
	target = type_plain(type_target(member));
	if (type_is_pointer(member) &&
	    !strcmp(type_name(target), type_name(type_plain(type))))
		return &chain;
	return NULL;
}

static int parse_link(struct query *query, const char *text, struct link *ret,
		      struct dmabuf_error *error)
{
	size_t length = strcspn(text, ".");
	struct link link = { .pointers = *text == '*' };
	struct place place;
	char is[128];
	int r;

	if (link.pointers) {
		text++;
		length--;
	}
	r = types_find(query->types, text, length,
		       text[length] ? text + length + 1 : NULL, &link.type,
		       error);
	if (r)
		return r;
	if (!text[length]) {
		*ret = link;
		return 0;
	}
	if (link.pointers)
		return error_set(error, -EINVAL,
				 "'*%s': only elements of an array "
				 "are *TYPE",
				 text);

	place = place_of(link.type);
	text += length + 1;
	r = place_follow(&place, query->types, &text, error);
	if (r)
		return r;
	link.kind = *text || place.offsets > 1 ? NULL
					       : kind_of(place.type, link.type);
	if (!link.kind) {
		type_describe(place.type, is, sizeof(is));
		error_set(error, -EINVAL,
			  "nothing is linked by a member that is "
			  "%s",
			  is);
		return error_hint(error,
				  "name a list_head, hlist_node, "
				  "llist_node or rb_node, or a pointer to "
				  "the next");
	}
	link.offset = place.offset[0];
	*ret = link;
	return 0;
}

/* An array of @count; objects of it are @type, in each @stride bytes. */
static int add_array(struct query *query, struct type type, uint32_t stride,
		     uint32_t count, uint64_t count_at,
		     struct dmabuf_error *error)
{
	struct level level = {
		.kind = WALK_ARRAY,
		.type = type,
		.link = stride,
		.count = count,
		.count_at = count_at,
		.walk = "array",
	};

	return add_level(query, &level, error);
}

/* What is behind "[:": a number, a symbol, or nothing. */
static int parse_count(struct query *query, const char **text, uint32_t *count,
		       uint64_t *count_at, struct dmabuf_error *error)
{
	const char *s = *text + 2, *end = strchr(s, ']');
	unsigned long long number;
	char *stop;

	if (!end)
		return error_set(error, -EINVAL, "'%s' has no ']'", *text);
	*text = end + 1;
	if (s == end)
		return 0;
	if (!isdigit((unsigned char)*s))
		return symbols_find(query->symbols, s, end - s, count_at,
				    error);
	errno = 0;
	number = strtoull(s, &stop, 0);
	if (stop != end || errno || number > UINT32_MAX)
		return error_set(error, -EINVAL,
				 "'%.*s' is not a number of elements",
				 (int)(end - s), s);
	*count = number;
	return 0;
}

/* Bytes of a head of this kind. */
static uint32_t head_size(const struct link_kind *kind)
{
	return kind->kind == WALK_LIST ? 16 : 8;
}

/*
 * A slice, START[:N], at @place: its elements become a level, and the place
 * begins in one of them.
 */
static int add_slice(struct query *query, struct place *place,
		     const struct link *link, const char **text,
		     struct dmabuf_error *error)
{
	uint32_t count = 0, stride;
	uint64_t count_at = 0;
	struct type element = place->type;
	bool last;
	int r = 0;

	if (type_is_array(place->type, &count)) {
		element = type_target(place->type);
	} else if (type_is_pointer(place->type)) {
		r = place_dereference(place, error);
		element = place->type;
	}
	if (!r)
		r = parse_count(query, text, &count, &count_at, error);
	if (r)
		return r;
	if (!count && !count_at)
		return error_set(error, -EINVAL,
				 "how many elements? As in [:8], "
				 "or [:SYMBOL] of an int");

	last = !**text;
	if (!type_is_void(element))
		stride = type_size(element);
	else if (link->kind && last)
		stride = head_size(link->kind);
	else if (last && link->pointers)
		stride = sizeof(uint64_t);
	else if (last)
		stride = type_size(element = link->type);
	else
		stride = 0;
	if (!stride)
		return error_set(error, -EINVAL,
				 "of what type are the elements? "
				 "As in {TYPE}[:N]");
	last_level(query)->head = place_address(place);
	r = add_array(query, element, stride, count, count_at, error);
	*place = place_of(element);
	return r;
}

static bool is_head(struct type type, const struct link_kind *kind)
{
	size_t i;

	for (i = 0; i < 3 && kind->heads[i]; i++)
		if (type_is_called(type, kind->heads[i]))
			return true;
	/* Chains begin with any pointer. */
	return kind == &chain && type_is_pointer(type);
}

/* Whether what is at the place can be the head of such a walk. */
static int check_head(struct place *place, const struct link_kind *kind,
		      struct dmabuf_error *error)
{
	char is[128];

	if (type_is_void(place->type) || is_head(place->type, kind))
		return 0;
	if (kind != &chain && type_is_pointer(place->type) &&
	    is_head(type_target(place->type), kind))
		return place_dereference(place, error);
	type_describe(place->type, is, sizeof(is));
	return error_set(
		error, -EINVAL,
		"it starts at %s, which is no head of "
		"%s %s",
		is, kind->walk[0] == 'a' || kind->walk[0] == 'x' ? "an" : "a",
		kind->walk);
}

static int member_offset(struct query *query, const char *type,
			 const char *member, uint32_t *ret, struct type *of,
			 struct dmabuf_error *error)
{
	struct member found;
	struct type type_;
	int r;

	r = types_find(query->types, type, strlen(type), member, &type_, error);
	if (r)
		return r;
	if (!type_member(type_, member, strlen(member), &found))
		return error_set(error, -EOPNOTSUPP, "struct %s has no '%s'",
				 type, member);
	*ret = found.bit_offset / 8;
	*of = found.type;
	return 0;
}

/* What is within the heads and links of walks is the same in all kernels. */
static int check_layout(struct query *query, const struct link_kind *kind,
			struct dmabuf_error *error)
{
	static const struct {
		const char *type, *member;
		uint32_t offset;
	} known[] = {
		{ "list_head", "next", 0 },
		{ "list_head", "prev", 8 },
		{ "hlist_node", "next", 0 },
		{ "hlist_node", "pprev", 8 },
		{ "hlist_nulls_node", "next", 0 },
		{ "hlist_nulls_node", "pprev", 8 },
		{ "llist_node", "next", 0 },
		{ "rb_node", "__rb_parent_color", 0 },
		{ "rb_node", "rb_right", 8 },
		{ "rb_node", "rb_left", 16 },
	};
	struct type unused;
	uint32_t offset;
	size_t i;
	int r;

	for (i = 0; i < ARRAY_SIZE(known); i++) {
		if (strcmp(known[i].type, kind->type))
			continue;
		r = member_offset(query, known[i].type, known[i].member,
				  &offset, &unused, error);
		if (r)
			return r;
		if (offset != known[i].offset)
			return error_set(error, -EOPNOTSUPP,
					 "struct %s is laid out in a way of "
					 "its own",
					 known[i].type);
	}
	return 0;
}

static int learn_xarray(struct query *query, struct dmabuf_error *error)
{
	struct xa_layout *xa = &query->xa;
	const struct {
		const char *type, *member;
		uint32_t *to;
	} members[] = {
		{ "xarray", "xa_head", &xa->head },
		{ "xa_node", "shift", &xa->shift },
		{ "xa_node", "offset", &xa->offset },
		{ "xa_node", "parent", &xa->parent },
		{ "xa_node", "array", &xa->array },
		{ "xa_node", "slots", &xa->slots },
	};
	struct type slots = {};
	size_t i;
	int r;

	for (i = 0; i < ARRAY_SIZE(members); i++) {
		r = member_offset(query, members[i].type, members[i].member,
				  members[i].to, &slots, error);
		if (r)
			return r;
	}
	if (!type_is_array(slots, &xa->chunk) || xa->chunk > 64)
		return error_set(
			error, -EOPNOTSUPP,
			"struct xa_node is laid out in a way of its own");
	return 0;
}

/* The level of the objects asked for, whose head is at @place. */
static int add_linked(struct query *query, struct place *place,
		      const struct link *link, struct dmabuf_error *error)
{
	const struct link_kind *kind = link->kind ?: &xarray;
	struct level level = {
		.kind = kind->kind,
		.type = link->type,
		.link = link->offset,
		/* Pointers of a chain of objects are to these themselves. */
		.back = kind == &chain ? 0 : link->offset,
		.walk = kind->walk,
	};
	int r;

	r = check_head(place, kind, error);
	if (!r)
		r = check_layout(query, kind, error);
	if (!r && kind == &xarray)
		r = learn_xarray(query, error);
	if (r)
		return r;
	last_level(query)->head = place_address(place);
	return add_level(query, &level, error);
}

/* The elements of an array, which are the objects or point at them. */
static int finish_array(struct query *query, struct place *place,
			const struct link *link, struct dmabuf_error *error)
{
	int r;

	if (!link->pointers && !type_is_pointer(place->type)) {
		last_level(query)->type = link->type;
		return 0;
	}
	r = place_dereference(place, error);
	if (r)
		return r;
	last_level(query)->head = place_address(place);
	return add_array(query, link->type, 0, 1, 0, error);
}

/* Whether the objects are the elements that a slice has just given. */
static bool is_elements(const struct place *place, const struct link *link,
			bool sliced)
{
	const char *name = type_name(type_plain(link->type));

	if (link->kind || !sliced || place->offsets > 1 || place->offset[0])
		return false;
	return link->pointers || type_is_called(place->type, name) ||
	       type_is_called(type_target(place->type), name);
}

/* @place is in an object of the last level; @text leads on to the head. */
static int follow_start(struct query *query, struct place place,
			const char *text, const struct link *link,
			struct dmabuf_error *error)
{
	bool sliced = false;
	uint32_t count;
	int r;

	for (;;) {
		r = place_follow(&place, query->types, &text, error);
		/* An array of heads is walked whole. */
		if (!r && !*text && link->kind &&
		    type_is_array(place.type, &count)) {
			text = "[:]";
			continue;
		}
		if (r || !*text)
			break;
		if (strncmp(text, "[:", 2))
			return error_set(error, -EINVAL,
					 "'%s' is no part of a path", text);
		r = add_slice(query, &place, link, &text, error);
		if (r)
			return r;
		sliced = true;
	}
	if (r)
		return r;
	if (is_elements(&place, link, sliced))
		return finish_array(query, &place, link, error);
	if (link->pointers)
		return error_set(error, -EINVAL,
				 "*TYPE is for the elements of START[:N]");
	return add_linked(query, &place, link, error);
}

static int parse_start(struct query *query, const char *text,
		       const struct link *link, struct dmabuf_error *error)
{
	size_t length = strcspn(text, ".[{-");
	char *end;
	int r;

	if (!strncmp(text, "0x", 2)) {
		errno = 0;
		query->start = strtoull(text, &end, 16);
		if (errno || end != text + length)
			return error_set(error, -EINVAL,
					 "'%.*s' is no address in hex",
					 (int)length, text);
	} else {
		r = symbols_find(query->symbols, text, length, &query->start,
				 error);
		if (r)
			return r;
	}
	r = add_array(query, (struct type){}, 0, 1, 0, error);
	if (r)
		return r;
	text += length;
	if (*text == '.' || *text == '-' ||
	    (*text == '[' && strncmp(text, "[:", 2))) {
		error_set(error, -EINVAL,
			  "of what type is '%.*s'? BTF does not "
			  "say it of symbols",
			  (int)length, text - length);
		return error_hint(error, "say it: %.*s{TYPE}%s", (int)length,
				  text - length, text);
	}
	return follow_start(query, place_of((struct type){}), text, link,
			    error);
}

static int add_column(struct query *query, const char *text,
		      struct dmabuf_error *error)
{
	struct query_column column = { .level = query->levels.n - 1 };
	int r = query_add_path(query, column.level, text, error);

	if (r < 0)
		return r;
	column.path = r;
	return vec_push(&query->columns, &column) ? out_of_memory(error) : 0;
}

const struct path *query_column_path(const struct query *query,
				     const struct query_column *column)
{
	return vec_at(&query_level(query, column->level)->paths, column->path);
}

void query_column_name(const struct query *query,
		       const struct query_column *column, char *to, size_t size)
{
	const char *text = query_column_path(query, column)->text;
	const struct query_column *other = NULL;

	while ((other = vec_next(&query->columns, other)))
		if (other->level != column->level &&
		    !strcmp(query_column_path(query, other)->text, text))
			break;
	snprintf(to, size, "%s%s%s",
		 other ? type_name(query_level(query, column->level)->type)
		       : "",
		 other ? "." : "", text);
}

int query_parse(struct query *query, char *const *operands,
		struct dmabuf_error *error)
{
	struct link link;
	int r;

	for (;; operands++) {
		if (!operands[0] || !operands[1])
			return error_set(
				error, -EINVAL,
				"after '/' come a path and TYPE.MEMBER");
		r = parse_link(query, operands[1], &link, error);
		if (!r && !query->levels.n)
			r = parse_start(query, operands[0], &link, error);
		else if (!r)
			r = follow_start(query,
					 place_of(last_level(query)->type),
					 operands[0], &link, error);
		if (r)
			return r;
		last_level(query)->shown = true;
		for (operands += 2; *operands && strcmp(*operands, "/");
		     operands++) {
			r = add_column(query, *operands, error);
			if (r)
				return r;
		}
		/* Without a field, what objects there are. */
		if (!*operands)
			return query->columns.n ? 0
						: add_column(query, ".", error);
	}
}
