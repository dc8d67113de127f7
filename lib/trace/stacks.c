// SPDX-License-Identifier: LGPL-2.1-or-later
#include "trace/stacks.h"

#include <dmabuf/trace.h>
#include <errno.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "symbols/raw_stack.h"
#include "symbols/symbol.h"
#include "util/array.h"
#include "util/cleanup.h"
#include "util/now.h"
#include "util/u64.h"

static_assert(sizeof(struct bpf_stack_build_id) == TRACE_USER_FRAME,
	      "as the kernel fills it");
static_assert(BPF_BUILD_ID_SIZE == SYMBOL_BUILD_ID, "build IDs are copied");

/* More names than any program has; then they are forgotten. */
enum { KNOWN_MOST = 16384 };

/*
 * Who makes files with ever new build IDs could let names be searched for all
 * the time, and events be lost meanwhile. So that takes ten seconds, and after
 * that at most half of the time.
 */
static const int64_t patience_most = 10000000000;

/*
 * A place where code goes on after a call, with its name. @asked: the same as
 * it was asked for; only an address in a process depends on the process.
 * @waits: it is asked for next. @tried: it was asked for
 */
struct place {
	struct symbol asked, named;
	bool waits, tried;
};

static uint32_t process_of(const struct symbol *symbol)
{
	return build_id_is_known(symbol->build_id) ? 0 : symbol->pid;
}

static int compare_places(const void *left, const void *right)
{
	const struct symbol *a = &((const struct place *)left)->asked;
	const struct symbol *b = &((const struct place *)right)->asked;

	return u64_compare(a->at, b->at)
		       ?: memcmp(a->build_id, b->build_id, sizeof(a->build_id))
		       ?: u64_compare(process_of(a), process_of(b));
}

void trace_stacks_init(struct trace_stacks *stacks, struct dmabuf_ctx *ctx,
		       bool shows_ids)
{
	*stacks = (struct trace_stacks){
		.ctx = ctx,
		.shows_ids = shows_ids,
		.patience_ns = patience_most,
		.refilled_ns = now_boot_ns(),
		.frames = VEC_OF(struct dmabuf_rec_frame),
	};
}

static void forget(void **places)
{
	tdestroy(*places, free);
	*places = NULL;
}

void trace_stacks_fini(struct trace_stacks *stacks)
{
	forget(&stacks->known);
	forget(&stacks->addresses);
	vec_fini(&stacks->frames);
}

/* The stacks of a record. */
struct raw {
	const uint64_t *kernel;
	const struct bpf_stack_build_id *user;
	size_t n_kernel, n_user;
};

static struct raw raw_of(const struct trace_record *record)
{
	const char *behind = (const char *)(record + 1);
	struct raw raw = {
		.kernel = (const void *)behind,
		.user = (const void *)(behind + TRACE_KERNEL_ROOM),
		.n_kernel = raw_stack_count(record->kernel_bytes,
					    TRACE_KERNEL_FRAME,
					    TRACE_FRAMES + TRACE_OWN_FRAMES),
	};
	const size_t n = raw_stack_count(record->user_bytes, TRACE_USER_FRAME,
					 TRACE_FRAMES);

	while (raw.n_user < n && !raw_stack_is_no_code(&raw.user[raw.n_user]))
		raw.n_user++;
	return raw;
}

/*
 * The innermost one of the kernel is where the code is, at the beginning of a
 * function it may be; all others are where it goes on after a call.
 */
static struct symbol kernel_symbol(const struct raw *raw, size_t i)
{
	return (struct symbol){ .at = raw->kernel[i] + !i };
}

static struct symbol user_symbol(const struct trace_stacks *stacks,
				 const struct trace_record *record,
				 const struct bpf_stack_build_id *at)
{
	struct symbol symbol = {
		.pid = stacks->shows_ids ? record->pid : 0,
		.at = at->ip,
	};

	if (at->status == BPF_STACK_BUILD_ID_VALID) {
		symbol.at = at->offset;
		memcpy(symbol.build_id, at->build_id, sizeof(symbol.build_id));
	}
	return symbol;
}

static struct place *find(const struct trace_stacks *stacks,
			  const struct symbol *symbol)
{
	struct place wanted = { .asked = *symbol };
	struct place **found =
		tfind(&wanted,
		      process_of(symbol) ? &stacks->addresses : &stacks->known,
		      compare_places);

	return found ? *found : NULL;
}

