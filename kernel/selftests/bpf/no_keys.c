// SPDX-License-Identifier: GPL-2.0-only
/*
 * test_progs does not start unless it can add a certificate to a keyring, for tests of
 * signed programs. The kernels of our tests have no keyrings, and dmabuf_iter needs no
 * signature: pretend that the key was added.
 */
#include <stdarg.h>
#include <sys/syscall.h>

long __real_syscall(long number, ...);
long __wrap_syscall(long number, ...);

long __wrap_syscall(long number, ...)
{
	long arg[6];
	va_list args;
	int i;

	if (number == __NR_add_key)
		return 0;

	va_start(args, number);
	for (i = 0; i < 6; i++)
		arg[i] = va_arg(args, long);
	va_end(args);

	return __real_syscall(number, arg[0], arg[1], arg[2], arg[3], arg[4], arg[5]);
}
