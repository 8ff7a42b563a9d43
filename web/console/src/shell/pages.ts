// Every page of the console: its address, the right it needs, where it hangs
// in the navigation, and the chunk that holds it. A page that is not in this
// table does not exist; one whose right is missing is neither linked nor
// shown. New rooms (stations, bulletins, boards …) add their rows here.

import type { ComponentType } from "preact";
import type { Right } from "../../../shared/api";
import type { IconName } from "../parts/icon";

export interface PageProps {
    params: Record<string, string>;
}

type Chunk = () => Promise<{ default: ComponentType<PageProps> }>;

export type Section =
    | "home"
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
export type Group = "today" | "area" | "people" | "system";

export interface PageRow {
    path: string;
    section: Section;
    right: Right;
    load: Chunk;
}

const units: Chunk = () => import("../pages/units");
const reforms: Chunk = () => import("../pages/reforms");
const reformEdit: Chunk = () => import("../pages/reform_edit");
const imports: Chunk = () => import("../pages/imports");
const accounts: Chunk = () => import("../pages/accounts");

export const pages: PageRow[] = [
    { path: "/", section: "home", right: "self", load: () => import("../pages/home") },
    { path: "/me", section: "me", right: "self", load: () => import("../pages/me") },
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
    { section: "units", group: "area", icon: "units", path: "/units", right: "units_read" },
    { section: "reforms", group: "area", icon: "reform", path: "/reforms", right: "reforms_write" },
    { section: "imports", group: "area", icon: "import", path: "/imports", right: "imports_write" },
    { section: "accounts", group: "people", icon: "people", path: "/accounts", right: "accounts_read" },
    { section: "roles", group: "people", icon: "roles", path: "/roles", right: "accounts_read" },
    { section: "audit", group: "system", icon: "audit", path: "/audit", right: "audit_read" },
    { section: "settings", group: "system", icon: "settings", path: "/settings", right: "settings_read" },
    { section: "about", group: "system", icon: "about", path: "/about", right: "about_read" },
];

/** What a phone's bottom bar shows first; the rest is behind "more". */
export const bottomOrder: Section[] = ["home", "units", "accounts", "audit"];