/* Return: the new place, or NULL without memory. */
static struct place *add_place(struct trace_stacks *stacks,
			       const struct symbol *symbol)
{
	const bool is_address = process_of(symbol);
	struct place *place = malloc(sizeof(*place));

	if (!place)
		return NULL;
	*place = (struct place){ .asked = *symbol, .named = *symbol };
	if (!tsearch(place, is_address ? &stacks->addresses : &stacks->known,
		     compare_places)) {
		free(place);
		return NULL;
	}
	stacks->n_known += !is_address;
	return place;
}

/*
 * Adds a place to @wanted, unless its name was asked for. When its file was not
 * found, it is asked for once for each process, the last of which is most
 * likely still there. Return: 0 or -ENOMEM.
 */
static int want(struct trace_stacks *stacks, const struct symbol *symbol,
		struct vec *wanted)
{
	struct place *place = find(stacks, symbol);

	if (place && place->tried &&
	    (place->named.file[0] || place->asked.pid == symbol->pid))
		return 0;
	place = place ?: add_place(stacks, symbol);
	if (!place)
		return -ENOMEM;
	place->asked.pid = symbol->pid;
	if (place->waits)
		return 0;
	place->waits = true;
	return vec_push(wanted, &place);
}

static int add_record(struct trace_stacks *stacks,
		      const struct trace_record *record, struct vec *kernel,
		      struct vec *user)
{
	const struct raw raw = raw_of(record);
	struct symbol symbol;
	size_t i;
	int r = 0;

	for (i = 0; i < raw.n_kernel && !r; i++) {
		symbol = kernel_symbol(&raw, i);
		r = want(stacks, &symbol, kernel);
	}
	for (i = 0; i < raw.n_user && !r; i++) {
		symbol = user_symbol(stacks, record, &raw.user[i]);
		r = want(stacks, &symbol, user);
	}
	return r;
}

typedef int name_symbols(struct dmabuf_ctx *ctx, struct symbol *symbols,
			 size_t n);

/* @places: struct place *. Return: 0 or -ENOMEM. */
static int name(struct trace_stacks *stacks, const struct vec *places,
		name_symbols *name_all)
{
	_cleanup_free_ struct symbol *symbols =
		calloc(places->n ?: 1, sizeof(*symbols));
	struct place **place = places->data;
	size_t i;
	int r;

	if (!symbols)
		return -ENOMEM;
	for (i = 0; i < places->n; i++)
		symbols[i] = place[i]->asked;
	r = name_all(stacks->ctx, symbols, places->n);
	for (i = 0; i < places->n; i++) {
		place[i]->named = symbols[i];
		place[i]->waits = false;
		place[i]->tried = true;
	}
	return r;
}

/* Return: how much time has passed since @last, which is now then. */
static int64_t pass(uint64_t *last)
{
	const uint64_t before = *last;

	*last = now_boot_ns();
	return *last - before;
}

/* They are asked for when they come again. */
static void put_off(const struct vec *places)
{
	struct place *const *place = NULL;

	while ((place = vec_next(places, place)))
		(*place)->waits = false;
}

/* A search may take longer than there was patience: that is made up for. */
static int name_user(struct trace_stacks *stacks, const struct vec *places)
{
	int r = 0;

	stacks->patience_ns += pass(&stacks->refilled_ns);
	if (stacks->patience_ns > patience_most)
		stacks->patience_ns = patience_most;
	if (places->n && stacks->patience_ns > 0)
		r = name(stacks, places, symbols_name_user);
	else
		put_off(places);
	stacks->patience_ns -= pass(&stacks->refilled_ns);
	return r;
}

int trace_stacks_learn(struct trace_stacks *stacks, const char *records,
		       size_t n)
{
	_cleanup_(vec_fini) struct vec kernel = VEC_OF(struct place *),
				       user = VEC_OF(struct place *);
	size_t i;
	int r = 0;

	/* A process may run another program now. */
	forget(&stacks->addresses);
	if (stacks->n_known > KNOWN_MOST) {
		forget(&stacks->known);
		stacks->n_known = 0;
	}
	for (i = 0; i < n && !r; i++)
		r = add_record(
			stacks,
			(const void *)(records + i * TRACE_STACKS_RECORD),
			&kernel, &user);
	/* First what may be gone soon. */
	r = r ?: name_user(stacks, &user);
	return r || !kernel.n ? r : name(stacks, &kernel, symbols_name_kernel);
}

