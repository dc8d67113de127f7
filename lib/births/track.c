// SPDX-License-Identifier: LGPL-2.1-or-later
/* Begins to note births, ends it, and tells what was noted. */
#include <bpf/bpf.h>
#include <dmabuf/track.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "abi/births.h"
#include "births.skel.h"
#include "births/folder.h"
#include "births/glob.h"
#include "bpf/load_error.h"
#include "bpf/object.h"
#include "bpf/registers.h"
#include "util/array.h"
#include "util/cleanup.h"
#include "util/now.h"

DEFINE_CLEANUP(skel, struct births_bpf, births_bpf__destroy)

static_assert(DMABUF_TRACK_FRAMES_MAX == BIRTH_FRAMES_MAX, "told to callers");
static_assert(DMABUF_TRACK_GLOB_LEN == TRACK_GLOB_LEN, "told to callers");

enum { MAX_DEFAULT = 65536, DEPTH_DEFAULT = 20 };

/* How many tasks may be between two programs, or were when one was skipped. */
enum { PASSING_MAX = 4096 };

/* How long a lock is waited for: ten seconds. */
enum { LOCK_TRIES = 100, LOCK_WAIT_US = 100000 };

/* How births are noted. */
struct track_plan {
	__u32 max;
	__u32 depth; /* frames of each stack; 0: none */
	bool asked; /* for stacks */
	enum track_way way;
	const char *exporter; /* a pattern, or NULL */
	bool set_group;
	gid_t group; /* that may read births */
	struct track_glob glob; /* the same */
	uint64_t function; /* where dma_buf_export() is, if it must be known */
};

#if defined(__aarch64__)
enum { TRAMPOLINE_FRAMES = 3 };
#else
enum { TRAMPOLINE_FRAMES = 2 };
#endif

/*
 * How many of the kernel's frames are our program and what calls it, or may be.
 * On arm64, a trampoline has two.
 */
static __u32 own_frames(const struct track_plan *plan)
{
	if (plan->way == TRACK_TRACEPOINT && plan->function)
		return BIRTH_OWN_FRAMES;
	return plan->way == TRACK_TRAMPOLINES ? TRAMPOLINE_FRAMES : 0;
}

/* Return: 0, or -EOPNOTSUPP when @ctx reads a recorded tree. */
static int check_live(struct dmabuf_ctx *ctx)
{
	return sysroot_is_live(&ctx->sysroot)
		       ? 0
		       : error_set(&ctx->error, -EOPNOTSUPP,
				   "a recorded tree makes no dma-bufs");
}

/*
 * Lets one process at a time change what is in the folder. Whoever may list the
 * folder can hold this lock, so nobody waits for long.
 */
static int lock(struct dmabuf_ctx *ctx, const struct pin_folder *folder)
{
	int tries;

	for (tries = 0; flock(folder->fd, LOCK_EX | LOCK_NB); tries++) {
		if (errno != EWOULDBLOCK || tries == LOCK_TRIES)
			return error_set_errno(&ctx->error, -errno,
					       "cannot lock /" PINNED_DIR);
		usleep(LOCK_WAIT_US);
	}
	return 0;
}

/*
 * Removes a folder and the files in it: first the links, so that nothing is
 * noted any more. Return: 0 or -errno.
 */
static int remove_folder(const struct pin_folder *folder, const char *name)
{
	static const char *const files[] = {
		TRACK_NOTE,	 TRACK_NOTE_MISSED, TRACK_NOTE_RETURNED,
		TRACK_BEGIN,	 TRACK_FORGET,	    TRACK_FIRST,
		TRACK_BIRTHS,	 TRACK_STATE,	    TRACK_READER,
		"forget_missed", /* of other versions */
	};
	char path[64];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(files); i++) {
		snprintf(path, sizeof(path), "%s/%s", name, files[i]);
		if (unlinkat(folder->fd, path, 0) && errno != ENOENT)
			return -errno;
	}
	return unlinkat(folder->fd, name, AT_REMOVEDIR) ? -errno : 0;
}

/*
 * Whether a kprobe may use a map whose memory is taken as it is needed: since
 * v6.1, which has allocators for that.
 */
static bool kprobe_may_allocate(struct dmabuf_ctx *ctx)
{
	return bpf_object_kernel_has(ctx, "bpf_mem_alloc_init");
}

#define KPROBES_ENABLED "/sys/kernel/debug/kprobes/enabled"

/* A kprobe can be made while all are switched off, and sees nothing. */
static bool kprobes_are_on(void)
{
	_cleanup_fclose_ FILE *file = fopen(KPROBES_ENABLED, "re");

	return !file || fgetc(file) != '0';
}

