// SPDX-License-Identifier: LGPL-2.1-or-later
#include "collect/own_file.h"

#include <errno.h>
#include <sys/stat.h>

#define MEMBER(address, type, member)                                          \
	memory_word(memory, (address) + AT(layout, type, member), layout->word)

uint64_t own_file_find(struct memory *memory, const struct layout *layout,
		       int fd)
{
	uint64_t files, table, slots, file;
	struct stat st;

	/* Any read tells who reads; nothing is at this address. */
	(void)memory_u64(memory, 1);
	files = MEMBER(memory_reader(memory), task_struct, files);
	table = MEMBER(files, files_struct, fdt);
	slots = MEMBER(table, fdtable, fd);
	file = memory_word(memory, slots + fd * layout->word, layout->word);
	if (fstat(fd, &st) ||
	    MEMBER(MEMBER(file, file, f_inode), inode, i_ino) != st.st_ino)
		return 0;
	return file;
}

int own_file_refuse_types(struct dmabuf_ctx *ctx)
{
	error_set(&ctx->error, -EOPNOTSUPP,
		  "the types are not those of this kernel: what is known is "
		  "not where they say");
	return error_hint(&ctx->error, "make the file from the vmlinux of "
				       "exactly this kernel");
}
