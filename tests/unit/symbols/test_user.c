// SPDX-License-Identifier: GPL-2.0-or-later
/* Names functions of this program, and of what is not a program. */
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <signal.h>
#include <spawn.h>
#include <sys/inotify.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "symbols/build_id.h"
#include "symbols/elf.h"
#include "symbols/search.h"
#include "tests/unit/unit.h"

#ifdef __SANITIZE_ADDRESS__
enum { CANNOT_TELL_MEMORY = true };
#else
enum { CANNOT_TELL_MEMORY = sizeof(long) < 8 };
#endif

__attribute__((noinline)) static int known_function(int number)
{
	__asm__ volatile("");
	return number + 1;
}

/* An offset in a file, and the address that is searched for in memory. */
struct place {
	uintptr_t address;
	uint64_t at;
};

/* The first object is the program. */
static int find_place(struct dl_phdr_info *info, size_t size, void *arg)
{
	struct place *place = arg;
	size_t i;

	(void)size;
	for (i = 0; i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *segment = &info->dlpi_phdr[i];
		const uintptr_t from = info->dlpi_addr + segment->p_vaddr;

		if (segment->p_type == PT_LOAD && place->address >= from &&
		    place->address - from < segment->p_filesz)
			place->at = place->address - from + segment->p_offset;
	}
	return 1;
}

static struct symbol symbol_here(void)
{
	struct place place = { .address = (uintptr_t)known_function & ~1 };
	int fd = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
	struct symbol symbol = {};

	dl_iterate_phdr(find_place, &place);
	assert_int_not_equal(place.at, 0);
	symbol.at = place.at + 2;
	assert_true(fd >= 0);
	assert_int_equal(build_id_read(fd, symbol.build_id), 0);
	close(fd);
	return symbol;
}

static void test_own_function(void **state)
{
	struct dmabuf_ctx *ctx;
	struct symbol symbols[2];
	char path[SYMBOL_FILE] = "";

	(void)state;
	unit_skip_unless_own_file();
	ctx = unit_ctx("/");
	symbols[0] = symbols[1] = symbol_here();
	assert_int_equal(known_function(1), 2);
	/* A build ID that no file has. */
	memset(symbols[1].build_id, 0xee, sizeof(symbols[1].build_id));
	assert_int_equal(symbols_name_user(ctx, symbols, 2), 0);
	assert_string_equal(symbols[0].name, "known_function");
	assert_int_equal(symbols[0].offset, 2);
	assert_true(readlink("/proc/self/exe", path, sizeof(path) - 1) > 0);
	assert_string_equal(symbols[0].file, path);
	assert_string_equal(symbols[1].name, "");
	assert_string_equal(symbols[1].file, "");
	dmabuf_ctx_free(ctx);
}

/*
 * Maps a file that cannot be opened, of which the name that the kernel tells,
 * "code (deleted)", is a link to another file.
 */
static void map_link(void)
{
	int fd = open("code", O_RDWR | O_CREAT | O_CLOEXEC, 0700);

	assert_int_equal(write(fd, "x", 1), 1);
	close(fd);
	fd = open("code", O_RDONLY | O_CLOEXEC);
	assert_true(mmap(NULL, 1, PROT_READ | PROT_EXEC, MAP_PRIVATE, fd, 0) !=
		    MAP_FAILED);
	signal(SIGIO, SIG_IGN);
	assert_int_equal(fcntl(fd, F_SETLEASE, F_WRLCK), 0);
	assert_int_equal(unlink("code"), 0);
	assert_int_equal(symlink("other", "code (deleted)"), 0);
}

/*
 * Only what is mapped is opened, and what is refused now is not waited for: a
 * lease can be kept for 45 seconds, and all takes ten at most.
 */
static void test_opens_only_code(void **state)
{
	struct dmabuf_ctx *ctx = unit_ctx("/");
	struct symbol symbol = { .at = 1, .build_id = { 0xee } };
	char folder[] = "/tmp/test_user-XXXXXX", event[512];
	int notes = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	time_t began;

	(void)state;
	assert_non_null(mkdtemp(folder));
	assert_int_equal(chdir(folder), 0);
	close(open("other", O_RDWR | O_CREAT | O_CLOEXEC, 0600));
	assert_true(inotify_add_watch(notes, "other", IN_OPEN) >= 0);
	map_link();
	began = time(NULL);
	assert_int_equal(symbols_name_user(ctx, &symbol, 1), 0);
	assert_true(time(NULL) - began < 9);
	assert_int_equal(read(notes, event, sizeof(event)), -1);
	assert_int_equal(errno, EAGAIN);
	close(notes);
	unlink("other");
	unlink("code (deleted)");
	assert_int_equal(chdir("/"), 0);
	assert_int_equal(rmdir(folder), 0);
	dmabuf_ctx_free(ctx);
}

