// "What will sound on Tuesday at this pole, and why."

import deviceStyles from "../../styles/device.css";
import programmeStyles from "../../styles/programme.css";
import { deviceList, deviceRead } from "../api/fleet";
import { DayPlan } from "../fleet/plan";
import { Page } from "../parts/page";
import { Picker } from "../parts/picker";
import { sheetUse } from "../parts/sheet";
import { Empty } from "../parts/states";
import { useLoad } from "../state/load";
import { here, querySet } from "../state/router";
import { t } from "../words";

sheetUse(deviceStyles);
sheetUse(programmeStyles);

const MOST = 20;

export default function Preview() {
    const id = Number(here.value.query.get("device")) || null;
    const device = useLoad(`preview|${id}`, async () => (id === null ? null : (await deviceRead(id)).device));
    return (
        <Page title={t("preview_pole.title")} crumbs={[{ label: t("section.programmes"), href: "/programmes" }]} lead={t("preview_pole.lead")}>
            <div class="form-narrow">
                <Picker
                    label={t("preview_pole.device")}
                    value={device.data}
                    onPick={(found) => querySet({ device: found === null ? null : String(found.id) })}
                    find={async (q) =>
                        (await deviceList({ q, limit: MOST })).items.map((line) => ({ id: line.id, name: line.name, path: line.unit?.name ?? "" }))
                    }
                    placeholder={t("picker.placeholder")}
                    none={t("speakers.none")}
                    required
                />
            </div>
            {id === null ? (
                <Empty picture="paper" title={t("preview_pole.choose")} />
            ) : (
                <DayPlan device={id} />
            )}
        </Page>
    );
}
