// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "util/capability.h"

/* libc has no wrapper of these two system calls. */
static int get(struct __user_cap_header_struct *head,
	       struct __user_cap_data_struct data[2])
{
	*head = (struct __user_cap_header_struct){
		.version = _LINUX_CAPABILITY_VERSION_3,
	};
	return syscall(SYS_capget, head, data) ? -errno : 0;
}

bool capability_has(uint64_t mask)
{
	struct __user_cap_header_struct head;
	struct __user_cap_data_struct data[2];

	if (get(&head, data))
		return false;
	return !(mask &
		 ~(data[0].effective | (uint64_t)data[1].effective << 32));
}

int capability_limit(uint64_t permitted, uint64_t effective)
{
	struct __user_cap_header_struct head;
	struct __user_cap_data_struct data[2], before[2];
	int i, r = get(&head, data);

	if (r)
		return r;
	memcpy(before, data, sizeof(before));
	for (i = 0; i < 2; i++, permitted >>= 32, effective >>= 32) {
		data[i].permitted &= (uint32_t)permitted;
		data[i].effective = data[i].permitted & (uint32_t)effective;
		/* Ambient capabilities are those that stay inheritable. */
		data[i].inheritable = 0;
	}
	if (!memcmp(before, data, sizeof(before)))
		return 0;
	return syscall(SYS_capset, &head, data) ? -errno : 0;
}
