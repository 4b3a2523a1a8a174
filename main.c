// main.c: the order of initialisation.
//
// kmain() runs on the stack of CPU 0's idle process and, when all that needs
// no sleeping is done, becomes it. The first process does the rest, because
// the disk is waited for by sleeping, and then becomes /init.

#include "boot.h"
#include "multiboot.h"
#include "lib.h"
#include "bootarg.h"
#include "print.h"
#include "vga.h"
#include "uart.h"
#include "irq.h"
#include "machine.h"
#include "rtc.h"
#include "kalloc.h"
#include "cpu.h"
#include "pagetable.h"
#include "tlb.h"
#include "sched.h"
#include "disk.h"
#include "cache.h"
#include "swap.h"
#include "fs.h"
#include "console.h"
#include "pageout.h"
#include "proc.h"
#include "ptable.h"
#include "vm.h"
#include "event.h"
#include "fpu.h"
#include "trap.h"
#include "smp.h"
#include "check.h"
#include "ram.h"

extern char bootstack[];            // entry.S

static struct bootinfo info;

static void
report(void)
{
    cprintf("Teak: %d MB of RAM, %d frames, %d cpu%s, disk %d MB, swap %d MB\n",
            ram_top >> (20 - PGSHIFT), frames_total(), ncpu,
            ncpu > 1 ? "s" : "", disk_blocks(DEV_FS) >> (20 - PGSHIFT),
            disk_blocks(DEV_SWAP) >> (20 - PGSHIFT));
    bootarg("run", 0, 0);           // init will ask for it
    bootarg_report();
}

// The first process: does what waits for the disk, and becomes /init.
static void
first_process(void)
{
    int err;

    sched_started();
    smp_start();                    // the other CPUs
    disk_init(&info, bdone);        // controllers, disks, partitions
    binit();                        // the cache of blocks
    swap_init();
    if ((err = fs_init()) < 0)      // the log is replayed
        panic("no file system: error %d", -err);
    kthread("flusher", flusher);    // commits
    kthread("pageout", reclaimer);  // takes memory back
    vm_init();
    kcheck_boot_done();
    report();
    events_switch(vm_knob[VM_EVENTS]);
    init_run();
}

// What the loader tells, into our own memory: its own will be handed out.
static void
read_bootinfo(uint magic, uint pa)
{
    if (magic == MULTIBOOTMAGIC)
        multiboot_info(&info, pa);
    else if (magic == BOOTMAGIC)
        memcpy(&info, P2V(pa), sizeof info);
    bootarg_init(info.args);
}

// From entry.S: who loaded the kernel, and where its boot information is.
void
kmain(uint magic, uint pa)
{
    read_bootinfo(magic, pa);
    ptable_init((uint)bootstack);   // this stack's process, and the table
    chaos_init();
    vga_init();                     // cprintf's screen
    uart_init();                    // and serial line
    kinit(&info);                   // frames
    kvm_init();                     // the kernel's own page table
    spin_serve = tlb_serve;
    load_space = switchuvm;
    trap_init();                    // the interrupt table
    trap_cpu_init(&cpus[0]);        // this CPU's segments and TSS
    machine_init();                 // CPUs, interrupt controllers
    fpu_init();
    console_init();                 // keyboard and serial input
    rtc_init();                     // the date
    kthread("init", first_process);
    clock_start();
    sti();
    idle_loop();
}
