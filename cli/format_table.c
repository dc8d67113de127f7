// SPDX-License-Identifier: GPL-2.0-or-later
/* Tables for people, with lines of text above and below. */
#include "cli/format.h"
#include "ui/terminal.h"
#include "ui/text.h"

static int write_table(const struct answer *answer, FILE *file)
{
	const struct envelope *envelope = answer->envelope;
	const bool texts = answer->view->headings;
	const size_t width = terminal_width(file);
	int r = 0;

	if (texts && envelope->above)
		text_print(file, envelope->above, width);
	if (texts && envelope->above && answer->rows->n)
		fputc('\n', file);
	if (answer->rows->n)
		r = rows_table(answer->rows, answer->view, answer->order, file);
	if (!r && texts && envelope->below) {
		fputc('\n', file);
		text_print(file, envelope->below, width);
	}
	return r;
}

const struct format format_table = {
	.name = "table",
	.columns = COLUMN_TABLE,
	.write = write_table,
};
