# Teak's Makefile.
#
#   make                 builds the disk image, teak.img
#   make qemu            boots it in a window; qemu-nox: on this terminal
#   make qemu-gdb, gdb   stopped and waiting for gdb; gdb attached to that
#   make test            everything a change must pass
#   make check           the part of it that needs no emulator
#   make lint            of that, what gcc -fanalyzer and cppcheck find
#   make soak            tests without end, with new seeds, for MINUTES=60
#   make bench           what everything costs, beside what it may cost
#   make profile CMD=    where a command's time goes
#   make picture CMD=    what memory did meanwhile, as a page: OUT=picture.html
#   make view            Teak here, and what memory does in a browser
#   make port NAME= SRC= somebody else's C program, for EXTRA
#   make clean
#
# Variations, on the command line:
#
#   V=1                  show the commands
#   CC= TOOLPREFIX=      compiler; prefix of gcc, ld, ... (i686-elf-)
#   OPT=-O0              optimisation            WERROR=1  warnings are errors
#   CPUS=n MEM=mb        the emulated machine
#   GDBPORT=n            where qemu-gdb waits (one of the user's own)
#   EXTRA="file ..."     more files for the image's root directory
#   ARGS='cpus=1'        boot arguments in the image (see boot.h)
#   FSMB=64 SWAPMB=64    sizes of the image's two partitions
#   BUILD=dir IMG=file   build elsewhere
#   CHAOS=1              a kernel that waits at random where races could be
#   SANITIZE=1           kernel and programs check for undefined behaviour,
#                        the kernel also for writes to what was freed
#   HOSTSAN=0            host unit tests without the sanitizers

VARIANT  := $(patsubst %,/chaos,$(filter 1,$(CHAOS)))
VARIANT  := $(VARIANT)$(patsubst %,/sanitize,$(filter 1,$(SANITIZE)))
BUILD    ?= build$(VARIANT)
IMG      ?= $(if $(filter build,$(BUILD)),teak.img,$(BUILD)/teak.img)
OPT      ?= -O2
CPUS     ?= 2
MEM      ?= 512
FSMB     ?= 64
SWAPMB   ?= 64
HOSTCC   ?= cc
QEMU     ?= qemu-system-i386
GDBPORT  ?= 0
B        := $(BUILD)

all: $(IMG)

# --- compiler ------------------------------------------------------------
# A cross gcc, else the machine's own gcc if it can make 32-bit x86 ELF (no
# 32-bit libraries needed), else clang.

have = $(shell command -v $(1) 2>/dev/null)

ifeq ($(origin TOOLPREFIX),undefined)
TOOLPREFIX := $(firstword $(foreach p,i686-elf- i386-elf- i686-linux-gnu-,\
                $(if $(call have,$(p)gcc),$(p))))
endif
ifeq ($(origin CC),default)
native := $(shell echo | gcc -m32 -dM -E - 2>/dev/null | \
            awk '/__clang__/ {c=1} /__ELF__/ {e=1} END {print e && !c}')
CC := $(if $(TOOLPREFIX),$(TOOLPREFIX)gcc,$(if $(filter 1,$(native)),gcc,clang))
endif

ifneq ($(findstring clang,$(shell $(CC) --version 2>/dev/null)),)
TARGET  := -target i386-elf
LD      := $(or $(call have,ld.lld),$(TOOLPREFIX)ld)
else
TARGET  := $(shell $(CC) -fcf-protection=none -E -x c /dev/null >/dev/null \
                   2>&1 && echo -fcf-protection=none)
LD      := $(TOOLPREFIX)ld
endif
tool     = $(or $(call have,$(TOOLPREFIX)$(1)),$(call have,llvm-$(1)),$(1))
AR      := $(call tool,ar)
NM      := $(call tool,nm)
OBJCOPY := $(call tool,objcopy)

CFLAGS  := $(TARGET) -std=gnu11 -m32 -march=i686 -ffreestanding -nostdinc -I. \
           -fno-pic -fno-stack-protector -fno-omit-frame-pointer \
           -fno-asynchronous-unwind-tables -fno-strict-aliasing -fno-common \
           -Wall -Wextra $(if $(filter 1,$(WERROR)),-Werror) $(OPT) -g -MMD -MP
