// Calls about stations, clusters, devices and their faults.

import type { List } from "../../../shared/api";
import type {
    BatchOutcome,
    Cluster,
    ClusterDraft,
    DeviceAction,
    DeviceBatch,
    DeviceCard,
    DeviceChange,
    DeviceGroup,
    DeviceList,
    DeviceMap,
    DevicePending,
    DeviceSummary,
    FaultDigest,
    FaultLine,
    HistoryEntry,
    LogEntry,
    Stage,
    Station,
    StationCard,
    TrafficMonth,
} from "../../../shared/fleet";
import type { Query } from "./client";
import { BASE, get, patch, post, postFile, withQuery } from "./client";

export const deviceList = (query: Query) => get<DeviceList>("/devices", query);
export const devicePending = () => get<{ items: DevicePending[] }>("/devices/pending");
export const deviceSummary = (unit: string | number | null) =>
    get<DeviceSummary>("/devices/summary", { unit });
export const deviceMap = (query: Query) => get<DeviceMap>("/devices/map", query);
export const deviceRead = (id: number) => get<DeviceCard>(`/devices/${id}`);
export const deviceChange = (id: number, change: DeviceChange) =>
    patch<DeviceCard>(`/devices/${id}`, change);
export const deviceAccept = (id: number, cluster_id: number, name: string) =>
    post<DeviceCard>(`/devices/${id}/accept`, { cluster_id, ...(name === "" ? {} : { name }) });
export const deviceRetire = (id: number) => post<DeviceCard>(`/devices/${id}/retire`);
export const deviceReplace = (id: number, by: number) =>
    post<DeviceCard>(`/devices/${id}/replace`, { by });
export const deviceAct = (id: number, action: DeviceAction) =>
    post<void>(`/devices/${id}/action`, { action });
export const deviceLog = (id: number, after: string | null) =>
    get<List<LogEntry>>(`/devices/${id}/log`, { after, limit: 50 });
export const deviceHistory = (id: number) =>
    get<{ items: HistoryEntry[] }>(`/devices/${id}/history`);
export const deviceListenUrl = (id: number) => `${BASE}/devices/${id}/listen`;
export const deviceExportUrl = (query: Query) => BASE + withQuery("/devices/export", query);
/** Many devices are changed part by part, so that an alarm never waits for all of them. */
export async function deviceBatch(batch: DeviceBatch): Promise<BatchOutcome> {
    const sum: BatchOutcome = { devices: 0, units: 0, skipped: 0, next: null };
    let after = 0;
    for (;;) {
        const part = await post<BatchOutcome>("/devices/batch", { ...batch, after });
        sum.devices += part.devices;
        sum.skipped += part.skipped;
        sum.units = Math.max(sum.units, part.units);
        if (part.next === null) {
            return sum;
        }
        after = part.next;
    }
}
export const deviceListSend = (name: string, file: Blob) =>
    postFile<{ lines: number; problems: { message: string }[] }>("/device-lists", { name }, file);

export const trafficRead = (query: Query) => get<TrafficMonth>("/traffic", query);

export const groupList = () => get<{ items: DeviceGroup[] }>("/groups");
export const groupCreate = (name: string, unit_id: number, devices: number[]) =>
    post<{ group: DeviceGroup }>("/groups", { name, unit_id, kind: "group", devices });

export const faultList = (query: Query) => get<List<FaultLine>>("/faults", query);
export const faultDigest = (unit: string | null) => get<FaultDigest>("/faults/digest", { unit });
export const faultAcknowledge = (id: number) => post<void>(`/faults/${id}/acknowledge`);

export const stationList = (query: Query) => get<List<Station>>("/stations", query);
export const stationRead = (id: number) => get<StationCard>(`/stations/${id}`);
export const stationCreate = (station: Pick<Station, "name" | "note" | "stage" | "stage_day"> & { unit_id: number }) =>
    post<StationCard>("/stations", station);
export const stationStage = (id: number, stage: Stage, on: string, note: string) =>
    post<StationCard>(`/stations/${id}/stage`, { stage, on, note });

export const clusterList = (query: Query) => get<List<Cluster>>("/clusters", query);
export const clusterRead = (id: number) => get<{ cluster: Cluster }>(`/clusters/${id}`);
export const clusterCreate = (cluster: ClusterDraft) => post<{ cluster: Cluster }>("/clusters", cluster);
export const clusterChange = (id: number, change: Partial<ClusterDraft> & { retired?: true }) =>
    patch<{ cluster: Cluster }>(`/clusters/${id}`, change);