static void choose_programs(struct dmabuf_ctx *ctx, struct births_bpf *skel,
			    const struct track_plan *plan)
{
	const enum track_way way = plan->way;
	const bool may_allocate = kprobe_may_allocate(ctx);
	const struct {
		struct bpf_program *program;
		bool is_chosen;
	} choice[] = {
		{ skel->progs.note_made, way == TRACK_TRACEPOINT },
		{ skel->progs.note_birth, way == TRACK_TRAMPOLINES },
		{ skel->progs.note_missed, way == TRACK_TRAMPOLINES },
		{ skel->progs.begin_birth, way == TRACK_KPROBES },
		{ skel->progs.note_returned, way == TRACK_KPROBES },
		{ skel->progs.forget_birth, way != TRACK_KPROBES },
		{ skel->progs.forget_probed,
		  way == TRACK_KPROBES ||
			  (HAS_REGISTERS && may_allocate && kprobes_are_on()) },
		{ skel->progs.read_births, plan->set_group },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(choice); i++)
		bpf_program__set_autoload(choice[i].program,
					  choice[i].is_chosen);
	bpf_program__set_autoattach(skel->progs.forget_birth, false);
	bpf_program__set_autoattach(skel->progs.forget_probed, false);
	bpf_program__set_autoattach(skel->progs.read_births, false);
	if (way == TRACK_KPROBES && !may_allocate)
		(void)bpf_map__set_map_flags(skel->maps.births, 0);
}

/* Return: 0 or -errno. */
static int size_maps(const struct births_bpf *skel,
		     const struct track_plan *plan)
{
	const size_t each = birth_size(plan->depth);
	const bool passes = plan->way == TRACK_KPROBES ||
			    (plan->way == TRACK_TRAMPOLINES && plan->exporter);

	return bpf_map__set_max_entries(skel->maps.births, plan->max)
		       ?: bpf_map__set_max_entries(skel->maps.passing,
						   passes ? PASSING_MAX : 1)
		       ?: bpf_map__set_value_size(skel->maps.births, each)
		       ?: bpf_map__set_value_size(skel->maps.drafts, each);
}

static int load(struct dmabuf_ctx *ctx, const struct track_plan *plan,
		struct births_bpf **ret)
{
	_cleanup_(skel_cleanup) struct births_bpf *skel = NULL;
	char log[16 * 1024] = "";
	struct bpf_object_open_opts opts = {
		.sz = sizeof(opts),
		.kernel_log_buf = log,
		.kernel_log_size = sizeof(log),
		.kernel_log_level = 0,
	};
	int r;

	r = bpf_object_btf_path(ctx, &opts.btf_custom_path);
	if (r)
		return r;
	skel = births_bpf__open_opts(&opts);
	if (!skel)
		return bpf_load_error(&ctx->error, -errno, log);
	skel->rodata->first_argument = register_of_argument[0];
	skel->rodata->result = register_of_result;
	skel->rodata->way = plan->way;
	skel->rodata->depth = plan->depth;
	skel->rodata->own_frames = own_frames(plan);
	skel->rodata->glob = plan->glob;
	choose_programs(ctx, skel, plan);
	r = size_maps(skel, plan) ?: births_bpf__load(skel);
	if (r)
		return bpf_load_error(&ctx->error, r, log);
	*ret = take_ptr(skel);
	return 0;
}

/* Makes the iterator for readers of a group. Return: 0 or -errno. */
static int attach_reader(struct births_bpf *skel)
{
	union bpf_iter_link_info info = {
		.map.map_fd = bpf_map__fd(skel->maps.births),
	};
	DECLARE_LIBBPF_OPTS(bpf_iter_attach_opts, opts, .link_info = &info,
			    .link_info_len = sizeof(info));

	skel->links.read_births =
		bpf_program__attach_iter(skel->progs.read_births, &opts);
	return skel->links.read_births ? 0 : -errno;
}

/*
 * Before what notes births: they must not outlive their buffers. A kernel
 * without kprobes does without one. Return: 0 or -errno.
 */
static int attach_forget(struct births_bpf *skel)
{
	struct bpf_program *const programs[] = { skel->progs.forget_probed,
						 skel->progs.forget_birth };
	struct bpf_link **const links[] = { &skel->links.forget_probed,
					    &skel->links.forget_birth };
	int r = -EOPNOTSUPP;
	size_t i;

	for (i = 0; r && i < ARRAY_SIZE(programs); i++) {
		if (!bpf_program__autoload(programs[i]))
			continue;
		*links[i] = bpf_program__attach(programs[i]);
		r = *links[i] ? 0 : -errno;
	}
	return r;
}

