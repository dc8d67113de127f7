// SPDX-License-Identifier: LGPL-2.1-or-later
#include "bpf/load_error.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

#include "util/capability.h"

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

/* Finds the privilege that was missing. */
static int why_forbidden(struct dmabuf_error *error)
{
	const char *missing = missing_capabilities();
	struct rlimit limit = {};

	if (missing[0]) {
		error_set(error, -EPERM, "not permitted to load BPF programs");
		return error_hint(error,
				  "run as root, or grant the program %s: "
				  "setcap cap_bpf,cap_perfmon,cap_syslog+ep "
				  "PROGRAM",
				  missing);
	}
	/* Before v5.11 the memory of BPF maps counts as locked. */
	(void)getrlimit(RLIMIT_MEMLOCK, &limit);
	error_set(error, -EPERM,
		  "not permitted to load BPF programs, with CAP_BPF and "
		  "CAP_PERFMON (RLIMIT_MEMLOCK is %llu kB)",
		  (unsigned long long)limit.rlim_cur / 1024);
	return error_hint(error, "run as root, or with ulimit -l unlimited, or "
				 "grant CAP_SYS_RESOURCE");
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

int bpf_load_error(struct dmabuf_error *error, int err, const char *log)
{
	char words[128];

	if ((err == -EPERM || err == -EACCES) &&
	    (missing_capabilities()[0] || !log[0]))
		return why_forbidden(error);
	if (err == -ENOMEM)
		return error_no_memory(error);

	last_words(log, words, sizeof(words));
	if (why_unknown_type(error, words))
		return error->err;
	error_set(error, err, "the kernel refused the BPF program: %s%s%s",
		  strerror(-err), words[0] ? ": " : "", words);
	return error_hint(error,
			  "boot a kernel built with CONFIG_BPF_SYSCALL=y, "
			  "CONFIG_BPF_JIT=y; if it is, please report this");
}
