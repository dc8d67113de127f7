// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/unit/unit.h"

#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bpf/btf_subset.h"
#include "abi/memory.h"
#include "read_memory.skel.h"

static char dir[] = "/tmp/test_btf_subset.XXXXXX";

static void write_file(const char *name, const void *data, size_t size)
{
	char path[128];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	file = fopen(path, "w");
	assert_non_null(file);
	assert_int_equal(fwrite(data, 1, size, file), size);
	assert_int_equal(fclose(file), 0);
}

static void remove_file(const char *name)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	unlink(path);
}

static void write_btf(const char *name, const struct btf *btf)
{
	__u32 size;
	const void *data = btf__raw_data(btf, &size);

	write_file(name, data, size);
}

/* Types of a buffer, as in a kernel, and a struct that nobody asks for. */
static struct btf *make_kernel(void)
{
	struct btf *btf = btf__new_empty();
	int u64, other, inner, count, file, pointer, proto;

	assert_non_null(btf);
	u64 = btf__add_int(btf, "unsigned long", 8, 0);
	/* A struct of a module may use a string of the kernel as its name. */
	btf__add_fwd(btf, "vb2_plane", BTF_FWD_STRUCT);
	other = btf__add_struct(btf, "nobody_names_this", 24);
	btf__add_field(btf, "gone", u64, 64, 0);
	inner = btf__add_struct(btf, NULL, 8);
	btf__add_field(btf, "counter", u64, 0, 0);
	count = btf__add_const(btf, btf__add_typedef(btf, "atomic_t", inner));
	file = btf__add_struct(btf, "file", 40);
	btf__add_field(btf, "f_path", other, 0, 0);
	btf__add_field(btf, "f_count", count, 192, 0);
	pointer = btf__add_ptr(btf, file);
	btf__add_struct(btf, "dma_buf", 16);
	btf__add_field(btf, "size", u64, 0, 0);
	btf__add_field(btf, "nobody_names_this", u64, 0, 0);
	btf__add_field(btf, "file", pointer, 64, 0);
	proto = btf__add_func_proto(btf, 0);
	btf__add_func(btf, "bpf_iter_dmabuf", BTF_FUNC_GLOBAL, proto);
	return btf;
}

static struct btf *read_copy(struct btf_subset **kernel)
{
	struct dmabuf_error error = {};
	struct btf *copy;

	assert_int_equal(btf_subset_new(dir, NULL, kernel, &error), 0);
	copy = btf__parse(btf_subset_path(*kernel), NULL);
	assert_non_null(copy);
	return copy;
}

static const struct btf_member *member_of(const struct btf *btf,
					  const struct btf_type *t,
					  const char *name)
{
	const struct btf_member *m = btf_members(t);
	int i;

	for (i = 0; i < btf_vlen(t); i++)
		if (!strcmp(btf__name_by_offset(btf, m[i].name_off), name))
			return &m[i];
	fail_msg("no member %s", name);
	return NULL;
}

static const struct btf_type *find(const struct btf *btf, const char *name)
{
	int id = btf__find_by_name_kind(btf, name, BTF_KIND_STRUCT);

	assert_true(id > 0);
	return btf__type_by_id(btf, id);
}

static void test_copy(void **state)
{
	struct btf *made = make_kernel(), *copy;
	const struct btf_member *m;
	const struct btf_type *t;
	struct btf_subset *kernel;

	(void)state;
	write_btf("vmlinux", made);
	copy = read_copy(&kernel);

	t = find(copy, "dma_buf");
	assert_int_equal(t->size, 16);
	/* The other members keep their offsets. */
	assert_int_equal(btf_vlen(t), 2);
	assert_int_equal(member_of(copy, t, "size")->offset, 0);
	assert_int_equal(member_of(copy, t, "file")->offset, 64);
	/* A type that is only pointed to has no members. */
	assert_int_equal(
		btf__type_by_id(copy, member_of(copy, t, "file")->type)->type,
		0);

	t = find(copy, "file");
	assert_int_equal(t->size, 40);
	m = member_of(copy, t, "f_count");
	assert_int_equal(m->offset, 192);
	/* Typedefs are left out; anonymous structs are complete. */
	t = btf__type_by_id(copy, m->type);
	assert_int_equal(btf_kind(t), BTF_KIND_STRUCT);
	member_of(copy, t, "counter");
	/* A type that we do not ask for keeps only its size. */
	m = member_of(copy, find(copy, "file"), "f_path");
	assert_int_equal(btf__resolve_size(copy, m->type), 24);
	assert_int_equal(btf_vlen(btf__type_by_id(copy, m->type)), 0);

	assert_int_equal(
		btf_subset_function(kernel, "bpf_iter_dmabuf"),
		btf__find_by_name_kind(made, "bpf_iter_dmabuf", BTF_KIND_FUNC));
	assert_int_equal(btf_subset_function(kernel, "bpf_iter_task_vma"), 0);
	assert_int_equal(btf_subset_function(kernel, "what"), 0);

	btf__free(copy);
	btf__free(made);
	btf_subset_free(kernel);
}

