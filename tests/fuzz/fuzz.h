/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the fuzzers have in common. A finding is an abort(). */
#ifndef TESTS_FUZZ_H
#define TESTS_FUZZ_H

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/types.h>
#include <unistd.h>

#include "snapshot/snapshot.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* As assert(), which a build may switch off. */
#define must(condition)                                                        \
	do {                                                                   \
		if (!(condition)) {                                            \
			fprintf(stderr, "%s:%d: not so: %s\n", __FILE__,       \
				__LINE__, #condition);                         \
			abort();                                               \
		}                                                              \
	} while (0)

/* Instead of libc's: the same numbers each time, so that a finding comes again.
 */
ssize_t getrandom(void *buf, size_t size, unsigned int flags)
{
	(void)flags;
	memset(buf, 0x5a, size);
	return size;
}

/* Return: a file of @size bytes of @data, and @more behind, at its start. */
static inline int fuzz_file(const void *data, size_t size, const void *more,
			    size_t more_size)
{
	int fd = memfd_create("fuzz", MFD_CLOEXEC);

	must(fd >= 0);
	must(write(fd, data, size) == (ssize_t)size);
	must(write(fd, more, more_size) == (ssize_t)more_size);
	must(lseek(fd, 0, SEEK_SET) == 0);
	return fd;
}

static inline void fuzz_text(const char *text, size_t most)
{
	must(!text || strlen(text) <= most);
}

/* Looks at who holds a buffer. Return: how many references it has. */
static inline size_t fuzz_look_at_refs(const struct dmabuf_snapshot *snapshot,
				       const struct dmabuf_buffer *buffer)
{
	const struct dmabuf_holder *holder = NULL;
	const struct dmabuf_ref *ref = NULL;
	uint64_t holders = 0, number, pss = 0, size;
	size_t refs = 0;
	uint32_t pid = 0;

	while ((ref = dmabuf_buffer_next_ref(snapshot, buffer, ref))) {
		refs++;
		must(dmabuf_ref_type_name(dmabuf_ref_type(ref))[0]);
	}
	while ((holder = dmabuf_buffer_next_holder(snapshot, buffer, holder))) {
		holders++;
		number = dmabuf_process_pid(
			dmabuf_holder_process(snapshot, holder));
		must(number > pid);
		pid = number;
		must(dmabuf_holder_fds(holder) + dmabuf_holder_maps(holder) +
			     dmabuf_holder_handles(holder) <=
		     refs);
		if (!dmabuf_holder_pss(holder, &number))
			pss += number;
	}
	/* What each process holds is all of the buffer. */
	if (holders && !dmabuf_buffer_size(buffer, &size))
		must(pss == size);
	if (!dmabuf_buffer_processes(snapshot, buffer, &number))
		must(number == holders);
	(void)dmabuf_buffer_unexplained(snapshot, buffer, &number);
	return refs;
}

static inline void fuzz_look_at_processes(
	const struct dmabuf_snapshot *snapshot)
{
	const struct dmabuf_process *process = NULL;
	struct dmabuf_usage usage = { .size = sizeof(usage) };
	uint64_t pid = 0;
	bool first = true;

	while ((process = dmabuf_snapshot_next_process(snapshot, process))) {
		must(first || dmabuf_process_pid(process) > pid);
		first = false;
		pid = dmabuf_process_pid(process);
		must(dmabuf_snapshot_find_process(snapshot, pid) == process);
		must(!dmabuf_process_usage(process, &usage));
		must(usage.pss <= usage.rss);
		fuzz_text(dmabuf_process_comm(process), 15);
		fuzz_text(dmabuf_process_cgroup(process), 479);
	}
}

/* What was counted of buffers. */
struct fuzz_counts {
	size_t attachments, refs, births;
};

static inline void fuzz_look_at_frames(const struct dmabuf_snapshot *snapshot,
				       const struct dmabuf_birth *birth)
{
	const struct dmabuf_frame *frame = NULL;
	uint32_t stack = 0;
	uint64_t number;

	(void)dmabuf_birth_stack(birth, &stack);
	while ((frame = dmabuf_birth_next_frame(snapshot, birth, frame))) {
		must(((const struct dmabuf_rec_frame *)frame)->stack == stack);
		must(stack);
		fuzz_text(dmabuf_frame_symbol(frame, &number), 119);
		fuzz_text(dmabuf_frame_file(frame), 127);
		must(!dmabuf_frame_build_id(frame, &number) ||
		     dmabuf_frame_address(frame, &number));
		(void)dmabuf_frame_is_user(frame);
		(void)dmabuf_frame_is_cut(frame);
	}
}

static inline void fuzz_look_at_buffer(const struct dmabuf_snapshot *snapshot,
				       const struct dmabuf_buffer *buffer,
				       struct fuzz_counts *counts)
{
	const struct buffer *rec = (const void *)buffer;
	const struct dmabuf_attachment *att = NULL;
	const struct dmabuf_birth *birth;
	uint64_t number;

	fuzz_text(dmabuf_buffer_name(buffer), 31);
	fuzz_text(dmabuf_buffer_exporter(buffer), 47);
	must(dmabuf_buffer_ino(buffer, &number) || rec->have & DMABUF_HAVE_INO);
	(void)dmabuf_buffer_size(buffer, &number);
	(void)dmabuf_buffer_refs(buffer, &number);
	(void)dmabuf_buffer_address(buffer, &number);
	(void)dmabuf_buffer_attachments(buffer, &number);
	counts->refs += fuzz_look_at_refs(snapshot, buffer);
	birth = dmabuf_buffer_birth(snapshot, buffer);
	if (birth) {
		counts->births++;
		fuzz_text(dmabuf_birth_comm(birth), 15);
		fuzz_text(dmabuf_birth_cgroup(snapshot, birth), 479);
		fuzz_look_at_frames(snapshot, birth);
	}
	while ((att = dmabuf_buffer_next_attachment(snapshot, buffer, att))) {
		counts->attachments++;
		fuzz_text(dmabuf_attachment_device(att), 63);
		fuzz_text(dmabuf_attachment_driver(att), 31);
	}
}

/* Looks at all there is in a snapshot, and checks what its readers rely on. */
static inline void fuzz_look(const struct dmabuf_snapshot *snapshot)
{
	const struct dmabuf_buffer *buffer = NULL;
	const struct dmabuf_gap *gap = NULL;
	struct fuzz_counts counts = {};
	uint64_t ino, before = 0;
	size_t n = 0;

	fuzz_text(dmabuf_snapshot_kernel(snapshot), 63);
	fuzz_text(dmabuf_snapshot_collector(snapshot), 31);
	while ((buffer = dmabuf_snapshot_next(snapshot, buffer))) {
		ino = ((const struct buffer *)buffer)->ino;
		must(ino >= before);
		before = ino;
		n++;
		fuzz_look_at_buffer(snapshot, buffer, &counts);
	}
	must(n == dmabuf_snapshot_count(snapshot));
	while ((buffer = dmabuf_snapshot_next_released(snapshot, buffer))) {
		must(!dmabuf_buffer_next_attachment(snapshot, buffer, NULL));
		fuzz_look_at_buffer(snapshot, buffer, &counts);
	}
	/* No attachment belongs to nobody. */
	must(counts.attachments == snapshot->attachments.n);
	must(counts.births == snapshot->births.n);
	/* Without ledgers, nobody asked for references. */
	must(!snapshot->ledgers.n || counts.refs == snapshot->joined.n);
	if (snapshot->ledgers.n)
		fuzz_look_at_processes(snapshot);
	while ((gap = dmabuf_snapshot_next_gap(snapshot, gap))) {
		fuzz_text(dmabuf_gap_what(gap), 31);
		fuzz_text(dmabuf_gap_why(gap), 159);
		(void)dmabuf_gap_count(gap);
	}
}

#endif
