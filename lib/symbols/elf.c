// SPDX-License-Identifier: LGPL-2.1-or-later
#include "symbols/elf.h"

#include <gelf.h>
#include <stdio.h>
#include <sys/stat.h>

DEFINE_CLEANUP(elf, Elf, (void)elf_end)

/*
 * A file that is mapped costs no memory, unless it has holes in memory: those
 * get it when they are looked at, for as long as the file is there.
 */
static Elf *begin(int fd)
{
	struct stat st;
	bool has_holes = fstat(fd, &st) || st.st_blocks < st.st_size / 512;

	return elf_begin(fd, has_holes ? ELF_C_READ : ELF_C_READ_MMAP, NULL);
}

/* A place, as the symbols of the file count it. */
struct place {
	struct symbol *symbol;
	uint64_t address, begins;
};

/* Return: whether a segment of the file has the place, whose address is set. */
static bool find_address(Elf *elf, struct place *place)
{
	const uint64_t at = place->symbol->at;
	GElf_Phdr segment;
	size_t i, n;

	if (elf_getphdrnum(elf, &n))
		return false;
	for (i = 0; i < n && gelf_getphdr(elf, i, &segment); i++) {
		if (segment.p_type != PT_LOAD || at < segment.p_offset ||
		    at - segment.p_offset > segment.p_filesz)
			continue;
		place->address = at - segment.p_offset + segment.p_vaddr;
		return true;
	}
	return false;
}

/*
 * A call is before the place where the code goes on, which may be the beginning
 * of the next function.
 */
static bool is_in(const GElf_Sym *symbol, uint64_t begins, uint64_t address)
{
	const uint64_t call = address - 1;

	return begins <= call && call - begins < symbol->st_size;
}

static bool is_function(const GElf_Sym *symbol)
{
	const unsigned char type = GELF_ST_TYPE(symbol->st_info);

	return symbol->st_shndx != SHN_UNDEF &&
	       (type == STT_FUNC || type == STT_GNU_IFUNC);
}

/* @name: of the function. */
static void take_function(struct vec *places, const GElf_Sym *function,
			  uint64_t begins, const char *name)
{
	struct place *place = NULL;

	while ((place = vec_next(places, place))) {
		if (!is_in(function, begins, place->address) ||
		    (place->symbol->name[0] && begins <= place->begins))
			continue;
		place->begins = begins;
		place->symbol->offset = place->address - begins;
		snprintf(place->symbol->name, sizeof(place->symbol->name), "%s",
			 name);
	}
}

static void take_table(Elf *elf, Elf_Scn *section, const GElf_Shdr *head,
		       struct vec *places)
{
	Elf_Data *data = elf_getdata(section, NULL);
	const char *name;
	GElf_Ehdr file;
	GElf_Sym symbol;
	uint64_t thumb;
	int i;

	/* On 32-bit ARM, a bit of an address tells the kind of code. */
	thumb = gelf_getehdr(elf, &file) && file.e_machine == EM_ARM;
	for (i = 0; data && gelf_getsym(data, i, &symbol); i++) {
		if (!is_function(&symbol))
			continue;
		name = elf_strptr(elf, head->sh_link, symbol.st_name);
		if (name && name[0])
			take_function(places, &symbol, symbol.st_value & ~thumb,
				      name);
	}
}

static void take_tables(int fd, struct vec *places)
{
	_cleanup_(elf_cleanup) Elf *elf = begin(fd);
	Elf_Scn *section = NULL;
	GElf_Shdr head;

	while (elf && (section = elf_nextscn(elf, section)))
		if (gelf_getshdr(section, &head) &&
		    (head.sh_type == SHT_SYMTAB || head.sh_type == SHT_DYNSYM))
			take_table(elf, section, &head, places);
}

/* Return: whether @fd is an ELF file. */
static bool find_places(int fd, const struct vec *symbols, struct vec *places)
{
	_cleanup_(elf_cleanup) Elf *elf = begin(fd);
	struct symbol **symbol = NULL;
	struct place place = {};

	while (elf && (symbol = vec_next(symbols, symbol))) {
		place.symbol = *symbol;
		if (find_address(elf, &place) && vec_push(places, &place))
			return false;
	}
	return elf;
}

void elf_name(int fd, int debug, const struct vec *symbols)
{
	_cleanup_(vec_fini) struct vec places = VEC_OF(struct place);

	elf_version(EV_CURRENT);
	if (!find_places(fd, symbols, &places))
		return;
	take_tables(fd, &places);
	if (debug >= 0)
		take_tables(debug, &places);
}
