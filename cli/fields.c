// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/fields.h"

#define ROW(id, ...) [FIELD_##id] = FIELD(__VA_ARGS__),

const struct field fields[FIELDS] = { FIELDS_TABLE(ROW) };
