// A bulletin that is being written. Every change is kept in this browser at
// once, and sent to the server when the hand rests; somebody else's change
// stops the sending until a person has seen both.

import { signal, effect, type Signal } from "@preact/signals";
import type { Bulletin, BulletinContent } from "../../../shared/studio";
import { ApiError } from "../api/client";
import { bulletinCreate, bulletinSave } from "../api/studio";
import { keepAll, keepDrop, keepPut } from "../state/keep";
import { asApiError } from "../state/load";
import { topicTouch } from "../state/live";
import { lostAt } from "../state/online";
import { account } from "../state/session";
import { contentClean, contentOf, sameContent } from "./content";

export interface KeptDraft {
    mark: string;
    account: number;
    id: number | null;
    unit: number;
    revision: number;
    /** What the server had when this was begun; null: nothing. */
    base: BulletinContent | null;
    content: BulletinContent;
    changed_at: string;
}

export type SaveState = "same" | "kept" | "saving" | "saved" | "away" | "refused" | "conflict";

export interface Draft {
    mark: string;
    unit: number;
    id: Signal<number | null>;
    content: Signal<BulletinContent>;
    state: Signal<SaveState>;
    savedAt: Signal<Date | null>;
    error: Signal<ApiError | null>;
    /** Somebody else's version, while a person has not decided. */
    theirs: Signal<Bulletin | null>;
    base: () => BulletinContent | null;
    revision: () => number;
    set: (change: (was: BulletinContent) => BulletinContent) => void;
    /** Resolves with true when the server has what is on the screen. */
    save: () => Promise<boolean>;
    decide: (content: BulletinContent) => void;
    close: () => void;
}

const REST_MS = 2_500;
const RETRY_MS = 15_000;

export async function draftsMine(): Promise<KeptDraft[]> {
    const me = account.peek()?.id;
    const all = await keepAll<KeptDraft>("drafts");
    return all.filter((draft) => draft.account === me).sort((a, b) => b.changed_at.localeCompare(a.changed_at));
}

export const draftDrop = (mark: string) => keepDrop("drafts", mark);

export function draftOpen(begun: KeptDraft): Draft {
    let { base, revision } = begun;
    let keeping: Promise<unknown> | null = null;
    let keepAgain = false;
    let sendTimer: number | undefined;
    let sending: Promise<boolean> | null = null;
    const id = signal(begun.id);
    const content = signal(begun.content);
    const state = signal<SaveState>(base !== null && sameContent(base, begun.content) ? "same" : "kept");
    const savedAt = signal<Date | null>(null);
    const error = signal<ApiError | null>(null);
    const theirs = signal<Bulletin | null>(null);

    const dirty = () => base === null || !sameContent(base, content.peek());
    /** One write at a time, and the last one always; "kept" is said when it is. */
    const keep = (): void => {
        if (keeping !== null) {
            keepAgain = true;
            return;
        }
        const kept: KeptDraft = { ...begun, id: id.peek(), revision, base, content: content.peek(), changed_at: new Date().toISOString() };
        keeping = keepPut("drafts", kept)
            // A browser that keeps nothing still sends: the server is the second net.
            .catch(() => undefined)
            .then(() => {
                keeping = null;
                if (keepAgain) {
                    keepAgain = false;
                    keep();
                } else if (!dirty()) {
                    // Sent meanwhile: the server has it.
                    draftDrop(begun.mark).catch(() => undefined);
                } else if (state.peek() === "same" || state.peek() === "saved" || state.peek() === "kept") {
                    state.value = lostAt.peek() === null ? "kept" : "away";
                }
            });
    };
    const plan = (after: number) => {
        clearTimeout(sendTimer);
        sendTimer = window.setTimeout(() => void save(), after);
    };
    const taken = (answer: Bulletin, sent: BulletinContent) => {
        id.value = answer.id;
        revision = answer.revision;
        base = sent;
        savedAt.value = new Date();
        error.value = null;
        topicTouch("bulletins");
        if (dirty()) {
            state.value = "kept";
            keep();
            plan(REST_MS);
        } else {
            state.value = "saved";
            if (keeping === null) {
                draftDrop(begun.mark).catch(() => undefined);
            }
        }
    };
    const failed = (cause: unknown) => {
        const why = asApiError(cause);
        const rest = why.rest as { theirs?: Bulletin } | null;
        if (why.status === 409 && rest?.theirs) {
            theirs.value = rest.theirs;
            state.value = "conflict";
        } else if (why.status === 0) {
            state.value = "away";
            plan(RETRY_MS);
        } else {
            error.value = why;
            state.value = "refused";
        }
    };
    const send = async (): Promise<boolean> => {
        const sent = contentClean(content.peek());
        state.value = "saving";
        try {
            const { mark, unit } = begun;
            const answer = id.peek() === null ? await bulletinCreate({ mark, unit_id: unit, ...sent }) : await bulletinSave(id.peek() ?? 0, { ...sent, revision });
            taken(answer, sent);
            return !dirty();
        } catch (cause) {
            failed(cause);
            return false;
        } finally {
            sending = null;
        }
    };
    const save = (): Promise<boolean> => {
        clearTimeout(sendTimer);
        if (sending) {
            return sending.then(() => (dirty() && state.peek() === "kept" ? save() : !dirty()));
        }
        if (theirs.peek() !== null || content.peek().title.trim() === "") {
            return Promise.resolve(false);
        }
        if (!dirty()) {
            return Promise.resolve(true);
        }
        sending = send();
        return sending;
    };
    const onHide = () => {
        if (document.hidden && dirty()) {
            keep();
            void save();
        }
    };
    const onBack = effect(() => {
        if (lostAt.value === null && state.peek() === "away") {
            plan(0);
        }
    });
    document.addEventListener("visibilitychange", onHide);
    return {
        mark: begun.mark,
        unit: begun.unit,
        id,
        content,
        state,
        savedAt,
        error,
        theirs,
        base: () => base,
        revision: () => revision,
        set: (change) => {
            content.value = change(content.peek());
            keep();
            plan(REST_MS);
        },
        save,
        decide: (next) => {
            const other = theirs.peek();
            if (other !== null) {
                base = contentOf(other);
                revision = other.revision;
                theirs.value = null;
                content.value = next;
                state.value = "kept";
                keep();
                void save();
            }
        },
        close: () => {
            document.removeEventListener("visibilitychange", onHide);
            onBack();
            if (dirty() && content.peek() !== begun.content) {
                keep();
                void save();
            }
        },
    };
}
