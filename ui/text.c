// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>
#include <wchar.h>

#include "ui/text.h"
#include "ui/utf8.h"

/* Return: the bytes of the character at @text; @ret takes its columns. */
static size_t next_character(const char *text, size_t n, size_t *ret)
{
	mbstate_t state = {};
	wchar_t wide;
	size_t length;
	int columns;

	*ret = 1;
	if (!(*text & 0x80))
		return 1;
	length = mbrtowc(&wide, text, n, &state);
	if (!length || length > n)
		return 1;
	columns = wcwidth(wide);
	*ret = columns > 0 ? columns : 0;
	return length;
}

size_t text_width(const char *text, size_t n)
{
	size_t width = 0, columns, at;

	for (at = 0; at < n; width += columns)
		at += next_character(text + at, n - at, &columns);
	return width;
}

size_t text_fit(const char *text, size_t n, size_t width, size_t *ret)
{
	size_t used = 0, columns, length, at;

	for (at = 0; at < n; at += length, used += columns) {
		length = next_character(text + at, n - at, &columns);
		if (used + columns > width)
			break;
	}
	*ret = used;
	return at;
}

/* The last place in the first @fits bytes where a line may end; 0: none. */
static size_t find_break(const char *text, size_t fits, char separator)
{
	size_t behind = separator == ' ' ? 0 : 1;

	while (fits && text[fits - behind] != separator)
		fits--;
	while (!behind && fits && text[fits - 1] == ' ')
		fits--;
	return fits;
}

size_t text_line(const char *text, size_t n, size_t width, char separator,
		 size_t *ret)
{
	size_t columns, fits = text_fit(text, n, width, &columns), end;

	if (fits == n) {
		*ret = n;
		return n;
	}
	end = find_break(text, fits, separator);
	if (!end) {
		/* One character at least, however narrow the column is. */
		end = fits ?: next_character(text, n, &columns);
		*ret = end;
		return end;
	}
	*ret = end;
	if (separator == ' ')
		while (*ret < n && text[*ret] == ' ')
			++*ret;
	return end;
}

const char *text_ellipsis(void)
{
	return locale_is_utf8() ? "\xe2\x80\xa6" : "...";
}

static void print_line(FILE *file, const char *text, size_t n, size_t width)
{
	size_t next, length;

	do {
		length = text_line(text, n, width, ' ', &next);
		fprintf(file, "%.*s\n", (int)length, text);
		text += next;
		n -= next;
	} while (n);
}

void text_print(FILE *file, const char *text, size_t width)
{
	const char *end;

	for (; width; text = end + 1) {
		end = strchrnul(text, '\n');
		print_line(file, text, end - text, width);
		if (!*end)
			return;
	}
	fprintf(file, "%s\n", text);
}
