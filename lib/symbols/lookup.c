// SPDX-License-Identifier: LGPL-2.1-or-later
#include "symbols/lookup.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "abi/name.h"
#include "bpf/object.h"
#include "name_address.skel.h"

DEFINE_BPF_SKELETON(name_address)

void lookup_parse(const char *text, struct symbol *ret)
{
	const char *at = strstr(text, "+0x");
	char module[SYMBOL_FILE] = "";
	uint64_t offset, size;

	if (!at || sscanf(at, "+0x%" SCNx64 "/0x%" SCNx64 " [%127[^]]", &offset,
			  &size, module) < 2)
		return;
	ret->offset = offset + 1;
	snprintf(ret->name, sizeof(ret->name), "%.*s", (int)(at - text), text);
	strcpy(ret->file, module);
}

int lookup_names(struct dmabuf_ctx *ctx, struct symbol *symbols, size_t n)
{
	static const struct bpf_skeleton skeleton = {
		BPF_SKELETON(name_address),
	};
	struct name_address_bpf *skel;
	struct name_run *run;
	void *object;
	size_t i;
	int r = bpf_object_keep(ctx, &skeleton, &object);

	if (r)
		return r;
	skel = object;
	run = &skel->bss->run;
	for (i = 0; i < n; i++) {
		/* That is behind the call, which may be the last of a function.
		 */
		run->address = symbols[i].at - 1;
		r = bpf_object_run(ctx, skel->progs.name_address);
		if (r < 0)
			return r;
		run->text[NAME_TEXT - 1] = 0;
		lookup_parse(run->text, &symbols[i]);
	}
	return 0;
}