# -mregparm=3: the first three arguments travel in %eax, %edx, %ecx; worth
# one instruction in thirty. Assembler code that calls C or is called by it
# (entry.S, trapasm.S, swtch.S) does the same.
KFLAGS  := -mno-sse -mno-mmx -mno-80387 -mregparm=3 \
           $(if $(filter 1,$(CHAOS)),-DCHAOS)
ifeq ($(SANITIZE),1)
# The first null pointer that a program follows ends it anyway.
SAN     := -DSANITIZE -fsanitize=undefined -fno-sanitize-recover=all
USERSAN := -fno-sanitize=null
endif
LDFLAGS := -m elf_i386 -nostdlib -static -z noexecstack -z max-page-size=4096 \
           --build-id=none

# --- what is shown -------------------------------------------------------

ifeq ($(V),1)
say =
else
MAKEFLAGS += --no-print-directory
say = @printf '  %-7s %s\n' $(1) '$@';
endif

# --- the kernel ----------------------------------------------------------
# Linked twice: the first one's symbols become a table in the second, for
# backtraces with names.

BOOTSRC := bootasm.S bootmain.c
KSRC    := $(filter-out $(BOOTSRC),$(wildcard *.S *.c))
KOBJ    := $(patsubst %,$(B)/kernel/%.o,$(basename $(KSRC)))
BOOTOBJ := $(patsubst %,$(B)/kernel/%.o,$(basename $(BOOTSRC)))
$(KOBJ): KFLAGS += $(SAN)

$(B)/kernel/%.o: %.c $(B)/flags
	$(call say,CC)$(CC) $(CFLAGS) $(KFLAGS) -c -o $@ $<

$(B)/kernel/%.o: %.S $(B)/flags
	$(call say,AS)$(CC) $(CFLAGS) $(KFLAGS) -c -o $@ $<

$(B)/kernel/ksyms%.o: $(B)/kernel/ksyms%.S
	$(call say,AS)$(CC) $(CFLAGS) $(KFLAGS) -c -o $@ $<

$(B)/kernel/ksyms0.S: tools/ksyms $(B)/flags
	$(call say,KSYMS)tools/ksyms </dev/null >$@

$(B)/kernel/ksyms1.S: $(B)/kernel/first.elf tools/ksyms
	$(call say,KSYMS)$(NM) -n $< | tools/ksyms >$@

$(B)/kernel/first.elf: $(KOBJ) $(B)/kernel/ksyms0.o kernel.ld
	$(call say,LD)$(LD) $(LDFLAGS) -T kernel.ld -o $@ $(filter %.o,$^)

$(B)/kernel.elf: $(KOBJ) $(B)/kernel/ksyms1.o kernel.ld
	$(call say,LD)$(LD) $(LDFLAGS) -T kernel.ld -o $@ $(filter %.o,$^)

$(B)/kernel.bin: $(B)/kernel.elf
	$(call say,STRIP)$(OBJCOPY) -S $< $@

$(B)/boot.elf: $(BOOTOBJ) boot.ld
	$(call say,LD)$(LD) $(LDFLAGS) -T boot.ld -o $@ $(filter %.o,$^)

$(B)/boot.bin: $(B)/boot.elf
	$(call say,BIN)$(OBJCOPY) -O binary $< $@

# --- user programs -------------------------------------------------------
# user/X.c is the program X, except user/lib*.c (the library), and
# user/ut_*.c, user/bench_*.c and user/fuzz_*.c (parts of usertests, bench,
# fuzz); and of each program X in SPLIT, user/X_*.c are parts.

SPLIT   := diff ed edit find grep memview sed sh sort tar

