// Calls about accounts and roles, the audit log, settings and the server.

import type {
    About,
    Account,
    AccountCard,
    AccountChange,
    AuditLine,
    AuditProof,
    List,
    NewAccount,
    NewGrant,
    Roles,
    Setting,
    SettingValue,
} from "../../../shared/api";
import type { Query } from "./client";
import { BASE, get, patch, post, put, remove, withQuery } from "./client";

export const accountList = (query: Query) => get<List<Account>>("/accounts", query);
export const accountRead = (id: number) => get<AccountCard>(`/accounts/${id}`);
export const accountCreate = (account: NewAccount) =>
    post<{ account: Account; password: string }>("/accounts", account);
export const accountChange = (id: number, change: AccountChange) =>
    patch<AccountCard>(`/accounts/${id}`, change);
export const accountReset = (id: number, secondFactor: boolean) =>
    post<{ password: string }>(
        `/accounts/${id}/reset`,
        secondFactor ? { second_factor: true } : {},
    );
export const accountTurn = (id: number, to: "unlock" | "disable" | "enable") =>
    post<{ account: Account }>(`/accounts/${id}/${to}`);
export const accountGrant = (id: number, grant: NewGrant) =>
    post<{ account: Account }>(`/accounts/${id}/roles`, grant);
export const accountRevoke = (id: number, grant: number) =>
    remove<{ account: Account }>(`/accounts/${id}/roles/${grant}`);
export const accountSessionsEnd = (id: number) => remove(`/accounts/${id}/sessions`);
export const roleList = () => get<Roles>("/roles");

export const auditList = (query: Query) => get<List<AuditLine>>("/audit", query);
export const auditActions = () => get<{ items: string[] }>("/audit/actions");
export const auditVerify = () => get<AuditProof>("/audit/verify");
export const auditExportUrl = (query: Query) => BASE + withQuery("/audit/export", query);

export const settingList = () => get<List<Setting>>("/settings");
export const settingSet = (key: string, value: SettingValue) =>
    put<Setting>(`/settings/${encodeURIComponent(key)}`, { value });
export const settingReset = (key: string) =>
    remove<Setting>(`/settings/${encodeURIComponent(key)}`);

export const aboutRead = () => get<About>("/about");
