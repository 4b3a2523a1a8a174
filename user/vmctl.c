// vmctl.c: shows and sets the switches of the memory system.
//
//     vmctl                    all of them
//     vmctl name [on|off|n]    one
//
//     cow         fork shares frames until they are written
//     lazyheap    sbrk's memory appears when it is touched
//     demandload  programs are read as they run
//     trace       a line on the console for every fault
//     events      all that happens to memory, on the second serial line
//     policy      which eviction policy is used, a number

#include "user.h"

const char help[] = "vmctl [name [on|off|number]]\n"
    "Show or set the switches of the memory system.";

static const char *const knobs[NVMKNOB] = {
    [VM_COW] = "cow", [VM_LAZYHEAP] = "lazyheap",
    [VM_DEMANDLOAD] = "demandload", [VM_TRACE] = "trace",
    [VM_POLICY] = "policy", [VM_EVENTS] = "events",
};

static int
show(int knob)
{
    int v = vmctl(knob, -1);

    if (v < 0) {
        warn("%s", knobs[knob]);
        return 1;
    }
    if (knob == VM_POLICY)
        printf("%-10s %d\n", knobs[knob], v);
    else
        printf("%-10s %s\n", knobs[knob], v ? "on" : "off");
    return 0;
}

static int
set(int knob, const char *text)
{
    int v;

    if (strcmp(text, "on") == 0 || strcmp(text, "off") == 0)
        v = text[1] == 'n';
    else
        v = number(text, 0, INT_MAX);
    if (vmctl(knob, v) >= 0)
        return 0;
    if (knob == VM_EVENTS && errno == ENODEV)
        warnx("there is no second serial line for the events: "
              "start with tools/run --events FILE");
    else
        warn("%s %s", knobs[knob], text);
    return 1;
}

int
main(int argc, char **argv)
{
    int knob, status = 0;

    if (argc > 3)
        usage(NULL);
    if (argc == 2 && strcmp(argv[1], "--help") == 0)
        getopt(argc, argv, "");
    for (knob = 0; knob < NVMKNOB; knob++) {
        if (argc == 1)
            status |= show(knob);
        else if (strcmp(argv[1], knobs[knob]) == 0)
            return argc == 2 ? show(knob) : set(knob, argv[2]);
    }
    if (argc > 1)
        errx(2, "%s: no such switch", argv[1]);
    return status;
}
