// What changed in a text, word by word: struck what went, marked what came.

type Step = { kind: "same" | "gone" | "new"; text: string };

/** Longer texts are compared by sentences, or the table would grow too big. */
const MOST_WORDS = 700;

function piecesOf(text: string): string[] {
    const words = text.match(/\S+\s*/g) ?? [];
    return words.length <= MOST_WORDS ? words : (text.match(/[^.!?\n]+[.!?\n]*\s*/g) ?? [text]);
}

/** Longest common subsequence, from the end, so that the walk goes forward. */
function table(a: string[], b: string[]): Uint16Array[] {
    const rows = Array.from({ length: a.length + 1 }, () => new Uint16Array(b.length + 1));
    for (let i = a.length - 1; i >= 0; i--) {
        for (let j = b.length - 1; j >= 0; j--) {
            const [row, below] = [rows[i], rows[i + 1]];
            if (row && below) {
                row[j] = a[i]?.trim() === b[j]?.trim() ? (below[j + 1] ?? 0) + 1 : Math.max(below[j] ?? 0, row[j + 1] ?? 0);
            }
        }
    }
    return rows;
}

export function textSteps(before: string, after: string): Step[] {
    const [a, b] = [piecesOf(before), piecesOf(after)];
    const rows = table(a, b);
    const steps: Step[] = [];
    const add = (kind: Step["kind"], text: string) => {
        const last = steps[steps.length - 1];
        // The last word of a text has no space behind it; what comes after it here needs one.
        if (last && !/\s$/.test(last.text)) {
            last.text += " ";
        }
        if (last?.kind === kind) {
            last.text += text;
        } else {
            steps.push({ kind, text });
        }
    };
    let [i, j] = [0, 0];
    while (i < a.length || j < b.length) {
        if (i < a.length && j < b.length && a[i]?.trim() === b[j]?.trim()) {
            add("same", b[j] ?? "");
            i++;
            j++;
        } else if (j >= b.length || (i < a.length && (rows[i + 1]?.[j] ?? 0) >= (rows[i]?.[j + 1] ?? 0))) {
            add("gone", a[i++] ?? "");
        } else {
            add("new", b[j++] ?? "");
        }
    }
    return steps;
}

interface ChangedProps {
    before: string;
    after: string;
    /** Only this side, with what it has besides the other marked. */
    only?: "after";
}

export function Changed({ before, after, only }: ChangedProps) {
    return (
        <span class="changed">
            {textSteps(before, after).map((step, index) =>
                step.kind === "same" ? (
                    <span key={index}>{step.text}</span>
                ) : step.kind === "new" ? (
                    <ins key={index}>{step.text}</ins>
                ) : only ? null : (
                    <del key={index}>{step.text}</del>
                ),
            )}
        </span>
    );
}