/* Return: a copy of the beginning of this program in memory. */
static int copy_of(size_t size)
{
	int from = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
	int to = memfd_create("copy", MFD_CLOEXEC);
	char *bytes = malloc(size);

	assert_true(from >= 0 && to >= 0 && bytes);
	assert_int_equal(pread(from, bytes, size, 0), size);
	assert_int_equal(write(to, bytes, size), size);
	free(bytes);
	close(from);
	return to;
}

/*
 * Makes a file of holes, with a build ID and so many bytes of symbols at an
 * offset. libelf can use them only in a copy where that is odd.
 */
static int file_of_symbols(const uint8_t id[SYMBOL_BUILD_ID], uint64_t offset,
			   uint64_t size)
{
	struct {
		Elf64_Ehdr head;
		Elf64_Phdr segments[2];
		Elf64_Nhdr note;
		char name[4];
		uint8_t id[SYMBOL_BUILD_ID];
		Elf64_Shdr sections[3];
	} file = {
		.head = { .e_ident = ELFMAG "\2"
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
					    "\1"
#else
					    "\2"
#endif
					    "\1",
			  .e_version = EV_CURRENT,
			  .e_phoff = offsetof(typeof(file), segments),
			  .e_phnum = 2,
			  .e_phentsize = sizeof(Elf64_Phdr),
			  .e_shoff = offsetof(typeof(file), sections),
			  .e_shnum = 3,
			  .e_shentsize = sizeof(Elf64_Shdr) },
		.segments = { { .p_type = PT_LOAD, .p_filesz = 4096 },
			      { .p_type = PT_NOTE,
				.p_offset = offsetof(typeof(file), note),
				.p_filesz = 36 } },
		.note = { 4, SYMBOL_BUILD_ID, NT_GNU_BUILD_ID },
		.name = "GNU",
		.sections = { {},
			      { .sh_type = SHT_SYMTAB,
				.sh_offset = offset,
				.sh_size = size / sizeof(Elf64_Sym) *
					   sizeof(Elf64_Sym),
				.sh_link = 2,
				.sh_entsize = sizeof(Elf64_Sym) },
			      { .sh_type = SHT_STRTAB,
				.sh_offset = offsetof(typeof(file), name),
				.sh_size = sizeof(file.name) } },
	};
	int fd = memfd_create("holes", MFD_CLOEXEC);

	memcpy(file.id, id, sizeof(file.id));
	assert_int_equal(write(fd, &file, sizeof(file)), sizeof(file));
	assert_int_equal(ftruncate(fd, size + 8192), 0);
	return fd;
}

static void run_file(int fd)
{
	assert_true(mmap(NULL, 1, PROT_READ | PROT_EXEC, MAP_PRIVATE, fd, 0) !=
		    MAP_FAILED);
}

/*
 * A file that takes no room must not make root's process take gigabytes, nor
 * get them itself, which would stay.
 */
static void test_memory(void **state)
{
	const uint64_t offsets[] = { 4097, 4096 };
	struct symbol symbol = { .at = 1, .build_id = "file of holes 0" };
	struct dmabuf_ctx *ctx;
	struct rusage used;
	struct stat st;
	size_t i;
	int fd;

	(void)state;
	if (geteuid() != 0 || CANNOT_TELL_MEMORY)
		skip();
	ctx = unit_ctx("/");
	for (i = 0; i < ARRAY_SIZE(offsets); i++) {
		symbol.build_id[0]++;
		fd = file_of_symbols(symbol.build_id, offsets[i], 1ULL << 30);
		run_file(fd);
		assert_int_equal(symbols_name_user(ctx, &symbol, 1), 0);
		assert_string_equal(symbol.file, "/memfd:holes (deleted)");
		assert_int_equal(getrusage(RUSAGE_CHILDREN, &used), 0);
		assert_in_range(used.ru_maxrss, 0, 600 << 10);
		assert_int_equal(fstat(fd, &st), 0);
		assert_in_range(st.st_blocks, 1, 1 << 10);
		close(fd);
	}
	dmabuf_ctx_free(ctx);
}

