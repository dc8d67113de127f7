// SPDX-License-Identifier: GPL-2.0-or-later
#include "ui/gap.h"

void gap_put_json(struct json *json, const char *what, const char *why,
		  uint64_t count)
{
	json_begin_object(json);
	json_member_text(json, "what", what);
	json_member_text(json, "why", why);
	json_key(json, "count");
	if (count)
		json_u64(json, count);
	else
		json_null(json);
	json_end_object(json);
}
