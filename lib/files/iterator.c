// SPDX-License-Identifier: LGPL-2.1-or-later
/* Iterators over buffers that are stopped: each stands on one. */
#include <string.h>

#include "files/kinds.h"

const enum kernel_field iterator_needs[] = {
	FIELD_seq_file_private,		FIELD_bpf_iter_priv_data_target_private,
	FIELD_bpf_iter_priv_data_tinfo, FIELD_bpf_iter_target_info_reg_info,
	FIELD_bpf_iter_reg_target,	FIELDS,
};

/* Whether private data of an iterator are those of one over buffers. */
static bool is_over_buffers(struct reach *reach, uint64_t private)
{
	static const char target[] = "dmabuf";
	char name[sizeof(target)];
	uint64_t at;

	at = private - OFFSET(reach, bpf_iter_priv_data, target_private);
	at = FOLLOW(reach, at, bpf_iter_priv_data, tinfo);
	at = FOLLOW(reach, at, bpf_iter_target_info, reg_info);
	at = FOLLOW(reach, at, bpf_iter_reg, target);
	memory_read(reach->memory, at, name, sizeof(name));
	return !memcmp(name, target, sizeof(target));
}

void iterator_read(struct reach *reach, const struct keeper *iterator)
{
	const uint64_t private =
		FOLLOW(reach, iterator->object, seq_file, private);
	const struct slot slot = { .type = DMABUF_REC_REF_ITERATOR,
				   .refs = 1,
				   .table = private };

	/* Its private data begin with the buffer. */
	if (private && is_over_buffers(reach, private))
		reach_buffer(reach, iterator,
			     memory_u64(reach->memory, private), &slot);
}
