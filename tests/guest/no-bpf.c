// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * no-bpf ERRNO COMMAND...: runs a command with a seccomp filter that refuses
 * bpf(2) with this errno, as container managers do. EPERM is 1, EACCES 13.
 */
#include <err.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	struct sock_filter filter[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
			 offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_bpf, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	const struct sock_fprog program = {
		.len = sizeof(filter) / sizeof(filter[0]),
		.filter = filter,
	};

	if (argc < 3)
		errx(2, "usage: no-bpf ERRNO COMMAND...");
	filter[2].k |= atoi(argv[1]) & SECCOMP_RET_DATA;
	/* Root needs no PR_SET_NO_NEW_PRIVS, which would drop file
	 * capabilities. */
	if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program))
		err(1, "seccomp");
	execvp(argv[2], argv + 2);
	err(127, "%s", argv[2]);
}
