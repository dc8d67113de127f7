// SPDX-License-Identifier: GPL-2.0-or-later
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "ui/suggest.h"
#include "util/array.h"
#include "util/cleanup.h"
#include "walk/path.h"

/* More than anybody needs, and less than the stack has room for. */
enum { CASTS_MAX = 8 };

struct place place_of(struct type type)
{
	return (struct place){ .type = type, .offsets = 1 };
}

static int out_of_memory(struct dmabuf_error *error)
{
	return error_no_memory(error);
}

static int add_offset(struct place *place, int64_t bytes,
		      struct dmabuf_error *error)
{
	int64_t sum = place->offset[place->offsets - 1] + bytes;

	if (sum != (int32_t)sum)
		return error_set(error, -EINVAL, "that is too far away");
	place->offset[place->offsets - 1] = sum;
	return 0;
}

int place_dereference(struct place *place, struct dmabuf_error *error)
{
	if (place->offsets == WALK_HOPS)
		return error_set(error, -E2BIG,
				 "a path follows at most %d pointers",
				 WALK_HOPS - 1);
	place->offset[place->offsets++] = 0;
	place->type = type_target(place->type);
	return 0;
}

static size_t name_length(const char *s)
{
	size_t n = 0;

	while (isalnum((unsigned char)s[n]) || s[n] == '_')
		n++;
	return n;
}

static void try_member(void *data, const char *name, struct type type)
{
	(void)type;
	suggest_try(data, name);
}

static int why_no_member(struct type type, const char *name, size_t length,
			 struct dmabuf_error *error)
{
	char is[128], hint[SUGGEST_HINT];
	struct suggestion near;

	type_describe(type, is, sizeof(is));
	error_set(error, -ENOENT, "%s has no member '%.*s'", is, (int)length,
		  name);
	suggest_begin(&near, name, length);
	type_each_member(type, try_member, &near);
	return error_hint(error, "%s", suggest_hint(&near, "", hint));
}

static int follow_member(struct place *place, struct types *types,
			 const char **text, struct dmabuf_error *error)
{
	size_t length = name_length(*text);
	struct member member;
	char is[128];
	int r = 0;

	if (!length)
		return error_set(error, -EINVAL, "'%s' begins with no member",
				 *text);
	if (type_is_pointer(place->type))
		r = place_dereference(place, error);
	if (!r)
		r = types_complete(types, &place->type, error);
	if (r)
		return r;
	if (!type_is_composite(place->type)) {
		type_describe(place->type, is, sizeof(is));
		error_set(error, -EINVAL,
			  "'%.*s' is a member of nothing: %s is "
			  "before it",
			  (int)length, *text, is);
		return error_hint(error, "say what it is, as in {TYPE}");
	}
	if (!type_member(place->type, *text, length, &member))
		return why_no_member(place->type, *text, length, error);

	*text += length;
	place->type = member.type;
	place->bits = member.bits;
	place->bit_offset = member.bits ? member.bit_offset % 8 : 0;
	return add_offset(place, member.bit_offset / 8, error);
}

static int follow_index(struct place *place, struct types *types,
			const char **text, struct dmabuf_error *error)
{
	struct type element = type_target(place->type);
	char *end, is[128];
	int64_t i;
	int r;

	errno = 0;
	i = strtoll(*text + 1, &end, 0);
	if (errno || end == *text + 1 || *end != ']')
		return error_set(error, -EINVAL, "'%s' is no [NUMBER]", *text);
	if (!element.btf) {
		type_describe(place->type, is, sizeof(is));
		return error_set(error, -EINVAL, "%s has no elements", is);
	}
	*text = end + 1;
	if (type_is_pointer(place->type)) {
		r = place_dereference(place, error);
		if (r)
			return r;
	}
	place->type = element;
	r = types_complete(types, &place->type, error);
	if (r)
		return r;
	if (i > INT32_MAX || i < INT32_MIN)
		return error_set(error, -EINVAL, "that is too far away");
	return add_offset(place, i * (int64_t)type_size(place->type), error);
}

/* {TYPE}, {*TYPE} and {TYPE.MEMBER}. */
static int follow_cast(struct place *place, struct types *types,
		       const char **text, struct dmabuf_error *error)
{
	const char *s = *text + 1, *end = strchr(s, '}');
	bool pointer = *s == '*';
	struct place whole;
	struct type type;
	const char *rest;
	size_t length;
	int r;

	s += pointer;
	length = name_length(s);
	if (!end || !length || (s[length] != '}' && s[length] != '.') ||
	    (pointer && s[length] == '.'))
		return error_set(error, -EINVAL,
				 "'%s' is not {TYPE}, {*TYPE} or "
				 "{TYPE.MEMBER}",
				 *text);
	rest = s + length;
	r = types_find(types, s, length, *rest == '.' ? rest + 1 : NULL, &type,
		       error);
	if (r)
		return r;

	/* Memory of no known type is this; a value leads to it. */
	if (place->type.btf && !type_is_composite(place->type)) {
		r = place_dereference(place, error);
		if (r)
			return r;
	}
	if (pointer) {
		/* BTF need not have a pointer to it: it is followed at once. */
		r = place_dereference(place, error);
		if (r)
			return r;
	}
	place->type = type;
	*text = end + 1;
	if (*rest != '.')
		return 0;

	whole = place_of(type);
	whole.casts = place->casts + 1;
	if (whole.casts > CASTS_MAX)
		return error_set(error, -E2BIG,
				 "a {TYPE.MEMBER} inside of %d others",
				 CASTS_MAX);
	rest++;
	r = place_follow(&whole, types, &rest, error);
	if (r)
		return r;
	if (rest != end || whole.offsets > 1)
		return error_set(error, -EINVAL, "no part of a %.*s: '%.*s'",
				 (int)length, s, (int)(end - s - length - 1),
				 s + length + 1);
	return add_offset(place, -(int64_t)whole.offset[0], error);
}

int place_follow(struct place *place, struct types *types, const char **text,
		 struct dmabuf_error *error)
{
	bool first = true;
	int r = 0;

	for (; !r && **text && **text != ':' && **text != '}' &&
	       strncmp(*text, "[:", 2);
	     first = false) {
		if (place->bits)
			return error_set(error, -EINVAL,
					 "'%s' comes after a bit field", *text);
		if (**text == '[') {
			r = follow_index(place, types, text, error);
		} else if (**text == '{') {
			r = follow_cast(place, types, text, error);
		} else {
			if (!strncmp(*text, "->", 2))
				*text += 2;
			else if (**text == '.')
				(*text)++;
			else if (!first)
				return error_set(error, -EINVAL,
						 "'%s' is no part of a path",
						 *text);
			/* A cast may follow the object itself: .{TYPE} */
			if (first && (!**text || **text == '{' ||
				      **text == '[' || **text == ':'))
				continue;
			r = follow_member(place, types, text, error);
		}
	}
	return r;
}

struct walk_field place_address(const struct place *place)
{
	struct walk_field field = {
		.offsets = place->offsets,
		.take = WALK_TAKE_ADDRESS,
		.bytes = sizeof(__u64),
	};

	memcpy(field.offset, place->offset, sizeof(field.offset));
	return field;
}

/* What has just one member is that member, such as atomic_t. */
static void strip_wrappers(struct place *place)
{
	const struct btf_type *t;

	for (;;) {
		t = type_get(type_plain(place->type));
		if (!t || !btf_is_composite(t) || btf_vlen(t) != 1 ||
		    btf_member_bit_offset(t, 0))
			return;
		place->type = (struct type){ type_plain(place->type).btf,
					     btf_members(t)->type };
	}
}

static void list_member(void *data, const char *name, struct type type)
{
	char *to = data;
	size_t used = strlen(to);

	(void)type;
	if (used >= 3 && !strcmp(to + used - 3, "..."))
		return;
	if (used + strlen(name) + sizeof(", ...") < 128)
		sprintf(to + used, "%s%s", used ? ", " : "", name);
	else
		strcpy(to + used, "...");
}

enum format { AUTO, STR, HEX, SYM, DEC, ADDR };

static const char *const formats[] = {
	[STR] = "str", [HEX] = "hex",	[SYM] = "sym",
	[DEC] = "dec", [ADDR] = "addr",
};

static int find_format(const char *text, enum format *ret,
		       struct dmabuf_error *error)
{
	size_t i;

	*ret = AUTO;
	if (!*text)
		return 0;
	for (i = STR; i < ARRAY_SIZE(formats); i++)
		if (!strcmp(text + 1, formats[i])) {
			*ret = i;
			return 0;
		}
	return error_set(error, -EINVAL,
			 "no format is called '%s'; there are str, hex, sym, "
			 "dec and addr",
			 text);
}

static int show_address(struct path *path, const struct place *place)
{
	path->field = place_address(place);
	path->show = SHOW_HEX;
	return 0;
}

static int show_string(struct path *path, struct place *place,
		       struct dmabuf_error *error)
{
	size_t size = WALK_FIELD_BYTES;
	int r;

	if (type_is_pointer(place->type)) {
		r = place_dereference(place, error);
		if (r)
			return r;
	} else if (type_size(place->type) &&
		   type_size(place->type) < WALK_FIELD_BYTES) {
		/* The kernel's own may fill it, without a NUL. */
		size = type_size(place->type);
	}
	path->field = place_address(place);
	path->field.take = WALK_TAKE_STRING;
	path->field.bytes = size;
	path->show = SHOW_STRING;
	return 0;
}

static int show_array(struct path *path, const struct place *place,
		      enum format format, struct dmabuf_error *error)
{
	struct type element = type_plain(type_target(place->type));
	const struct btf_type *t = type_get(element);
	size_t size = type_size(place->type);

	if (!t || !btf_is_int(t) || !t->size || t->size > sizeof(uint64_t) ||
	    !size || size > WALK_FIELD_BYTES)
		return error_set(error, -EINVAL,
				 "an array of %zu bytes; name an element, as "
				 "in [0], or :addr",
				 size);
	path->field = place_address(place);
	path->field.take = WALK_TAKE_BYTES;
	path->field.bytes = size;
	path->each = t->size;
	path->is_signed = btf_int_encoding(t) & BTF_INT_SIGNED;
	path->show = t->size == 1 && format != DEC ? SHOW_BYTES : SHOW_NUMBERS;
	return 0;
}

static enum show show_of(const struct btf_type *t, enum format format)
{
	if (format == HEX)
		return SHOW_HEX;
	if (format == SYM)
		return SHOW_SYMBOL;
	if (btf_is_any_enum(t) && format != DEC)
		return SHOW_ENUM;
	if (btf_is_any_enum(t))
		return btf_kflag(t) ? SHOW_SIGNED : SHOW_UNSIGNED;
	if (btf_is_ptr(t) && format != DEC)
		return SHOW_HEX;
	if (btf_is_int(t) && btf_int_encoding(t) & BTF_INT_BOOL &&
	    format != DEC)
		return SHOW_BOOL;
	return btf_is_int(t) && btf_int_encoding(t) & BTF_INT_SIGNED
		       ? SHOW_SIGNED
		       : SHOW_UNSIGNED;
}

static int why_no_value(const struct place *place, struct dmabuf_error *error)
{
	char is[128], members[128] = "";

	type_describe(place->type, is, sizeof(is));
	type_each_member(place->type, list_member, members);
	error_set(error, -EINVAL, "%s is no value that can be shown", is);
	if (members[0])
		error_hint(error, "name a member: %s", members);
	return error->err;
}

static int show_scalar(struct path *path, const struct place *place,
		       enum format format, struct dmabuf_error *error)
{
	const struct btf_type *t = type_get(type_plain(place->type));
	size_t size = type_size(place->type);

	if (!t || (!btf_is_int(t) && !btf_is_ptr(t) && !btf_is_any_enum(t)) ||
	    !size || size > sizeof(uint64_t))
		return why_no_value(place, error);
	path->field = place_address(place);
	path->field.take = WALK_TAKE_BYTES;
	path->field.bytes = size;
	path->show = show_of(t, format);
	path->type = type_plain(place->type);
	path->bits = place->bits;
	path->bit_offset = place->bit_offset;
	if (place->bits)
		path->field.bytes = (place->bit_offset + place->bits + 7) / 8;
	if (path->field.bytes > sizeof(uint64_t))
		return error_set(error, -EINVAL,
				 "a bit field that is spread over 9 bytes");
	return 0;
}

/* A pointer to char or an array of it; u8 is unsigned char. */
static bool is_text(struct type type)
{
	return !strcmp(type_name(type_plain(type_target(type))), "char");
}

static bool is_function(struct type type)
{
	const struct btf_type *t = type_get(type_plain(type_target(type)));

	return type_is_pointer(type) && t && btf_is_func_proto(t);
}

static int choose(struct path *path, struct place *place, enum format format,
		  struct dmabuf_error *error)
{
	if (format == ADDR)
		return show_address(path, place);
	strip_wrappers(place);
	if (format == AUTO && is_function(place->type))
		format = SYM;
	if (format == STR || (format == AUTO && is_text(place->type)))
		return show_string(path, place, error);
	if (type_is_array(place->type, NULL))
		return show_array(path, place, format, error);
	return show_scalar(path, place, format, error);
}

int path_resolve(struct types *types, struct type type, const char *text,
		 struct path *ret, struct dmabuf_error *error)
{
	struct place place = place_of(type);
	const char *at = text;
	struct path path = {};
	enum format format;
	int r;

	if (!strcmp(text, "@")) {
		path.show = SHOW_INDEX;
	} else {
		r = place_follow(&place, types, &at, error);
		if (!r && *at && *at != ':')
			r = error_set(error, -EINVAL,
				      "'%s' is no part of a path", at);
		if (!r)
			r = find_format(at, &format, error);
		if (!r && !strncmp(text, ".:", 2))
			format = ADDR;
		if (!r)
			r = choose(&path, &place,
				   !strcmp(text, ".") ? ADDR : format, error);
		if (r)
			return r;
	}
	path.text = strdup(text);
	if (!path.text)
		return out_of_memory(error);
	*ret = path;
	return 0;
}
