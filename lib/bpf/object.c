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
 * Our programs are in sections with these names, which libbpf does not know.
 * For an iterator in a section that it knows, it would search the whole BTF of
 * the kernel for what the program attaches to; and only a section of our own
 * lets us see a program when its functions are linked.
 */
#define ITER_SECTION "dmabuf.iter/"
#define RUN_SECTION  "dmabuf.run"

/* The types for link_program(), to which libbpf passes no argument of ours. */
static _Thread_local const struct btf_subset *types;

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

static bool is_constant(const struct bpf_insn *insn)
{
	return BPF_OP(insn->code) == BPF_MOV && BPF_SRC(insn->code) == BPF_K &&
	       (BPF_CLASS(insn->code) == BPF_ALU ||
		BPF_CLASS(insn->code) == BPF_ALU64);
}

static bool is_mark(const struct bpf_insn *insn, int first, int end)
{
	return insn->imm >= first && insn->imm < end;
}

static void link_call(struct bpf_insn *insn)
{
	static const char *const names[KFUNC_END - KFUNC_FIRST] = {
		[KFUNC_ITER_DMABUF_NEW - KFUNC_FIRST] = "bpf_iter_dmabuf_new",
		[KFUNC_ITER_DMABUF_NEXT - KFUNC_FIRST] = "bpf_iter_dmabuf_next",
		[KFUNC_ITER_DMABUF_DESTROY - KFUNC_FIRST] =
			"bpf_iter_dmabuf_destroy",
		[KFUNC_RDONLY_CAST - KFUNC_FIRST] = "bpf_rdonly_cast",
		[KFUNC_DISTRUST - KFUNC_FIRST] = "bpf_rdonly_cast",
	};

	if (insn->imm == KFUNC_DISTRUST && !trust_is_slow(types)) {
		remove_call(insn);
		return;
	}
	insn->src_reg = BPF_PSEUDO_KFUNC_CALL;
	insn->imm = btf_subset_function(types, names[insn->imm - KFUNC_FIRST]);
}

#define KTYPE_NAME(name) #name,

static void link_type(struct bpf_insn *insn)
{
	static const char *const names[] = { KTYPES(KTYPE_NAME) };
	const int first = KTYPE_BEFORE + 1;

	insn->imm = btf_subset_struct(types, names[insn->imm - first]);
}

/* Replaces the marks of bpf/abi/kfunc.h by the kernel's numbers. */
static void link_program(struct bpf_program *program)
{
	struct bpf_insn *insn = (void *)bpf_program__insns(program);
	const struct bpf_insn *end = insn + bpf_program__insn_cnt(program);

	for (; insn < end; insn++) {
		if (insn->code == (BPF_JMP | BPF_CALL) && !insn->src_reg &&
		    is_mark(insn, KFUNC_FIRST, KFUNC_END))
			link_call(insn);
		else if (is_constant(insn) &&
			 is_mark(insn, KTYPE_BEFORE + 1, KTYPE_END))
			link_type(insn);
	}
}

static int prepare_iterator(struct bpf_program *program,
			    struct bpf_prog_load_opts *opts, long cookie)
{
	const char *target = bpf_program__section_name(program);
	char name[64];

	(void)cookie;
	link_program(program);
	snprintf(name, sizeof(name), "bpf_iter_%s",
		 target + strlen(ITER_SECTION));
	opts->attach_btf_id = btf_subset_function(types, name);
	opts->expected_attach_type = BPF_TRACE_ITER;
	return bpf_program__set_type(program, BPF_PROG_TYPE_TRACING);
}

static int prepare_run(struct bpf_program *program,
		       struct bpf_prog_load_opts *opts, long cookie)
{
	(void)cookie;
	link_program(program);
	/* The kernel wants it of every program of this type. */
	opts->prog_flags |= BPF_F_SLEEPABLE;
	return 0;
}

static void register_sections(void)
{
	LIBBPF_OPTS(libbpf_prog_handler_opts, iterator,
		    .prog_prepare_load_fn = prepare_iterator);
	LIBBPF_OPTS(libbpf_prog_handler_opts, run,
		    .prog_prepare_load_fn = prepare_run);

	/* A type for which libbpf does not load the kernel's BTF. */
	(void)libbpf_register_prog_handler(
		ITER_SECTION, BPF_PROG_TYPE_RAW_TRACEPOINT, 0, &iterator);
	(void)libbpf_register_prog_handler(RUN_SECTION, BPF_PROG_TYPE_SYSCALL,
					   0, &run);
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
	struct bpf_object *object;
	void *skel;
	int r;

	pthread_once(&once, register_sections);
	skel = skeleton->open(&opts);
	if (!skel)
		return bpf_load_error(&ctx->error, -errno, log);
	object = skeleton->object(skel);
	if (skeleton->only)
		take_only(object, skeleton->only);
	if (skeleton->prepare)
		skeleton->prepare(ctx, object);
	types = btf;
	r = skeleton->load(skel);
	types = NULL;
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
		r = btf_subset_new(KERNEL_BTF_DIR, ctx->btf, &btf, &ctx->error);
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

bool bpf_object_has_own_types(struct dmabuf_ctx *ctx)
{
	struct btf_subset *btf;

	return !get_btf_subset(ctx, &btf) && btf_subset_is_own(btf);
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
				 "this kernel has no %s%s", skeleton->feature,
				 btf_subset_is_own(btf)
					 ? ""
					 : ", or no types of its own for it "
					   "(CONFIG_DEBUG_INFO_BTF)");
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
		return error_set_errno(&ctx->error, r,
				       "cannot run the BPF program");
	return opts.retval;
}
