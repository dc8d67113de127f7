// SPDX-License-Identifier: LGPL-2.1-or-later
#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <errno.h>
#include <linux/capability.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "bpf_object.h"
#include "cleanup.h"
#include "snapshot.h"

#define BTF_PATH "/sys/kernel/btf/vmlinux"

DEFINE_CLEANUP(btf, struct btf, btf__free)

bool bpf_object_kernel_has(const char *name)
{
	_cleanup_(btf_cleanup) struct btf *btf = btf__load_vmlinux_btf();

	return btf && btf__find_by_name_kind(btf, name, BTF_KIND_FUNC) > 0;
}

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
static int why_forbidden(struct dmabuf_why *why)
{
	struct rlimit limit = {};

	if (!has_bpf_capabilities()) {
		why_set(why, -EPERM, "not permitted to load BPF programs");
		return why_cure(why, "run as root, or grant the program "
				     "CAP_BPF,CAP_PERFMON: setcap "
				     "cap_bpf,cap_perfmon,cap_syslog+ep "
				     "PROGRAM");
	}
	/* Before v5.11 the memory of BPF maps counts as locked. */
	(void)getrlimit(RLIMIT_MEMLOCK, &limit);
	why_set(why, -EPERM,
		"not permitted to load BPF programs, with CAP_BPF and "
		"CAP_PERFMON (RLIMIT_MEMLOCK is %llu kB)",
		(unsigned long long)limit.rlim_cur / 1024);
	return why_cure(why, "run as root, or with ulimit -l unlimited, or "
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
static bool why_unknown_type(struct dmabuf_why *why, const char *words)
{
	static const char unresolved[] = "failed to resolve CO-RE relocation ";
	const char *type = strstr(words, "] ");

	if (strstr(words, unresolved) != words || !type)
		return false;
	type += strlen("] ");
	why_set(why, -EOPNOTSUPP, "this kernel's BTF has no %.*s",
		(int)strcspn(type, "("), type);
	while (why->text[0] && why->text[strlen(why->text) - 1] == ' ')
		why->text[strlen(why->text) - 1] = 0;
	why_cure(why, "boot a kernel since 5.11 built with "
		      "CONFIG_DEBUG_INFO_BTF_MODULES=y");
	return true;
}

/* Return: a negative errno, the reason in @why. */
static int why_not_loaded(struct dmabuf_why *why, int err, const char *log,
			  const struct bpf_skeleton *skeleton)
{
	char words[128];

	if (access(BTF_PATH, R_OK)) {
		why_set(why, -EOPNOTSUPP, "%s: %s", BTF_PATH, strerror(errno));
		return why_cure(why, "boot a kernel built with "
				     "CONFIG_DEBUG_INFO_BTF=y");
	}
	if (skeleton->needs && !bpf_object_kernel_has(skeleton->needs))
		return why_set(why, -EOPNOTSUPP, "this kernel has no %s",
			       skeleton->feature);
	if ((err == -EPERM || err == -EACCES) &&
	    (!has_bpf_capabilities() || !log[0]))
		return why_forbidden(why);
	if (err == -ENOMEM)
		return why_set(why, err, "out of memory");

	last_words(log, words, sizeof(words));
	if (why_unknown_type(why, words))
		return why->err;
	why_set(why, err, "the kernel does not take the BPF program: %s%s%s",
		strerror(-err), words[0] ? ": " : "", words);
	return why_cure(why, "boot a kernel built with CONFIG_BPF_SYSCALL=y, "
			     "CONFIG_BPF_JIT=y; else please report this");
}

int bpf_object_load(struct dmabuf_ctx *ctx, const struct bpf_skeleton *skeleton,
		    void **ret)
{
	/* The verifier's words, only of a program that it refuses. */
	char log[16 * 1024] = "";
	const struct bpf_object_open_opts opts = {
		.sz = sizeof(opts),
		.kernel_log_buf = log,
		.kernel_log_size = sizeof(log),
		.kernel_log_level = 0,
	};
	void *object;
	int r;

	if (!root_is_live(&ctx->root))
		return why_set(&ctx->why, -EOPNOTSUPP,
			       "asks the running kernel, not a recorded tree");
	object = skeleton->open(&opts);
	if (object && skeleton->prepare)
		skeleton->prepare(object);
	r = object ? skeleton->load(object) : -errno;
	if (r) {
		r = why_not_loaded(&ctx->why, r, log, skeleton);
		skeleton->destroy(object);
		return r;
	}
	*ret = object;
	return 0;
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
		return why_set(&ctx->why, r, "cannot run the BPF program: %s",
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
		return why_set(&ctx->why, r, "cannot read the ring buffer: %s",
			       strerror(-r));
	return 0;
}