/* From now on, births are noted. */
static int start(struct dmabuf_ctx *ctx, struct births_bpf *skel,
		 const struct track_plan *plan)
{
	struct track_state state = {
		.version = TRACK_VERSION,
		.max = plan->max,
		.depth = plan->depth,
		.own_frames = own_frames(plan),
		.function = plan->function,
		.since_ns = now_kernel_ns(),
	};
	const __u32 first = 0;
	int r;

	if (plan->exporter)
		strcpy(state.exporter, plan->exporter);
	r = bpf_map_update_elem(bpf_map__fd(skel->maps.state), &first, &state,
				BPF_ANY)
		    ? -errno
		    : 0;
	r = r ?: attach_forget(skel) ?: births_bpf__attach(skel);
	return error_set_errno(&ctx->error, r,
			       "cannot attach to dma_buf_export()");
}

static int start_reader(struct dmabuf_ctx *ctx, struct births_bpf *skel,
			const struct track_plan *plan)
{
	int r = plan->set_group ? attach_reader(skel) : 0;

	return error_set_errno(&ctx->error, r,
			       "cannot make an iterator of births");
}

/* Return: where a function of the kernel begins, 0 when that is not told. */
static uint64_t find_function(const char *function)
{
	_cleanup_fclose_ FILE *file = fopen("/proc/kallsyms", "re");
	char line[512], name[64];
	uint64_t at;

	while (file && fgets(line, sizeof(line), file))
		if (strstr(line, function) &&
		    sscanf(line, "%" SCNx64 " %*c %63s", &at, name) == 2 &&
		    !strcmp(name, function))
			return at;
	return 0;
}

/*
 * Where memory is not taken as births come, all of it is taken at once: stacks
 * are then only for who asks for them.
 */
static int begin_way(struct dmabuf_ctx *ctx, struct track_plan plan,
		     enum track_way way, struct births_bpf **ret)
{
	_cleanup_(skel_cleanup) struct births_bpf *skel = NULL;
	int r;

	plan.way = way;
	if (way == TRACK_KPROBES && !plan.asked && !kprobe_may_allocate(ctx))
		plan.depth = 0;
	if (way == TRACK_TRACEPOINT && plan.depth)
		plan.function = find_function("dma_buf_export");
	r = load(ctx, &plan, &skel) ?: start(ctx, skel, &plan)
		?: start_reader(ctx, skel, &plan);
	if (!r)
		*ret = take_ptr(skel);
	return r;
}

/* Whether the reason of a failure is the same for all ways. */
static bool is_final(int r)
{
	return r == -ENOMEM || r == -EPERM || r == -EACCES;
}

/* Return: 0, or -EOPNOTSUPP. */
static int check_kprobes(struct dmabuf_ctx *ctx)
{
	if (!HAS_REGISTERS)
		return error_hint(&ctx->error,
				  "without trampolines for BPF, use a program "
				  "of 64 bits for x86 or ARM");
	if (kprobes_are_on())
		return 0;
	error_set(&ctx->error, -EOPNOTSUPP,
		  "the kernel's kprobes are switched off");
	return error_hint(&ctx->error, "as root: echo 1 >" KPROBES_ENABLED);
}

/* Return: 0, or -errno with the reason and a hint for kprobes. */
static int begin_kprobes(struct dmabuf_ctx *ctx, const struct track_plan *plan,
			 struct births_bpf **ret)
{
	int r = check_kprobes(ctx);

	if (r)
		return r;
	r = begin_way(ctx, *plan, TRACK_KPROBES, ret);
	return !r || is_final(r)
		       ? r
		       : error_hint(&ctx->error,
				    "boot a kernel built with "
				    "CONFIG_KPROBE_EVENTS=y; on arm64, or "
				    "without types, Linux 5.15 or later");
}

/* Begins in the best way that this kernel has. */
static int begin(struct dmabuf_ctx *ctx, const struct track_plan *plan,
		 struct births_bpf **ret)
{
	int r = -EOPNOTSUPP;

	if (bpf_object_kernel_has(ctx, "__traceiter_dma_buf_export"))
		r = begin_way(ctx, *plan, TRACK_TRACEPOINT, ret);
	if (r && !is_final(r))
		r = begin_way(ctx, *plan, TRACK_TRAMPOLINES, ret);
	if (r && !is_final(r))
		r = begin_kprobes(ctx, plan, ret);
	if (!r)
		ctx->error = (struct dmabuf_error){};
	return r;
}

