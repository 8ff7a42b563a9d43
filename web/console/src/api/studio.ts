// Calls about bulletins, offers and what comes with them.

import type { Day } from "../../../shared/api";
import type {
    AirResult,
    Bulletin,
    BulletinContent,
    BulletinPage,
    BulletinRules,
    BulletinTemplate,
    TemplateDraft,
    BulletinVersion,
    Category,
    Offer,
    ScheduleAsk,
    SendAnswer,
    VersionLine,
    BulletinLine,
} from "../../../shared/studio";
import type { Query } from "./client";
import { get, post, put, remove, withQuery } from "./client";

export const bulletinList = (query: Query) => get<BulletinPage>("/bulletins", query);
export const bulletinRead = (id: number) => get<Bulletin>(`/bulletins/${id}`);
export const bulletinCreate = (draft: BulletinContent & { mark: string; unit_id: number }) =>
    post<Bulletin>("/bulletins", draft);
export const bulletinSave = (id: number, content: BulletinContent & { revision: number }) =>
    put<Bulletin>(`/bulletins/${id}`, content);
export const bulletinSubmit = (id: number, revision: number) =>
    post<Bulletin>(`/bulletins/${id}/submit`, { revision });
export const bulletinApprove = (id: number, revision: number) =>
    post<Bulletin>(`/bulletins/${id}/approve`, { revision });
export const bulletinReturn = (id: number, reason: string) =>
    post<Bulletin>(`/bulletins/${id}/return`, { reason });
export const bulletinWithdraw = (id: number, reason: string) =>
    post<Bulletin>(`/bulletins/${id}/withdraw`, { reason });
export const bulletinCopy = (id: number, mark: string, unit_id: number) =>
    post<Bulletin>(`/bulletins/${id}/copy`, { mark, unit_id });
export const bulletinSchedule = (id: number, ask: ScheduleAsk) =>
    post<Bulletin>(`/bulletins/${id}/schedule`, ask);
export const bulletinSend = (id: number, units: number[], at: { on: Day; start: string } | null) =>
    post<SendAnswer>(`/bulletins/${id}/send`, { units, ...at });
export const bulletinAir = (id: number) => get<AirResult>(`/bulletins/${id}/air`);
export const bulletinVersions = (id: number) => get<{ items: VersionLine[] }>(`/bulletins/${id}/versions`);
export const bulletinVersion = (id: number, n: number) =>
    get<BulletinVersion>(`/bulletins/${id}/versions/${n}`);
export const bulletinSimilar = (like: { title: string; text: string; except?: number }) =>
    post<{ items: { bulletin: BulletinLine; likeness: number }[] }>("/bulletins/similar", like);
export const airingRemove = (id: number) => remove(`/airings/${id}`);

export const offerList = (query: Query) => get<{ items: Offer[]; next: number | null }>("/offers", query);
export const offerRead = (id: number) => get<Offer & { full: Bulletin }>(`/offers/${id}`);
export const offerTake = (id: number, ask: ScheduleAsk) => post<Offer>(`/offers/${id}/take`, ask);
export const offerDecline = (id: number, reason: string) => post<Offer>(`/offers/${id}/decline`, { reason });

export const categoryList = () => get<{ items: Category[] }>("/categories");
export const categoriesSave = (items: Omit<Category, "name">[]) =>
    put<{ items: Category[] }>("/categories", { items });
export const templateList = (unit: number) => get<{ items: BulletinTemplate[] }>("/bulletin-templates", { unit });
export const templateCreate = (template: TemplateDraft & { unit_id: number }) =>
    post<BulletinTemplate>("/bulletin-templates", template);
export const templateSave = (id: number, template: TemplateDraft & { version: number }) =>
    put<BulletinTemplate>(`/bulletin-templates/${id}`, template);
export const templateRemove = (id: number) => remove(`/bulletin-templates/${id}`);
export const rulesOf = (unit: number) => get<BulletinRules>("/bulletin-rules", { unit });
export const rulesPut = (unit_id: number, one_person: boolean) =>
    put<BulletinRules>("/bulletin-rules", { unit_id, one_person });
export const feedUrl = (unit: number, kind: "rss" | "json") => withQuery(`/feeds/${unit}.${kind}`, {});
