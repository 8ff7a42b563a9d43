// Calls about who I am: the session and my own account.

import type {
    KeyAnswer,
    KeyAsk,
    KeyEnrolment,
    KeyOffer,
    List,
    Me,
    MyChange,
    RecoveryCodes,
    Session,
    SessionLine,
    TotpOffer,
} from "../../../shared/api";
import { get, patch, post, remove } from "./client";

export const sessionRead = () => get<Session>("/session");
export const sessionOpen = (login: string, password: string) =>
    post<Session>("/session", { login, password });
export const sessionTotp = (code: string) => post<Session>("/session/totp", { code });
export const sessionRecovery = (code: string) => post<Session>("/session/recovery", { code });
export const sessionKeyAsk = () => post<KeyAsk>("/session/webauthn/options");
export const sessionKey = (answer: KeyAnswer) => post<Session>("/session/webauthn", answer);
export const sessionUnlock = (password: string) => post<Session>("/session/unlock", { password });
export const sessionLock = () => post<Session>("/session/lock");
export const sessionClose = () => remove("/session");

export const meRead = () => get<Me>("/me");
export const meChange = (change: MyChange) => patch<Me>("/me", change);
export const mePassword = (current: string, next: string) =>
    post<void>("/me/password", { current, next });
export const meTotp = () => post<TotpOffer>("/me/totp");
export const meTotpConfirm = (id: number, code: string) =>
    post<RecoveryCodes>("/me/totp/confirm", { id, code });
export const meKeyOffer = () => post<KeyOffer>("/me/webauthn/options");
export const meKey = (enrolment: KeyEnrolment) => post<RecoveryCodes>("/me/webauthn", enrolment);
export const meFactorRemove = (id: number) => remove(`/me/factors/${id}`);
export const meRecoveryCodes = () => post<{ recovery_codes: string[] }>("/me/recovery-codes");
export const meSessions = () => get<List<SessionLine>>("/me/sessions");
export const meSessionEnd = (id: number) => remove(`/me/sessions/${id}`);
export const meSessionsEnd = () => remove("/me/sessions");