/* Return: its descriptor, or -1 when the program is not attached. */
static int link_fd(const struct bpf_link *link)
{
	return link ? bpf_link__fd(link) : -1;
}

/* Return: what notes births first, or a negative number for kprobes. */
static int first_program(const struct births_bpf *skel)
{
	const int made = bpf_program__fd(skel->progs.note_made);

	return made >= 0 ? made : bpf_program__fd(skel->progs.note_birth);
}

/* Pins all that there is: of programs that do the same, one is attached. */
static int pin(const struct births_bpf *skel, int folder)
{
	const struct {
		const char *name;
		int fd;
	} files[] = {
		{ TRACK_BIRTHS, bpf_map__fd(skel->maps.births) },
		{ TRACK_STATE, bpf_map__fd(skel->maps.state) },
		{ TRACK_FIRST, first_program(skel) },
		{ TRACK_FORGET, link_fd(skel->links.forget_probed
						?: skel->links.forget_birth) },
		{ TRACK_BEGIN, link_fd(skel->links.begin_birth) },
		{ TRACK_NOTE,
		  link_fd(skel->links.note_made ?: skel->links.note_birth) },
		{ TRACK_NOTE_MISSED, link_fd(skel->links.note_missed) },
		{ TRACK_NOTE_RETURNED, link_fd(skel->links.note_returned) },
		{ TRACK_READER, link_fd(skel->links.read_births) },
	};
	size_t i;
	int r = 0;

	for (i = 0; !r && i < ARRAY_SIZE(files); i++)
		if (files[i].fd >= 0)
			r = pin_folder_add(files[i].fd, folder, files[i].name);
	return r;
}

/* Lets the group enter the folder and read births, and no more. */
static int give_to_group(int folder, const struct track_plan *plan)
{
	if (!plan->set_group)
		return 0;
	return fchownat(folder, TRACK_READER, -1, plan->group,
			AT_SYMLINK_NOFOLLOW) ||
			       fchmodat(folder, TRACK_READER, 0440, 0) ||
			       fchown(folder, -1, plan->group) ||
			       fchmod(folder, 0750)
		       ? -errno
		       : 0;
}

