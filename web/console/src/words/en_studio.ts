// The words of the studio in English.

import type { viStudio } from "./vi_studio";

export const enStudio: Record<keyof typeof viStudio, string> = {};