/* Many functions, to be compared with many places, would take minutes. */
static void test_time(void **state)
{
	enum { FUNCTIONS = 2000000, PLACES = 20000, SOME = 1000 };
	struct symbol *symbols = calloc(PLACES, sizeof(*symbols));
	Elf64_Sym functions[SOME];
	struct dmabuf_ctx *ctx;
	time_t began;
	size_t i;
	int fd;

	(void)state;
	if (geteuid() != 0)
		skip();
	ctx = unit_ctx("/");
	for (i = 0; i < PLACES; i++) {
		symbols[i].at = 1 + i % 4095;
		strcpy((char *)symbols[i].build_id, "file of functions");
	}
	for (i = 0; i < SOME; i++)
		functions[i] = (Elf64_Sym){
			.st_name = 1,
			.st_info = ELF64_ST_INFO(STB_GLOBAL, STT_FUNC),
			.st_shndx = 1,
		};
	fd = file_of_symbols(symbols[0].build_id, 4096,
			     FUNCTIONS * sizeof(*functions));
	for (i = 0; i < FUNCTIONS / SOME; i++)
		assert_int_equal(pwrite(fd, functions, sizeof(functions),
					4096 + i * sizeof(functions)),
				 sizeof(functions));
	run_file(fd);
	began = time(NULL);
	assert_int_equal(symbols_name_user(ctx, symbols, PLACES), 0);
	assert_true(time(NULL) - began < 30);
	assert_string_equal(symbols[0].file, "/memfd:holes (deleted)");
	assert_string_equal(symbols[0].name, "");
	close(fd);
	free(symbols);
	dmabuf_ctx_free(ctx);
}

static void test_truncated(void **state)
{
	struct symbol symbol = symbol_here(), *one = &symbol;
	uint8_t id[SYMBOL_BUILD_ID];
	_cleanup_(vec_fini) struct vec of = VEC_OF(struct symbol *);
	const size_t sizes[] = { 0, 3, 20, 63, 100, 300, 5000 };
	size_t i;
	int fd;

	(void)state;
	assert_int_equal(vec_push(&of, &one), 0);
	for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		fd = copy_of(sizes[i]);
		if (sizes[i] <= 300)
			assert_int_equal(build_id_read(fd, id), -ENODATA);
		elf_name(fd, -1, &of);
		assert_string_equal(symbol.name, "");
		close(fd);
	}
}

/* Puts a note of these sizes where the only segment of a file is. */
static int note_of(uint32_t name, uint32_t value, uint64_t size)
{
	const struct {
		Elf64_Ehdr head;
		Elf64_Phdr segment;
		Elf64_Nhdr note;
		char name[4];
		unsigned char id[24];
	} file = {
		.head = { .e_ident = ELFMAG "\2"
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
					    "\1",
#else
					    "\2",
#endif
			  .e_phoff = sizeof(Elf64_Ehdr),
			  .e_phnum = 1 },
		.segment = { .p_type = PT_NOTE,
			     .p_offset =
				     sizeof(Elf64_Ehdr) + sizeof(Elf64_Phdr),
			     .p_filesz = size },
		.note = { name, value, NT_GNU_BUILD_ID },
		.name = "GNU",
		.id = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 },
	};
	int fd = memfd_create("note", MFD_CLOEXEC);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, &file, sizeof(file)), sizeof(file));
	return fd;
}

static void test_notes(void **state)
{
	static const struct {
		uint32_t name, value;
		uint64_t size;
		int r;
	} cases[] = {
		{ 4, 20, 36, 0 },
		{ 4, 8, 24, 0 },
		/* The last one may lack its padding. */
		{ 4, 7, 23, 0 },
		{ 4, 20, 35, -ENODATA },
		{ 4, 24, 40, -ENODATA },
		{ 4, 0, 40, -ENODATA },
		{ 3, 20, 36, -ENODATA },
		{ UINT32_MAX, 20, 36, -ENODATA },
		{ 4, UINT32_MAX, 36, -ENODATA },
		{ 4, 20, 5000, -ENODATA },
		{ 4, 20, UINT64_MAX, -ENODATA },
		{ 4, 20, 11, -ENODATA },
		{ 4, 20, 0, -ENODATA },
	};
	uint8_t id[SYMBOL_BUILD_ID];
	size_t i;
	int fd;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		fd = note_of(cases[i].name, cases[i].value, cases[i].size);
		memset(id, 0xff, sizeof(id));
		assert_int_equal(build_id_read(fd, id), cases[i].r);
		if (!cases[i].r) {
			assert_int_equal(id[0], 1);
			if (cases[i].value < sizeof(id))
				assert_int_equal(id[cases[i].value], 0);
		}
		close(fd);
	}
}

