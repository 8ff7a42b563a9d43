// What must outlive a lost connection, a closed tab and an empty battery:
// drafts and sounds that the server does not have yet, in the browser's own
// database. Each belongs to one account: on a shared phone nobody finds
// another's. What the server has is deleted here.

const NAME = "loa";
const VERSION = 1;

type Store = "drafts" | "takes" | "pieces";

let opened: Promise<IDBDatabase> | null = null;

function open(): Promise<IDBDatabase> {
    opened ??= new Promise((resolve, reject) => {
        const asked = indexedDB.open(NAME, VERSION);
        asked.onupgradeneeded = () => {
            const base = asked.result;
            base.createObjectStore("drafts", { keyPath: "mark" });
            base.createObjectStore("takes", { keyPath: "mark" });
            base.createObjectStore("pieces", { keyPath: ["mark", "n"] });
        };
        asked.onsuccess = () => {
            // A newer page in another tab must not wait for this one.
            asked.result.onversionchange = () => {
                asked.result.close();
                opened = null;
            };
            resolve(asked.result);
        };
        asked.onerror = () => {
            opened = null;
            reject(asked.error ?? new Error(NAME));
        };
    });
    return opened;
}

/** Resolves when the transaction is complete, not when its request is. */
async function run<T>(store: Store, mode: IDBTransactionMode, work: (of: IDBObjectStore) => IDBRequest<T>): Promise<T> {
    const base = await open();
    return new Promise((resolve, reject) => {
        const step = base.transaction(store, mode);
        const asked = work(step.objectStore(store));
        step.oncomplete = () => resolve(asked.result);
        step.onabort = () => reject(step.error ?? new Error(store));
        step.onerror = () => reject(step.error ?? new Error(store));
    });
}

export function keepPut(store: Store, value: object): Promise<unknown> {
    return run(store, "readwrite", (of) => of.put(value));
}

export async function keepGet<T>(store: "drafts" | "takes", mark: string): Promise<T | null> {
    return (await run<T | undefined>(store, "readonly", (of) => of.get(mark) as IDBRequest<T | undefined>)) ?? null;
}

export function keepAll<T>(store: "drafts" | "takes"): Promise<T[]> {
    return run<T[]>(store, "readonly", (of) => of.getAll() as IDBRequest<T[]>);
}

export function keepDrop(store: "drafts" | "takes", mark: string): Promise<unknown> {
    return run(store, "readwrite", (of) => of.delete(mark));
}

function piecesOf(mark: string): IDBKeyRange {
    return IDBKeyRange.bound([mark, 0], [mark, Number.MAX_SAFE_INTEGER]);
}

export function keepPieces<T>(mark: string): Promise<T[]> {
    return run<T[]>("pieces", "readonly", (of) => of.getAll(piecesOf(mark)) as IDBRequest<T[]>);
}

export function keepPiecesDrop(mark: string): Promise<unknown> {
    return run("pieces", "readwrite", (of) => of.delete(piecesOf(mark)));
}
