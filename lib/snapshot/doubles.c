// SPDX-License-Identifier: LGPL-2.1-or-later
#include "snapshot/doubles.h"

#include "abi/records.h"

/* The kernel mostly tells of one process after the other. */
static int add_file(struct doubles *doubles, const struct dmabuf_rec_ref *ref,
		    bool *ret)
{
	if (ref->pid != doubles->pid)
		seen_fini(&doubles->seen);
	doubles->pid = ref->pid;
	return seen_add(&doubles->seen, ref->key, ret);
}

int doubles_drop(struct doubles *doubles, struct vec *refs)
{
	size_t i, kept = doubles->at;
	const struct dmabuf_rec_ref *ref;
	bool is_new;
	int r;

	for (i = doubles->at; i < refs->n; i++) {
		ref = vec_at(refs, i);
		is_new = true;
		r = ref->type == DMABUF_REC_REF_FILE
			    ? add_file(doubles, ref, &is_new)
			    : 0;
		if (r)
			return r;
		if (is_new && kept++ < i)
			memcpy(vec_at(refs, kept - 1), ref, refs->each);
	}
	doubles->at = refs->n = kept;
	return 0;
}

void doubles_fini(struct doubles *doubles)
{
	seen_fini(&doubles->seen);
}