/* A copy of this program under a build ID of its own, and damaged. */
struct copy {
	char path[32];
	char *bytes;
	size_t size;
};

static struct copy copy_program(struct symbol *symbol)
{
	struct copy copy = { .path = "/tmp/symbols-XXXXXX" };
	int fd = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
	struct stat st;
	char *id;

	assert_true(fd >= 0 && !fstat(fd, &st));
	copy.size = st.st_size;
	copy.bytes = malloc(copy.size);
	assert_non_null(copy.bytes);
	assert_int_equal(read(fd, copy.bytes, copy.size), copy.size);
	close(fd);
	id = memmem(copy.bytes, copy.size, symbol->build_id,
		    sizeof(symbol->build_id));
	assert_non_null(id);
	symbol->build_id[0] ^= 0x55;
	id[0] ^= 0x55;
	return copy;
}

/* Runs the copy, which waits until it is killed. Return: its process. */
static pid_t run_copy(struct copy *copy)
{
	char *const argv[] = { copy->path, "wait", NULL };
	int fd = mkostemp(copy->path, O_CLOEXEC);
	pid_t child;

	assert_true(fd >= 0);
	assert_int_equal(write(fd, copy->bytes, copy->size), copy->size);
	assert_int_equal(fchmod(fd, 0700), 0);
	close(fd);
	assert_int_equal(
		posix_spawn(&child, copy->path, NULL, NULL, argv, environ), 0);
	return child;
}

/* How a file that runs can be damaged. */
static void damage(struct copy *copy, int how)
{
	ElfW(Ehdr) head;
	ElfW(Shdr) section;
	size_t i, at;

	memcpy(&head, copy->bytes, sizeof(head));
	for (i = 0; how && i < head.e_shnum; i++) {
		at = head.e_shoff + i * sizeof(section);
		memcpy(&section, copy->bytes + at, sizeof(section));
		if (section.sh_type == SHT_SYMTAB && how == 1)
			memset(copy->bytes + section.sh_offset, 0xff,
			       section.sh_size);
		if (section.sh_type == SHT_SYMTAB && how == 2)
			section.sh_offset = section.sh_size = (size_t)-64;
		if (section.sh_type == SHT_STRTAB && how == 3)
			section.sh_offset = copy->size - 1;
		memcpy(copy->bytes + at, &section, sizeof(section));
	}
	if (how == 4)
		head.e_shoff = copy->size - 10;
	memcpy(copy->bytes, &head, sizeof(head));
}

/* A damaged file costs its own names, and nothing else. */
static void test_hostile(void **state)
{
	struct dmabuf_ctx *ctx;
	struct symbol symbols[2];
	struct copy copy;
	pid_t child;
	int how;

	(void)state;
	unit_skip_unless_own_file();
	ctx = unit_ctx("/");
	for (how = 0; how <= 4; how++) {
		symbols[0] = symbols[1] = symbol_here();
		copy = copy_program(&symbols[0]);
		damage(&copy, how);
		child = run_copy(&copy);
		assert_int_equal(symbols_name_user(ctx, symbols, 2), 0);
		kill(child, SIGKILL);
		waitpid(child, NULL, 0);
		unlink(copy.path);
		free(copy.bytes);
		assert_string_equal(symbols[0].name,
				    how ? "" : "known_function");
		assert_memory_equal(symbols[0].file, "/tmp/symbols-", 13);
		assert_string_equal(symbols[1].name, "known_function");
	}
	dmabuf_ctx_free(ctx);
}

