// SPDX-License-Identifier: GPL-2.0-or-later
/* Any bytes, to be shown on a terminal or to be put into JSON. */
#include "fuzz.h"
#include "ui/json.h"
#include "ui/utf8.h"

/* Decodes and encodes again: 0, or the length of what came out the same. */
static size_t there_and_back(const unsigned char *s)
{
	unsigned int c = s[0], n, i;
	unsigned char back[4];

	n = c < 0x80 ? 1 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;
	c &= n == 1 ? 0x7f : 0x7f >> n;
	for (i = 1; i < n; i++) {
		if (!s[i])
			return 0;
		c = c << 6 | (s[i] & 0x3f);
	}
	if (c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
		return 0;

	n = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
	for (i = n - 1; i; i--, c >>= 6)
		back[i] = 0x80 | (c & 0x3f);
	back[0] = n == 1 ? c : (0xf00U >> n & 0xf0) | c;
	return memcmp(s, back, n) ? 0 : n;
}

static void check_utf8(const char *s)
{
	const char *end = s + strlen(s);
	size_t length;

	for (; s < end; s += length) {
		length = there_and_back((const unsigned char *)s);
		must(length);
		must(length == utf8_length(s, end));
		must(length > 1 || (*s >= 0x20 && *s < 0x7f));
		must(length != 2 || s[0] != '\xc2' ||
		     (unsigned char)s[1] >= 0xa0);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *from = malloc(size + 1), *printable;
	struct json_key key;
	size_t length;

	must(from);
	memcpy(from, data, size);
	from[size] = 0;
	size = strlen(from);
	if (size)
		must(there_and_back((unsigned char *)from) ==
		     utf8_length(from, from + size));

	/* No byte more than the header promises. */
	printable = malloc(4 * size + 1);
	key = json_key_new(from);
	must(printable && key.text);
	utf8_printable(from, printable);
	check_utf8(printable);
	check_utf8(key.text);

	ascii_printable(from, printable);
	for (length = 0; printable[length]; length++)
		must(printable[length] >= 0x20 && printable[length] < 0x7f);

	free(from);
	free(printable);
	json_key_fini(&key);
	return 0;
}
