// The name of a unit of which only the number is at hand, as a link to its
// card. Names are asked for once and kept; a unit out of sight stays a number.

import { useEffect, useState } from "preact/hooks";
import { unitCard } from "../api/units";

const MOST_KEPT = 500;
const names = new Map<number, Promise<string>>();

function nameOf(id: number): Promise<string> {
    let name = names.get(id);
    if (name === undefined) {
        if (names.size >= MOST_KEPT) {
            names.clear();
        }
        name = unitCard(id, null).then((card) => card.unit.name);
        names.set(id, name);
    }
    return name;
}

export function UnitName({ id }: { id: number }) {
    const [name, setName] = useState<string | null>(null);
    useEffect(() => {
        let current = true;
        nameOf(id).then(
            (found) => current && setName(found),
            () => names.delete(id),
        );
        return () => {
            current = false;
        };
    }, [id]);
    return name === null ? <>{`#${id}`}</> : <a href={`/units/${id}`}>{name}</a>;
}
