// One device: what it does now, what it will do today and why, what it wrote
// down, how its line is, and what can be done with it.

import deviceStyles from "../../styles/device.css";
import fleetStyles from "../../styles/fleet.css";
import type { DeviceCard } from "../../../shared/fleet";
import { deviceRead } from "../api/fleet";
import { Acts } from "../fleet/acts";
import { Box, Facts } from "../fleet/facts";
import { FaultLines } from "../fleet/fault_lines";
import { DeviceHistory, DeviceLog } from "../fleet/log";
import { LiveBadge } from "../fleet/marks";
import { Now } from "../fleet/now";
import { DayPlan } from "../fleet/plan";
import { SettingsPanel, VolumePanel } from "../fleet/settings";
import { Badge } from "../parts/badge";
import { Page, Panel } from "../parts/page";
import { sheetUse } from "../parts/sheet";
import { Notice, Show } from "../parts/states";
import { Tabs } from "../parts/tabs";
import type { PageProps } from "../shell/pages";
import { useLoad } from "../state/load";
import { can } from "../state/session";
import { t } from "../words";

sheetUse(fleetStyles);
sheetUse(deviceStyles);

const CALM_MS = 1_000;

export default function DevicePage({ params }: PageProps) {
    const id = Number(params["id"]);
    const card = useLoad(`device|${id}`, () => deviceRead(id), ["presence", "devices", "faults"], CALM_MS);
    const device = card.data?.device;
    const place = device && [device.unit?.name, device.cluster?.name].filter((name) => name && name !== device.name).join(" · ");
    return (
        <Page
            title={device?.name ?? t("section.speakers")}
            crumbs={[{ label: t("section.speakers"), href: "/speakers" }]}
            badge={device && (device.state === "accepted" ? <LiveBadge live={device.live} /> : <Badge>{t(`device_state.${device.state}`)}</Badge>)}
            {...(place ? { lead: place } : {})}
        >
            <Show of={card} lines={6}>
                {(ready) => <Parts card={ready} onChanged={card.reload} />}
            </Show>
        </Page>
    );
}

function Parts({ card, onChanged }: { card: DeviceCard; onChanged: () => void }) {
    const { device } = card;
    const tabs = [
        { key: "now", title: t("device.tab_now"), body: () => <NowTab card={card} onChanged={onChanged} /> },
        { key: "plan", title: t("device.tab_plan"), body: () => <DayPlan device={device.id} /> },
        { key: "log", title: t("device.tab_log"), body: () => <DeviceLog id={device.id} /> },
        { key: "history", title: t("device.tab_history"), body: () => <DeviceHistory id={device.id} /> },
    ];
    if (can("fleet_write") && device.state === "accepted") {
        tabs.push({
            key: "settings",
            title: t("device.tab_settings"),
            body: () => <SettingsPanel key={device.id} device={device} onChanged={onChanged} />,
        });
    }
    return <Tabs label={t("device.parts")} tabs={tabs} />;
}

function NowTab({ card, onChanged }: { card: DeviceCard; onChanged: () => void }) {
    const { device } = card;
    const open = card.faults.filter(({ until }) => until === null);
    return (
        <>
            {device.replaced_by && (
                <Notice kind="warning">
                    <a href={`/speakers/${device.replaced_by.id}`}>{t("device.replaced_by", { name: device.replaced_by.name })}</a>
                </Notice>
            )}
            <div class="device">
                <div class="stack">
                    <Now card={card} />
                    {open.length > 0 && (
                        <Panel title={t("device.faults")}>
                            <FaultLines faults={open} named={false} />
                        </Panel>
                    )}
                    <Facts card={card} />
                </div>
                <div class="stack">
                    {can("fleet_write") && device.state === "accepted" && (
                        <VolumePanel key={device.settings.volume} device={device} onChanged={onChanged} />
                    )}
                    {device.state === "accepted" && (can("fleet_write") || can("fleet_enrol")) && <Acts device={device} />}
                    <Box card={card} />
                </div>
            </div>
        </>
    );
}
