// hostfs.h: a Teak file system (fsformat.h) in a file of the host, for mkfs,
// fsck and image. One image at a time.
//
// Blocks of metadata are cached for good; who changes one calls hfs_dirty().
// Nothing that the file system has in use changes before hfs_commit(): it
// sends the changes through the log, as the kernel does, so that whoever is
// killed leaves the old state or the new. (More than the log can hold goes
// straight to its place: so does fsck -y when very much is to be mended.)
// File data goes straight to blocks that are free; a block that is freed is
// not handed out again before the commit. Who gives up just exits: what was
// not committed has not happened.
//
// Only hfs_inode() and hfs_block() may be trusted with any number below the
// superblock's; the rest expect a file system that is sound, but for hfs_map()
// and hfs_walk_blocks(), which check each block number.

#pragma once

#include <stdio.h>
#include "../types.h"
#include "../boot.h"
#include "../fsformat.h"
#define stat teak_stat              // the host has a struct of that name
#include "../stat.h"
#undef stat

#define PARTTABLE 446               // its place in the first sector
#define PARTSIZE  16

extern struct hostfs {
    const char *tool;               // its name, for messages
    int   failure;                  // its exit status when something fails
    void (*undo)(void);             // called then, if set
    const char *image;
    FILE *file;
    int   fresh;                    // being made: no log, no zeroes to write
    long long size;                 // in bytes
    int   parted;                   // it is a disk: mbr is its first sector
    uchar mbr[SECTSIZE];
    long long offset;               // of the file system, in bytes,
    long long space;                // and how many are there for it
    struct superblock sb;
    uchar **block;                  // the cache; 0: not read
    uchar *state;                   // of each block, HFS_ flags
    uint  rotor;                    // where to look for a free block
    uint  nfreed;                   // blocks freed since the last commit
} hfs;

enum { HFS_DIRTY = 1, HFS_NEW = 2, HFS_FREED = 4 };

// One line for the user; the end.
void  hfs_die(const char *fmt, ...)
      __attribute__((noreturn, format(printf, 1, 2)));
void *hfs_need(void *p);            // dies if it is 0

// ---- the image ----

// Open it, and lock it for writing or against a writer, as QEMU does: dies
// if somebody uses it.
void  hfs_open(const char *image, int write);
void  hfs_lock(int write);
// Find the file system: at this byte, or if it is -1, in the MBR's partition
// or at the beginning. 0, or what is wrong, in words.
const char *hfs_find(long long offset);
// Is partition i one of that type, with room for a block? Its sectors, then,
// as far as the image has them.
int   hfs_partition(uint i, uchar type, uint *start, uint *end);
void  hfs_read_at(long long off, void *buf, uint n);    // zeroes past the end
void  hfs_write_at(long long off, const void *buf, uint n);
// Fill in a superblock as mkfs lays a file system out; put ours, and its copy.
void  hfs_layout(struct superblock *sb, uint nblocks, uint ninodes, uint nlog);
void  hfs_put_super(void);
// Read the superblock. 0, or what is wrong with it. hfs_begin: with the one
// that is in hfs.sb.
const char *hfs_mount(void);
void  hfs_begin(void);
int   hfs_committed(void);          // does the log wait for its replay?
// Replay the log into the cache, and into the image, too. Returns how many of
// its blocks were out of range.
uint  hfs_replay(int to_image);
void  hfs_commit(void);
uint  hfs_ndirty(void);             // blocks for the log so far

// ---- blocks, bitmaps, inodes ----

void *hfs_block(uint bno);
void  hfs_dirty(uint bno);
void  hfs_read_data(uint bno, void *buf, uint n);      // without caching
void  hfs_write_data(uint bno, const void *data);       // a new block
int   hfs_bit(uint start, uint i);
void  hfs_set_bit(uint start, uint i, int on);
int   hfs_is_data(uint bno);        // in the data area?
uint  hfs_blocks_free(void);        // that can be had at once
uint  hfs_balloc(void);             // 0: none is left; content undefined
uint  hfs_balloc_index(void);       // the same for metadata: cached, zero
void  hfs_bfree(uint bno);
struct dinode *hfs_inode(uint inum);
void  hfs_inode_dirty(uint inum);
uint  hfs_ialloc(uint type, uint mtime);                // 0: none is left
void  hfs_ifree(uint inum);         // and its blocks

// ---- files ----

uint  hfs_nblocks(const struct dinode *d);              // as its size says
uint  hfs_map(const struct dinode *d, uint i);          // 0: cannot be had
// The blocks on the way to block i, index blocks first; how many, or 0.
uint  hfs_way(const struct dinode *d, uint i, uint bnos[3]);
// Make bno block i of d, the next one; index blocks come as they are needed.
// 0, or -1: no room.
int   hfs_map_add(struct dinode *d, uint i, uint bno);
uint  hfs_index_blocks(uint nblocks);                   // that a file needs
// Call fn for each block of d, index blocks too.
void  hfs_walk_blocks(const struct dinode *d, void (*fn)(uint bno));
void  hfs_truncate(struct dinode *d);
// Fill a file without blocks; the name is for messages. 0, or -1: no room.
int   hfs_copy_in(struct dinode *d, FILE *from, const char *name);

// ---- directories ----

struct dirent *hfs_entry(uint dir, uint i);             // record i, or 0
uint  hfs_nentries(uint dir);
void  hfs_entry_dirty(uint dir, uint i);
int   hfs_name_equal(const struct dirent *de, const char *name);
uint  hfs_lookup(uint dir, const char *name, uint *i);  // 0: not there
// 0, or -1: no room. They leave link counts alone.
int   hfs_enter(uint dir, const char *name, uint inum);
void  hfs_remove(uint dir, uint i);
// A new directory with that name in dir; counts links. 0: no room.
uint  hfs_mkdir(uint dir, const char *name, uint mtime);
