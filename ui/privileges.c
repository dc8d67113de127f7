// SPDX-License-Identifier: GPL-2.0-or-later
#include "ui/privileges.h"

#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <unistd.h>

#include "ui/message.h"
#include "util/array.h"
#include "util/capability.h"

/*
 * Which task needs which capability, and for which system call. CAPABILITIES in
 * dmabuf(1) has the same rows; tools/check-docs compares them.
 */
static const struct {
	unsigned int capability, tasks;
} table[] = {
	/* bpf: load programs; before 6.0 also run them */
	{ CAP_BPF, PRIVILEGES_LOAD | PRIVILEGES_RUN | PRIVILEGES_NAME },
	/* bpf: load programs that read the memory of the kernel */
	{ CAP_PERFMON, PRIVILEGES_LOAD | PRIVILEGES_NAME },
	/* open /proc/kallsyms, to see addresses */
	{ CAP_SYSLOG, PRIVILEGES_LOAD | PRIVILEGES_NAME },
	/* setrlimit: lock memory for BPF maps, before 5.11 */
	{ CAP_SYS_RESOURCE, PRIVILEGES_LOAD },
	/* open files below /sys/kernel/debug and of processes in /proc */
	{ CAP_DAC_READ_SEARCH,
	  PRIVILEGES_READ | PRIVILEGES_FILES | PRIVILEGES_NAME },
	/* open descriptors and mappings of processes in /proc; kcmp */
	{ CAP_SYS_PTRACE,
	  PRIVILEGES_READ | PRIVILEGES_FILES | PRIVILEGES_NAME },
	/* open files that processes map, to see the sizes of buffers */
	{ CAP_CHECKPOINT_RESTORE, PRIVILEGES_READ | PRIVILEGES_NAME },
	/* mkdir, bpf: pin files; open DMA heaps and /dev/iommu */
	{ CAP_DAC_OVERRIDE, PRIVILEGES_PIN | PRIVILEGES_ALLOC | PRIVILEGES_DMA |
				    PRIVILEGES_FILES },
	/* chown: give pinned files to a group */
	{ CAP_CHOWN, PRIVILEGES_PIN | PRIVILEGES_FILES },
	/* chmod, unlink: pinned files of another owner */
	{ CAP_FOWNER, PRIVILEGES_PIN | PRIVILEGES_FILES },
	/* bpf: instead of CAP_BPF and CAP_PERFMON; open /proc/self/pagemap */
	{ CAP_SYS_ADMIN, PRIVILEGES_LOAD | PRIVILEGES_DMA },
	/* ioctl of /dev/iommu, to see addresses */
	{ CAP_SYS_RAWIO, PRIVILEGES_DMA },
};

/* Whether this user would not have the capabilities without the program. */
static bool lent;

/* What is effective whatever the task: after privileges_drop(), for files. */
static uint64_t always;

static uint64_t capabilities_for(unsigned int tasks)
{
	uint64_t mask = 0;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(table); i++)
		if (table[i].tasks & tasks)
			mask |= CAPABILITY_BIT(table[i].capability);
	return mask;
}

/* To go on with a capability that must be gone would be worse than to end. */
static void limit(uint64_t permitted, uint64_t effective)
{
	int r = capability_limit(permitted, effective);

	if (!r)
		return;
	message_failure("cannot drop capabilities", strerror(-r), NULL);
	exit(EXIT_FAILURE);
}

int privileges_begin(void)
{
	/* Root has them without the program, whatever a security module says.
	 */
	lent = getauxval(AT_SECURE) && getuid();
	if (lent && (geteuid() != getuid() || getegid() != getgid())) {
		message("must not be setuid or setgid; grant capabilities with "
			"setcap instead");
		return -1;
	}
	limit(capabilities_for(~0U), 0);
	return 0;
}

bool privileges_are_lent(void)
{
	return lent;
}

void privileges_raise(unsigned int tasks)
{
	limit(~0ULL, capabilities_for(tasks) | always);
}

void privileges_drop(unsigned int tasks)
{
	always = lent ? 0 : capabilities_for(PRIVILEGES_FILES);
	limit(capabilities_for(tasks) | always, always);
}
