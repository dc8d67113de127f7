/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The kernel's types, and those of its modules, by name. */
#ifndef WALK_TYPES_H
#define WALK_TYPES_H

#include <bpf/btf.h>
#include <stdbool.h>
#include <stdint.h>

#include "core/error.h"
#include "util/sysroot.h"

/* Of the kernel's BTF or of a module's. Void, and unknown, is id 0. */
struct type {
	const struct btf *btf;
	uint32_t id;
};

struct types;

/*
 * Reads /sys/kernel/btf/vmlinux of a root; modules only once they are needed.
 * @given: for the running kernel, a file of its types, or NULL. Return: 0, or
 * -errno with the reason in @error.
 *
 * Ownership: the caller frees @ret, which keeps all types alive.
 */
int types_open(const struct sysroot *sysroot, const char *given,
	       struct types **ret, struct dmabuf_error *error);
void types_free(struct types *types);

/*
 * Finds a struct or union by name; where several are called so, the first that
 * has @member, if one is given. Return: 0, or -ENOENT with the reason and the
 * nearest name in @error.
 */
int types_find(struct types *types, const char *name, size_t length,
	       const char *member, struct type *ret,
	       struct dmabuf_error *error);

/*
 * Calls @each for each struct and union that has a name. Return: 0 or -ENOMEM.
 */
int types_each(struct types *types,
	       void (*each)(void *data, const char *name, struct type type),
	       void *data);

/*
 * Writes the names of the BPF iterators that this kernel has for objects of a
 * struct, such as "iter/task", with ", " between. Return: 0 or -ENOMEM.
 */
int types_iterators(struct types *types, const char *name, char *to,
		    size_t size);

/* A member, in bits from the start of the struct that was asked. */
struct member {
	struct type type;
	uint32_t bit_offset;
	uint32_t bits; /* of a bit field, else 0 */
};

/*
 * Finds a member, those of anonymous structs in it included. Return: whether it
 * is there.
 */
bool type_member(struct type type, const char *name, size_t length,
		 struct member *ret);

/* Calls @each for each member that has a name, as type_member() finds them. */
void type_each_member(struct type type,
		      void (*each)(void *data, const char *name,
				   struct type type),
		      void *data);

const struct btf_type *type_get(struct type type);

/* Without const, volatile, typedefs and the like. */
struct type type_plain(struct type type);

/* What a pointer or array is of. */
struct type type_target(struct type type);

bool type_is_void(struct type type);
bool type_is_pointer(struct type type);
bool type_is_composite(struct type type); /* struct or union */

/* Whether it is an array, and of how many elements. @count may be NULL. */
bool type_is_array(struct type type, uint32_t *count);

/*
 * Finds what is only declared in the BTF of a type where it is defined. Return:
 * 0, or -ENOENT with the reason in @error.
 */
int types_complete(struct types *types, struct type *type,
		   struct dmabuf_error *error);

/* Whether it is a struct of this name. */
bool type_is_called(struct type type, const char *name);

/* Its name, or "". */
const char *type_name(struct type type);

/* Bytes, or 0 when they are not known. */
size_t type_size(struct type type);

/* Writes it as in C, such as "struct file *". */
void type_describe(struct type type, char *to, size_t size);

#endif
