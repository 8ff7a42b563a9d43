// A bulletin that is being written. Every change is kept in this browser at
// once, and sent to the server when the hand rests; somebody else's change
// stops the sending until a person has seen both.

import { effect, signal, type Signal } from "@preact/signals";
import type { Bulletin, BulletinContent } from "../../../shared/studio";
import type { ApiError } from "../api/client";
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
    begun: KeptDraft;
    base: BulletinContent | null;
    revision: number;
    id: Signal<number | null>;
    content: Signal<BulletinContent>;
    state: Signal<SaveState>;
    savedAt: Signal<Date | null>;
    error: Signal<ApiError | null>;
    /** Somebody else's version, while a person has not decided. */
    theirs: Signal<Bulletin | null>;
    timer: number | undefined;
    keeping: boolean;
    keepAgain: boolean;
    sending: Promise<boolean> | null;
    end: () => void;
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
    const same = begun.base !== null && sameContent(begun.base, begun.content);
    const draft: Draft = {
        begun,
        base: begun.base,
        revision: begun.revision,
        id: signal(begun.id),
        content: signal(begun.content),
        state: signal(same ? "same" : "kept"),
        savedAt: signal(null),
        error: signal(null),
        theirs: signal(null),
        timer: undefined,
        keeping: false,
        keepAgain: false,
        sending: null,
        end: () => undefined,
    };
    const onHide = () => {
        if (document.hidden && isDirty(draft)) {
            keep(draft);
            void draftSave(draft);
        }
    };
    document.addEventListener("visibilitychange", onHide);
    const onBack = effect(() => {
        if (lostAt.value === null && draft.state.peek() === "away") {
            plan(draft, 0);
        }
    });
    draft.end = () => {
        document.removeEventListener("visibilitychange", onHide);
        onBack();
    };
    return draft;
}

function isDirty({ base, content }: Draft): boolean {
    return base === null || !sameContent(base, content.peek());
}

/** One write at a time, and the last one always; "kept" is said when it is. */
function keep(draft: Draft): void {
    if (draft.keeping) {
        draft.keepAgain = true;
        return;
    }
    const { begun, base, revision, id, content } = draft;
    const kept: KeptDraft = { ...begun, id: id.peek(), revision, base, content: content.peek(), changed_at: new Date().toISOString() };
    draft.keeping = true;
    keepPut("drafts", kept)
        // A browser that keeps nothing still sends: the server is the second net.
        .catch(() => undefined)
        .then(() => keptNow(draft));
}

function keptNow(draft: Draft): void {
    draft.keeping = false;
    if (draft.keepAgain) {
        draft.keepAgain = false;
        keep(draft);
    } else if (!isDirty(draft)) {
        // Sent meanwhile: the server has it.
        draftDrop(draft.begun.mark).catch(() => undefined);
    } else if (["same", "saved", "kept"].includes(draft.state.peek())) {
        draft.state.value = lostAt.peek() === null ? "kept" : "away";
    }
}

function plan(draft: Draft, after: number): void {
    clearTimeout(draft.timer);
    draft.timer = window.setTimeout(() => void draftSave(draft), after);
}

function taken(draft: Draft, answer: Bulletin, sent: BulletinContent): void {
    draft.id.value = answer.id;
    draft.revision = answer.revision;
    draft.base = sent;
    draft.savedAt.value = new Date();
    draft.error.value = null;
    topicTouch("bulletins");
    if (isDirty(draft)) {
        draft.state.value = "kept";
        keep(draft);
        plan(draft, REST_MS);
        return;
    }
    draft.state.value = "saved";
    if (!draft.keeping) {
        draftDrop(draft.begun.mark).catch(() => undefined);
    }
}

function failed(draft: Draft, cause: unknown): void {
    const why = asApiError(cause);
    const rest = why.rest as { theirs?: Bulletin } | null;
    if (why.status === 409 && rest?.theirs) {
        draft.theirs.value = rest.theirs;
        draft.state.value = "conflict";
    } else if (why.status === 0) {
        draft.state.value = "away";
        plan(draft, RETRY_MS);
    } else {
        draft.error.value = why;
        draft.state.value = "refused";
    }
}

async function send(draft: Draft): Promise<boolean> {
    const { begun, revision } = draft;
    const id = draft.id.peek();
    const sent = contentClean(draft.content.peek());
    draft.state.value = "saving";
    try {
        const answer =
            id === null
                ? await bulletinCreate({ mark: begun.mark, unit_id: begun.unit, ...sent })
                : await bulletinSave(id, { ...sent, revision });
        taken(draft, answer, sent);
        return !isDirty(draft);
    } catch (cause) {
        failed(draft, cause);
        return false;
    } finally {
        draft.sending = null;
    }
}

/** Resolves with true when the server has what is on the screen. */
export function draftSave(draft: Draft): Promise<boolean> {
    clearTimeout(draft.timer);
    if (draft.sending) {
        return draft.sending.then((whole) => (whole || draft.state.peek() !== "kept" ? whole : draftSave(draft)));
    }
    if (draft.theirs.peek() !== null || draft.content.peek().title.trim() === "") {
        return Promise.resolve(false);
    }
    if (!isDirty(draft)) {
        return Promise.resolve(true);
    }
    draft.sending = send(draft);
    return draft.sending;
}

export function draftSet(draft: Draft, change: (was: BulletinContent) => BulletinContent): void {
    draft.content.value = change(draft.content.peek());
    keep(draft);
    plan(draft, REST_MS);
}

/** A person has seen both versions and chose this. */
export function draftDecide(draft: Draft, next: BulletinContent): void {
    const other = draft.theirs.peek();
    if (other === null) {
        return;
    }
    draft.base = contentOf(other);
    draft.revision = other.revision;
    draft.theirs.value = null;
    draft.content.value = next;
    draft.state.value = "kept";
    keep(draft);
    void draftSave(draft);
}

export function draftClose(draft: Draft): void {
    draft.end();
    if (isDirty(draft) && draft.content.peek() !== draft.begun.content) {
        keep(draft);
        void draftSave(draft);
    }
}
