/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Names of code of the kernel, as the kernel itself says them. */
#ifndef SYMBOLS_LOOKUP_H
#define SYMBOLS_LOOKUP_H

#include "symbols/symbol.h"

/*
 * Reads what the kernel prints for the address of a call: a function, where in
 * it and how large it is, and the module in brackets. What is anything else
 * leaves @ret as it is. The symbol takes the place behind the call.
 */
void lookup_parse(const char *text, struct symbol *ret);

/*
 * Asks the kernel for the name of each address. Return: 0, or -errno with the
 * reason in ctx->error when it cannot be asked: before Linux 5.13, without
 * CAP_BPF and CAP_PERFMON, or of a recorded tree.
 */
int lookup_names(struct dmabuf_ctx *ctx, struct symbol *symbols, size_t n);

#endif