/* Another file may have the name now: it is not the one that runs. */
static void test_deleted(void **state)
{
	struct dmabuf_ctx *ctx;
	struct symbol symbol;
	struct copy copy;
	pid_t child;
	size_t length;

	(void)state;
	unit_skip_unless_own_file();
	ctx = unit_ctx("/");
	symbol = symbol_here();
	copy = copy_program(&symbol);
	child = run_copy(&copy);
	length = strlen(copy.path);
	unlink(copy.path);
	assert_int_equal(symlink("/proc/self/exe", copy.path), 0);
	assert_int_equal(symbols_name_user(ctx, &symbol, 1), 0);
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	unlink(copy.path);
	free(copy.bytes);
	dmabuf_ctx_free(ctx);
	/* Only a privileged user can open a file that has no name. */
	if (geteuid()) {
		assert_string_equal(symbol.file, "");
		return;
	}
	assert_string_equal(symbol.name, "known_function");
	assert_memory_equal(symbol.file, copy.path, length);
	assert_string_equal(symbol.file + length, " (deleted)");
}

/* An address in a process is a place in a file. */
static void test_address(void **state)
{
	const struct symbol here = symbol_here();
	struct dmabuf_ctx *ctx;
	struct symbol symbols[2] = {
		{ .at = ((uintptr_t)known_function & ~1) + 2, .pid = getpid() },
		/* No code is there. */
		{ .at = (uintptr_t)&here, .pid = getpid() },
	};

	(void)state;
	unit_skip_unless_own_file();
	ctx = unit_ctx("/");
	assert_int_equal(symbols_name_user(ctx, symbols, 2), 0);
	assert_string_equal(symbols[0].name, "known_function");
	assert_int_equal(symbols[0].offset, 2);
	assert_true(symbols[0].at == here.at);
	assert_memory_equal(symbols[0].build_id, here.build_id,
			    sizeof(here.build_id));
	assert_string_equal(symbols[1].name, "");
	assert_true(symbols[1].at == (uintptr_t)&here);
	dmabuf_ctx_free(ctx);
}

/* The process whose file is searched for ends when another file is found. */
struct ending {
	uint8_t build_id[SYMBOL_BUILD_ID];
	pid_t child;
	bool found;
};

static void end_child(void *arg, const struct wanted_file *file, int fd,
		      const char *path)
{
	struct ending *ending = arg;
	uint8_t build_id[SYMBOL_BUILD_ID] = {};

	(void)path;
	if (!memcmp(file->build_id, ending->build_id, sizeof(build_id))) {
		assert_int_equal(build_id_read(fd, build_id), 0);
		assert_memory_equal(build_id, ending->build_id,
				    sizeof(build_id));
		ending->found = true;
	} else if (ending->child) {
		kill(ending->child, SIGKILL);
		waitpid(ending->child, NULL, 0);
		ending->child = 0;
	}
}

/* Waits until the kernel has mapped the code of a new process. */
static void wait_until_mapped(pid_t pid, const char *name)
{
	char path[40], line[PATH_MAX];
	bool mapped = false;
	FILE *maps;

	snprintf(path, sizeof(path), "/proc/%d/maps", pid);
	while (!mapped) {
		maps = fopen(path, "re");
		assert_non_null(maps);
		while (fgets(line, sizeof(line), maps))
			mapped |= strstr(line, " r-xp ") && strstr(line, name);
		fclose(maps);
	}
}

/* Return: whether the file of a process was found that ends meanwhile. */
static bool finds_ending(void)
{
	struct symbol here = symbol_here(), other = here;
	struct copy copy = copy_program(&other);
	struct ending ending = { .child = run_copy(&copy) };
	struct vec wanted = VEC_OF(struct wanted_file), pids = VEC_OF(uint32_t);
	struct wanted_file file = {};
	uint32_t pid = ending.child;

	wait_until_mapped(ending.child, copy.path);
	memcpy(ending.build_id, other.build_id, sizeof(ending.build_id));
	memcpy(file.build_id, here.build_id, sizeof(file.build_id));
	assert_int_equal(vec_push(&wanted, &file), 0);
	memcpy(file.build_id, other.build_id, sizeof(file.build_id));
	assert_int_equal(vec_push(&wanted, &file), 0);
	assert_int_equal(vec_push(&pids, &pid), 0);
	search_files(&wanted, &pids, UINT64_MAX, end_child, &ending);
	assert_int_equal(ending.child, 0);
	vec_fini(&wanted);
	vec_fini(&pids);
	unlink(copy.path);
	free(copy.bytes);
	return ending.found;
}

/* Its files are opened before others are searched for. */
static void test_process_ends(void **state)
{
	(void)state;
	unit_skip_unless_own_file();
	assert_true(finds_ending());
}

/* Return: a place in a file that only the usual folders have. */
static struct symbol symbol_of_folders(void)
{
	struct symbol symbol = { .at = 1 };
	int fd = open("/usr/bin/true", O_RDONLY | O_CLOEXEC);

