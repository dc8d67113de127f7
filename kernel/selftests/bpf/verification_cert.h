/* SPDX-License-Identifier: GPL-2.0-only */
/* In place of the certificate that the kernel's Makefile generates, see no_keys.c. */

unsigned char test_progs_verification_cert[1];
unsigned int test_progs_verification_cert_len;
