/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What could not be seen, as both programs put it into JSON. */
#ifndef UI_GAP_H
#define UI_GAP_H

#include "ui/json.h"

/* Writes a gap as an object. @count: how many; 0 when it is not known. */
void gap_put_json(struct json *json, const char *what, const char *why,
		  uint64_t count);

#endif
