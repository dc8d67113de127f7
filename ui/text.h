/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Text on a terminal: how wide it is, and where to cut and wrap it. All text
 * here went through locale_printable().
 */
#ifndef UI_TEXT_H
#define UI_TEXT_H

#include <stddef.h>
#include <stdio.h>

/* Return: the columns that the first @n bytes of @text take. */
size_t text_width(const char *text, size_t n);

/*
 * Finds the most characters of @text, of @n bytes, that fit into @width
 * columns. Return: their bytes; @ret takes their columns.
 */
size_t text_fit(const char *text, size_t n, size_t width, size_t *ret);

/*
 * Finds the first line of @text, of @n bytes, in lines of @width columns. Lines
 * end before a space, which is dropped, or after another character, as
 * @separator says; in a word when the word is too wide. Return: the bytes of
 * the line; @ret takes where the next line begins, @n after the last.
 */
size_t text_line(const char *text, size_t n, size_t width, char separator,
		 size_t *ret);

/* What follows a text that was shortened: one character or three dots. */
const char *text_ellipsis(void);

/*
 * Prints lines of text, wrapped between words at @width columns, and a newline.
 * 0 columns: as they are.
 */
void text_print(FILE *file, const char *text, size_t width);

#endif
