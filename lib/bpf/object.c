// SPDX-License-Identifier: LGPL-2.1-or-later
#include <bpf/bpf.h>
#include <errno.h>
#include <linux/capability.h>
#include <pthread.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "abi/kfunc.h"
#include "bpf/object.h"
#include "snapshot/record_add.h"
#include "snapshot/snapshot.h"

static bool has_bpf_capabilities(void)
{
	struct __user_cap_header_struct head = {
		.version = _LINUX_CAPABILITY_VERSION_3,
	};
	struct __user_cap_data_struct data[2];
	__u32 wanted = CAP_TO_MASK(CAP_BPF) | CAP_TO_MASK(CAP_PERFMON);

	return !syscall(SYS_capget, &head, data) &&
	       (data[CAP_TO_INDEX(CAP_BPF)].effective & wanted) == wanted;
}

/* Refused for lack of a privilege; which one? */
static int why_forbidden(struct dmabuf_error *error)
{
	struct rlimit limit = {};

	if (!has_bpf_capabilities()) {
		error_set(error, -EPERM, "not permitted to load BPF programs");
		return error_hint(error, "run as root, or grant the program "
					 "CAP_BPF,CAP_PERFMON: setcap "
					 "cap_bpf,cap_perfmon,cap_syslog+ep "
					 "PROGRAM");
	}
	/* Before v5.11 the memory of BPF maps counts as locked. */
	(void)getrlimit(RLIMIT_MEMLOCK, &limit);
	error_set(error, -EPERM,
		  "not permitted to load BPF programs, with CAP_BPF and "
		  "CAP_PERFMON (RLIMIT_MEMLOCK is %llu kB)",
		  (unsigned long long)limit.rlim_cur / 1024);
	return error_hint(error, "run as root, or with ulimit -l unlimited, or "
				 "grant CAP_SYS_RESOURCE");
}

/* The last line of the verifier that is not its statistics. */
static void last_words(const char *log, char *to, size_t size)
{
	const char *line = log, *next;

	to[0] = 0;
	for (; *line; line = next) {
		next = line + strcspn(line, "\n");
		if (next > line && strncmp(line, "processed ", 10) &&
		    strncmp(line, "verification time ", 18))
			snprintf(to, size, "%.*s", (int)(next - line), line);
		next += *next == '\n';
	}
}

/* Whether the program was refused for a type that the kernel's BTF has not. */
static bool why_unknown_type(struct dmabuf_error *error, const char *words)
{
	static const char unresolved[] = "failed to resolve CO-RE relocation ";
	const char *type = strstr(words, "] ");

	if (strstr(words, unresolved) != words || !type)
		return false;
	type += strlen("] ");
	error_set(error, -EOPNOTSUPP, "this kernel's BTF has no %.*s",
		  (int)strcspn(type, "("), type);
	while (error->text[0] && error->text[strlen(error->text) - 1] == ' ')
		error->text[strlen(error->text) - 1] = 0;
	error_hint(error, "boot a kernel since 5.11 built with "
			  "CONFIG_DEBUG_INFO_BTF_MODULES=y");
	return true;
}

/* Return: a negative errno, the reason in @error. */
static int why_not_loaded(struct dmabuf_error *error, int err, const char *log)
{
	char words[128];

	if ((err == -EPERM || err == -EACCES) &&
	    (!has_bpf_capabilities() || !log[0]))
		return why_forbidden(error);
	if (err == -ENOMEM)
		return error_set(error, err, "out of memory");

	last_words(log, words, sizeof(words));
	if (why_unknown_type(error, words))
		return error->err;
	error_set(error, err,
		  "the kernel does not take the BPF program: %s%s%s",
		  strerror(-err), words[0] ? ": " : "", words);
	return error_hint(error,
			  "boot a kernel built with CONFIG_BPF_SYSCALL=y, "
			  "CONFIG_BPF_JIT=y; else please report this");
}

/*
 * Programs of iterators are in sections of this name, which libbpf does not
 * know: of its own it would look up in all of the kernel's BTF.
 */
#define ITER_SECTION "dmabuf.iter/"

/* The loader has left the id of what the program attaches to here. */
static int prepare_iterator(struct bpf_program *program,
			    struct bpf_prog_load_opts *opts, long cookie)
{
	(void)cookie;
	opts->attach_btf_id = opts->expected_attach_type;
	opts->expected_attach_type = BPF_TRACE_ITER;
	return bpf_program__set_type(program, BPF_PROG_TYPE_TRACING);
}

/* Not a type of which libbpf thinks that it needs the kernel's BTF. */
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

