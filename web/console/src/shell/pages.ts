// Every page of the console: its address, the right it needs, where it hangs
// in the navigation, and the chunk that holds it. A page that is not in this
// table does not exist; one whose right is missing is neither linked nor
// shown. New rooms (bulletins, boards …) add their rows here.

import type { ComponentType } from "preact";
import type { Right } from "../../../shared/api";
import type { IconName } from "../parts/icon";
import { withWords } from "../words";

export interface PageProps {
    params: Record<string, string>;
}

type Chunk = () => Promise<{ default: ComponentType<PageProps> }>;

export type Section =
    | "home"
    | "bulletins"
    | "offers"
    | "templates"
    | "speech"
    | "duty"
    | "alarms"
    | "drills"
    | "cap"
    | "live"
    | "programmes"
    | "rules"
    | "plays"
    | "speakers"
    | "stations"
    | "faults"
    | "units"
    | "reforms"
    | "imports"
    | "accounts"
    | "roles"
    | "audit"
    | "settings"
    | "about"
    | "me";

/** The groups of the side rail, in order. */
export type Group = "today" | "studio" | "air" | "fleet" | "area" | "people" | "system";

export interface PageRow {
    path: string;
    section: Section;
    right: Right;
    load: Chunk;
}

const desk = (load: Chunk): Chunk => withWords("desk", load);
const units: Chunk = () => import("../pages/units");
const reforms: Chunk = () => import("../pages/reforms");
const reformEdit: Chunk = () => import("../pages/reform_edit");
const imports: Chunk = () => import("../pages/imports");
const accounts: Chunk = () => import("../pages/accounts");
const alarmNew = desk(() => import("../pages/alarm_new"));
const drillNew = desk(() => import("../pages/drill_new"));
const programmeEdit = desk(() => import("../pages/programme_edit"));
const cluster: Chunk = () => import("../pages/cluster");

const studio = (load: Chunk): Chunk => withWords(["studio", "desk"], load);
const bulletinEdit = studio(() => import("../pages/bulletin_edit"));

export const pages: PageRow[] = [
    { path: "/", section: "home", right: "self", load: () => import("../pages/home") },
    { path: "/me", section: "me", right: "self", load: () => import("../pages/me") },
    { path: "/bulletins", section: "bulletins", right: "bulletins_read", load: studio(() => import("../pages/bulletins")) },
    { path: "/bulletins/new", section: "bulletins", right: "bulletins_write", load: bulletinEdit },
    { path: "/bulletins/:id", section: "bulletins", right: "bulletins_read", load: studio(() => import("../pages/bulletin")) },
    { path: "/bulletins/:id/edit", section: "bulletins", right: "bulletins_write", load: bulletinEdit },
    { path: "/offers", section: "offers", right: "bulletins_read", load: studio(() => import("../pages/offers")) },
    { path: "/templates", section: "templates", right: "bulletins_read", load: studio(() => import("../pages/templates")) },
    { path: "/speech", section: "speech", right: "bulletins_read", load: studio(() => import("../pages/speech")) },
    { path: "/duty", section: "duty", right: "alarms_read", load: studio(() => import("../pages/duty")) },
    { path: "/alarms", section: "alarms", right: "alarms_read", load: desk(() => import("../pages/alarms")) },
    { path: "/alarms/new", section: "alarms", right: "alarms_write", load: alarmNew },
    { path: "/alarms/:id", section: "alarms", right: "alarms_read", load: desk(() => import("../pages/alarm")) },
    { path: "/alarms/:id/update", section: "alarms", right: "alarms_write", load: alarmNew },
    { path: "/alarms/templates", section: "alarms", right: "alarms_read", load: desk(() => import("../pages/alarm_templates")) },
    { path: "/alarms/delegations", section: "alarms", right: "alarms_read", load: desk(() => import("../pages/delegations")) },
    { path: "/warnings", section: "cap", right: "cap_read", load: desk(() => import("../pages/cap_inbox")) },
    { path: "/warnings/sources", section: "cap", right: "cap_read", load: desk(() => import("../pages/cap_sources")) },
    { path: "/warnings/:id", section: "cap", right: "cap_read", load: desk(() => import("../pages/cap_message")) },
    { path: "/lives", section: "live", right: "programmes_read", load: desk(() => import("../pages/lives")) },
    { path: "/lives/new", section: "live", right: "live_speak", load: desk(() => import("../pages/live_new")) },
    { path: "/lives/sources", section: "live", right: "programmes_read", load: desk(() => import("../pages/live_sources")) },
    { path: "/lives/:id", section: "live", right: "programmes_read", load: desk(() => import("../pages/live_one")) },
    { path: "/clips", section: "alarms", right: "alarms_read", load: desk(() => import("../pages/clips")) },
    { path: "/drills", section: "drills", right: "alarms_read", load: desk(() => import("../pages/drills")) },
    { path: "/drills/new", section: "drills", right: "drills_write", load: drillNew },
    { path: "/drills/:id", section: "drills", right: "alarms_read", load: desk(() => import("../pages/drill")) },
    { path: "/drills/:id/update", section: "drills", right: "drills_write", load: drillNew },
    { path: "/programmes", section: "programmes", right: "programmes_read", load: desk(() => import("../pages/programmes")) },
    { path: "/programmes/new", section: "programmes", right: "programmes_write", load: programmeEdit },
    { path: "/programmes/preview", section: "programmes", right: "programmes_read", load: desk(() => import("../pages/preview")) },
    { path: "/programmes/:id", section: "programmes", right: "programmes_read", load: programmeEdit },
    { path: "/rules", section: "rules", right: "programmes_read", load: desk(() => import("../pages/rules")) },
    { path: "/plays", section: "plays", right: "plays_read", load: desk(() => import("../pages/plays")) },
    { path: "/speakers", section: "speakers", right: "fleet_read", load: () => import("../pages/speakers") },
    { path: "/speakers/add", section: "speakers", right: "fleet_enrol", load: () => import("../pages/device_add") },
    { path: "/speakers/pending", section: "speakers", right: "fleet_enrol", load: () => import("../pages/pending") },
    { path: "/speakers/traffic", section: "speakers", right: "fleet_read", load: () => import("../pages/traffic") },
    { path: "/speakers/:id", section: "speakers", right: "fleet_read", load: () => import("../pages/device") },
    { path: "/stations", section: "stations", right: "fleet_read", load: () => import("../pages/stations") },
    { path: "/stations/new", section: "stations", right: "fleet_write", load: () => import("../pages/station_new") },
    { path: "/stations/:id", section: "stations", right: "fleet_read", load: () => import("../pages/station") },
    { path: "/clusters/new", section: "stations", right: "fleet_write", load: cluster },
    { path: "/clusters/:id", section: "stations", right: "fleet_read", load: cluster },
    { path: "/faults", section: "faults", right: "fleet_read", load: () => import("../pages/faults") },
    { path: "/units", section: "units", right: "units_read", load: units },
    { path: "/units/new", section: "units", right: "units_write", load: () => import("../pages/unit_new") },
    { path: "/units/:id", section: "units", right: "units_read", load: units },
    { path: "/units/:id/change", section: "units", right: "units_write", load: () => import("../pages/unit_change") },
    { path: "/reforms", section: "reforms", right: "reforms_write", load: reforms },
    { path: "/reforms/new", section: "reforms", right: "reforms_write", load: reformEdit },
    { path: "/reforms/:id", section: "reforms", right: "reforms_write", load: () => import("../pages/reform") },
    { path: "/reforms/:id/edit", section: "reforms", right: "reforms_write", load: reformEdit },
    { path: "/imports", section: "imports", right: "imports_write", load: imports },
    { path: "/imports/new", section: "imports", right: "imports_write", load: () => import("../pages/import_new") },
    { path: "/imports/:id", section: "imports", right: "imports_write", load: () => import("../pages/import") },
    { path: "/accounts", section: "accounts", right: "accounts_read", load: accounts },
    { path: "/accounts/new", section: "accounts", right: "accounts_write", load: () => import("../pages/account_new") },
    { path: "/accounts/:id", section: "accounts", right: "accounts_read", load: () => import("../pages/account") },
    { path: "/roles", section: "roles", right: "accounts_read", load: () => import("../pages/roles") },
    { path: "/audit", section: "audit", right: "audit_read", load: () => import("../pages/audit") },
    { path: "/settings", section: "settings", right: "settings_read", load: () => import("../pages/settings") },
    { path: "/about", section: "about", right: "about_read", load: () => import("../pages/about") },
];

