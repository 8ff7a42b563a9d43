/* Giving up everything before a stranger's file is looked at: no files by name, no network, no
 * other processes, a ceiling of memory and of time. What is open already can be read and written.
 * Landlock where the kernel has it, the filter of system calls everywhere. */
#ifndef LOA_INGEST_CAGE_H
#define LOA_INGEST_CAGE_H

#include "base/base.h"

struct cage_limits {
    uint64_t memory; /* bytes of address space */
    uint64_t seconds;
    uint64_t file; /* bytes of what is written */
};

/* For the whole process, for ever. Also: last in the queue for a processor, first to go when memory
 * is short, ended with whoever started it. */
CHECKED errc cage_enter(const struct cage_limits *limits, struct why *why);

#endif
