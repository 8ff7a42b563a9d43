/* Giving up everything but what signing takes: no files, no network, no children, no debugger, no
 * core dump. What is open already (the socket, the error output) can be read and written; nothing
 * new can be opened. */
#ifndef LOA_SIGNER_CAGE_H
#define LOA_SIGNER_CAGE_H

#include "base/base.h"

/* CAGE_KEEPER may still start children of its own kind and wait for them; CAGE_WORKER may not. */
enum cage_kind { CAGE_KEEPER, CAGE_WORKER };

/* For the whole process, for ever. A worker's cage fits into its keeper's. */
CHECKED errc cage_enter(enum cage_kind kind, struct why *why);

#endif
