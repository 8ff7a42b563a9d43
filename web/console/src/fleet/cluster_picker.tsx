// Choosing a cluster by name: of a station, in a commune.

import { clusterList } from "../api/fleet";
import type { FieldBase } from "../parts/field";
import { Picker } from "../parts/picker";
import { t } from "../words";

export interface ClusterChoice {
    id: number;
    name: string;
    path: string;
}

interface ClusterPickerProps extends FieldBase {
    value: ClusterChoice | null;
    onPick: (cluster: ClusterChoice | null) => void;
}

const MOST = 30;

export function ClusterPicker(props: ClusterPickerProps) {
    return (
        <Picker
            {...props}
            find={async (q) =>
                (await clusterList({ q, limit: MOST })).items
                    .filter(({ retired_at }) => retired_at === null)
                    .map(({ id, name, unit, station }) => ({ id, name, path: `${station.name} · ${unit.name}` }))
            }
            placeholder={t("picker.placeholder")}
            none={t("cluster.none_found")}
        />
    );
}
