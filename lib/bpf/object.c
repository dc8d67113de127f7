// SPDX-License-Identifier: LGPL-2.1-or-later
#include <bpf/bpf.h>
#include <errno.h>
#include <pthread.h>
#include <string.h>

#include "abi/kfunc.h"
#include "bpf/btf_subset.h"
#include "bpf/load_error.h"
#include "bpf/object.h"

/*
 * Programs of iterators are in sections with this name, which libbpf does not
 * know. For a section that it knows, it would search the whole BTF of the
 * kernel for what the program attaches to.
 */
#define ITER_SECTION "dmabuf.iter/"

/* find_iterator() left the id of the attach target in expected_attach_type. */
static int prepare_iterator(struct bpf_program *program,
			    struct bpf_prog_load_opts *opts, long cookie)
{
	(void)cookie;
	opts->attach_btf_id = opts->expected_attach_type;
	opts->expected_attach_type = BPF_TRACE_ITER;
	return bpf_program__set_type(program, BPF_PROG_TYPE_TRACING);
}

/* A type for which libbpf does not load the kernel's BTF. */
static void register_iterators(void)
{
	LIBBPF_OPTS(libbpf_prog_handler_opts, opts,
		    .prog_prepare_load_fn = prepare_iterator);

	(void)libbpf_register_prog_handler(
		ITER_SECTION, BPF_PROG_TYPE_RAW_TRACEPOINT, 0, &opts);
}

static void find_iterator(const struct btf_subset *btf,
			  struct bpf_program *program)
{
	const char *section = bpf_program__section_name(program);
	char name[64];

	if (strncmp(section, ITER_SECTION, strlen(ITER_SECTION)))
		return;
	snprintf(name, sizeof(name), "bpf_iter_%s",
		 section + strlen(ITER_SECTION));
	bpf_program__set_expected_attach_type(program,
					      btf_subset_function(btf, name));
}

/*
 * Whether the verifier is slow where a program reads pointers through trusted
 * ones. Since v7.0, BTF is sorted by name, and btf_named_start_id() is there.
 */
static bool trust_is_slow(const struct btf_subset *btf)
{
	return btf_subset_function(btf, "bpf_rdonly_cast") &&
	       !btf_subset_function(btf, "btf_named_start_id");
}

/* Removes what DISTRUST() wrote: two arguments, the call, and its result. */
static void remove_call(struct bpf_insn *call)
{
	static const struct bpf_insn nothing = { .code = BPF_JMP | BPF_JA };
	int i;

	for (i = -2; i <= 1; i++)
		call[i] = nothing;
}

/* Replaces the marks of bpf/abi/kfunc.h by calls of kernel functions. */
static void find_functions(const struct btf_subset *btf,
			   struct bpf_program *program)
{
	static const char *const names[KFUNC_END - KFUNC_FIRST] = {
		[KFUNC_ITER_DMABUF_NEW - KFUNC_FIRST] = "bpf_iter_dmabuf_new",
		[KFUNC_ITER_DMABUF_NEXT - KFUNC_FIRST] = "bpf_iter_dmabuf_next",
		[KFUNC_ITER_DMABUF_DESTROY - KFUNC_FIRST] =
			"bpf_iter_dmabuf_destroy",
		[KFUNC_RDONLY_CAST - KFUNC_FIRST] = "bpf_rdonly_cast",
		[KFUNC_DISTRUST - KFUNC_FIRST] = "bpf_rdonly_cast",
	};
	const bool slow = trust_is_slow(btf);
	struct bpf_insn *insn = (void *)bpf_program__insns(program);
	const struct bpf_insn *end = insn + bpf_program__insn_cnt(program);

	for (; insn < end; insn++) {
		if (insn->code != (BPF_JMP | BPF_CALL) || insn->src_reg ||
		    insn->imm < KFUNC_FIRST || insn->imm >= KFUNC_END)
			continue;
		if (insn->imm == KFUNC_DISTRUST && !slow) {
			remove_call(insn);
			continue;
		}
		insn->src_reg = BPF_PSEUDO_KFUNC_CALL;
		insn->imm = btf_subset_function(btf,
						names[insn->imm - KFUNC_FIRST]);
	}
}

static bool is_constant(const struct bpf_insn *insn)
{
	return BPF_OP(insn->code) == BPF_MOV && BPF_SRC(insn->code) == BPF_K &&
	       (BPF_CLASS(insn->code) == BPF_ALU ||
		BPF_CLASS(insn->code) == BPF_ALU64);
}

/* Replaces the marks of bpf/abi/kfunc.h by types of the kernel. */
static void find_types(const struct btf_subset *btf,
		       struct bpf_program *program)
{
	static const char *const names[KTYPE_END - KTYPE_FIRST] = {
		[KTYPE_DMA_BUF - KTYPE_FIRST] = "dma_buf",
		[KTYPE_FILE - KTYPE_FIRST] = "file",
		[KTYPE_SOCKET - KTYPE_FIRST] = "socket",
		[KTYPE_TASK - KTYPE_FIRST] = "task_struct",
	};
	struct bpf_insn *insn = (void *)bpf_program__insns(program);
	const struct bpf_insn *end = insn + bpf_program__insn_cnt(program);

	for (; insn < end; insn++)
		if (is_constant(insn) && insn->imm >= KTYPE_FIRST &&
		    insn->imm < KTYPE_END)
			insn->imm = btf_subset_struct(
				btf, names[insn->imm - KTYPE_FIRST]);
}

/* Loads only the named program of the object. */
static void take_only(struct bpf_object *object, const char *name)
{
	struct bpf_program *program = NULL;

	while ((program = bpf_object__next_program(object, program)))
		bpf_program__set_autoload(
			program, !strcmp(bpf_program__name(program), name));
}

static int load(struct dmabuf_ctx *ctx, const struct btf_subset *btf,
		const struct bpf_skeleton *skeleton, void **ret)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	/* The verifier fills this only when it refuses a program. */
	char log[16 * 1024] = "";
	const struct bpf_object_open_opts opts = {
		.sz = sizeof(opts),
		.btf_custom_path = btf_subset_path(btf),
		.kernel_log_buf = log,
		.kernel_log_size = sizeof(log),
		.kernel_log_level = 0,
	};
	struct bpf_program *program = NULL;
	struct bpf_object *object;
	void *skel;
	int r;

	pthread_once(&once, register_iterators);
	skel = skeleton->open(&opts);
	if (!skel)
		return bpf_load_error(&ctx->error, -errno, log);
	object = skeleton->object(skel);
	while ((program = bpf_object__next_program(object, program))) {
		find_iterator(btf, program);
		find_functions(btf, program);
		find_types(btf, program);
	}
	if (skeleton->only)
		take_only(object, skeleton->only);
	if (skeleton->prepare)
		skeleton->prepare(ctx, object);
	r = skeleton->load(skel);
	if (r) {
		skeleton->destroy(skel);
		return bpf_load_error(&ctx->error, r, log);
	}
	*ret = skel;
	return 0;
}

static void destroy_btf_subset(void *btf)
{
	btf_subset_free(btf);
}

/* The subset of the running kernel's BTF, which all objects share. */
static int get_btf_subset(struct dmabuf_ctx *ctx, struct btf_subset **ret)
{
	static const char key;
	struct btf_subset *btf = ctx_kept(ctx, &key);
	int r;

	if (!btf) {
		r = btf_subset_new(KERNEL_BTF_DIR, &btf, &ctx->error);
		if (r)
			return r;
		r = ctx_keep(ctx, &key, btf, destroy_btf_subset);
		if (r) {
			btf_subset_free(btf);
			return r;
		}
	}
	*ret = btf;
	return 0;
}

bool bpf_object_kernel_has(struct dmabuf_ctx *ctx, const char *function)
{
	struct btf_subset *btf;

	return !get_btf_subset(ctx, &btf) && btf_subset_function(btf, function);
}

/* The same, unless @ctx reads a recorded tree. */
static int get_types(struct dmabuf_ctx *ctx, struct btf_subset **ret)
{
	if (!sysroot_is_live(&ctx->sysroot))
		return error_set(
			&ctx->error, -EOPNOTSUPP,
			"BPF reads the running kernel, not a recorded tree");
	return get_btf_subset(ctx, ret);
}

int bpf_object_btf_path(struct dmabuf_ctx *ctx, const char **ret)
{
	struct btf_subset *btf;
	int r;

	r = get_types(ctx, &btf);
	if (!r)
		*ret = btf_subset_path(btf);
	return r;
}

int bpf_object_add_modules(struct dmabuf_ctx *ctx, const char *const *names)
{
	struct btf_subset *btf;
	int r;

	r = get_types(ctx, &btf);
	return r
		       ?: btf_subset_add_modules(btf, KERNEL_BTF_DIR, names,
						 &ctx->error);
}

int bpf_object_load(struct dmabuf_ctx *ctx, const struct bpf_skeleton *skeleton,
		    void **ret)
{
	struct btf_subset *btf;
	int r;

	r = get_types(ctx, &btf);
	if (r)
		return r;
	if (skeleton->needs && !btf_subset_function(btf, skeleton->needs))
		return error_set(&ctx->error, -EOPNOTSUPP,
				 "this kernel has no %s", skeleton->feature);
	return load(ctx, btf, skeleton, ret);
}

int bpf_object_keep(struct dmabuf_ctx *ctx, const struct bpf_skeleton *skeleton,
		    void **ret)
{
	void *object = ctx_kept(ctx, skeleton);
	int r;

	if (!object) {
		r = bpf_object_load(ctx, skeleton, &object);
		if (r)
			return r;
		r = ctx_keep(ctx, skeleton, object, skeleton->destroy);
		if (r) {
			skeleton->destroy(object);
			return r;
		}
	}
	*ret = object;
	return 0;
}

void bpf_object_drop(struct dmabuf_ctx *ctx,
		     const struct bpf_skeleton *skeleton)
{
	ctx_drop(ctx, skeleton);
}

int bpf_object_run(struct dmabuf_ctx *ctx, const struct bpf_program *program)
{
	LIBBPF_OPTS(bpf_test_run_opts, opts);
	int r = bpf_prog_test_run_opts(bpf_program__fd(program), &opts);

	if (r)
		return error_set(&ctx->error, r,
				 "cannot run the BPF program: %s",
				 strerror(-r));
	return opts.retval;
}
