// SPDX-License-Identifier: LGPL-2.1-or-later
#include "symbols/build_id.h"

#include <elf.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>

/* What the kernel looks at, too: a build ID is near the beginning. */
enum { HEADERS_MAX = 64, NOTES_MAX = 4096 };

#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
enum { OUR_ORDER = ELFDATA2LSB };
#else
enum { OUR_ORDER = ELFDATA2MSB };
#endif

/* A segment of a file of 32 or of 64 bits. */
struct segment {
	uint32_t type;
	uint64_t offset, size;
};

/* Where the headers of segments are. */
struct headers {
	bool is_64;
	uint64_t offset;
	uint16_t n;
};

/* Return: whether all bytes are there. */
static bool read_at(int fd, void *to, size_t size, uint64_t offset)
{
	return offset <= INT64_MAX &&
	       pread(fd, to, size, offset) == (ssize_t)size;
}

static int read_headers(int fd, struct headers *ret)
{
	union {
		unsigned char ident[EI_NIDENT];
		Elf32_Ehdr of_32;
		Elf64_Ehdr of_64;
	} head;

	if (!read_at(fd, &head, sizeof(head.of_32), 0) ||
	    memcmp(head.ident, ELFMAG, SELFMAG) ||
	    head.ident[EI_DATA] != OUR_ORDER)
		return -ENODATA;
	*ret = (struct headers){ .offset = head.of_32.e_phoff,
				 .n = head.of_32.e_phnum };
	if (head.ident[EI_CLASS] == ELFCLASS32)
		return 0;
	if (head.ident[EI_CLASS] != ELFCLASS64 ||
	    !read_at(fd, &head, sizeof(head.of_64), 0))
		return -ENODATA;
	*ret = (struct headers){ true, head.of_64.e_phoff, head.of_64.e_phnum };
	return 0;
}

static bool read_segment(int fd, const struct headers *headers, size_t i,
			 struct segment *ret)
{
	Elf32_Phdr of_32;
	Elf64_Phdr of_64;

	if (headers->is_64) {
		if (!read_at(fd, &of_64, sizeof(of_64),
			     headers->offset + i * sizeof(of_64)))
			return false;
		*ret = (struct segment){ of_64.p_type, of_64.p_offset,
					 of_64.p_filesz };
		return true;
	}
	if (!read_at(fd, &of_32, sizeof(of_32),
		     headers->offset + i * sizeof(of_32)))
		return false;
	*ret = (struct segment){ of_32.p_type, of_32.p_offset, of_32.p_filesz };
	return true;
}

static size_t align(size_t size)
{
	return (size + 3) & ~(size_t)3;
}

/* Notes have a head, a name and a description, each padded to four bytes. */
static int find_note(const char *notes, size_t size,
		     uint8_t ret[SYMBOL_BUILD_ID])
{
	Elf64_Nhdr note; /* that of 32 bits is the same */
	size_t at, name, value;

	for (at = 0; size - at >= sizeof(note);
	     at = value + align(note.n_descsz)) {
		memcpy(&note, notes + at, sizeof(note));
		name = at + sizeof(note);
		if (note.n_namesz > size || note.n_descsz > size)
			return -ENODATA;
		value = name + align(note.n_namesz);
		if (value > size || note.n_descsz > size - value)
			return -ENODATA;
		if (note.n_type == NT_GNU_BUILD_ID && note.n_descsz &&
		    note.n_descsz <= SYMBOL_BUILD_ID &&
		    note.n_namesz == sizeof("GNU") &&
		    !memcmp(notes + name, "GNU", sizeof("GNU"))) {
			memset(ret, 0, SYMBOL_BUILD_ID);
			memcpy(ret, notes + value, note.n_descsz);
			return 0;
		}
		if (align(note.n_descsz) > size - value)
			return -ENODATA;
	}
	return -ENODATA;
}

int build_id_read(int fd, uint8_t ret[SYMBOL_BUILD_ID])
{
	struct headers headers;
	struct segment segment;
	char notes[NOTES_MAX];
	size_t i;
	int r = read_headers(fd, &headers);

	if (r)
		return r;
	for (i = 0; i < headers.n && i < HEADERS_MAX; i++) {
		if (!read_segment(fd, &headers, i, &segment))
			return -ENODATA;
		if (segment.type != PT_NOTE || segment.size > sizeof(notes) ||
		    !read_at(fd, notes, segment.size, segment.offset))
			continue;
		if (!find_note(notes, segment.size, ret))
			return 0;
	}
	return -ENODATA;
}
