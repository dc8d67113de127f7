// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A plugin of QEMU's emulation, for bench/profile: counts how often each block
 * of code ran in each phase. A phase begins when a program calls a certain
 * function, and lasts until the next one begins. Arguments:
 *
 *   phases=FILE  lines "NUMBER ADDRESS BYTES": the code at ADDRESS begins with
 *                BYTES (hexadecimal), because programs have equal addresses;
 *                the code of phase 0 begins the whole, and ends it again
 *   out=FILE     gets lines "PHASE ADDRESS INSTRUCTIONS TIMES"
 *
 * Debian has QEMU's plugins, but no package with their header: the declarations
 * below are what QEMU 7.2 documents as version 1 of this interface.
 */
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EXPORT __attribute__((visibility("default")))

enum { NO_REGISTERS = 0, INLINE_ADD_U64 = 0 };

typedef uint64_t qemu_plugin_id_t;
struct qemu_plugin_tb;
struct qemu_plugin_insn;
typedef void (*tb_trans)(qemu_plugin_id_t, struct qemu_plugin_tb *);
typedef void (*tb_exec)(unsigned int cpu, void *data);
typedef void (*at_exit)(qemu_plugin_id_t, void *data);

void qemu_plugin_register_vcpu_tb_trans_cb(qemu_plugin_id_t, tb_trans);
void qemu_plugin_register_vcpu_tb_exec_cb(struct qemu_plugin_tb *, tb_exec,
					  int registers, void *data);
void qemu_plugin_register_vcpu_tb_exec_inline(struct qemu_plugin_tb *, int op,
					      void *number, uint64_t add);
void qemu_plugin_register_atexit_cb(qemu_plugin_id_t, at_exit, void *data);
size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb *);
uint64_t qemu_plugin_tb_vaddr(const struct qemu_plugin_tb *);
struct qemu_plugin_insn *qemu_plugin_tb_get_insn(const struct qemu_plugin_tb *,
						 size_t index);
const void *qemu_plugin_insn_data(const struct qemu_plugin_insn *);
size_t qemu_plugin_insn_size(const struct qemu_plugin_insn *);

EXPORT int qemu_plugin_version = 1;
EXPORT int qemu_plugin_install(qemu_plugin_id_t, const void *info, int argc,
			       char **argv);

/* A block of code; it is translated again when QEMU's cache is full. */
struct block {
	struct block *next, *same_hash;
	uint64_t address, instructions, times, written;
};

struct phase {
	struct phase *next;
	uint64_t address;
	int number;
	size_t n;
	unsigned char bytes[16];
};

static struct block *blocks, *hash[1 << 18];
static struct phase *phases;
static FILE *out;
static bool running;
static int current;

static void *must(void *memory)
{
	if (memory)
		return memory;
	fprintf(stderr, "profile: out of memory\n");
	exit(1);
}

/* Writes what ran since the last call, in the phase until now. */
static void write_counts(void)
{
	struct block *b;

	for (b = blocks; b; b = b->next) {
		if (running && b->times != b->written)
			fprintf(out, "%d %" PRIx64 " %" PRIu64 " %" PRIu64 "\n",
				current, b->address, b->instructions,
				b->times - b->written);
		b->written = b->times;
	}
}

static void begin_phase(unsigned int cpu, void *data)
{
	const struct phase *phase = data;

	(void)cpu;
	write_counts();
	current = phase->number;
	if (!current)
		running = !running;
}

static void write_last(qemu_plugin_id_t id, void *data)
{
	(void)id;
	(void)data;
	write_counts();
	fclose(out);
}

static struct block *block_of(uint64_t address, size_t instructions)
{
	struct block **first =
		&hash[address * 0x9e3779b97f4a7c15ULL >> (64 - 18)];
	struct block *b;

	for (b = *first; b; b = b->same_hash)
		if (b->address == address && b->instructions == instructions)
			return b;
	b = must(calloc(1, sizeof(*b)));
	b->address = address;
	b->instructions = instructions;
	b->next = blocks;
	b->same_hash = *first;
	return blocks = *first = b;
}

/* Compares the bytes of as many instructions as the block has. */
static bool begins_with(const struct qemu_plugin_tb *tb,
			const struct phase *phase)
{
	const struct qemu_plugin_insn *insn;
	size_t i, size, at = 0;

	for (i = 0; i < qemu_plugin_tb_n_insns(tb) && at < phase->n; i++) {
		insn = qemu_plugin_tb_get_insn(tb, i);
		size = qemu_plugin_insn_size(insn);
		if (size > phase->n - at)
			size = phase->n - at;
		if (memcmp(qemu_plugin_insn_data(insn), phase->bytes + at,
			   size))
			return false;
		at += size;
	}
	return true;
}

static void count_block(qemu_plugin_id_t id, struct qemu_plugin_tb *tb)
{
	const uint64_t address = qemu_plugin_tb_vaddr(tb);
	struct block *b = block_of(address, qemu_plugin_tb_n_insns(tb));
	struct phase *phase;

	(void)id;
	for (phase = phases; phase; phase = phase->next)
		if (phase->address == address && begins_with(tb, phase))
			qemu_plugin_register_vcpu_tb_exec_cb(
				tb, begin_phase, NO_REGISTERS, phase);
	qemu_plugin_register_vcpu_tb_exec_inline(tb, INLINE_ADD_U64, &b->times,
						 1);
}

static int read_phases(const char *path)
{
	FILE *file = fopen(path, "r");
	struct phase read, *phase;
	char bytes[33];

	if (!file)
		return -1;
	while (fscanf(file, "%d %" SCNx64 " %32s", &read.number, &read.address,
		      bytes) == 3) {
		for (read.n = 0; read.n < strlen(bytes) / 2; read.n++)
			sscanf(bytes + 2 * read.n, "%2hhx",
			       &read.bytes[read.n]);
		phase = must(malloc(sizeof(*phase)));
		*phase = read;
		phase->next = phases;
		phases = phase;
	}
	return fclose(file);
}

int qemu_plugin_install(qemu_plugin_id_t id, const void *info, int argc,
			char **argv)
{
	int i;

	(void)info;
	for (i = 0; i < argc; i++)
		if (!strncmp(argv[i], "out=", 4))
			out = fopen(argv[i] + 4, "w");
		else if (strncmp(argv[i], "phases=", 7) ||
			 read_phases(argv[i] + 7))
			return -1;
	if (!out || !phases)
		return -1;
	qemu_plugin_register_vcpu_tb_trans_cb(id, count_block);
	qemu_plugin_register_atexit_cb(id, write_last, NULL);
	return 0;
}
