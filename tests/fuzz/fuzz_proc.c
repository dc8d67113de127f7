// SPDX-License-Identifier: GPL-2.0-or-later
/* A fdinfo, a line of maps, a /proc/mounts: a record, or an error. */
#include "collect/parse_proc.h"
#include "fuzz.h"

static void look_at_fdinfo(const char *text, size_t size,
			   const struct scan *path_name)
{
	struct dmabuf_rec_buffer rec, untouched;
	const uint32_t all = DMABUF_HAVE_INO | DMABUF_HAVE_SIZE |
			     DMABUF_HAVE_REFS | DMABUF_HAVE_NAME |
			     DMABUF_HAVE_EXPORTER;
	uint64_t ino;
	int r;

	(void)parse_is_path(text, size, &ino);
	memset(&rec, 0x5a, sizeof(rec));
	untouched = rec;
	r = parse_fdinfo(text, size, path_name, &rec);
	must(!r || r == -ENODATA || r == -EBADMSG);
	if (r) {
		must(!memcmp(&rec, &untouched, sizeof(rec)));
		return;
	}
	must(memmem(text, size, "exp_name:\t", 10));
	must(rec.have & DMABUF_HAVE_EXPORTER);
	must(rec.have & DMABUF_HAVE_NAME || !rec.name[0]);
	must(!(rec.have & ~all) && rec.key == rec.ino);
	must(rec.have & DMABUF_HAVE_INO || !rec.ino);
	must(!rec.cut && !rec.attachments && !rec.pass);
	fuzz_text(rec.name, 31);
	fuzz_text(rec.exporter, 47);
	/*
	 * A name is the end of the text, byte for byte, unless its length is
	 * known from elsewhere.
	 */
	if (rec.name[0] && path_name)
		must(memmem(text, size, rec.name, strlen(rec.name)));
	else if (rec.name[0])
		must(!memcmp(rec.name, text + size - 1 - strlen(rec.name),
			     strlen(rec.name)));
}

static void look_at_maps(const char *line, size_t size)
{
	struct proc_mapping mapping, untouched;
	int r;

	memset(&mapping, 0x5a, sizeof(mapping));
	untouched = mapping;
	r = parse_maps_line(line, size, &mapping);
	must(!r || r == -ENODATA || r == -EBADMSG);
	if (r) {
		must(!memcmp(&mapping, &untouched, sizeof(mapping)));
		return;
	}
	must(memmem(line, size, PROC_DMABUF, strlen(PROC_DMABUF)));
	must(mapping.start < mapping.end);
	fuzz_text(mapping.name, 31);
}

/* Each text has its own memory, so that a read behind it is found. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t *line = data, *end = data + size, *next;
	const struct scan last = { (const char *)data + size * 3 / 4,
				   (const char *)data + size };
	char *copy = malloc(size + 1);

	must(copy);
	memcpy(copy, data, size);
	copy[size] = 0;
	(void)parse_hides_processes(copy);
	free(copy);
	look_at_fdinfo((const char *)data, size, NULL);
	look_at_fdinfo((const char *)data, size, &last);
	for (; line < end; line = next + 1) {
		next = memchr(line, '\n', end - line) ?: end;
		look_at_maps((const char *)line, next - line);
	}
	return 0;
}
