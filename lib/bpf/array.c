// SPDX-License-Identifier: LGPL-2.1-or-later
#include "bpf/array.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* Elements in a piece are a multiple of this, and end where a page ends. */
enum { ELEMENT_ALIGN = 8, PIECE_PAGES = 8 };

int bpf_array_read(const struct bpf_map *array, size_t n, bpf_array_take take,
		   void *to, struct dmabuf_error *error)
{
	/* The kernel rounds elements up to 8 bytes. */
	const size_t each = (bpf_map__value_size(array) + ELEMENT_ALIGN - 1) /
			    ELEMENT_ALIGN * ELEMENT_ALIGN;
	const size_t piece =
		PIECE_PAGES * sysconf(_SC_PAGESIZE) / ELEMENT_ALIGN;
	size_t at, length;
	void *first;
	int r = 0;

	for (at = 0; !r && at < n; at += length) {
		length = n - at < piece ? n - at : piece;
		first = mmap(NULL, length * each, PROT_READ | PROT_WRITE,
			     MAP_SHARED | MAP_POPULATE, bpf_map__fd(array),
			     at * each);
		if (first == MAP_FAILED)
			return error_set(
				error, errno == ENOMEM ? -ENOBUFS : -errno,
				"cannot map a BPF array: %s", strerror(errno));
		r = take(first, length, to);
		munmap(first, length * each);
	}
	return r;
}
