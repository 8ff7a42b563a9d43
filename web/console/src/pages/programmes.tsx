// The programme of a unit, day by day or a week at a time, with what collides
// and who goes first.

import planStyles from "../../styles/plan.css";
import programmeStyles from "../../styles/programme.css";
import { UnitFilter } from "../accounts/filters";
import { programmeDays, programmeIcsUrl } from "../api/broadcast";
import { LinkButton } from "../parts/button";
import { Icon } from "../parts/icon";
import { Page } from "../parts/page";
import { sheetUse } from "../parts/sheet";
import { Show } from "../parts/states";
import { Clashes } from "../programme/clashes";
import { DayList } from "../programme/day_list";
import { DaySteps } from "../programme/day_steps";
import { WeekGrid } from "../programme/week_grid";
import { Offers } from "../programme/offers";
import { useLoad } from "../state/load";
import { here, querySet } from "../state/router";
import { account, can } from "../state/session";
import { t } from "../words";
import { dayShift, isDay, today } from "../words/format";

sheetUse(planStyles);
sheetUse(programmeStyles);

const WEEK = 7;

/** The Monday of its week. */
function monday(day: string): string {
    return dayShift(day, -((new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7));
}

export default function Programmes() {
    const { query } = here.value;
    const unit = query.get("unit") ?? String(account.value?.unit.id ?? "");
    const asked = query.get("day");
    const day = isDay(asked) ? asked : today();
    const week = query.get("view") === "week";
    const from = week ? monday(day) : day;
    const to = dayShift(from, week ? WEEK : 1);
    const days = useLoad(`days|${unit}|${from}|${to}`, () => programmeDays(unit, from, to), ["programmes"]);
    return (
        <Page
            title={t("section.programmes")}
            lead={t("programmes.lead")}
            actions={
                <>
                    {can("programmes_write") && (
                        <LinkButton kind="primary" icon="plus" href={`/programmes/new?day=${day}`}>
                            {t("programmes.new")}
                        </LinkButton>
                    )}
                    <LinkButton icon="speaker" href={`/programmes/preview?day=${day}`}>
                        {t("programmes.preview")}
                    </LinkButton>
                    <LinkButton icon="calendar" href={programmeIcsUrl(unit)} download>
                        {t("programmes.ics")}
                    </LinkButton>
                </>
            }
        >
            <div class="programme-bar">
                <DaySteps day={day} step={week ? WEEK : 1} />
                <div class="switch" role="group" aria-label={t("programmes.view")}>
                    <button type="button" aria-pressed={!week} onClick={() => querySet({ view: null })}>
                        <Icon name="more" />
                        {t("programmes.as_day")}
                    </button>
                    <button type="button" aria-pressed={week} onClick={() => querySet({ view: "week" })}>
                        <Icon name="calendar" />
                        {t("programmes.as_week")}
                    </button>
                </div>
                <div class="programme-unit">
                    <UnitFilter unit={unit} />
                </div>
            </div>
            <Clashes unit={unit} />
            <Show of={days} lines={6}>
                {({ items }) => {
                    const inOrder = [...items].sort((a, b) => a.at.localeCompare(b.at));
                    return week ? <WeekGrid items={inOrder} from={from} /> : <DayList items={inOrder} day={from} />;
                }}
            </Show>
            <Offers unit={Number(unit)} />
        </Page>
    );
}