/* Types of modules come after those of the kernel and may refer to them. */
static void test_modules(void **state)
{
	struct btf *made = make_kernel(), *copy, *module;
	struct btf_subset *kernel;
	const struct btf_type *t;
	struct dmabuf_error error = {};
	int pointer;

	(void)state;
	write_btf("vmlinux", made);
	module = btf__new_empty_split(made);
	pointer = btf__add_ptr(module, 1);
	btf__add_struct(module, "vb2_plane", 32);
	btf__add_field(module, "dbuf", pointer, 64, 0);
	btf__add_field(module, "index", 1, 128, 0);
	/* The kernel has this name too: the module's struct is another one. */
	btf__add_struct(module, "dma_buf", 99);
	write_btf("videobuf2", module);

	copy = read_copy(&kernel);
	assert_true(btf__find_by_name_kind(copy, "vb2_plane", BTF_KIND_STRUCT) <
		    0);
	btf__free(copy);

	assert_int_equal(btf_subset_add_modules(kernel, dir, NULL, &error), 0);
	copy = btf__parse(btf_subset_path(kernel), NULL);
	assert_non_null(copy);
	t = find(copy, "vb2_plane");
	assert_int_equal(member_of(copy, t, "dbuf")->offset, 64);
	assert_int_equal(
		btf__resolve_size(copy, member_of(copy, t, "index")->type), 8);
	assert_int_equal(find(copy, "dma_buf")->size, 16);

	btf__free(copy);
	btf__free(module);
	btf__free(made);
	btf_subset_free(kernel);
	remove_file("videobuf2");
}

/* A module with one struct; its last type is of an unknown kind. */
static void write_module(const char *name, const struct btf *base,
			 const char *type, bool damaged)
{
	struct btf *module = btf__new_empty_split((struct btf *)base);
	struct btf_header head;
	unsigned char copy[1024];
	const void *data;
	uint32_t info = 31U << 24;
	__u32 size;

	btf__add_struct(module, type, 32);
	btf__add_field(module, "index", 1, 128, 0);
	btf__add_ptr(module, 1);
	data = btf__raw_data(module, &size);
	assert_true(size <= sizeof(copy));
	memcpy(copy, data, size);
	memcpy(&head, copy, sizeof(head));
	/* A pointer has three words: name, info, type. */
	if (damaged)
		memcpy(copy + head.hdr_len + head.type_off + head.type_len - 8,
		       &info, sizeof(info));
	write_file(name, copy, size);
	btf__free(module);
}

/* A module that cannot be read does not affect the others. */
static void test_damaged_module(void **state)
{
	struct btf *made = make_kernel(), *copy;
	struct btf_subset *kernel;
	struct dmabuf_error error = {};

	(void)state;
	write_btf("vmlinux", made);
	write_module("a", made, "vb2_queue", true);
	write_module("b", made, "vb2_plane", false);
	write_module("c", made, "vb2_queue", true);
	copy = read_copy(&kernel);
	btf__free(copy);
	assert_int_equal(btf_subset_add_modules(kernel, dir, NULL, &error), 0);
	copy = btf__parse(btf_subset_path(kernel), NULL);
	assert_non_null(copy);
	assert_int_equal(
		member_of(copy, find(copy, "vb2_plane"), "index")->offset, 128);
	assert_true(btf__find_by_name_kind(copy, "vb2_queue", BTF_KIND_STRUCT) <
		    0);
	btf__free(copy);

	/* A loaded module has this type. */
	write_module("d", made, "vb2_queue", false);
	assert_int_equal(btf_subset_add_modules(kernel, dir, NULL, &error), 0);
	copy = btf__parse(btf_subset_path(kernel), NULL);
	assert_non_null(copy);
	assert_int_equal(
		member_of(copy, find(copy, "vb2_queue"), "index")->offset, 128);
	btf__free(copy);
	btf_subset_free(kernel);
	btf__free(made);
	remove_file("a");
	remove_file("b");
	remove_file("c");
	remove_file("d");
}

