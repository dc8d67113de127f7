// SPDX-License-Identifier: GPL-2.0-or-later
#include "mkbufs/basics.h"
#include "mkbufs/buffer.h"
#include "mkbufs/exporter.h"
#include "mkbufs/scenes.h"
#include "mkbufs/world.h"

/*
 * Names that break programs. Some forge lines of fdinfo and of bufinfo: the one
 * with a state cannot be told from a fence. The last one is what bufinfo prints
 * for a buffer without a name.
 */
void names_make(struct world *w)
{
	static const char *const names[] = {
		"line\nfeed",
		"ends in a line feed\n",
		"carriage\rreturn",
		"tab\there",
		"\033[31mred\033[0m",
		"\302\2331mc1", /* U+009B, one-character CSI */
		"\177del",
		"say \"hi\"",
		"it's",
		"back\\slash",
		"\\n",
		"\xff\xfe",
		"\xc0\xaf", /* overlong */
		"\xed\xa0\x80", /* a surrogate */
		"cut-at-the-31st-byte-of-it-xx\xe6\xbc",
		"caf\xc3\xa9", /* café */
		"\xe6\xbc\xa2\xe5\xad\x97", /* 漢字 */
		"\xf0\x9f\x90\xa7", /* a penguin, 4 bytes */
		"e\xcc\x81", /* e and a combining accent */
		"\342\200\256rtl", /* right to left override */
		"0123456789012345678901234567890",
		"",
		" ",
		" leading",
		"trailing ",
		"two  spaces",
		"<b>&amp;</b>",
		"%s%n",
		"a,b;c|d",
		"{}",
		"null",
		"x\nexp_name:\tforged",
		"a\n\nTotal 0 objects, 0 bytes",
		"x\n\tread fence:y",
		"x\n\tread fence:a b signalled",
		"<none>",
	};
	size_t i;

	exporters_probe(w);
	buf_make(w, &w->exporters[0], 4 * KIB, NULL); /* without a name */
	for (i = 0; i < ARRAY_SIZE(names); i++)
		buf_make_named(w, &w->exporters[0], 4 * KIB, names[i]);
}
