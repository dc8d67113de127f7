// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

#include "snapshot/doubles.h"
#include "snapshot/gaps.h"
#include "snapshot/record_add.h"
#include "snapshot/record_reader.h"
#include "util/cleanup.h"
#include "util/io.h"

static bool is_kind(uint32_t kind)
{
	return (kind & ~0x1fU) == DMABUF_REC_KIND(0);
}

/* Return: the kind of the record at @data, 0 if it has none. */
static uint32_t kind_of(const char *data, size_t size)
{
	struct dmabuf_rec head;

	if (size < sizeof(head))
		return 0;
	memcpy(&head, data, sizeof(head));
	return head.kind;
}

/* Whether the record at @data is of a known kind that is not in @kinds. */
static bool is_forbidden(const char *data, size_t size, uint32_t kinds)
{
	const uint32_t others = RECORDS_OF_SNAPSHOT & ~kinds;
	const uint32_t kind = kind_of(data, size);

	return is_kind(kind) && others & RECORD_BIT(kind);
}

/* Return: why what begins at @data was refused. */
static const char *fault_at(const char *data, size_t size, uint32_t kinds)
{
	if (is_forbidden(data, size, kinds))
		return "unexpected kind of record";
	if (is_kind(__builtin_bswap32(kind_of(data, size))))
		return "a record of the other byte order";
	return "not a record";
}

/* Return: as snapshot_add(). */
static ssize_t add(struct dmabuf_snapshot *snapshot, const char *data,
		   size_t size, uint32_t kinds)
{
	return is_forbidden(data, size, kinds)
		       ? -EBADMSG
		       : snapshot_add(snapshot, data, size);
}

int record_reader_read_all(int fd, uint32_t kinds, const char *name,
			   struct dmabuf_snapshot *snapshot, uint64_t *bytes,
			   struct dmabuf_error *error)
{
	enum { SIZE = 64 * 1024 };
	_cleanup_(doubles_fini) struct doubles doubles = {
		.at = snapshot->refs.n
	};
	_cleanup_free_ char *buf = malloc(SIZE);
	size_t have = 0, used;
	uint64_t total = 0;
	ssize_t n, r;

	if (!buf)
		return error_no_memory(error);

	while ((n = read_retry(fd, buf + have, SIZE - have)) > 0) {
		have += n;
		total += n;
		used = 0;
		while ((r = add(snapshot, buf + used, have - used, kinds)) > 0)
			used += r;
		/* A saved file could have addresses that make this slow. */
		if (!r && kinds == RECORDS_OF_HOLDERS)
			r = doubles_drop(&doubles, &snapshot->refs);
		if (r == -ENOMEM)
			return error_no_memory(error);
		if (r < 0 || (!used && have == SIZE))
			return error_set(
				error, -EBADMSG, "%s: %s at byte %llu", name,
				fault_at(buf + used, have - used, kinds),
				(unsigned long long)total - have + used);
		memmove(buf, buf + used, have - used);
		have -= used;
	}
	if (n < 0)
		return error_set_errno(error, n, "%s: cannot read", name);
	if (have)
		return error_set(error, -ENODATA, "%s: ends inside a record",
				 name);
	if (bytes)
		*bytes = total;
	return 0;
}

int record_reader_check_cut(int fd, uint64_t whole, bool forced,
			    struct dmabuf_snapshot *snapshot,
			    struct dmabuf_error *error)
{
	uint64_t came = 0;
	char buf[32 * 1024]; /* as the kernel's: one buffer fits */
	int reads = 0;
	ssize_t n;

	/*
	 * The reads get one byte of the first buffer, its rest, then the next
	 * buffer. The total can be less than @whole: buffers may go away
	 * meanwhile.
	 */
	n = read_retry(fd, buf, 1);
	while (n > 0 && came < whole && reads < 3) {
		came += n;
		reads++;
		n = read_retry(fd, buf, sizeof(buf));
	}
	if (snapshot->buffers.n < 2)
		error_set(error, 0, "need two buffers to test for truncation");
	if (reads == 3 || came >= whole)
		return 0;
	if (n < 0)
		return error_set_errno(error, n, "cannot read the iterator");
	if (forced) {
		if (snapshot_add_gap(
			    snapshot, "buffers", 0,
			    "this kernel truncates the iterator at 32 KiB"))
			return error_no_memory(error);
		return 0;
	}
	error_set(error, -ENODATA,
		  "this kernel truncates the iterator: %llu of %llu bytes came",
		  (unsigned long long)came, (unsigned long long)whole);
	return error_hint(error, "use iter_open or list_walk, or boot a kernel "
				 "with the fix (6.18 has it)");
}
