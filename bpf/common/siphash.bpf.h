/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * SipHash-2-4 of one word, as lib/siphash.c of the kernel computes it. Without
 * the key, nobody can tell the word from its hash: so the kernel hides pointers
 * that it prints with %p.
 */
#ifndef COMMON_SIPHASH_BPF_H
#define COMMON_SIPHASH_BPF_H

#include "common/compat.bpf.h"

struct sip {
	u64 v0, v1, v2, v3;
};

static __always_inline u64 sip_rotate(u64 word, u32 by)
{
	return word << by | word >> (64 - by);
}

static __always_inline void sip_round(struct sip *s)
{
	s->v0 += s->v1;
	s->v1 = sip_rotate(s->v1, 13) ^ s->v0;
	s->v0 = sip_rotate(s->v0, 32);
	s->v2 += s->v3;
	s->v3 = sip_rotate(s->v3, 16) ^ s->v2;
	s->v0 += s->v3;
	s->v3 = sip_rotate(s->v3, 21) ^ s->v0;
	s->v2 += s->v1;
	s->v1 = sip_rotate(s->v1, 17) ^ s->v2;
	s->v2 = sip_rotate(s->v2, 32);
}

static __always_inline void sip_add(struct sip *s, u64 word)
{
	s->v3 ^= word;
	sip_round(s);
	sip_round(s);
	s->v0 ^= word;
}

static __always_inline u64 siphash_word(const u64 key[2], u64 word)
{
	struct sip s = {
		.v0 = key[0] ^ 0x736f6d6570736575,
		.v1 = key[1] ^ 0x646f72616e646f6d,
		.v2 = key[0] ^ 0x6c7967656e657261,
		.v3 = key[1] ^ 0x7465646279746573,
	};

	sip_add(&s, word);
	sip_add(&s, (u64)sizeof(word) << 56);
	s.v2 ^= 0xff;
	sip_round(&s);
	sip_round(&s);
	sip_round(&s);
	sip_round(&s);
	return s.v0 ^ s.v1 ^ s.v2 ^ s.v3;
}

#endif
