// SPDX-License-Identifier: GPL-2.0-only
/*
 * Names code of the kernel by its address, as the kernel prints a stack. It
 * looks up one symbol, while /proc/kallsyms makes a line of each.
 */
#include <linux/types.h>
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#include "abi/name.h"

char LICENSE[] SEC("license") = "GPL";

struct name_run run;

/* Return: bytes of the text with the zero behind it, or -errno. */
SEC("raw_tp")
int name_address(void *ctx)
{
	static const char format[] = "%pS";

	return bpf_snprintf(run.text, sizeof(run.text), format, &run.address,
			    sizeof(run.address));
}
