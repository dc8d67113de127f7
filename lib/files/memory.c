// SPDX-License-Identifier: LGPL-2.1-or-later
#include "files/memory.h"

#include <string.h>

#include "abi/memory.h"
#include "bpf/kernel_range.h"
#include "bpf/object.h"
#include "read_memory.skel.h"

DEFINE_BPF_SKELETON(read_memory)

/* A piece that is queued: where it goes. */
struct queued {
	void *to;
	uint32_t bytes;
};

struct memory {
	struct dmabuf_ctx *ctx;
	struct read_memory_bpf *skel;
	struct memory_run *run;
	struct queued queued[MEMORY_READS];
	uint32_t n_queued, bytes_queued;
	int error;
};

int memory_open(struct dmabuf_ctx *ctx, struct memory **ret)
{
	static const struct bpf_skeleton skeleton = {
		BPF_SKELETON(read_memory),
	};
	static const char key;
	struct memory *memory = ctx_kept(ctx, &key);
	void *skel;
	int r;

	if (!memory) {
		r = bpf_object_keep(ctx, &skeleton, &skel);
		if (r)
			return r;
		memory = calloc(1, sizeof(*memory));
		if (!memory)
			return error_no_memory(&ctx->error);
		memory->ctx = ctx;
		memory->skel = skel;
		memory->run = &memory->skel->bss->run;
		memory->run->lowest = kernel_lowest_address();
		r = ctx_keep(ctx, &key, memory, free);
		if (r) {
			free(memory);
			return r;
		}
	}
	memory->error = 0;
	*ret = memory;
	return 0;
}

int memory_error(const struct memory *memory)
{
	return memory->error;
}

/* Runs the program until all of its reads are done. */
static void run(struct memory *memory, __u32 n_reads)
{
	struct memory_run *to = memory->run;
	int r = 0;

	to->end = n_reads * sizeof(*to->reads);
	to->now = 0;
	while (r >= 0 && to->now < to->end)
		r = bpf_object_run(memory->ctx,
				   memory->skel->progs.read_memory);
	if (r < 0)
		memory->error = r;
}

void memory_run(struct memory *memory)
{
	const uint32_t n = memory->n_queued;
	const char *from = (char *)memory->run->out;
	const struct queued *queued;
	uint32_t i;

	memory->n_queued = memory->bytes_queued = 0;
	if (n)
		run(memory, n);
	for (i = 0; i < n && !memory->error; i++) {
		queued = &memory->queued[i];
		if (!memory->run->reads[i].left)
			memcpy(queued->to, from, queued->bytes);
		from += queued->bytes;
	}
}

static void queue(struct memory *memory, uint64_t address, void *to,
		  uint32_t bytes)
{
	const uint32_t i = memory->n_queued++;

	memory->run->reads[i] = (struct memory_read){
		.address = address,
		.bytes = bytes,
		.left = 1,
		.at = memory->bytes_queued,
	};
	memory->queued[i] = (struct queued){ to, bytes };
	memory->bytes_queued += bytes;
	if (memory->n_queued == MEMORY_READS ||
	    memory->bytes_queued >= MEMORY_BYTES)
		memory_run(memory);
}

void memory_queue(struct memory *memory, const uint64_t *addresses, size_t n,
		  int32_t offset, void *to, uint32_t bytes)
{
	size_t i;

	if (n && bytes)
		memset(to, 0, n * bytes);
	for (i = 0; i < n && !memory->error; i++)
		/* A field of NULL is not readable either. */
		if (addresses[i] && bytes < MEMORY_PIECE_BYTES)
			queue(memory, addresses[i] + offset,
			      (char *)to + i * bytes, bytes);
}

void memory_gather(struct memory *memory, const uint64_t *addresses, size_t n,
		   int32_t offset, void *to, uint32_t bytes)
{
	memory_queue(memory, addresses, n, offset, to, bytes);
	memory_run(memory);
}

void memory_read(struct memory *memory, uint64_t address, void *to,
		 size_t bytes)
{
	const size_t most = MEMORY_PIECE_BYTES - 8;
	size_t done, some;
	uint64_t at;

	for (done = 0; done < bytes; done += some) {
		at = address ? address + done : 0;
		some = bytes - done < most ? bytes - done : most;
		memory_queue(memory, &at, 1, 0, (char *)to + done, some);
	}
	memory_run(memory);
}

uint64_t memory_u64(struct memory *memory, uint64_t address)
{
	uint64_t value;

	memory_gather(memory, &address, 1, 0, &value, sizeof(value));
	return value;
}

uint32_t memory_u32(struct memory *memory, uint64_t address)
{
	uint32_t value;

	memory_gather(memory, &address, 1, 0, &value, sizeof(value));
	return value;
}

uint64_t memory_reader(const struct memory *memory)
{
	return memory->run->reader;
}

/* Appends the first pieces of the last run. Return: 0 or -ENOMEM. */
static int append(const struct memory_run *run, uint32_t n, struct vec *pieces)
{
	uint32_t i;
	int r = 0;

	for (i = 0; !r && i < n; i++)
		r = vec_push(pieces, run->out + i * run->reads[0].bytes);
	return r;
}

enum chain_end memory_chain(struct memory *memory, const struct chain *chain,
			    struct vec *pieces)
{
	const uint32_t room = MEMORY_BYTES / chain->bytes;
	struct memory_read *read = &memory->run->reads[0];
	uint64_t at = chain->first;
	uint32_t left = chain->most, want, got;

	memory_run(memory);
	while (at && left && !memory->error) {
		want = left < room ? left : room;
		*read = (struct memory_read){
			.address = at,
			.stop = chain->stop,
			.bytes = chain->bytes,
			.next = chain->next,
			.left = want,
		};
		run(memory, 1);
		got = want - read->left;
		if (!memory->error && append(memory->run, got, pieces))
			memory->error = error_no_memory(&memory->ctx->error);
		at = read->address;
		if (at == chain->stop)
			return CHAIN_WHOLE;
		/* A NULL pointer is of an object that was removed meanwhile. */
		if (read->left || !at)
			return CHAIN_TORN;
		left -= got;
	}
	return at ? CHAIN_LONG : CHAIN_WHOLE;
}
