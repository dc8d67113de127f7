// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * One pass over the kernel's types finds those that we name; these are copied,
 * each with those of its members that we name. A type that is only pointed to
 * becomes void, and one that we do not name keeps its size and loses its
 * members: relocations of a BPF program ask for no more, and libbpf compares
 * each name in its way with each of ours.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/btf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include "bpf/btf_names.h"
#include "bpf/btf_subset.h"
#include "util/cleanup.h"
#include "util/io.h"
#include "util/vec.h"

#define HEAD sizeof(struct btf_type)

/* As wide as the widest of any kernel: what older ones do not use is 0 there.
 */
#define KIND_MASK 0x7f
#define VLEN_MASK 0xffffffU

enum { KINDS = KIND_MASK + 1 };

/* Bytes of a type without its members, and of each member; 0: not known. */
static const struct {
	uint8_t own, each;
} sizes[KINDS] = {
	[BTF_KIND_UNKN] = { HEAD, 0 },
	[BTF_KIND_INT] = { HEAD + sizeof(__u32), 0 },
	[BTF_KIND_PTR] = { HEAD, 0 },
	[BTF_KIND_ARRAY] = { HEAD + sizeof(struct btf_array), 0 },
	[BTF_KIND_STRUCT] = { HEAD, sizeof(struct btf_member) },
	[BTF_KIND_UNION] = { HEAD, sizeof(struct btf_member) },
	[BTF_KIND_ENUM] = { HEAD, sizeof(struct btf_enum) },
	[BTF_KIND_FWD] = { HEAD, 0 },
	[BTF_KIND_TYPEDEF] = { HEAD, 0 },
	[BTF_KIND_VOLATILE] = { HEAD, 0 },
	[BTF_KIND_CONST] = { HEAD, 0 },
	[BTF_KIND_RESTRICT] = { HEAD, 0 },
	[BTF_KIND_FUNC] = { HEAD, 0 },
	[BTF_KIND_FUNC_PROTO] = { HEAD, sizeof(struct btf_param) },
	[BTF_KIND_VAR] = { HEAD + sizeof(struct btf_var), 0 },
	[BTF_KIND_DATASEC] = { HEAD, sizeof(struct btf_var_secinfo) },
	[BTF_KIND_FLOAT] = { HEAD, 0 },
	[BTF_KIND_DECL_TAG] = { HEAD + sizeof(struct btf_decl_tag), 0 },
	[BTF_KIND_TYPE_TAG] = { HEAD, 0 },
	[BTF_KIND_ENUM64] = { HEAD, sizeof(struct btf_enum64) },
};

#define IS(kind) (1U << BTF_KIND_##kind)
#define ALIASES                                                                \
	(IS(TYPEDEF) | IS(VOLATILE) | IS(CONST) | IS(RESTRICT) | IS(TYPE_TAG))

/**
 * struct source - a BTF that is read: the kernel's, or of one of its modules
 * @base: the kernel's, whose types and strings go before those of a module
 * @data: the file
 * @size: its bytes
 * @is_mapped: it is mapped, not copied
 * @types: where they begin in it
 * @types_end: where they end
 * @strings: where these begin
 * @strings_size: their bytes
 * @first: id of the first type
 * @first_string: offset of the first string
 * @n: how many types
 * @places: where in @data each of them is
 * @copies: the id that each has in the copy, 0 for none
 */
struct source {
	const struct source *base;
	char *data;
	size_t size;
	bool is_mapped;
	uint32_t types, types_end, strings, strings_size;
	uint32_t first, first_string, n;
	uint32_t *places, *copies;
};

/**
 * struct copy - the BTF that is made
 * @types: bytes
 * @strings: bytes
 * @queue: ids of the source whose types are to be copied, in order
 * @copied: how many of these are
 * @last: the last id that was given
 * @sources: how many were added
 * @found: the source, counted from 1, that has each of @structs; 0: none yet
 * @structs: names of the structs to copy
 * @members: names of the members to copy
 * @functions: names of the functions whose ids are wanted
 */
struct copy {
	struct vec types, strings, queue;
	size_t copied;
	uint32_t last, sources;
	uint32_t *found;
	struct btf_names structs, members, functions;
};

/**
 * struct btf_subset - what we need of the kernel's BTF
 * @base: the kernel's own, kept for when modules are wanted too
 * @files: how many there were when modules were searched
 * @copy: of our types
 * @fd: a file that has the copy
 * @path: of this file
 * @functions: ids in the kernel's own BTF of the copy's functions, 0: none
 */