export interface NavRow {
    section: Section;
    group: Group;
    icon: IconName;
    path: string;
    right: Right;
}

export const nav: NavRow[] = [
    { section: "home", group: "today", icon: "home", path: "/", right: "self" },
    { section: "bulletins", group: "studio", icon: "paper", path: "/bulletins", right: "bulletins_read" },
    { section: "offers", group: "studio", icon: "inbox", path: "/offers", right: "bulletins_read" },
    { section: "templates", group: "studio", icon: "copy", path: "/templates", right: "bulletins_read" },
    { section: "speech", group: "studio", icon: "speech", path: "/speech", right: "bulletins_read" },
    { section: "alarms", group: "air", icon: "alarm", path: "/alarms", right: "alarms_read" },
    { section: "cap", group: "air", icon: "warning", path: "/warnings", right: "cap_read" },
    { section: "live", group: "air", icon: "microphone", path: "/lives", right: "programmes_read" },
    { section: "programmes", group: "air", icon: "programme", path: "/programmes", right: "programmes_read" },
    { section: "rules", group: "air", icon: "clock", path: "/rules", right: "programmes_read" },
    { section: "plays", group: "air", icon: "played", path: "/plays", right: "plays_read" },
    { section: "drills", group: "air", icon: "drill", path: "/drills", right: "alarms_read" },
    { section: "speakers", group: "fleet", icon: "speaker", path: "/speakers", right: "fleet_read" },
    { section: "faults", group: "fleet", icon: "warning", path: "/faults", right: "fleet_read" },
    { section: "stations", group: "fleet", icon: "station", path: "/stations", right: "fleet_read" },
    { section: "units", group: "area", icon: "units", path: "/units", right: "units_read" },
    { section: "reforms", group: "area", icon: "reform", path: "/reforms", right: "reforms_write" },
    { section: "imports", group: "area", icon: "import", path: "/imports", right: "imports_write" },
    { section: "duty", group: "people", icon: "bell", path: "/duty", right: "alarms_read" },
    { section: "accounts", group: "people", icon: "people", path: "/accounts", right: "accounts_read" },
    { section: "roles", group: "people", icon: "roles", path: "/roles", right: "accounts_read" },
    { section: "audit", group: "system", icon: "audit", path: "/audit", right: "audit_read" },
    { section: "settings", group: "system", icon: "settings", path: "/settings", right: "settings_read" },
    { section: "about", group: "system", icon: "about", path: "/about", right: "about_read" },
];

/** What a phone's bottom bar shows first; the rest is behind "more". */
export const bottomOrder: Section[] = ["home", "bulletins", "programmes", "alarms", "speakers"];
export const BOTTOM_MOST = 4;
