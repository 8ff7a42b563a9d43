// Bulletins that say nearly the same: two of one meeting confuse a village.

import { useEffect, useState } from "preact/hooks";
import { bulletinSimilar } from "../api/studio";
import { Notice } from "../parts/states";
import { useLoad } from "../state/load";
import { t } from "../words";
import { agoInside, percent } from "../words/format";

interface SimilarProps {
    id: number | null;
    title: string;
    text: string;
}

const PAUSE_MS = 1_200;
const LEAST_LETTERS = 8;
const MOST_LETTERS = 600;
const MOST_LINES = 3;

export function Similar({ id, title, text }: SimilarProps) {
    const [asked, setAsked] = useState({ title: "", text: "" });
    useEffect(() => {
        const timer = setTimeout(() => setAsked({ title: title.trim(), text: text.trim().slice(0, MOST_LETTERS) }), PAUSE_MS);
        return () => clearTimeout(timer);
    }, [title, text]);
    const found = useLoad(`similar|${id}|${asked.title}|${asked.text}`, async () =>
        asked.title.length < LEAST_LETTERS ? { items: [] } : bulletinSimilar({ ...asked, ...(id === null ? {} : { except: id }) }),
    );
    const items = found.data?.items.slice(0, MOST_LINES) ?? [];
    if (items.length === 0) {
        return null;
    }
    return (
        <Notice kind="warning">
            <p>{t("similar.title")}</p>
            <ul>
                {items.map(({ bulletin, likeness }) => (
                    <li key={bulletin.id}>
                        <a href={`/bulletins/${bulletin.id}`} target="_blank" rel="noopener">
                            {bulletin.title}
                        </a>{" "}
                        <span class="quiet">
                            {t("similar.line", { unit: bulletin.unit.name, ago: agoInside(bulletin.changed_at), share: percent(likeness / 100) })}
                        </span>
                    </li>
                ))}
            </ul>
        </Notice>
    );
}
