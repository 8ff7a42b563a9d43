/* The one umbrella header: what every file of Loa may take for granted. */
#ifndef LOA_BASE_BASE_H
#define LOA_BASE_BASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/errors.h"
#include "base/mem.h"
#include "base/scope.h"
#include "base/str.h"
#include "base/when.h"

/* Unbounded, locale-bound or silently wrong: these do not compile. tools/check/banned looks for
 * more, such as malloc outside base, which system headers mention and cannot be poisoned. */
#pragma GCC poison sprintf vsprintf strcpy strcat strncpy strncat gets strtok atoi atol atof

#endif
