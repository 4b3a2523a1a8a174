// memview.h: what the parts of memview share. memview_frames.c asks the kernel
// and counts, memview_draw.c shows it, memview.c obeys options and keys.

#pragma once

#include "entry.h"

// Whose a frame is. The order is that of the legend.
enum owner { FREE, KERNEL, TABLE, USER, SHARED, CACHE, MAPPED, SWAPPING,
             NOWNER };

// frameinfo's dev.
enum { DEVFILES = 1, DEVSWAP };

// A cell of the map: `per` frames that follow each other.
struct cell {
    uint n[NOWNER];                 // of these frames, by owner; holes nowhere
    uint dirty;
    uint mine;                      // that the chosen process maps; one of
    enum owner kind;                // these is of this owner
    uint owners;                    // of that shared by most
};

struct view {
    uint rows, cols;                // of the screen
    int  full;                      // it is a screen, with cursor and keys

    uint top;                       // frames are below this number
    uint width, height;             // of the map, in cells
    uint per;                       // frames in a cell, a power of two
    uint first;                     // the map's first frame
    uint cursor;                    // frame under the cursor

    int  pid;                       // of the chosen process; 0: none
    int  ended;                     // it has
    char name[16];

    /* as of the last look */
    struct cell *cell;              // width * height
    struct cell sum;                // of all cells
    struct frameinfo under;         // the frame under the cursor; kind FREE
                                    // and size 0 where there is none
    uint va;                        // where the chosen process maps it, or 0
};

enum owner owner_of(const struct frameinfo *f);
extern const char *const ownername[NOWNER];

// The number behind the last frame.
uint top_frame(void);
// Count what is in view.
void look_at_frames(struct view *v);
// The next process after v->pid that has pages, or none.
void next_process(struct view *v);

// Fit the map to the screen; put all that v says on it, or in lines on a file.
void lay_out(struct view *v);
void draw_view(const struct view *v);
void print_view(const struct view *v);
// The terminal shows something else now.
void forget_screen(void);
