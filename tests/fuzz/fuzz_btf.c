// SPDX-License-Identifier: GPL-2.0-or-later
/* Types that anybody wrote: found, described, and walked to each member. */
#include <bpf/libbpf.h>

#include "bpf/btf_subset.h"
#include "core/context.h"
#include "tree.h"
#include "walk/btf_read.h"
#include "walk/complete.h"
#include "walk/explain.h"
#include "walk/query.h"

#define VMLINUX "sys/kernel/btf/vmlinux"

enum { STRUCTS = 16, MEMBERS = 16 };

struct look {
	struct types *types;
	struct symbols *symbols;
	FILE *null;
	int structs, members;
	const char *of;
};

/* Asks for a member of the object, and for what it links. */
static void look_at_member(void *data, const char *name, struct type type)
{
	struct look *look = data;
	char link[512], text[128];
	char *operands[] = { (char *)"0x1000", link, (char *)name, NULL };
	struct dmabuf_error error = {};
	struct query query;

	if (look->members++ >= MEMBERS)
		return;
	type_describe(type, text, sizeof(text));
	must(text[0]);
	(void)type_size(type);
	snprintf(link, sizeof(link), "%s.%s", look->of, name);
	query_init(&query, look->types, look->symbols);
	if (!query_parse(&query, operands, &error))
		explain(&query, look->null);
	else
		must(error.err && error.text[0]);
	query_fini(&query);
	snprintf(link, sizeof(link), "*%s", look->of);
	operands[0] = (char *)"0x1000[:2]";
	query_init(&query, look->types, look->symbols);
	if (!query_parse(&query, operands, &error))
		explain(&query, look->null);
	query_fini(&query);
}

static void look_at_struct(void *data, const char *name, struct type type)
{
	struct look *look = data;
	char link[512], to[64];
	char *operands[] = { (char *)"0x1000", link };

	if (look->structs++ >= STRUCTS)
		return;
	(void)types_iterators(look->types, name, to, sizeof(to));
	look->of = name;
	look->members = 0;
	type_each_member(type, look_at_member, look);
	snprintf(link, sizeof(link), "%s.", name);
	complete(look->types, look->symbols, NULL, operands, 2, look->null);
}

static void look_at_types(const struct sysroot *sysroot)
{
	struct look look = { .null = fopen("/dev/null", "w") };
	struct dmabuf_error error = {};

	must(look.null);
	look.symbols = symbols_new(sysroot);
	must(look.symbols);
	if (!types_open(sysroot, NULL, &look.types, &error)) {
		types_each(look.types, look_at_struct, &look);
		types_free(look.types);
	} else {
		must(error.err && error.text[0]);
	}
	symbols_free(look.symbols);
	fclose(look.null);
}

/* The same file as the kernel's own, for BPF programs. */
static void look_at_subset(void)
{
	char dir[sizeof(tree) + sizeof(BTF_DIR)];
	struct dmabuf_error error = {};
	struct btf_subset *subset;

	snprintf(dir, sizeof(dir), "%s/" BTF_DIR, tree);
	if (btf_subset_new(dir, NULL, &subset, &error)) {
		must(error.err && error.text[0]);
		return;
	}
	(void)btf_subset_function(subset, "dma_buf_put");
	(void)btf_subset_add_modules(subset, dir, NULL, &error);
	btf_subset_free(subset);
}

/* Two files: the kernel's, and after a line of dashes a module's. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct sysroot sysroot = { tree };
	const uint8_t *module = memmem(data, size, "\n--\n", 4);

	libbpf_set_print(NULL);
	tree_begin();
	tree_add(VMLINUX, data, module ? module - data : (ssize_t)size);
	if (module)
		tree_add(BTF_DIR "/module", module + 4,
			 data + size - module - 4);
	look_at_types(&sysroot);
	look_at_subset();
	tree_clear();
	return 0;
}