	if (fd < 0 || build_id_read(fd, symbol.build_id))
		skip();
	close(fd);
	return symbol;
}

/* Maps files of @id, or each of another one. */
static void map_files(const struct symbol *symbols, size_t n)
{
	size_t i;
	int fd;

	for (i = 0; i < n; i++) {
		fd = file_of_symbols(symbols[i].build_id, 4096, 0);
		run_file(fd);
		close(fd);
	}
}

/* A process with many files leaves descriptors for those of others. */
static void test_many_files(void **state)
{
	enum { FILES = 40 };
	struct rlimit before, few;
	struct symbol symbols[FILES + 1] = {};
	struct dmabuf_ctx *ctx;
	size_t i, same;

	(void)state;
	if (geteuid() != 0)
		skip();
	symbols[FILES] = symbol_of_folders();
	ctx = unit_ctx("/");
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
	few = (struct rlimit){ FILES, before.rlim_max };
	for (same = 0; same < 2; same++) {
		for (i = 0; i < FILES; i++) {
			symbols[i] = (struct symbol){ .at = 1 };
			symbols[i].pid = getpid();
			symbols[i].build_id[0] = 0xe0 + same;
			symbols[i].build_id[1] = same ? 1 : i + 1;
		}
		map_files(symbols, FILES);
		symbols[FILES].file[0] = 0;
		assert_int_equal(setrlimit(RLIMIT_NOFILE, &few), 0);
		assert_int_equal(symbols_name_user(ctx, symbols, FILES + 1), 0);
		assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
		assert_string_not_equal(symbols[FILES].file, "");
		assert_string_not_equal(symbols[0].file, "");
	}
	dmabuf_ctx_free(ctx);
}

/* Maps pages so that each is a mapping of its own. */
static void map_pages(size_t n)
{
	const size_t size = sysconf(_SC_PAGESIZE);
	char *all = mmap(NULL, n * size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS,
			 -1, 0);
	int fd = memfd_create("page", MFD_CLOEXEC);
	size_t i;

	if (all == MAP_FAILED || ftruncate(fd, size))
		_exit(1);
	for (i = 0; i < n; i++)
		if (mmap(all + i * size, size, PROT_READ | PROT_EXEC,
			 MAP_PRIVATE | MAP_FIXED, fd, 0) == MAP_FAILED)
			_exit(1);
}

/* Return: a process of another user with so many mappings. */
static pid_t run_mappings(size_t n)
{
	int ends[2];
	pid_t child;
	char byte;

	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	child = fork();
	assert_true(child >= 0);
	if (!child) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		map_pages(n);
		if (setuid(65534) || write(ends[1], "", 1) != 1)
			_exit(1);
		pause();
	}
	close(ends[1]);
	assert_int_equal(read(ends[0], &byte, 1), 1);
	close(ends[0]);
	return child;
}

/* A process with many mappings leaves time for others. */
static void test_many_mappings(void **state)
{
	enum { MAPPINGS = 60000, PLACES = 1000 };
	struct dmabuf_ctx *ctx;
	struct symbol *symbols;
	pid_t child;
	size_t i;

	(void)state;
	if (geteuid() != 0)
		skip();
	symbols = calloc(PLACES + 1, sizeof(*symbols));
	assert_non_null(symbols);
	symbols[PLACES] = symbol_of_folders();
	child = run_mappings(MAPPINGS);
	for (i = 0; i < PLACES; i++)
		symbols[i] = (struct symbol){ .at = i + 1, .pid = child };
	ctx = unit_ctx("/");
	assert_int_equal(symbols_name_user(ctx, symbols, PLACES + 1), 0);
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	assert_string_not_equal(symbols[PLACES].file, "");
	free(symbols);
	dmabuf_ctx_free(ctx);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_own_function),
		cmocka_unit_test(test_opens_only_code),
		cmocka_unit_test(test_memory),
		cmocka_unit_test(test_time),
		cmocka_unit_test(test_truncated),
		cmocka_unit_test(test_notes),
		cmocka_unit_test(test_hostile),
		cmocka_unit_test(test_deleted),
		cmocka_unit_test(test_address),
		cmocka_unit_test(test_process_ends),
		cmocka_unit_test(test_many_files),
		cmocka_unit_test(test_many_mappings),
	};

	(void)argv;
	if (argc > 1)
		return pause();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
