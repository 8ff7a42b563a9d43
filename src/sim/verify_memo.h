/* Signatures that were found good once are not computed anew for each of thousands of devices. */
#ifndef LOA_SIM_VERIFY_MEMO_H
#define LOA_SIM_VERIFY_MEMO_H

#include "wire/cose.h"

uint64_t verify_memo_hits(void);

#endif