/* Return: 0 or -errno; then nothing is left behind. */
static int pin_all(const struct births_bpf *skel,
		   const struct pin_folder *folder,
		   const struct track_plan *plan)
{
	_cleanup_close_ int aside = -1;
	int r = 0;

	/* What is there was left by a process that was killed. */
	(void)remove_folder(folder, TRACK_ASIDE);
	if (mkdirat(folder->fd, TRACK_ASIDE, 0700))
		return -errno;
	aside = openat(folder->fd, TRACK_ASIDE,
		       O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	r = aside < 0 ? -errno : pin(skel, aside) ?: give_to_group(aside, plan);
	if (!r && renameat2(folder->fd, TRACK_ASIDE, folder->fd, TRACK_FOLDER,
			    RENAME_NOREPLACE))
		r = -errno;
	if (r)
		(void)remove_folder(folder, TRACK_ASIDE);
	return r;
}

static int fail_pin(struct dmabuf_ctx *ctx, int r)
{
	if (r == -EEXIST) {
		error_set(&ctx->error, r, "births are noted already");
		return error_hint(&ctx->error, "dmabuf track off ends it");
	}
	error_set_errno(&ctx->error, r,
			"cannot pin /" PINNED_DIR "/" TRACK_FOLDER);
	/* A kprobe is no link, and ends with the process that made it. */
	return r == -EINVAL
		       ? error_hint(&ctx->error,
				    "this kernel has neither trampolines for "
				    "BPF nor links of kprobes: boot Linux 5.15 "
				    "or later")
		       : r;
}

/* Whether births are noted already; those of a process at work are not. */
static bool is_on(const struct pin_folder *folder)
{
	return !faccessat(folder->fd, TRACK_FOLDER, F_OK, AT_SYMLINK_NOFOLLOW);
}

static int track_in(struct dmabuf_ctx *ctx, const struct pin_folder *folder,
		    const struct track_plan *plan)
{
	_cleanup_(skel_cleanup) struct births_bpf *skel = NULL;
	int r = lock(ctx, folder);

	if (!r && is_on(folder))
		return fail_pin(ctx, -EEXIST);
	r = r ?: begin(ctx, plan, &skel);
	if (r)
		return r;
	r = pin_all(skel, folder, plan);
	return r ? fail_pin(ctx, r) : 0;
}

/* Return: 0, or -EINVAL when they ask for what there is not. */
static int read_opts(struct dmabuf_ctx *ctx,
		     const struct dmabuf_track_opts *opts,
		     struct track_plan *plan)
{
	*plan = (struct track_plan){
		.max = opts->max ?: MAX_DEFAULT,
		.depth = opts->no_stacks ? 0 : opts->frames ?: DEPTH_DEFAULT,
		.asked = opts->frames,
		.exporter = opts->exporter,
		.set_group = opts->set_group,
		.group = opts->gid,
	};
	if (plan->depth > BIRTH_FRAMES_MAX)
		return error_set(&ctx->error, -EINVAL,
				 "stacks have %d frames at most",
				 BIRTH_FRAMES_MAX);
	if (opts->exporter && !opts->exporter[0])
		return error_set(&ctx->error, -EINVAL,
				 "no exporter has an empty name");
	switch (opts->exporter ? glob_compile(opts->exporter, &plan->glob)
			       : 0) {
	case -E2BIG:
		return error_set(&ctx->error, -EINVAL,
				 "the pattern of exporters is longer than %d "
				 "bytes",
				 TRACK_GLOB_LEN - 1);
	case -EILSEQ:
		return error_set(&ctx->error, -EINVAL,
				 "brackets in the pattern of exporters have "
				 "letters that are not ASCII");
	}
	return 0;
}

int dmabuf_track_on(struct dmabuf_ctx *ctx,
		    const struct dmabuf_track_opts *opts)
{
	_cleanup_(pin_folder_fini) struct pin_folder folder = PIN_FOLDER_INIT;
	struct dmabuf_track_opts known;
	struct track_plan plan;
	int r = check_live(ctx);

	if (r)
		return r;
	if (opts_copy(&known, sizeof(known), opts))
		return error_set(&ctx->error, -EINVAL,
				 "options are of another libdmabuf");
	r = read_opts(ctx, &known, &plan) ?: pin_folder_make(ctx, &folder)
		?: track_in(ctx, &folder, &plan);
	/* Who has the lock is about to pin something there. */
	if (r && folder.made && r != -EWOULDBLOCK)
		pin_folder_remove(&folder);
	return r;
}

static int fail_off(struct dmabuf_ctx *ctx)
{
	error_set(&ctx->error, -ENOENT, "births are not noted");
	return error_hint(&ctx->error, "dmabuf track on begins it");
}

int dmabuf_track_off(struct dmabuf_ctx *ctx)
{
	_cleanup_(pin_folder_fini) struct pin_folder folder = PIN_FOLDER_INIT;
	int r;

	r = check_live(ctx) ?: pin_folder_open(ctx, &folder);
	if (r == -ENOENT)
		return fail_off(ctx);
	r = r ?: lock(ctx, &folder);
	if (r)
		return r;
	(void)remove_folder(&folder, TRACK_ASIDE);
	r = remove_folder(&folder, TRACK_FOLDER);
	pin_folder_remove(&folder);
	if (r == -ENOENT)
		return fail_off(ctx);
	return error_set_errno(&ctx->error, r,
			       "cannot remove /" PINNED_DIR "/" TRACK_FOLDER);
}

/* Return: the kernel memory of a map in bytes, 0 when it is not told. */
static uint64_t map_memory(int map)
{
	_cleanup_fclose_ FILE *file = NULL;
	uint64_t bytes = 0;
	char line[128], path[64];

	snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", map);
	file = fopen(path, "re");
	while (file && fgets(line, sizeof(line), file))
		(void)sscanf(line, "memlock: %" SCNu64, &bytes);
	return bytes;
}

int dmabuf_track_status(struct dmabuf_ctx *ctx, struct dmabuf_track_status *ret)
{
	_cleanup_(track_maps_fini) struct track_maps maps = TRACK_MAPS_INIT;
	struct dmabuf_track_status status;
	struct track_state state;
	int r;

	r = check_live(ctx) ?: track_maps_open(ctx, &maps, &state);
	if (r)
		return r == -ENOENT ? fail_off(ctx) : r;
	status = (struct dmabuf_track_status){
		.since_ns = now_kernel_ns() - state.since_ns,
		.births = state.noted - state.gone,
		.noted = state.noted,
		.lost = state.lost,
		.others = state.others,
		.max = state.max,
		.frames = state.depth,
		.memory = map_memory(maps.births) + map_memory(maps.state),
	};
	state.exporter[sizeof(state.exporter) - 1] = 0;
	strcpy(status.exporter, state.exporter);
	return result_copy(ret, sizeof(status), &status)
		       ? error_set(&ctx->error, -EINVAL,
				   "the struct has no valid size")
		       : 0;
}
