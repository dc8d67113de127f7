// SPDX-License-Identifier: LGPL-2.1-or-later
#include "bpf/load_error.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "util/array.h"
#include "util/capability.h"
#include "util/cleanup.h"

/* The capabilities that loading a program takes and that are missing, or "". */
static const char *missing_capabilities(void)
{
	static const char *const missing[2][2] = {
		{ "CAP_BPF,CAP_PERFMON", "CAP_BPF" },
		{ "CAP_PERFMON", "" },
	};

	return missing[capability_has(CAPABILITY_BIT(CAP_BPF))]
		      [capability_has(CAPABILITY_BIT(CAP_PERFMON))];
}

static int why_capability(struct dmabuf_error *error, const char *missing)
{
	error_set(error, -EPERM, "not permitted to load BPF programs: no %s",
		  missing);
	if (!geteuid())
		return error_hint(error,
				  "root lacks it here: have it added to this "
				  "container or service, with CAP_SYSLOG");
	return error_hint(error, "run as root, or: setcap "
				 "cap_bpf,cap_perfmon,cap_syslog+ep PROGRAM");
}

/* Only those of the first user namespace count for bpf(2). */
static bool is_in_user_namespace(void)
{
	_cleanup_fclose_ FILE *file = fopen("/proc/self/uid_map", "re");
	unsigned long long inside, outside, n;

	return file &&
	       fscanf(file, "%llu %llu %llu", &inside, &outside, &n) == 3 &&
	       (inside || outside || n != UINT32_MAX);
}

/*
 * Whether the memory of BPF maps counts as locked memory, and is limited. It
 * does not since v5.11. libbpf has lifted the limit, if it may.
 */
static bool is_memory_limited(unsigned long long *ret_kb)
{
	struct rlimit limit = {};
	struct utsname kernel;
	unsigned int major, minor;

	if (getrlimit(RLIMIT_MEMLOCK, &limit) ||
	    limit.rlim_cur == RLIM_INFINITY || uname(&kernel) ||
	    sscanf(kernel.release, "%u.%u", &major, &minor) != 2 || major > 5 ||
	    (major == 5 && minor > 10))
		return false;
	*ret_kb = limit.rlim_cur / 1024;
	return true;
}

/*
 * Whether bpf(2) itself is refused: it says so of a command that no kernel has,
 * for which it needs neither a capability beyond ours nor memory.
 */
static bool is_call_refused(void)
{
	return syscall(SYS_bpf, INT32_MAX, NULL, 0) && errno != EINVAL &&
	       errno != EFAULT && errno != E2BIG;
}

/* Finds what forbids it. */
static int why_forbidden(struct dmabuf_error *error)
{
	const char *missing = missing_capabilities();
	unsigned long long kb;

	if (missing[0])
		return why_capability(error, missing);
	if (is_in_user_namespace()) {
		error_set(error, -EPERM,
			  "not permitted to load BPF programs in a user "
			  "namespace");
		return error_hint(error, "run it outside of the namespace");
	}
	if (!is_call_refused() && is_memory_limited(&kb)) {
		error_set(error, -EPERM,
			  "not permitted to load BPF programs: RLIMIT_MEMLOCK "
			  "is %llu kB",
			  kb);
		return error_hint(error, "run with ulimit -l unlimited, or "
					 "grant CAP_SYS_RESOURCE");
	}
	error_set(error, -EPERM,
		  "bpf() is refused by a seccomp filter or a security module");
	return error_hint(error, "allow it in the profile of this container or "
				 "service, or in the policy");
}

/* Copies the last line of the verifier that is not its statistics. */
static void last_words(const char *log, char *to, size_t size)
{
	const char *line = log, *next;

	to[0] = 0;
	for (; *line; line = next) {
		next = line + strcspn(line, "\n");
		if (next > line && strncmp(line, "processed ", 10) &&
		    strncmp(line, "verification time ", 18))
			snprintf(to, size, "%.*s", (int)(next - line), line);
		next += *next == '\n';
	}
}

/* Whether the program needs a type that the kernel's BTF does not have. */
static bool why_unknown_type(struct dmabuf_error *error, const char *words)
{
	static const char unresolved[] = "failed to resolve CO-RE relocation ";
	const char *type = strstr(words, "] ");

	if (strstr(words, unresolved) != words || !type)
		return false;
	type += strlen("] ");
	error_set(error, -EOPNOTSUPP, "this kernel's BTF has no %.*s",
		  (int)strcspn(type, "("), type);
	while (error->text[0] && error->text[strlen(error->text) - 1] == ' ')
		error->text[strlen(error->text) - 1] = 0;
	error_hint(error, "boot a kernel since 5.11 built with "
			  "CONFIG_DEBUG_INFO_BTF_MODULES=y");
	return true;
}

/*
 * Whether lockdown forbids the reading of kernel memory: programs that may read
 * it elsewhere then do not have the helpers for it.
 */
static bool why_locked_down(struct dmabuf_error *error, const char *log)
{
	static const char *const words[] = {
		"unknown func bpf_probe_read",
		"cannot use helper bpf_probe_read",
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(words); i++)
		if (strstr(log, words[i])) {
			error_set(error, -EPERM,
				  "lockdown=confidentiality: this kernel does "
				  "not let BPF programs read its memory");
			error_hint(error, "boot without it, or use --collector "
					  "debugfs as root");
			return true;
		}
	return false;
}

int bpf_load_error(struct dmabuf_error *error, int err, const char *log)
{
	char words[128];

	if ((err == -EPERM || err == -EACCES) &&
	    (missing_capabilities()[0] || !log[0]))
		return why_forbidden(error);
	if (err == -ENOMEM)
		return error_no_memory(error);

	if (why_locked_down(error, log))
		return error->err;
	last_words(log, words, sizeof(words));
	if (why_unknown_type(error, words))
		return error->err;
	error_set(error, err, "the kernel refused the BPF program: %s%s%s",
		  strerror(-err), words[0] ? ": " : "", words);
	return error_hint(error,
			  "boot a kernel built with CONFIG_BPF_SYSCALL=y, "
			  "CONFIG_BPF_JIT=y; if it is, please report this");
}