ULIBSRC := $(wildcard user/lib*.[cS] user/usys.S)
UTSRC   := $(wildcard user/ut_*.c)
BENCHSRC := $(wildcard user/bench_*.c)
FUZZSRC := $(wildcard user/fuzz_*.c)
SPLITSRC := $(wildcard $(SPLIT:%=user/%_*.c))
PROGS   := $(patsubst user/%.c,%,\
             $(filter-out $(ULIBSRC) $(UTSRC) $(BENCHSRC) $(FUZZSRC) $(SPLITSRC),\
             $(wildcard user/*.c)))
CRT     := $(patsubst user/%.S,$(B)/user/%.o,$(wildcard user/crt*.S))
ULIB    := $(B)/user/libuser.a
ULIBOBJ := $(patsubst user/%,$(B)/user/%.o,$(basename $(ULIBSRC))) \
           $(if $(SAN),$(B)/user/ubsan.o)
UTOBJ   := $(patsubst user/%.c,$(B)/user/%.o,$(UTSRC))

$(B)/user/%.o: user/%.c $(B)/flags
	$(call say,CC)$(CC) -Iuser/include $(CFLAGS) $(SAN) $(USERSAN) -Iuser -c -o $@ $<

$(B)/user/ubsan.o: ubsan.c $(B)/flags
	$(call say,CC)$(CC) -Iuser/include $(CFLAGS) -DSANITIZE -DPROGRAM -c -o $@ $<

$(B)/user/%.o: user/%.S $(B)/flags
	$(call say,AS)$(CC) $(CFLAGS) -Iuser -c -o $@ $<

$(ULIB): $(ULIBOBJ)
	$(call say,AR)rm -f $@; $(AR) rcs $@ $^

$(B)/user/%.elf: $(B)/user/%.o $(CRT) $(ULIB) user/user.ld
	$(call say,LD)$(LD) $(LDFLAGS) -T user/user.ld -o $@ \
	    $(filter %.o,$^) $(ULIB)

$(B)/user/usertests.elf: $(UTOBJ)
$(B)/user/bench.elf: $(BENCHSRC:%.c=$(B)/%.o)
$(B)/user/fuzz.elf: $(FUZZSRC:%.c=$(B)/%.o)
$(foreach p,$(SPLIT),$(eval $(B)/user/$(p).elf: \
    $(patsubst %.c,$(B)/%.o,$(wildcard user/$(p)_*.c))))
$(B)/user/test.elf: $(B)/user/sh_test.o
$(B)/user/printf.elf: $(B)/user/sh_printf.o $(B)/user/sh_mem.o

$(B)/root/%: $(B)/user/%.elf
	$(call say,STRIP)mkdir -p $(@D); $(OBJCOPY) -S $< $@

.SECONDARY:

# Somebody else's program, in plain C and POSIX, becomes $(B)/port/NAME, for
# EXTRA: make port NAME=par SRC="dir/par.c dir/charset.c" DEFS="-D..."
PORTFLAGS = -Iuser/include $(filter-out -I. -MMD -MP,$(CFLAGS)) -w $(DEFS)
port: $(CRT) $(ULIB)
	@rm -rf $(B)/port/$(NAME).o; mkdir -p $(B)/port/$(NAME).o
	@for f in $(SRC); do \
	    $(CC) $(PORTFLAGS) -c -o $(B)/port/$(NAME).o/$$(basename $$f .c).o \
	        $$f || exit 1; \
	done
	@$(LD) $(LDFLAGS) -T user/user.ld -o $(B)/port/$(NAME) $(CRT) \
	    $(B)/port/$(NAME).o/*.o $(ULIB)

# A program as xv6 would build it; tests/35-oldabi.t runs it.
$(B)/oldabi/%: tests/oldabi/%.c tests/oldabi/oldabi.ld $(B)/flags
	$(call say,CC)mkdir -p $(@D); $(CC) $(CFLAGS) -c -o $@.o $<
	$(call say,LD)$(LD) $(LDFLAGS) -N $(RWXOK) -T $(word 2,$^) -o $@ $@.o

RWXOK = $(shell $(LD) --help | grep -o -e --no-warn-rwx-segments)

# --- the image -----------------------------------------------------------
# A file in EXTRA replaces ours of the same name.

EXTRANAME = $(patsubst _%,%,$(notdir $(1)))
OURS   := $(wildcard README) $(addprefix $(B)/root/,$(PROGS))
OURS   := $(foreach f,$(OURS),$(if $(filter $(notdir $(f)),\
            $(foreach e,$(EXTRA),$(call EXTRANAME,$(e)))),,$(f)))
FSARGS  = $(OURS) $(B)/root/test=[ $(B)/root/more=less $(foreach e,$(EXTRA),$(e)=$(call EXTRANAME,$(e))) $(MAN) \
          user/etc/rc=etc/rc

# The manual: docs/man/1/ls.md becomes /usr/man/1/ls. A name on a Teak disk has at
# most 14 bytes; the kernel cuts one that is looked up just so. The titles of
# section 1 are help's list.

MANSRC := $(sort $(wildcard docs/man/[127]/*.md))
MAN    := $(shell printf '%s\n' $(MANSRC) | \
            sed 's|^docs/\(man/./\)\([^/]\{1,14\}\)[^/]*[.]md$$|&=usr/\1\2|') \
          $(B)/man/index=usr/man/index $(B)/man/calls=usr/man/calls

$(B)/man/index: $(filter docs/man/1/%,$(MANSRC))
	$(call say,MAN)mkdir -p $(@D); awk 'FNR == 1 { print substr($$0, 3) }' $^ >$@

$(B)/man/calls: $(filter docs/man/2/%,$(MANSRC))
	$(call say,MAN)mkdir -p $(@D); \
	awk 'FNR == 1 { sub(/ - /, "(2) - "); print substr($$0, 3) }' $^ >$@

$(B)/mkfs: $(B)/host/hostfs.o
$(B)/fsck: $(B)/host/fsmend.o $(B)/host/diskmend.o
$(B)/fsck $(B)/crash $(B)/imagetool: $(B)/host/hostfs.o $(B)/host/fscheck.o

$(B)/mkfs $(B)/fsck $(B)/crash $(B)/damage: $(B)/%: tools/%.c
	$(call say,HOSTCC)mkdir -p $(@D); \
	$(HOSTCC) $(HOSTFLAGS) -o $@ $< $(filter %.o,$^)

$(B)/imagetool: tools/image.c
	$(call say,HOSTCC)$(HOSTCC) $(HOSTFLAGS) -o $@ $< $(filter %.o,$^)

$(B)/host/%.o: tools/%.c
	$(call say,HOSTCC)mkdir -p $(@D); $(HOSTCC) $(HOSTFLAGS) -c -o $@ $<

# Without -I.: errno.h and fcntl.h are to be the host's.
HOSTFLAGS = -std=gnu11 -O2 -g -Wall -Wextra -MMD -MP

$(B)/fs.img: $(OURS) $(EXTRA) user/etc/rc $(MANSRC) $(B)/man/index $(B)/man/calls \
             $(B)/mkfs $(B)/image
	$(call say,MKFS)$(B)/mkfs -s $$(($(FSMB) * 256)) $@ $(FSARGS)

FSCK   := $(if $(wildcard tools/fsck.c),$(B)/fsck $(B)/imagetool)
$(IMG): tools/mkimage $(B)/boot.bin $(B)/kernel.bin $(B)/fs.img $(FSCK)
	$(call say,IMAGE)tools/mkimage --fsmb $(FSMB) --swapmb $(SWAPMB) \
	    --args "$$ARGS" $@ $(B)/boot.bin $(B)/kernel.bin $(B)/fs.img

# These two change when what they record does, and never else.

export ARGS EXTRA
FLAGS   = $(CC) $(CFLAGS) $(KFLAGS) $(SAN) $(LD) $(LDFLAGS)
$(B)/flags: FORCE
	@mkdir -p $(B)/kernel $(B)/user
	@echo '$(FLAGS)' | cmp -s - $@ || echo '$(FLAGS)' >$@

IMAGE   = "$(FSMB) $(SWAPMB) $(PROGS) $(MANSRC) $$EXTRA $$ARGS"
$(B)/image: FORCE
	@mkdir -p $(@D)
	@echo $(IMAGE) | cmp -s - $@ || echo $(IMAGE) >$@

FORCE:

-include $(wildcard $(B)/*.d $(B)/kernel/*.d $(B)/user/*.d)

# --- in the browser ------------------------------------------------------
# A disk with less room: its zeros are packed, but the browser has to hold
# it. docs/12-browser.md tells of the rest.

WEBMEM  ?= 8
WEBFSMB ?= 16
WEBSWAPMB ?= 8
WEBARGS ?= events=1

WEBSIZES = "$(WEBFSMB) $(WEBSWAPMB) $(WEBARGS)"
$(B)/site/sizes: FORCE
	@mkdir -p $(@D)
	@echo $(WEBSIZES) | cmp -s - $@ || echo $(WEBSIZES) >$@

$(B)/site/teak.img: tools/mkimage $(B)/boot.bin $(B)/kernel.bin $(B)/fs.img \
                    $(B)/site/sizes
	$(call say,IMAGE)\
	$(B)/mkfs -s $$(($(WEBFSMB) * 256)) $(@D)/fs.img $(FSARGS) && \
	tools/mkimage --fsmb $(WEBFSMB) --swapmb $(WEBSWAPMB) \
	    --args "$(WEBARGS)" $@ $(B)/boot.bin $(B)/kernel.bin $(@D)/fs.img

web: $(B)/site/teak.img $(B)/kernel.elf
	@NM="$(NM)" tools/mkweb $(B)/web $< $(B)/kernel.elf $(WEBMEM)

# --- running it ----------------------------------------------------------
# Without a display, a window is no use: the terminal then.

QEMUFLAGS = -machine pc -m $(MEM) -smp cpus=$(CPUS) -serial mon:stdio \
            -drive file=$(IMG),format=raw,if=ide,index=0,cache=writeback
WINDOW    = $(if $(DISPLAY)$(WAYLAND_DISPLAY)$(filter Darwin,$(shell uname)),,\
              -display none)

qemu: $(IMG)
	$(QEMU) $(QEMUFLAGS) $(WINDOW)

qemu-nox: $(IMG)
	@echo '(Ctrl-A X ends the emulator.)'
	$(QEMU) $(QEMUFLAGS) -display none

# GDBPORT=0: one of the user's own, which $(B)/gdb-port tells gdb.
qemu-gdb: $(IMG)
	tools/gdbport $(B)/gdb-port $(GDBPORT) $(QEMU) $(QEMUFLAGS) -display none

GDB ?= $(firstword $(call have,$(TOOLPREFIX)gdb) $(call have,gdb-multiarch) gdb)
gdb:
	$(GDB) -q -x tools/teak.gdb $(B)/kernel.elf

# --- pictures of memory ---------------------------------------------------
# What memory did while one command ran, as a web page; and as it does it. MEM
# and CPUS count where they are given; a small machine shows more.

OUT  ?= picture.html
GIVEN = $(foreach v,$(1),$(if $(filter command environment,\
          $(firstword $(origin $(v)))),--$(shell echo $(v) | tr A-Z a-z) $($(v))))

picture: $(IMG)
	@tools/picture --image $(IMG) --out '$(OUT)' $(call GIVEN,MEM CPUS) \
	    -- '$(if $(filter file,$(origin CMD)),forkdemo,$(CMD))'

view: $(IMG)
	@tools/view --image $(IMG) $(call GIVEN,MEM CPUS)

# --- tests ---------------------------------------------------------------

ifneq ($(HOSTSAN),0)
SANFLAGS := -fsanitize=address,undefined -fno-sanitize-recover=all
endif
HOSTTESTS := $(patsubst tests/host/%.c,$(B)/host/%,$(wildcard tests/host/t_*.c))
# Those with a file system make and check it by our own tools.
FSTESTS   := $(shell grep -l fsworld.h tests/host/t_*.c)
$(FSTESTS:tests/%.c=$(B)/%): $(B)/host/fstools.o

TESTFLAGS = -std=gnu11 -O1 -g -Wall -Wextra $(SANFLAGS) -MMD -MP
$(B)/host/%: tests/host/%.c
	$(call say,HOSTCC)mkdir -p $(@D); \
	$(HOSTCC) -iquote . -DHOSTED $(TESTFLAGS) -o $@ $< $(filter %.o,$^)

$(B)/host/fstools.o: tests/host/fstools.c
	$(call say,HOSTCC)mkdir -p $(@D); $(HOSTCC) $(TESTFLAGS) -c -o $@ $<

-include $(wildcard $(B)/host/*.d)

# Static checks, of each kernel source that has changed since the last time.
# tools/lint knows what is accepted, and why.

LINT     := $(patsubst %.c,$(B)/lint/%.txt,$(filter %.c,$(KSRC)))
ANALYZER := $(shell $(CC) -v 2>&1 | grep -q '^gcc version' && \
              $(CC) -fanalyzer -E -x c /dev/null >/dev/null 2>&1 && echo 1)
CPPCHECK := $(call have,cppcheck)
CPPFLAGS := -q --enable=warning,portability,performance --std=c11 -I. \
            --platform=unix32 \
            --template='{file}:{line}: cppcheck: {id}: {message}'

$(B)/lint/%.txt: %.c $(B)/flags
	$(call say,LINT)mkdir -p $(@D); : >$@; \
	$(if $(ANALYZER),$(CC) $(filter-out -Werror,$(CFLAGS)) $(KFLAGS) \
	    -fanalyzer -fdiagnostics-plain-output -MT $@ -MF $(@:.txt=.d) \
	    -c -o $(@:.txt=.o) $< >>$@ 2>&1;) \
	$(if $(CPPCHECK),$(CPPCHECK) $(CPPFLAGS) $< >>$@ 2>&1)

-include $(wildcard $(B)/lint/*.d)

lint: $(LINT)
	@$(if $(ANALYZER),,echo '  no gcc with -fanalyzer: left out')
	@$(if $(CPPCHECK),,echo '  no cppcheck: left out')
	@LC_ALL=C tools/lint $(LINT)

# The most lines of code that the kernel may have; that repeat others; in the
# files that a course on virtual memory reads whole; all lines of vm.c.
LINES    := 14800
REPEATED := 0
PATHMOST := 2345
VMMOST   := 750

check: $(HOSTTESTS) $(B)/crash $(KOBJ)
	@NM="$(NM)" tools/layers . $(B)
	@tools/lines --most $(LINES) --repeated $(REPEATED) \
	    --path $(PATHMOST) --vm $(VMMOST)
	@$(MAKE) $(if $(findstring -j,$(MAKEFLAGS)),,-j2) lint
	@for t in $(HOSTTESTS); do \
	    echo "  HOST    $$t"; $$t || exit 1; \
	done
	@$(MAKE) WERROR=1 BUILD=$(B)/werror IMG=$(B)/werror/teak.img
	@echo 'check: all right'

test:
	@$(MAKE) $(if $(findstring -j,$(MAKEFLAGS)),,-j2) $(IMG) $(B)/insns.so \
	    $(B)/crash
	TEAK_IMG=$(IMG) TEAK_BUILD=$(B) prove -j2 tests/

MINUTES ?= 60
soak: $(IMG) $(B)/crash $(B)/host/t_fs_crash $(B)/host/t_fs_damage
	tools/soak --build $(B) --image $(IMG) --minutes $(MINUTES) $(SOAK)

# --- speed ---------------------------------------------------------------
# Options for tools/bench: make bench BENCH='--sort --compare old.json'. For
# tools/profile: make profile CMD='bench fork_small' PROFILE='--top 50'.

bench: $(IMG) $(B)/insns.so
	tools/bench --image $(IMG) --build $(B) $(BENCH)

CMD ?= usertests -q
profile: $(IMG) $(B)/insns.so
	tools/profile --image $(IMG) --build $(B) $(PROFILE) '$(CMD)'

# Counts instructions inside the emulator. Done without where it cannot be.
$(B)/insns.so: tools/insns.c
	$(call say,HOSTCC)$(HOSTCC) -O2 -Wall -Wextra -shared -fPIC -o $@ $< || \
	    echo '  no plugin: instruction counts by function are left out'

clean:
	rm -rf $(B) $(IMG)

.PHONY: port all qemu qemu-nox qemu-gdb gdb picture view check lint test soak bench profile \
        web clean FORCE
.DELETE_ON_ERROR:
