// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "walk/value.h"

static uint64_t extend(uint64_t number, uint32_t bits, bool is_signed)
{
	if (bits >= 64)
		return number;
	number &= (1ULL << bits) - 1;
	if (is_signed && number >> (bits - 1))
		number |= ~0ULL << bits;
	return number;
}

struct walk_value walk_value_of(const struct path *path, size_t i,
				const struct walk_record *record)
{
	const unsigned char *data = (const void *)(record + 1);
	uint32_t bits = path->bits ?: path->field.bytes * 8;
	struct walk_value value = {
		.null = record->null >> i & 1,
		.fault = record->fault >> i & 1,
	};

	if (path->show == SHOW_INDEX)
		return (struct walk_value){ .number = record->index };
	if (value.null || value.fault)
		return value;
	data += path->field.at;
	switch (path->show) {
	case SHOW_STRING:
		value.bytes = data;
		value.length = strnlen((const char *)data, path->field.bytes);
		value.cut = value.length + 1 == WALK_FIELD_BYTES;
		break;
	case SHOW_NUMBERS:
	case SHOW_BYTES:
		value.bytes = data;
		value.length = path->field.bytes;
		break;
	default:
		memcpy(&value.number, data, path->field.bytes);
		value.number = extend(value.number >> path->bit_offset, bits,
				      path->show == SHOW_SIGNED);
	}
	return value;
}

/* Calls for each name of an enum until @found says so. */
static const char *find_name(struct type type,
			     bool (*found)(const char *name, uint64_t number,
					   void *data),
			     void *data)
{
	const struct btf_type *t = type_get(type);
	const struct btf_enum64 *e64;
	const struct btf_enum *e;
	const char *name;
	uint64_t number;
	uint32_t i;

	if (!t || !btf_is_any_enum(t))
		return NULL;
	e = btf_enum(t);
	e64 = btf_enum64(t);
	for (i = 0; i < btf_vlen(t); i++) {
		if (btf_is_enum64(t)) {
			name = btf__name_by_offset(type.btf, e64[i].name_off);
			number = btf_enum64_value(&e64[i]);
		} else {
			name = btf__name_by_offset(type.btf, e[i].name_off);
			number = (uint32_t)e[i].val;
		}
		if (found(name, number, data))
			return name;
	}
	return NULL;
}

static bool is_number(const char *name, uint64_t number, void *data)
{
	(void)name;
	return number == *(uint64_t *)data;
}

const char *enum_name(struct type type, uint64_t number)
{
	return find_name(type, is_number, &number);
}

struct named {
	const char *name;
	uint64_t number;
};

static bool is_named(const char *name, uint64_t number, void *data)
{
	struct named *named = data;

	named->number = number;
	return !strcmp(name, named->name);
}

bool enum_number(struct type type, const char *name, uint64_t *ret)
{
	struct named named = { .name = name };

	if (!find_name(type, is_named, &named))
		return false;
	*ret = named.number;
	return true;
}