struct btf_subset {
	struct source base;
	size_t files;
	struct copy copy;
	int fd;
	char path[32];
	uint32_t *functions;
};

static void source_fini(struct source *source)
{
	if (source->is_mapped)
		munmap(source->data, source->size);
	else
		free(source->data);
	free(source->places);
	free(source->copies);
}

/* Return: 0 or -ENOMEM; the caller ends @copy with copy_fini() either way. */
static int copy_init(struct copy *copy)
{
	*copy = (struct copy){
		.types = VEC_OF(char),
		.strings = VEC_OF(char),
		.queue = VEC_OF(uint32_t),
	};
	btf_names_init_structs(&copy->structs);
	btf_names_init_members(&copy->members);
	btf_names_init_functions(&copy->functions);
	copy->found = calloc(copy->structs.n, sizeof(*copy->found));
	return copy->found ? 0 : -ENOMEM;
}

static void copy_fini(struct copy *copy)
{
	vec_fini(&copy->types);
	vec_fini(&copy->strings);
	vec_fini(&copy->queue);
	free(copy->found);
}

/* Since Linux v6.17 the kernel's own can be mapped; that of modules cannot. */
static int read_file(int fd, struct source *ret)
{
	struct stat st;
	size_t got = 0;
	ssize_t n;

	if (fstat(fd, &st))
		return -errno;
	ret->size = st.st_size;
	ret->data = mmap(NULL, ret->size, PROT_READ, MAP_PRIVATE, fd, 0);
	ret->is_mapped = ret->data != MAP_FAILED;
	if (ret->is_mapped)
		return 0;

	ret->data = malloc(ret->size + 1);
	if (!ret->data)
		return -ENOMEM;
	do {
		n = read_retry(fd, ret->data + got, ret->size - got);
		got += n > 0 ? n : 0;
	} while (n > 0 && got < ret->size);
	ret->size = got;
	return n < 0 ? n : 0;
}

static int read_head(struct source *source)
{
	struct btf_header head;
	uint64_t types, strings;

	if (source->size < sizeof(head))
		return -EBADMSG;
	memcpy(&head, source->data, sizeof(head));
	types = (uint64_t)head.hdr_len + head.type_off;
	strings = (uint64_t)head.hdr_len + head.str_off;
	if (head.magic != BTF_MAGIC || head.version != BTF_VERSION ||
	    types % sizeof(uint32_t) || types + head.type_len > source->size ||
	    strings + head.str_len > source->size || head.type_len < HEAD ||
	    head.str_len < sizeof(uint32_t) ||
	    source->data[strings + head.str_len - 1])
		return -EBADMSG;
	source->types = types;
	source->types_end = types + head.type_len;
	source->strings = strings;
	source->strings_size = head.str_len;
	return 0;
}

static const char *string(const struct source *source, uint32_t offset)
{
	if (offset < source->first_string)
		return string(source->base, offset);
	offset -= source->first_string;
	return offset < source->strings_size
		       ? source->data + source->strings + offset
		       : "";
}

static const struct btf_type *type(const struct source *source, uint32_t id)
{
	if (id < source->first)
		return source->base ? type(source->base, id) : NULL;
	id -= source->first;
	return id < source->n
		       ? (const void *)(source->data + source->places[id])
		       : NULL;
}

static uint32_t kind_of(const struct btf_type *t)
{
	return t->info >> 24 & KIND_MASK;
}

static uint32_t vlen_of(const struct btf_type *t)
{
	return t->info & VLEN_MASK;
}

/* Whether a name may be in the set, by its first bytes. */
static inline bool is_likely(const struct source *source,
			     const struct btf_names *names, uint32_t name)
{
	if (name < source->first_string)
		return is_likely(source->base, names, name);
	name -= source->first_string;
	/* Names at the very end have too few bytes to test. */
	return (uint64_t)name + sizeof(names->mask) > source->strings_size ||
	       btf_names_may_have(names, source->data + source->strings + name);
}

/* The id in the copy of a type; when it has none yet it is queued. */
static int copy_id(struct copy *copy, const struct source *source, uint32_t id,
		   uint32_t *ret)
{
	const struct source *owner = id < source->first ? source->base : source;
	uint32_t *slot = &owner->copies[id - owner->first];
	int r;

	if (!*slot) {
		r = vec_push(&copy->queue, &id);
		if (r)
			return r;
		*slot = ++copy->last;
	}
	*ret = *slot;
	return 0;
}

/* The same for the type of a member, without its other names. */
static int copy_inner(struct copy *copy, const struct source *source,
		      uint32_t id, uint32_t *ret)
{
	const struct btf_type *t = type(source, id);
	int depth;

	for (depth = 0; t && 1U << kind_of(t) & ALIASES; depth++) {
		if (depth == 32)
			return -EBADMSG;
		id = t->type;
		t = type(source, id);
	}
	*ret = 0;
	return t && id ? copy_id(copy, source, id, ret) : 0;
}

static int add_bytes(struct vec *to, const void *bytes, size_t n)
{
	int r = 0;

	if (to->n + n > to->room)
		r = vec_reserve(to, (to->n + n) * 2);
	if (r)
		return r;
	memcpy((char *)to->data + to->n, bytes, n);
	to->n += n;
	return 0;
}

static int add_string(struct copy *copy, const char *text, uint32_t *ret)
{
	*ret = 0;
	if (!*text)
		return 0;
	*ret = copy->strings.n;
	return add_bytes(&copy->strings, text, strlen(text) + 1);
}

/* Of those without a name it has to be seen what is in them. */
static bool is_wanted(const struct copy *copy, const struct source *source,
		      const struct btf_member *member)
{
	const char *name;

	if (!is_likely(source, &copy->members, member->name_off))
		return !*string(source, member->name_off);
	name = string(source, member->name_off);
	return !*name || btf_names_find(&copy->members, name) >= 0;
}

/* @t is in the copy already, as the last that is there. */
static int copy_members(struct copy *copy, const struct source *source,
			const struct btf_type *t)
{
	const struct btf_member *member = (const void *)(t + 1);
	const size_t head = copy->types.n - sizeof(*t);
	struct btf_member m;
	uint32_t i, n = 0;
	int r = 0;

	for (i = 0; !r && i < vlen_of(t); i++) {
		m = member[i];
		if (!is_wanted(copy, source, &m))
			continue;
		r = add_string(copy, string(source, m.name_off), &m.name_off)
			    ?: copy_inner(copy, source, m.type, &m.type)
			    ?: add_bytes(&copy->types, &m, sizeof(m));
		n++;
	}
	((struct btf_type *)((char *)copy->types.data + head))->info =
		(t->info & ~VLEN_MASK) | n;
	return r;
}

static int copy_type(struct copy *copy, const struct source *source,
		     const struct btf_type *t)
{
	const char *name = string(source, t->name_off);
	const uint32_t kind = kind_of(t);
	struct btf_array array;
	struct btf_type out = *t;
	int r;

	out.name_off = 0;
	switch (kind) {
	case BTF_KIND_STRUCT:
	case BTF_KIND_UNION:
		if (*name && btf_names_find(&copy->structs, name) < 0) {
			out.info &= ~VLEN_MASK;
			return add_bytes(&copy->types, &out, sizeof(out));
		}
		return add_string(copy, name, &out.name_off)
			       ?: add_bytes(&copy->types, &out, sizeof(out))
			       ?: copy_members(copy, source, t);
	case BTF_KIND_ARRAY:
		memcpy(&array, t + 1, sizeof(array));
		r = copy_inner(copy, source, array.type, &array.type)
			    ?: copy_inner(copy, source, array.index_type,
					  &array.index_type);
		return r ?: add_bytes(&copy->types, &out, sizeof(out))
			       ?: add_bytes(&copy->types, &array,
					    sizeof(array));
	case BTF_KIND_INT:
		return add_bytes(&copy->types, &out, sizeof(out))
			       ?: add_bytes(&copy->types, t + 1,
					    sizes[kind].own - HEAD);
	case BTF_KIND_ENUM:
	case BTF_KIND_ENUM64:
	case BTF_KIND_FLOAT:
		out.info &= ~VLEN_MASK;
		return add_bytes(&copy->types, &out, sizeof(out));
	default:
		/* A pointer, to whatever, or what has no size. */
		out.info = BTF_KIND_PTR << 24;
		out.type = 0;
		return add_bytes(&copy->types, &out, sizeof(out));
	}
}

static int copy_queue(struct copy *copy, const struct source *source)
{
	uint32_t id;
	int r = 0;

	for (; !r && copy->copied < copy->queue.n; copy->copied++) {
		id = *(uint32_t *)vec_at(&copy->queue, copy->copied);
		r = copy_type(copy, source, type(source, id));
	}
	return r;
}

/* Whether the copy wants the type: one that an earlier source had, it has. */
static bool wants(struct copy *copy, const char *name)
{
	const ptrdiff_t i = btf_names_find(&copy->structs, name);

	if (i < 0 || (copy->found[i] && copy->found[i] != copy->sources))
		return false;
	copy->found[i] = copy->sources;
	return true;
}

static int check_type(struct copy *copy, const struct source *source,
		      const struct btf_type *t, uint32_t id,
		      uint32_t *function_ids)
{
	const char *name = string(source, t->name_off);
	ptrdiff_t function;
	uint32_t new_id;

	if (kind_of(t) != BTF_KIND_FUNC)
		return wants(copy, name) ? copy_id(copy, source, id, &new_id)
					 : 0;
	function = btf_names_find(&copy->functions, name);
	if (function >= 0 && function_ids)
		function_ids[function] = id;
	return 0;
}

/* Finds where each type is, and the types and functions that we name. */
static int search(struct copy *copy, struct source *source,
		  uint32_t *function_ids)
{
	const struct btf_names *wanted[KINDS] = {
		[BTF_KIND_STRUCT] = &copy->structs,
		[BTF_KIND_UNION] = &copy->structs,
		[BTF_KIND_FUNC] = &copy->functions,
	};
	const char *const begin = source->data, *at = begin + source->types;
	const char *const end = begin + source->types_end;
	uint32_t *place = source->places, kind;
	const struct btf_type *t;
	size_t size;
	int r;

	for (; at <= end - HEAD; at += size) {
		t = (const void *)at;
		kind = kind_of(t);
		size = sizes[kind].own + (size_t)vlen_of(t) * sizes[kind].each;
		if (!size)
			return -EBADMSG;
		*place++ = at - begin;
		if (!wanted[kind] ||
		    !is_likely(source, wanted[kind], t->name_off))
			continue;
		r = check_type(copy, source, t,
			       source->first + (place - source->places) - 1,
			       function_ids);
		if (r)
			return r;
	}
	source->n = place - source->places;
	/* Else the last one has less than it says. */
	return at == end ? 0 : -EBADMSG;
}

/* Reads a BTF and copies what we name of it. */
static int add_source(struct copy *copy, int fd, struct source *source,
		      uint32_t *function_ids)
{
	size_t most;
	int r;

	copy->sources++;
	r = read_file(fd, source) ?: read_head(source);
	if (r)
		return r;
	most = (source->types_end - source->types) / sizeof(struct btf_type);
	source->places = reallocarray(NULL, most + 1, sizeof(uint32_t));
	source->copies = calloc(most + 1, sizeof(uint32_t));
	if (!source->places || !source->copies)
		return -ENOMEM;
	return search(copy, source, function_ids) ?: copy_queue(copy, source);
}

/* How far a copy is. */
struct mark {
	size_t types, strings, queue, copied;
	uint32_t last;
};

static struct mark mark_of(const struct copy *copy)
{
	return (struct mark){
		.types = copy->types.n,
		.strings = copy->strings.n,
		.queue = copy->queue.n,
		.copied = copy->copied,
		.last = copy->last,
	};
}

/* Removes what the last source added, and what it added of @base. */
static void go_back(struct copy *copy, const struct source *base,
		    const struct mark *mark)
{
	const uint32_t *id = copy->queue.data;
	size_t i;

	for (i = mark->queue; i < copy->queue.n; i++)
		if (id[i] - base->first < base->n)
			base->copies[id[i] - base->first] = 0;
	copy->types.n = mark->types;
	copy->strings.n = mark->strings;
	copy->queue.n = mark->queue;
	copy->copied = mark->copied;
	copy->last = mark->last;
	for (i = 0; i < copy->structs.n; i++)
		if (copy->found[i] == copy->sources)
			copy->found[i] = 0;
}

/* What of a module cannot be read is not there: modules come and go. */
static int add_module(struct copy *copy, const struct source *base, int dir,
		      const char *name)
{
	struct source module = {
		.base = base,
		.first = base->first + base->n,
		.first_string = base->strings_size,
	};
	const struct mark mark = mark_of(copy);
	_cleanup_close_ int fd = openat(dir, name, O_RDONLY | O_CLOEXEC);
	int r = fd < 0 ? 0 : add_source(copy, fd, &module, NULL);

	if (r)
		go_back(copy, base, &mark);
	source_fini(&module);
	return r == -ENOMEM ? r : 0;
}

static int add_modules(struct copy *copy, const struct source *base,
		       const char *path)
{
	DIR *dir = opendir(path);
	struct dirent *entry;
	int r = 0;

	while (dir && !r && (entry = readdir(dir)))
		if (entry->d_name[0] != '.' && strcmp(entry->d_name, "vmlinux"))
			r = add_module(copy, base, dirfd(dir), entry->d_name);
	if (dir)
		closedir(dir);
	return r;
}

/* A file without a name that has the copy. */
static int write_copy(const struct copy *copy)
{
	struct btf_header head = {
		.magic = BTF_MAGIC,
		.version = BTF_VERSION,
		.hdr_len = sizeof(head),
		.type_len = copy->types.n,
		.str_off = copy->types.n,
		.str_len = copy->strings.n,
	};
	const struct iovec parts[] = {
		{ &head, sizeof(head) },
		{ copy->types.data, copy->types.n },
		{ copy->strings.data, copy->strings.n },
	};
	const ssize_t size = sizeof(head) + copy->types.n + copy->strings.n;
	_cleanup_close_ int fd = memfd_create("dmabuf_btf", MFD_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : writev(fd, parts, 3);

	if (n < 0)
		return -errno;
	return n == size ? take_fd(&fd) : -EIO;
}

DEFINE_CLEANUP(btf, struct btf_subset, btf_subset_free)

/* Gives the copy a file, in place of the one it has. */
static int give_file(struct btf_subset *btf)
{
	int fd = write_copy(&btf->copy);

	if (fd < 0)
		return fd;
	if (btf->fd >= 0)
		close(btf->fd);
	btf->fd = fd;
	snprintf(btf->path, sizeof(btf->path), "/proc/self/fd/%d", fd);
	return 0;
}

static struct btf_subset *new_subset(void)
{
	_cleanup_(btf_cleanup) struct btf_subset *btf = NULL;

	btf = calloc(1, sizeof(*btf));
	if (!btf)
		return NULL;
	btf->fd = -1;
	btf->base.first = 1;
	if (copy_init(&btf->copy))
		return NULL;
	btf->functions = calloc(btf->copy.functions.n, sizeof(*btf->functions));
	return btf->functions ? take_ptr(btf) : NULL;
}

static int why_not_read(struct dmabuf_error *error, int r, const char *path)
{
	return error_set(error, r, "%s: %s", path, strerror(-r));
}

int btf_subset_new(const char *dir, struct btf_subset **ret,
		   struct dmabuf_error *error)
{
	_cleanup_(btf_cleanup) struct btf_subset *btf = NULL;
	_cleanup_close_ int fd = -1;
	char path[PATH_MAX];
	int r;

	snprintf(path, sizeof(path), "%s/vmlinux", dir);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0) {
		error_set(error, -EOPNOTSUPP, "%s: %s", path, strerror(errno));
		return error_hint(error, "boot a kernel built with "
					 "CONFIG_DEBUG_INFO_BTF=y");
	}
	btf = new_subset();
	if (!btf)
		return error_no_memory(error);
	r = add_bytes(&btf->copy.strings, "", 1)
		    ?: add_source(&btf->copy, fd, &btf->base, btf->functions)
		    ?: give_file(btf);
	if (r)
		return why_not_read(error, r, path);
	*ret = take_ptr(btf);
	return 0;
}

static size_t count_files(const char *path)
{
	DIR *dir = opendir(path);
	size_t n = 0;

	while (dir && readdir(dir))
		n++;
	if (dir)
		closedir(dir);
	return n;
}

int btf_subset_add_modules(struct btf_subset *btf, const char *dir,
			   struct dmabuf_error *error)
{
	const size_t files = count_files(dir);
	int r;

	/* One that was loaded since may have what was missed. */
	if (btf->files == files)
		return 0;
	r = add_modules(&btf->copy, &btf->base, dir) ?: give_file(btf);
	if (r)
		return why_not_read(error, r, dir);
	btf->files = files;
	return 0;
}

void btf_subset_free(struct btf_subset *btf)
{
	if (!btf)
		return;
	if (btf->fd >= 0)
		close(btf->fd);
	source_fini(&btf->base);
	copy_fini(&btf->copy);
	free(btf->functions);
	free(btf);
}

const char *btf_subset_path(const struct btf_subset *btf)
{
	return btf->path;
}

uint32_t btf_subset_function(const struct btf_subset *btf, const char *name)
{
	const ptrdiff_t i = btf_names_find(&btf->copy.functions, name);

	return i < 0 ? 0 : btf->functions[i];
}
