// op.c: operations on the file system.
//
// Each is a transaction in the log in which some inodes are locked. It first
// reads all that it is going to change, and keeps it; then it makes the
// changes, of which none can fail:
//
//     op_init(&op, dp);                which inodes
//     do {
//         if ((err = op_begin(&op, CREDITS)) < 0)
//             break;
//         err = change(&op, dp);       check, op_block() ..., log_write() ...
//         op_end(&op);
//     } while ((err = op_again(&op, err)) > 0);
//
// Order, always: transaction, then inode locks, by number. The tree gives no
// order: on a damaged disk a directory may lie below itself. A new inode is
// locked out of order, when its directory is (ialloc); nobody who has the lock
// of an inode that is in no use waits for another.

#include "errno.h"
#include "print.h"
#include "kalloc.h"
#include "memwait.h"
#include "disk.h"
#include "cache.h"
#include "log.h"
#include "op.h"
#include "fs.h"

void
op_init(struct op *op, struct inode *ip)
{
    op->ninodes = op->nlocked = op->nblocks = 0;
    op->new = 0;
    op_add(op, ip);
}

void
op_add(struct op *op, struct inode *ip)
{
    uint i;

    for (i = 0; i < op->ninodes; i++)
        if (op->ip[i] == ip)
            return;
    if (ip == 0)
        return;
    assert(op->ninodes < OPINODES, "an operation has a place for each inode");
    for (i = op->ninodes++; i > 0 && op->ip[i - 1]->inum > ip->inum; i--)
        op->ip[i] = op->ip[i - 1];
    op->ip[i] = ip;
}

int
op_begin(struct op *op, uint credits)
{
    struct inode *ip;
    int err;

    op->credits = credits;
    do
        op->released = log_released();
    while ((err = mem_again(begin_op(credits))) > 0);
    if (err < 0)
        return err;
    while (err == 0 && op->nlocked < op->ninodes) {
        ip = op->ip[op->nlocked];
        if ((err = ilock(ip)) == 0) {
            op->nlocked++;
            err = ikeep(op, ip);
        }
    }
    if (err < 0)
        op_end(op);
    return err;
}

// A new inode is given back last: it may have failed, its number may belong
// to another by now, and who gives back an inode's last reference may have to
// free it.
void
op_end(struct op *op)
{
    struct inode *new = op->new;

    while (op->nblocks > 0)
        page_put(op->pg[--op->nblocks]);
    if (new)
        iunlock(new);
    while (op->nlocked > 0)
        iunlock(op->ip[--op->nlocked]);
    end_op(op->credits);
    op->new = 0;
    iput(new);
}

int
op_again(struct op *op, int err)
{
    if (err == -ENOSPC && log_release_held(op->released))
        return 1;
    return mem_again(err);
}

static int
op_find(struct op *op, uint bno)
{
    uint i = 0;

    while (i < op->nblocks && op->bno[i] != bno)
        i++;
    return i < op->nblocks ? (int)i : -1;
}

int
op_room(const struct op *op, uint n)
{
    return op->nblocks + n <= op->credits;
}

static void
op_keep(struct op *op, uint bno, struct page *pg)
{
    assert(op_room(op, 1), "what is logged was reserved");
    op->bno[op->nblocks] = bno;
    op->pg[op->nblocks++] = pg;
}

int
op_block(struct op *op, uint bno, struct page **pp)
{
    int i = op_find(op, bno), err;

    if (i >= 0) {
        *pp = op->pg[i];
        return 0;
    }
    if (!op_room(op, 1))
        return -ERESTART;
    if ((err = bread(DEV_FS, bno, pp)) == 0)
        op_keep(op, bno, *pp);
    return err;
}

struct page *
op_kept(struct op *op, uint bno)
{
    int i = op_find(op, bno);

    assert(i >= 0, "the operation has read the block");
    return op->pg[i];
}

void
op_take(struct op *op, struct page *pg)
{
    if (op_find(op, pg->bno) >= 0)
        page_put(pg);
    else
        op_keep(op, pg->bno, pg);
}