/* Adds a type of each shape that a kernel has between those that we copy. */
static void add_others(struct btf *btf, int n)
{
	static const char *const names[] = { "a", "bb", "ccc", "dddd" };
	int i, id;

	for (i = 0; i < n; i++)
		switch (i % 5) {
		case 0:
			btf__add_ptr(btf, 1);
			break;
		case 1:
			id = btf__add_enum(btf, names[i / 5 % 4], 4);
			assert_true(id > 0);
			btf__add_enum_value(btf, "first", 0);
			btf__add_enum_value(btf, "second", 1);
			break;
		case 2:
			btf__add_array(btf, 1, 1, i);
			break;
		case 3:
			btf__add_struct(btf, names[i / 5 % 4], 8);
			btf__add_field(btf, "size", 1, 0, 0);
			break;
		case 4:
			id = btf__add_func_proto(btf, 0);
			btf__add_func_param(btf, "a", 1);
			btf__add_func(btf, "f", BTF_FUNC_GLOBAL, id);
			break;
		}
}

/* A struct whose member is @others types before it, and a function. */
static struct btf *make_distant(const struct btf *base, const char *name,
				const char *member, int others)
{
	struct btf *btf = base ? btf__new_empty_split((struct btf *)base)
			       : btf__new_empty();
	int inner, proto;

	assert_non_null(btf);
	btf__add_int(btf, base ? "other" : "unsigned long", 8, 0);
	add_others(btf, others);
	inner = btf__add_struct(btf, NULL, 8 + 8 * others);
	add_others(btf, others);
	btf__add_struct(btf, name, 8 + 8 * others);
	btf__add_field(btf, member, inner, 0, 0);
	proto = btf__add_func_proto(btf, 0);
	btf__add_func(btf, "bpf_iter_dmabuf", BTF_FUNC_GLOBAL, proto);
	return btf;
}

static void check_member(const struct btf *copy, const char *name,
			 const char *member, int size)
{
	const struct btf_type *t = find(copy, name);

	assert_int_equal(t->size, size);
	assert_int_equal(
		btf__resolve_size(copy, member_of(copy, t, member)->type),
		size);
}

/* Types are found wherever they are, in a kernel and in a module. */
static void test_places(void **state)
{
	struct btf *made, *module, *copy;
	struct dmabuf_error error = {};
	struct btf_subset *kernel;
	int others;

	(void)state;
	for (others = 0; others < 70; others++) {
		made = make_distant(NULL, "dma_buf", "size", others);
		module = make_distant(made, "vb2_plane", "dbuf", others);
		write_btf("vmlinux", made);
		write_btf("module", module);
		copy = read_copy(&kernel);
		btf__free(copy);
		assert_int_equal(
			btf_subset_add_modules(kernel, dir, NULL, &error), 0);
		copy = btf__parse(btf_subset_path(kernel), NULL);
		assert_non_null(copy);
		check_member(copy, "dma_buf", "size", 8 + 8 * others);
		check_member(copy, "vb2_plane", "dbuf", 8 + 8 * others);
		assert_int_equal(btf_subset_function(kernel, "bpf_iter_dmabuf"),
				 btf__find_by_name_kind(made, "bpf_iter_dmabuf",
							BTF_KIND_FUNC));
		btf__free(copy);
		btf__free(module);
		btf__free(made);
		btf_subset_free(kernel);
		remove_file("module");
	}
}

static void add_many(struct btf *btf, const char *prefix)
{
	char name[16];
	int i;

	for (i = 0; i < 3000; i++) {
		snprintf(name, sizeof(name), "%s%04d", prefix, i);
		btf__add_struct(btf, name, i);
	}
}

/* Two groups of others have the name, too. */
static void add_wanted(struct btf *btf, int inner)
{
	int i;

	btf__add_typedef(btf, "dma_buf", inner);
	btf__add_struct(btf, "dma_buf", 40);
	btf__add_field(btf, "size", inner, 0, 0);
	for (i = 0; i < 64; i++)
		btf__add_typedef(btf, "dma_buf", inner);
	btf__add_struct(btf, "file", 40);
	btf__add_field(btf, "f_count", inner, 0, 0);
	btf__add_int(btf, "unsigned long", 8, 0);
}

/*
 * As sorted BTF, types without a name come first. @sorted: whether the others
 * are, too.
 */
static struct btf *make_sorted(bool sorted)
{
	struct btf *btf = btf__new_empty();
	int inner, proto;

	assert_non_null(btf);
	inner = btf__add_struct(btf, NULL, 40);
	proto = btf__add_func_proto(btf, 0);
	if (!sorted)
		add_wanted(btf, inner);
	add_many(btf, "a");
	btf__add_func(btf, "bpf_iter_dmabuf", BTF_FUNC_GLOBAL, proto);
	add_many(btf, "c");
	if (sorted)
		add_wanted(btf, inner);
	add_many(btf, "z");
	return btf;
}

/* A type is found by its name, whatever the order of names is. */
static void test_sorted(void **state)
{
	struct btf *made, *copy;
	struct btf_subset *kernel;
	int sorted;

	(void)state;
	for (sorted = 0; sorted < 2; sorted++) {
		made = make_sorted(sorted);
		write_btf("vmlinux", made);
		copy = read_copy(&kernel);
		check_member(copy, "dma_buf", "size", 40);
		check_member(copy, "file", "f_count", 40);
		assert_int_equal(btf_subset_function(kernel, "bpf_iter_dmabuf"),
				 btf__find_by_name_kind(made, "bpf_iter_dmabuf",
							BTF_KIND_FUNC));
		assert_int_equal(btf_subset_struct(kernel, "dma_buf"),
				 btf__find_by_name_kind(made, "dma_buf",
							BTF_KIND_STRUCT));
		assert_true(btf__find_by_name(copy, "a0000") < 0);
		btf__free(copy);
		btf__free(made);
		btf_subset_free(kernel);
	}
}

/* Types of the kernel that only a refused module needed are copied later. */
static void test_refused_module(void **state)
{
	struct btf *made = make_distant(NULL, "dma_buf", "size", 30);
	struct btf_subset *kernel;
	struct dmabuf_error error = {};
	struct btf *module, *copy;
	int i, id;

	(void)state;
	write_btf("vmlinux", made);
	copy = read_copy(&kernel);
	btf__free(copy);
	for (i = 0; i < 2; i++) {
		module = btf__new_empty_split(made);
		id = btf__add_struct(module, "vb2_plane", 64);
		btf__add_field(module, "dbuf", 1, 0, 0);
		btf__add_field(module, "index", 4, 64, 0);
		/* A typedef of itself. */
		if (!i)
			btf__add_field(module, "size", id + 1, 128, 0);
		btf__add_typedef(module, "loop", id + 1);
		write_btf(i ? "good" : "bad", module);
		btf__free(module);
		assert_int_equal(
			btf_subset_add_modules(kernel, dir, NULL, &error), 0);
	}
	copy = btf__parse(btf_subset_path(kernel), NULL);
	assert_non_null(copy);
	assert_int_equal(find(copy, "vb2_plane")->size, 64);
	check_member(copy, "dma_buf", "size", 248);
	id = member_of(copy, find(copy, "vb2_plane"), "dbuf")->type;
	assert_int_equal(btf_kind(btf__type_by_id(copy, id)), BTF_KIND_INT);
	id = member_of(copy, find(copy, "vb2_plane"), "index")->type;
	assert_int_equal(btf_kind(btf__type_by_id(copy, id)), BTF_KIND_ARRAY);
	btf__free(copy);
	btf__free(made);
	btf_subset_free(kernel);
	remove_file("bad");
	remove_file("good");
}

/* A kind that we do not know has no end that we know. */
static void test_unknown_kind(void **state)
{
	struct dmabuf_error error = {};
	struct btf_subset *kernel;
	const struct btf_type *t;
	const void *data;
	struct btf *made;
	uint32_t info, kind, at;
	struct btf_header head;
	char *copy;
	__u32 size, id;

	(void)state;
	made = make_distant(NULL, "dma_buf", "size", 40);
	data = btf__raw_data(made, &size);
	copy = malloc(size);
	assert_non_null(copy);
	memcpy(&head, data, sizeof(head));
	for (id = 1; id < btf__type_cnt(made); id++)
		for (kind = BTF_KIND_ENUM64 + 1; kind < 0x80; kind += 9) {
			t = btf__type_by_id(made, id);
			at = head.hdr_len + head.type_off +
			     ((const char *)&t->info -
			      (const char *)btf__type_by_id(made, 1));
			info = kind << 24 | 3;
			memcpy(copy, data, size);
			memcpy(copy + at, &info, sizeof(info));
			write_file("vmlinux", copy, size);
			error = (struct dmabuf_error){};
			assert_int_equal(
				btf_subset_new(dir, NULL, &kernel, &error),
				-EBADMSG);
		}
	free(copy);
	btf__free(made);
}

/* BTF that is cut or changed is refused or read, without a crash. */
static void test_damaged(void **state)
{
	struct btf *made = make_kernel();
	struct btf_subset *kernel;
	struct dmabuf_error error = {};
	unsigned char *copy;
	const void *data;
	__u32 size, i;

	(void)state;
	data = btf__raw_data(made, &size);
	copy = malloc(size);
	assert_non_null(copy);
	for (i = 0; i < size; i++) {
		error = (struct dmabuf_error){};
		write_file("vmlinux", data, i);
		assert_true(btf_subset_new(dir, NULL, &kernel, &error) < 0);
		assert_true(error.text[0]);
	}
	for (i = 0; i < 8 * size; i++) {
		memcpy(copy, data, size);
		copy[i / 8] ^= 1 << i % 8;
		write_file("vmlinux", copy, size);
		if (!btf_subset_new(dir, NULL, &kernel, &error))
			btf_subset_free(kernel);
	}
	free(copy);
	btf__free(made);
}

static void test_none(void **state)
{
	struct btf_subset *kernel;
	struct dmabuf_error error = {};

	(void)state;
	assert_int_equal(btf_subset_new("/nonexistent", NULL, &kernel, &error),
			 -EOPNOTSUPP);
	assert_non_null(strstr(error.text, "/nonexistent/vmlinux"));
	assert_non_null(strstr(error.hint, "CONFIG_DEBUG_INFO_BTF"));
}

/* A file that was given instead, for a kernel without types of its own. */
static void test_given(void **state)
{
	struct dmabuf_error error = {};
	struct btf *made = make_kernel();
	struct btf_subset *kernel;
	char path[128];

	(void)state;
	snprintf(path, sizeof(path), "%s/given", dir);
	write_btf("given", made);
	assert_int_equal(btf_subset_new("/nonexistent", path, &kernel, &error),
			 0);
	assert_false(btf_subset_is_own(kernel));
	/* Nothing of this kernel can be called by a number of the file. */
	assert_int_equal(btf_subset_function(kernel, "bpf_iter_dmabuf"), 0);
	/* Nor do the numbers of its modules go with the file. */
	assert_int_equal(
		btf_subset_add_modules(kernel, "/nonexistent", NULL, &error),
		0);
	btf_subset_free(kernel);

	write_btf("vmlinux", made);
	assert_int_equal(btf_subset_new(dir, NULL, &kernel, &error), 0);
	assert_true(btf_subset_is_own(kernel));
	assert_int_not_equal(btf_subset_function(kernel, "bpf_iter_dmabuf"), 0);
	btf_subset_free(kernel);
	remove_file("given");
	remove_file("vmlinux");
	btf__free(made);
}

/* An ELF file with a section of BTF, as a vmlinux has, and one without. */
static void test_elf(void **state)
{
	const char *const without = "/proc/self/exe";
	struct dmabuf_error error = {};
	struct btf_subset *kernel;
	char path[128];
	const void *elf;
	size_t size;

	(void)state;
	elf = read_memory_bpf__elf_bytes(&size);
	write_file("elf", elf, size);
	snprintf(path, sizeof(path), "%s/elf", dir);
	assert_int_equal(btf_subset_new(dir, path, &kernel, &error), 0);
	btf_subset_free(kernel);
	remove_file("elf");
	assert_int_equal(btf_subset_new(dir, without, &kernel, &error),
			 -ENODATA);
	assert_string_equal(error.text, "/proc/self/exe: it has no BTF");
	assert_non_null(strstr(error.hint, "pahole"));
}

static void test_bad_given(void **state)
{
	struct dmabuf_error error = {};
	struct btf_subset *kernel;
	char path[128];

	(void)state;
	snprintf(path, sizeof(path), "%s/given", dir);
	assert_int_equal(btf_subset_new(dir, path, &kernel, &error), -ENOENT);
	write_file("given", "not BTF, but some text of no type at all", 40);
	assert_int_equal(btf_subset_new(dir, path, &kernel, &error), -EBADMSG);
	assert_non_null(strstr(error.text, "it is not BTF"));
	remove_file("given");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_copy),
		cmocka_unit_test(test_modules),
		cmocka_unit_test(test_damaged_module),
		cmocka_unit_test(test_places),
		cmocka_unit_test(test_sorted),
		cmocka_unit_test(test_refused_module),
		cmocka_unit_test(test_unknown_kind),
		cmocka_unit_test(test_damaged),
		cmocka_unit_test(test_none),
		cmocka_unit_test(test_given),
		cmocka_unit_test(test_elf),
		cmocka_unit_test(test_bad_given),
	};
	char path[128];
	int failed;

	libbpf_set_print(NULL);
	if (!mkdtemp(dir))
		return 1;
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	snprintf(path, sizeof(path), "%s/vmlinux", dir);
	unlink(path);
	rmdir(dir);
	return failed;
}
