// SPDX-License-Identifier: GPL-2.0-or-later
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "adversary/programs.h"
#include "adversary/report.h"
#include "plain/iter_open.skel.h"
#include "plain/iter_seq.skel.h"

void programs_load(struct programs *p)
{
	struct iter_open_bpf *open = iter_open_bpf__open();
	struct iter_seq_bpf *seq = iter_seq_bpf__open_and_load();

	if (!open || !seq ||
	    bpf_map__set_max_entries(open->maps.records, RECORDS_MAX) ||
	    iter_open_bpf__load(open))
		give_up("cannot load the programs: %s", strerror(errno));
	p->array = mmap(NULL, RECORDS_MAX * sizeof(*p->array),
			PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE,
			bpf_map__fd(open->maps.records), 0);
	if (p->array == MAP_FAILED)
		give_up("cannot map the records: %s", strerror(errno));
	p->open = bpf_program__fd(open->progs.read_buffers);
	p->seq = bpf_program__fd(seq->progs.read_buffers);
	p->pass = &open->bss->pass;
}
