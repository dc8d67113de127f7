/* SPDX-License-Identifier: GPL-2.0-only */
/* In place of the list of all tests that the kernel's Makefile generates. */

DEFINE_TEST(dmabuf_iter)