/* Calls of functions of the kernel, which bpf/abi/kfunc.h marks. */
static void find_functions(const struct btf_subset *btf,
			   struct bpf_program *program)
{
	static const char *const names[KFUNC_END - KFUNC_FIRST] = {
		[KFUNC_ITER_DMABUF_NEW - KFUNC_FIRST] = "bpf_iter_dmabuf_new",
		[KFUNC_ITER_DMABUF_NEXT - KFUNC_FIRST] = "bpf_iter_dmabuf_next",
		[KFUNC_ITER_DMABUF_DESTROY - KFUNC_FIRST] =
			"bpf_iter_dmabuf_destroy",
	};
	struct bpf_insn *insn = (void *)bpf_program__insns(program);
	const struct bpf_insn *end = insn + bpf_program__insn_cnt(program);

	for (; insn < end; insn++) {
		if (insn->code != (BPF_JMP | BPF_CALL) || insn->src_reg ||
		    insn->imm < KFUNC_FIRST || insn->imm >= KFUNC_END)
			continue;
		insn->src_reg = BPF_PSEUDO_KFUNC_CALL;
		insn->imm = btf_subset_function(btf,
						names[insn->imm - KFUNC_FIRST]);
	}
}

/* Loads of all programs of the object just this one. */
static void take_only(struct bpf_object *object, const char *name)
{
	struct bpf_program *program = NULL;

	while ((program = bpf_object__next_program(object, program)))
		bpf_program__set_autoload(
			program, !strcmp(bpf_program__name(program), name));
}

static int load(struct dmabuf_ctx *ctx, const struct bpf_skeleton *skeleton,
		void **ret)
{
	const struct btf_subset *btf = ctx->btf;
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	/* The verifier's words, only of a program that it refuses. */
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
		return why_not_loaded(&ctx->error, -errno, log);
	object = skeleton->object(skel);
	while ((program = bpf_object__next_program(object, program))) {
		find_iterator(btf, program);
		find_functions(btf, program);
	}
	if (skeleton->only)
		take_only(object, skeleton->only);
	if (skeleton->prepare)
		skeleton->prepare(ctx, object);
	r = skeleton->load(skel);
	if (r) {
		skeleton->destroy(skel);
		return why_not_loaded(&ctx->error, r, log);
	}
	*ret = skel;
	return 0;
}

static int read_btf_subset(struct dmabuf_ctx *ctx, bool modules)
{
	int r = 0;

	if (!ctx->btf)
		r = btf_subset_new(KERNEL_BTF_DIR, &ctx->btf, &ctx->error);
	if (!r && modules)
		r = btf_subset_add_modules(ctx->btf, KERNEL_BTF_DIR,
					   &ctx->error);
	return r;
}

bool bpf_object_kernel_has(struct dmabuf_ctx *ctx, const char *function)
{
	return !read_btf_subset(ctx, false) &&
	       btf_subset_function(ctx->btf, function);
}

int bpf_object_load(struct dmabuf_ctx *ctx, const struct bpf_skeleton *skeleton,
		    void **ret)
{
	int r;

	if (!sysroot_is_live(&ctx->sysroot))
		return error_set(
			&ctx->error, -EOPNOTSUPP,
			"asks the running kernel, not a recorded tree");
	r = read_btf_subset(ctx, skeleton->of_modules);
	if (r)
		return r;
	if (skeleton->needs && !btf_subset_function(ctx->btf, skeleton->needs))
		return error_set(&ctx->error, -EOPNOTSUPP,
				 "this kernel has no %s", skeleton->feature);
	return load(ctx, skeleton, ret);
}

int bpf_object_keep(struct dmabuf_ctx *ctx, enum loaded slot,
		    const struct bpf_skeleton *skeleton, void **ret)
{
	int r = 0;

	if (!ctx->loaded[slot].object) {
		r = bpf_object_load(ctx, skeleton, &ctx->loaded[slot].object);
		ctx->loaded[slot].destroy = skeleton->destroy;
	}
	if (!r)
		*ret = ctx->loaded[slot].object;
	return r;
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

int bpf_object_add_record(void *snapshot, void *data, size_t size)
{
	ssize_t r = snapshot_add(snapshot, data, size);

	return r < 0 ? r : 0;
}

int bpf_object_drain(struct dmabuf_ctx *ctx, struct ring_buffer *ring)
{
	int r = ring_buffer__consume(ring);

	if (r < 0)
		return error_set(&ctx->error, r,
				 "cannot read the ring buffer: %s",
				 strerror(-r));
	return 0;
}
