// SPDX-License-Identifier: GPL-2.0-or-later
/* Tables for people, with lines of text above and below. */
#include "cli/format.h"
#include "ui/table.h"
#include "ui/terminal.h"
#include "ui/text.h"
#include "util/cleanup.h"

static int write_table(const struct answer *answer, FILE *file)
{
	_cleanup_(table_fini) struct table table = TABLE_NONE;
	const struct envelope *envelope = answer->envelope;
	const bool texts = answer->view->headings;
	const size_t width = terminal_width(file);
	int r = 0;

	table_begin(&table, file, texts);
	if (answer->rows->n)
		r = rows_fill_table(answer->rows, answer->view, answer->order,
				    &table);
	if (r)
		return r;
	if (texts && envelope->above)
		text_print(file, envelope->above, width);
	if (texts && envelope->above && answer->rows->n)
		fputc('\n', file);
	r = table_print(&table);
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
