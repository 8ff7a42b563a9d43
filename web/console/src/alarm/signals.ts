// What comes before the words, so that people listen.

import type { AlarmSignal } from "../../../shared/broadcast";

export const signals: AlarmSignal[] = ["siren", "wail", "chime", "none"];