/* Whether a function of the kernel is there because this traces. */
static bool is_tracing(const char *name)
{
	static const char *const begins[] = {
		"bpf_prog_",
		"bpf_trampoline_",
		"bpf_trace_run",
		"__bpf_trace_",
		"__traceiter_",
		"kretprobe_trampoline",
		"__kretprobe_trampoline",
		"arch_rethook_trampoline",
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(begins); i++)
		if (!strncmp(name, begins[i], strlen(begins[i])))
			return true;
	return false;
}

/* Return: the name of a frame of the kernel, or "". */
static const char *kernel_name(const struct trace_stacks *stacks,
			       const struct raw *raw, size_t i)
{
	const struct symbol symbol = kernel_symbol(raw, i);
	const struct place *place = find(stacks, &symbol);

	return place ? place->named.name : "";
}

/* Whether a function is the one whose begin or end is an event. */
static bool is_hook(const char *name)
{
	static const char *const hooks[] = {
		"dma_buf_export", "dma_buf_release", "dma_buf_dynamic_attach",
		"dma_buf_detach", "fd_install",	     "dma_buf_mmap_internal",
		"dma_buf_mmap",	  "dma_buf_ioctl",
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(hooks); i++)
		if (!strcmp(name, hooks[i]))
			return true;
	return false;
}

/*
 * Return: how many of the innermost frames are of our program. Some hooks leave
 * a frame of the function behind, which the event tells.
 */
static size_t own_frames(const struct trace_stacks *stacks,
			 const struct raw *raw)
{
	size_t i, n = 0;

	for (i = 0; i < raw->n_kernel && i < TRACE_OWN_FRAMES; i++)
		if (is_tracing(kernel_name(stacks, raw, i)))
			n = i + 1;
	return n + (n < raw->n_kernel && is_hook(kernel_name(stacks, raw, n)));
}

/* Return: 0 or -ENOMEM. */
static int push(struct trace_stacks *stacks, const struct symbol *symbol,
		uint32_t flags)
{
	const struct place *place = find(stacks, symbol);
	const struct symbol *named = place ? &place->named : symbol;
	struct dmabuf_rec_frame frame = {
		.head = { DMABUF_REC_FRAME, sizeof(frame) },
		.place = stacks->frames.n,
		.flags = flags,
		.at = named->at,
		.offset = named->offset,
	};

	if (build_id_is_known(named->build_id))
		frame.flags |= DMABUF_REC_FRAME_FILE;
	memcpy(frame.build_id, named->build_id, sizeof(frame.build_id));
	memcpy(frame.symbol, named->name, sizeof(frame.symbol));
	memcpy(frame.file, named->file, sizeof(frame.file));
	return vec_push(&stacks->frames, &frame);
}

static int push_kernel(struct trace_stacks *stacks, const struct raw *raw)
{
	const size_t own = own_frames(stacks, raw);
	struct symbol symbol;
	uint32_t flags = 0;
	size_t i;
	int r = 0;

	for (i = own; i < raw->n_kernel && !flags && !r; i++) {
		if (i + 1 == own + TRACE_FRAMES)
			flags = DMABUF_REC_FRAME_CUT;
		symbol = kernel_symbol(raw, i);
		r = push(stacks, &symbol, flags);
	}
	return r;
}

int trace_stacks_make(struct trace_stacks *stacks,
		      const struct trace_record *record)
{
	const struct raw raw = raw_of(record);
	uint32_t flags = DMABUF_REC_FRAME_USER;
	struct symbol symbol;
	size_t i;
	int r;

	stacks->frames.n = 0;
	r = push_kernel(stacks, &raw);
	for (i = 0; i < raw.n_user && !r; i++) {
		if (i + 1 == TRACE_FRAMES)
			flags |= DMABUF_REC_FRAME_CUT;
		symbol = user_symbol(stacks, record, &raw.user[i]);
		r = push(stacks, &symbol, flags);
	}
	return r;
}

const struct dmabuf_frame *dmabuf_stack_next_frame(
	const struct dmabuf_stack *stack, const struct dmabuf_frame *prev)
{
	return vec_next((const void *)stack, prev);
}
