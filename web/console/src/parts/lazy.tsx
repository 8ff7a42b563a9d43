// A part of a page whose code comes when it is shown.

import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";
import { useLoad } from "../state/load";
import { Show } from "./states";

interface LazyProps<P> {
    name: string;
    load: () => Promise<ComponentType<P>>;
    props: P;
    lines?: number;
}

export function Lazy<P extends object>({ name, load, props, lines = 4 }: LazyProps<P>) {
    const chunk = useLoad(`lazy|${name}`, async () => ({ Part: await load() }));
    const [Part, setPart] = useState<ComponentType<P> | null>(null);
    const found = chunk.data?.Part;
    useEffect(() => {
        if (found) {
            setPart(() => found);
        }
    }, [found]);
    return Part === null ? <Show of={{ ...chunk, data: null }} lines={lines}>{() => null}</Show> : <Part {...props} />;
}
